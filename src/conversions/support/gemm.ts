/** What the lowerings of `tile.gemm` share: the problem as inference settled it, and where each warp's part lies. */

import { TileGemmOp, type TileSharedType } from '../../dialects/generated/tile.js';
import {
  DenseArrayAttr,
  FloatType,
  isOp,
  StringAttr,
  type Operation,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { findMatrixInstruction, type MatrixInstruction } from '../../layout/index.js';
import { InternalError } from '../../support/index.js';
import type { Index } from './index-builder.js';
import { buildOffset, type IndexSum, type IndexTerm } from './index-sum.js';
import { sharedLayoutOf } from './tiles.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';

export interface LoweredGemm {
  readonly instruction: MatrixInstruction;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Warps along M and along N. */
  readonly warps: readonly [number, number];
  /** Instruction tiles of one warp along M and along N. */
  readonly repeats: readonly [number, number];
  /** Whether A is stored [k][m], and B [n][k]. */
  readonly isATransposed: boolean;
  readonly isBTransposed: boolean;
}

/** Whether an operation is a product that matrix instructions compute. */
export function isMatrixProduct(op: Operation): boolean {
  return isOp(op, TileGemmOp) && op.hasAttribute('warps');
}

/** Reads the decisions that inference wrote down. */
export function loweredGemm(op: Operation): LoweredGemm {
  const gemm = new TileGemmOp(op);
  const name = op.getAttribute('instruction');
  const warps = op.getAttribute('warps');
  if (!(name instanceof StringAttr) || !(warps instanceof DenseArrayAttr)) {
    throw new InternalError("'tile.gemm' has no instruction yet");
  }
  const instruction = findMatrixInstruction(name.value);
  const isATransposed = op.hasAttribute('transpose_a');
  const [m, n] = (gemm.c.type as ShapedType).shape;
  const k = (gemm.a.type as ShapedType).shape[isATransposed ? 0 : 1];
  const [rows, columns] = warps.values;
  return {
    instruction,
    m,
    n,
    k,
    warps: [rows, columns],
    repeats: [m / rows / instruction.m, n / columns / instruction.n],
    isATransposed,
    isBTransposed: op.hasAttribute('transpose_b'),
  };
}

/** The type in which an instruction sums: f32 where the product's own accumulator is narrower than the instruction's. */
export function sumTypeOf({ instruction }: LoweredGemm, c: Type): Type {
  const isNarrow = c instanceof FloatType && c.width < instruction.accumulatorBits;
  return isNarrow ? FloatType.get('f32') : c;
}

/** Where the part of a thread's warp starts along M or N. Warps go along N first. */
export function warpStart(thread: ThreadBuilder, gemm: LoweredGemm, axis: 'm' | 'n'): IndexTerm {
  const [rows, columns] = gemm.warps;
  return axis === 'm'
    ? thread.threadTerm(thread.warpSize * columns, rows, gemm.m / rows)
    : thread.threadTerm(thread.warpSize, columns, gemm.n / columns);
}

/** Offset of the element at (outer, k) of a shared operand tile, outer being M of A or N of B. */
export function operandOffset(
  thread: ThreadBuilder,
  tile: Value,
  outer: IndexSum,
  k: IndexSum,
  isKFirst: boolean,
): Index {
  const layout = sharedLayoutOf(tile.type as TileSharedType);
  return buildOffset(thread.index, layout, isKFirst ? [k, outer] : [outer, k]);
}
