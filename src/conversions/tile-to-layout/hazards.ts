/** Walks a kernel in the order of its execution and finds accesses that no barrier between them orders. */

import { IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import {
  containsBarrier,
  isOrderedByPipeline,
  type Access,
  type MemoryAccesses,
} from './memory-accesses.js';

/** Two accesses without an order, by threads that may differ in the given bits of their numbers. */
export interface Hazard {
  readonly earlier: Access;
  readonly later: Access;
  readonly bits: number;
}

export interface HazardVisitor {
  /** The bits in which threads may differ that meet at this barrier, or at the one that an operation contains. */
  reachOf(op: Operation): number;
  /** Told of what an operation needs a barrier for; returns how far one that was placed in front of it reaches. */
  onHazards(op: Operation, hazards: readonly Hazard[]): number;
  /** Memory for which a pipeline's own barrier is not taken for granted. */
  readonly judged?: ReadonlySet<Value>;
}

/** Accesses with the bits across which barriers since have ordered them. Those that are ordered across all are left out. */
type Pending = ReadonlyMap<Access, number>;

export function findHazards(
  kernel: Operation,
  accesses: MemoryAccesses,
  visitor: HazardVisitor,
): void {
  new HazardWalk(accesses, visitor).processRegions(kernel, new Map());
}

class HazardWalk {
  constructor(
    private readonly accesses: MemoryAccesses,
    private readonly visitor: HazardVisitor,
  ) {}

  /** Returns what is pending after the operations of `parent`'s regions, entered with `pending`. */
  processRegions(parent: Operation, pending: Pending): Pending {
    return parent.regions.reduce((last, region) => {
      let state = last;
      for (const block of region.blocks())
        for (const op of block.operations()) state = this.process(op, state);
      return state;
    }, pending);
  }

  private process(op: Operation, pending: Pending): Pending {
    switch (op.name.text) {
      case 'gpu.barrier':
        return this.settle(pending, this.visitor.reachOf(op));
      case 'scf.if': {
        // Either branch may have run; a barrier inside one branch settles nothing for the other.
        const outcomes = op.regions.map((region) => {
          let branch = pending;
          for (const block of region.blocks())
            for (const nested of block.operations()) branch = this.process(nested, branch);
          return branch;
        });
        return merge(outcomes.length === 1 ? [...outcomes, pending] : outcomes);
      }
      case 'scf.for':
      case 'scf.while': {
        // What one iteration leaves pending meets the next: the second look sees what that needs.
        const once = this.processRegions(op, pending);
        const twice = this.processRegions(op, merge([pending, once]));
        return entersBody(op) ? twice : merge([pending, twice]);
      }
      default:
        break;
    }
    const { before, after } = this.accesses.of(op);
    let state = this.add(op, before, pending);
    if (containsBarrier(op)) state = this.settle(state, this.visitor.reachOf(op));
    return this.add(op, after, state);
  }

  /** Adds an operation's accesses to what is pending, behind the barrier that they need, if any. */
  private add(op: Operation, accesses: readonly Access[], pending: Pending): Pending {
    if (accesses.length === 0) return pending;
    const hazards = accesses.flatMap((later) =>
      [...pending].flatMap(([earlier, ordered]) => {
        const bits = this.bitsOf(earlier, later) & ~ordered;
        return bits === 0 ? [] : [{ earlier, later, bits }];
      }),
    );
    const settled =
      hazards.length === 0 ? pending : this.settle(pending, this.visitor.onHazards(op, hazards));
    const state = new Map(settled);
    for (const access of accesses) state.set(access, 0);
    return state;
  }

  private bitsOf(earlier: Access, later: Access): number {
    const isGranted = this.visitor.judged?.has(later.memory) !== true;
    if (isGranted && isOrderedByPipeline(earlier, later)) return 0;
    return this.accesses.bitsBetween(earlier, later);
  }

  private settle(pending: Pending, reach: number): Pending {
    const { everyBit } = this.accesses;
    const state = new Map<Access, number>();
    for (const [access, ordered] of pending) {
      const known = ordered | reach;
      if (known !== everyBit) state.set(access, known);
    }
    return state;
  }
}

/** Whether a loop certainly runs once. */
function entersBody(loop: Operation): boolean {
  if (loop.name.text !== 'scf.for') return false;
  const [lower, upper] = loop.operands.map(({ definingOp }) => definingOp?.getAttribute('value'));
  return lower instanceof IntegerAttr && upper instanceof IntegerAttr && lower.value < upper.value;
}

/** What is pending on any of several ways: ordered only as far as on the worst. */
function merge(ways: readonly Pending[]): Pending {
  const state = new Map<Access, number>();
  for (const way of ways) {
    for (const [access, ordered] of way)
      state.set(access, ordered & (state.get(access) ?? ordered));
  }
  return state;
}
