/** Dominance between blocks, operations and values (Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm"). */

import type { Block } from './block.js';
import type { Operation } from './operation.js';
import type { Region } from './region.js';
import { BlockArgument, type Value } from './value.js';

/** Immediate dominators of the reachable blocks of one region. */
class RegionDominance {
  private readonly number = new Map<Block, number>();
  private readonly immediate: number[] = [];

  constructor(region: Region) {
    const order = reversePostOrder(region.entryBlock);
    order.forEach((block, index) => this.number.set(block, index));
    this.immediate = order.map((_, index) => (index === 0 ? 0 : -1));
    for (let changed = true; changed;) {
      changed = false;
      for (let index = 1; index < order.length; index++) {
        let dominator = -1;
        for (const predecessor of order[index].predecessors()) {
          const other = this.number.get(predecessor);
          if (other === undefined || this.immediate[other] === -1) continue;
          dominator = dominator === -1 ? other : this.intersect(dominator, other);
        }
        if (dominator !== this.immediate[index]) {
          this.immediate[index] = dominator;
          changed = true;
        }
      }
    }
  }

  isReachable(block: Block): boolean {
    return this.number.has(block);
  }

  dominates(a: Block, b: Block): boolean {
    const [above, below] = [this.number.get(a), this.number.get(b)];
    if (below === undefined) return true; // Nothing executes in an unreachable block.
    if (above === undefined) return false;
    let at = below;
    while (at > above) at = this.immediate[at];
    return at === above;
  }

  private intersect(a: number, b: number): number {
    while (a !== b) {
      while (a > b) a = this.immediate[a];
      while (b > a) b = this.immediate[b];
    }
    return a;
  }
}

function reversePostOrder(entry: Block): Block[] {
  const order: Block[] = [];
  const seen = new Set([entry]);
  const stack: { block: Block; next: number; successors: readonly Block[] }[] = [
    { block: entry, next: 0, successors: entry.successors },
  ];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.next === frame.successors.length) {
      order.push(frame.block);
      stack.pop();
      continue;
    }
    const successor = frame.successors[frame.next++];
    if (seen.has(successor)) continue;
    seen.add(successor);
    stack.push({ block: successor, next: 0, successors: successor.successors });
  }
  return order.reverse();
}

/** Answers dominance questions; valid until blocks or terminators of a region it was asked about change. */
export class DominanceInfo {
  private readonly regions = new Map<Region, RegionDominance>();

  /** Whether `a` dominates `b`, both in the same region. */
  blockDominates(a: Block, b: Block): boolean {
    return a === b || this.of(a.parentRegion!).dominates(a, b);
  }

  isReachable(block: Block): boolean {
    const region = block.parentRegion!;
    return region.hasOneBlock || region.firstBlock === block || this.of(region).isReachable(block);
  }

  /** Whether `a` runs before `b` on every path to `b`; `a` does not dominate operations nested in itself. */
  properlyDominates(a: Operation, b: Operation): boolean {
    const user = ancestorIn(a.parentRegion, b);
    if (user === undefined || user === a) return false;
    return this.precedes(a, user);
  }

  /** Whether `value` may be used by `user`. Graph regions have no order between their operations. */
  valueDominates(value: Value, user: Operation): boolean {
    const block = value.parentBlock;
    if (block === null) return false;
    const region = block.parentRegion;
    const ancestor = ancestorIn(region, user);
    if (ancestor === undefined) return false;
    const hasOrder = region?.parentOp?.name.definition?.regionKind !== 'graph';
    if (value instanceof BlockArgument) {
      return this.blockDominates(block, ancestor.parentBlock!);
    }
    const definition = value.definingOp!;
    if (!hasOrder) return true;
    if (definition === ancestor) return false;
    return this.precedes(definition, ancestor);
  }

  private precedes(a: Operation, b: Operation): boolean {
    const [above, below] = [a.parentBlock!, b.parentBlock!];
    if (above === below) return above.isBefore(a, b) || !this.isReachable(above);
    return this.of(above.parentRegion!).dominates(above, below);
  }

  private of(region: Region): RegionDominance {
    let dominance = this.regions.get(region);
    if (dominance === undefined)
      this.regions.set(region, (dominance = new RegionDominance(region)));
    return dominance;
  }
}

/** `op` or its ancestor that lies directly in `region`. */
export function ancestorIn(region: Region | null, op: Operation): Operation | undefined {
  for (let ancestor: Operation | null = op; ancestor !== null; ancestor = ancestor.parentOp) {
    if (ancestor.parentRegion === region) return ancestor;
  }
  return undefined;
}
