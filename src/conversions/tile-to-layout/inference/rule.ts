/** What layout inference knows of an operation that touches fragments: one rule for each kind of operation. */

import type { IntegerAnalysis } from '../../../analysis/integer-facts.js';
import type { Operation, Value } from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';
import type { Target } from '../../../targets/target.js';
import type { LoopAccesses } from '../../support/vector-access.js';
import type { PlannedProduct } from '../gemm-demands.js';
import type { Item, LayoutState } from './state.js';

/** What rules may ask about the kernel. */
export interface KernelFacts {
  readonly kernel: Operation;
  readonly target: Target;
  readonly threads: number;
  readonly analysis: IntegerAnalysis;
  /** How parallel loops access memory. */
  readonly loopAccesses: LoopAccesses;
  readonly products: ReadonlyMap<Operation, PlannedProduct>;
}

/** A place where an operation names a tile. */
export interface TileUse {
  readonly op: Operation;
  readonly operand: number;
}

/** How an operation needs a fragment to lie while it runs. */
export interface Demand {
  /** The operation around which elements are converted. */
  readonly op: Operation;
  readonly tile: Value;
  /** The distribution, or `shared` where elements are named in ways that only memory can serve. */
  readonly wanted: Fragment | 'shared';
  /** Why only memory can serve it, for remarks. */
  readonly reason?: string;
  readonly uses: readonly TileUse[];
  readonly isRead: boolean;
  readonly isWritten: boolean;
  /** The register array must have the very form of `wanted`. */
  readonly isExact?: boolean;
  /** A product may also read the tile from shared memory. */
  readonly operand?: 'A' | 'B';
}

export interface LayoutRule {
  /** Name of the operation. */
  readonly operation: string;
  /** Layouts that what is settled suggests for items without one. */
  follow?(op: Operation, state: LayoutState, facts: KernelFacts): Iterable<[Item, Fragment]>;
  /** How the operation needs its fragments, once they all have a layout; those without one are left out. */
  demands(op: Operation, state: LayoutState, facts: KernelFacts): Demand[];
}
