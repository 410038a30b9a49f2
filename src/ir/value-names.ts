/**
 * Names of values and blocks in a printed text: the author's where they are unambiguous, else MLIR's numbers. Names are
 * given region by region, those of a region before those of the regions nested in it, the last of these first. That
 * order is MLIR's; it shows where numbers are unique.
 */

import type { Block } from './block.js';
import type { Operation } from './operation.js';
import type { Region } from './region.js';
import { OpResult, type Value } from './value.js';

export interface ValueNameOptions {
  /** Whether the author's names of values and blocks are kept. */
  readonly useOriginalNames: boolean;
  /** Whether no two values in different regions share a number. */
  readonly uniqueNumbers: boolean;
  /** Whether no two values in different regions share a name, numbers included. */
  readonly uniqueIds: boolean;
  /** Whether operations without results get numbers too, for comments that list users. */
  readonly numberOperations: boolean;
}

/** Numbers handed out so far; regions side by side start from the same ones. */
interface Counters {
  value: number;
  argument: number;
  conflict: number;
}

/** A region whose nested regions are being named. */
interface Frame {
  readonly region: Region;
  readonly counters: Counters;
  /** Names given to the region's own values. */
  readonly names: string[];
  /** The operation whose regions come next, and which of them. */
  owner: Operation | null;
  regionIndex: number;
}

export class ValueNames {
  /** Of the first value of each group of results, unless it is the author's name. */
  private readonly names = new Map<Value, string>();
  /** For operations whose results fall into several groups: index of the first result of each. */
  private readonly groups = new Map<Operation, readonly number[]>();
  private readonly operationNumbers = new Map<Operation, number>();
  private readonly blockNames = new Map<Block, string>();
  /** Values that hold each name in the regions that are open. */
  private readonly holders = new Map<string, Value | Value[]>();
  /** Number of names held in the open regions. */
  private nameCount = 0;
  private readonly earlyUses = new Map<Value, boolean>();
  private readonly stack: Frame[] = [];
  /** Reused for the most frequent case of an operation with one result. */
  private readonly single: (string | undefined)[] = [undefined];

  constructor(
    root: Operation,
    private readonly options: ValueNameOptions,
  ) {
    const counters: Counters = { value: 0, argument: 0, conflict: 0 };
    this.nameResults(root, counters, []);
    for (const region of root.regions) this.nameTree(region, counters);
  }

  /** `%name`, with `#i` for one of several results. */
  operand(value: Value): string {
    if (!(value instanceof OpResult) || value.owner.resultCount === 1) return this.nameOf(value);
    const { owner, index } = value;
    const groups = this.groups.get(owner);
    let first = 0;
    let end = owner.results.length;
    for (const start of groups ?? []) {
      if (start <= index) first = start;
      else {
        end = start;
        break;
      }
    }
    const group = this.nameOf(owner.results[first]);
    return end - first === 1 ? group : `${group}#${index - first}`;
  }

  private nameOf(value: Value): string {
    const name = this.names.get(value) ?? value.name;
    return name === undefined ? '<<UNKNOWN SSA VALUE>>' : `%${name}`;
  }

  /** `%a, %b:2`: the results of an operation in front of `=`. */
  results(op: Operation): string {
    if (op.resultCount === 1) return this.nameOf(op.firstResult!);
    const { results } = op;
    const starts = this.groups.get(op) ?? [0];
    return starts
      .map((start, i) => {
        const count = (starts[i + 1] ?? results.length) - start;
        const name = this.nameOf(results[start]);
        return count === 1 ? name : `${name}:${count}`;
      })
      .join(', ');
  }

  /** `^name`. */
  block(block: Block): string {
    return this.blockNames.get(block) ?? '^INVALIDBLOCK';
  }

  operationNumber(op: Operation): number | undefined {
    return this.operationNumbers.get(op);
  }

  // Walking the regions

  private nameTree(region: Region, counters: Counters): void {
    this.open(region, counters);
    while (this.stack.length > 0) {
      const frame = this.stack[this.stack.length - 1];
      const { owner } = frame;
      if (owner === null) {
        this.close(frame);
      } else if (frame.regionIndex < owner.regions.length) {
        this.open(owner.regions[owner.regions.length - ++frame.regionIndex], frame.counters);
      } else {
        frame.regionIndex = 0;
        frame.owner = previousOwner(owner);
      }
    }
  }

  private open(region: Region, outer: Counters): void {
    const counters = this.options.uniqueNumbers || this.options.uniqueIds ? outer : { ...outer };
    const names: string[] = [];
    const labels = new Set<string>();
    let hasRegions = false;
    let number = 0;
    for (let block = region.firstBlock; block !== null; block = block.nextBlock) {
      if (
        block.previousBlock !== null ||
        block.nextBlock !== null ||
        block.firstUse !== null ||
        block.firstOp === null
      )
        this.nameBlock(block, number, labels);
      else this.blockNames.set(block, '^bb0');
      number++;
      this.nameArguments(block, counters, names);
      for (let op = block.firstOp; op !== null; op = op.nextOp) {
        if (op.regions.length > 0) hasRegions = true;
        this.nameResults(op, counters, names);
      }
    }
    const owner = hasRegions ? lastOwner(region) : null;
    this.stack.push({ region, counters, names, owner, regionIndex: 0 });
  }

  private close(frame: Frame): void {
    this.stack.pop();
    if (this.options.uniqueIds || this.stack.length === 0) return;
    this.nameCount -= frame.names.length;
    if (this.nameCount === 0) {
      this.holders.clear();
      return;
    }
    for (const name of frame.names) {
      const holders = this.holders.get(name);
      if (Array.isArray(holders) && holders.length > 1) holders.pop();
      else this.holders.delete(name);
    }
  }

  private nameBlock(block: Block, number: number, labels: Set<string>): void {
    const wanted = this.options.useOriginalNames ? sanitize(block.name) : undefined;
    let label = wanted ?? `bb${number}`;
    for (let suffix = 0; labels.has(label); suffix++)
      label = `${wanted ?? `bb${number}`}_${suffix}`;
    labels.add(label);
    this.blockNames.set(block, `^${label}`);
  }

  private nameArguments(block: Block, counters: Counters, names: string[]): void {
    const isEntry = block.isEntryBlock;
    for (const argument of block.arguments) {
      const wanted = this.options.useOriginalNames ? sanitize(argument.name) : undefined;
      if (wanted !== undefined) this.giveName(argument, wanted, counters, names);
      else if (isEntry) this.giveName(argument, `arg${counters.argument++}`, counters, names);
      else this.names.set(argument, `${counters.value++}`);
    }
  }

  private nameResults(op: Operation, counters: Counters, names: string[]): void {
    const { firstResult, resultCount } = op;
    if (firstResult === null) {
      if (this.options.numberOperations) this.operationNumbers.set(op, counters.value++);
      return;
    }
    const wanted = this.wantedNames(op);
    if (wanted?.[0] === undefined) this.names.set(firstResult, `${counters.value++}`);
    else this.giveName(firstResult, wanted[0], counters, names);
    let starts: number[] | undefined;
    for (let index = 1; index < resultCount; index++) {
      const name = wanted?.[index];
      if (name === undefined) continue;
      this.giveName(op.results[index], name, counters, names);
      (starts ??= [0]).push(index);
    }
    if (starts !== undefined) this.groups.set(op, starts);
  }

  /** The author's names of the results where there are any, else those that the operation suggests. */
  private wantedNames(op: Operation): (string | undefined)[] | undefined {
    if (this.options.useOriginalNames) {
      if (op.resultCount === 1) {
        const name = sanitize(op.firstResult!.name);
        if (name !== undefined) {
          this.single[0] = name;
          return this.single;
        }
      } else if (op.results.some((result) => result.name !== undefined)) {
        return op.results.map((result) => sanitize(result.name));
      }
    }
    return op.name.definition?.suggestNames?.(op).map((name) => sanitize(name));
  }

  // Unambiguous names

  private giveName(value: Value, wanted: string, counters: Counters, names: string[]): void {
    let name = wanted;
    let holders = this.holders.get(name);
    while (holders !== undefined && this.areInTheWay(holders, value)) {
      name = `${wanted}_${counters.conflict++}`;
      holders = this.holders.get(name);
    }
    if (name !== value.name || !this.options.useOriginalNames) this.names.set(value, name);
    names.push(name);
    this.nameCount++;
    if (holders === undefined) this.holders.set(name, value);
    else if (Array.isArray(holders)) holders.push(value);
    else this.holders.set(name, [holders, value]);
  }

  /** Whether `value` must not have the name that the others hold. */
  private areInTheWay(holders: Value | Value[], value: Value): boolean {
    if (!this.options.useOriginalNames || this.options.uniqueIds) return true;
    if (!Array.isArray(holders)) return !this.mayShadow(holders, value);
    return holders.some((holder) => !this.mayShadow(holder, value));
  }

  /**
   * Whether `value` may have the same name as `holder`: when `holder` is defined in an enclosing region, further on in
   * the text than the region of `value`, and is used only behind its definition.
   */
  private mayShadow(holder: Value, value: Value): boolean {
    const region = holder.parentBlock?.parentRegion;
    const frame = this.stack.find((open) => open.region === region);
    if (frame === undefined || value.parentBlock?.parentRegion === region) return false;
    return !precedes(holder, frame.owner!) && !this.hasEarlyUse(holder);
  }

  private hasEarlyUse(value: Value): boolean {
    let isEarly = this.earlyUses.get(value);
    if (isEarly === undefined) {
      isEarly = false;
      const region = value.parentBlock!.parentRegion;
      for (const user of value.users()) {
        let ancestor: Operation | null = user;
        while (ancestor !== null && ancestor.parentRegion !== region) ancestor = ancestor.parentOp;
        if (ancestor === null || !precedes(value, ancestor)) {
          isEarly = true;
          break;
        }
      }
      this.earlyUses.set(value, isEarly);
    }
    return isEarly;
  }
}

/** Whether the definition of `value` stands in front of `op` in the text; both are in the same region. */
function precedes(value: Value, op: Operation): boolean {
  const [defining, using] = [value.parentBlock!, op.parentBlock!];
  if (defining === using) {
    const definition = value.definingOp;
    return definition === undefined || (definition !== op && defining.isBefore(definition, op));
  }
  for (let block = defining.nextBlock; block !== null; block = block.nextBlock)
    if (block === using) return true;
  return false;
}

/** The last operation with regions directly in a region. */
function lastOwner(region: Region): Operation | null {
  for (let block = region.lastBlock; block !== null; block = block.previousBlock) {
    for (let op = block.lastOp; op !== null; op = op.previousOp)
      if (op.regions.length > 0) return op;
  }
  return null;
}

/** The operation with regions in front of `op` in its region. */
function previousOwner(op: Operation): Operation | null {
  let block = op.parentBlock;
  let previous = op.previousOp;
  while (block !== null) {
    for (; previous !== null; previous = previous.previousOp)
      if (previous.regions.length > 0) return previous;
    block = block.previousBlock;
    previous = block?.lastOp ?? null;
  }
  return null;
}

const IDENTIFIER = /^[A-Za-z_$.-][\w$.-]*$/;

/** A name that can stand behind a sigil; undefined for none. Names of digits alone are the printer's. */
function sanitize(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  if (IDENTIFIER.test(name)) return name;
  const clean = name.replace(/[^\w$.-]/g, '_');
  return /^[0-9]/.test(clean) ? `_${clean}` : clean;
}
