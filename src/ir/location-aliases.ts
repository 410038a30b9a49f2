/** `#loc3 = loc("f":1:2)`: the aliases of all locations of a program, numbered as MLIR numbers them. */

import type { Block } from './block.js';
import { CallSiteLocation, FusedLocation, NameLocation, unknownLocation } from './location.js';
import type { Location } from './location.js';
import type { Operation } from './operation.js';
import { formatString } from './text-sink.js';

interface Entry {
  readonly location: Location;
  /** Aliases inside its text are defined before it. */
  readonly depth: number;
  readonly order: number;
  /** Whether its definition may stand behind the operations; those of block arguments stand in front. */
  isDeferred: boolean;
  name: string;
}

/** How deep locations are taken apart; what is deeper is written in full. */
const DEEPEST = 100;

/** Collects every location below an operation: the inner ones of a location first, then by depth, then by place. */
export class LocationAliases {
  private readonly entries = new Map<string, Entry>();
  private readonly keys = new Map<Location, string>();
  private readonly sorted: readonly Entry[];

  constructor(root: Operation) {
    root.walk((op) => {
      if (op !== root && op.previousOp === null) this.visitArguments(op.parentBlock!);
      this.visit(op.location, true, 0);
      for (const region of op.regions)
        for (let block = region.firstBlock; block !== null; block = block.nextBlock)
          if (block.firstOp === null) this.visitArguments(block);
    }, 'pre');
    this.sorted = [...this.entries.values()].sort((a, b) => a.depth - b.depth || a.order - b.order);
    this.sorted.forEach((entry, index) => (entry.name = index === 0 ? '#loc' : `#loc${index}`));
  }

  private visitArguments(block: Block): void {
    for (const argument of block.arguments) this.visit(argument.location, false, 0);
  }

  /** The alias of a location that the program holds; its full text for any other. */
  nameOf(location: Location): string {
    return this.entries.get(this.keyOf(location))?.name ?? location.toString();
  }

  private keyOf(location: Location): string {
    let key = this.keys.get(location);
    if (key === undefined) {
      key = location.toString();
      this.keys.set(location, key);
    }
    return key;
  }

  /** Returns the depth of the alias. */
  private visit(location: Location, isDeferred: boolean, level: number): number {
    const key = this.keyOf(location);
    const known = this.entries.get(key);
    if (known !== undefined && (known.isDeferred === isDeferred || isDeferred)) return known.depth;
    let depth = 0;
    if (level < DEEPEST)
      for (const part of partsOf(location))
        depth = Math.max(depth, this.visit(part, isDeferred, level + 1) + 1);
    if (known !== undefined) known.isDeferred = isDeferred;
    else this.entries.set(key, { location, depth, order: this.entries.size, isDeferred, name: '' });
    return depth;
  }

  private definition({ location, name }: Entry): string {
    return `${name} = loc(${this.textOf(location)})`;
  }

  private textOf(location: Location): string {
    if (location instanceof CallSiteLocation)
      return `callsite(${this.nameOf(location.callee)} at ${this.nameOf(location.caller)})`;
    if (location instanceof FusedLocation) {
      const metadata = location.metadata === undefined ? '' : `<${location.metadata}>`;
      return `fused${metadata}[${location.locations.map((part) => this.nameOf(part)).join(', ')}]`;
    }
    if (location instanceof NameLocation && location.child !== unknownLocation)
      return `${formatString(location.name)}(${this.nameOf(location.child)})`;
    return location.toString();
  }

  /** The definitions in front of the operations, each on its line. */
  header(): string {
    const front = this.sorted.filter(({ isDeferred }) => !isDeferred);
    return front.map((entry) => `${this.definition(entry)}\n`).join('');
  }

  /** The definitions behind the operations. */
  footer(): string {
    const behind = this.sorted.filter(({ isDeferred }) => isDeferred);
    return behind.map((entry) => `\n${this.definition(entry)}`).join('');
  }
}

/** The locations inside a location; an absent one has no alias. */
function partsOf(location: Location): readonly Location[] {
  if (location instanceof CallSiteLocation) return [location.callee, location.caller];
  if (location instanceof FusedLocation) return location.locations;
  if (location instanceof NameLocation && location.child !== unknownLocation)
    return [location.child];
  return [];
}
