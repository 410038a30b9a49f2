/** Loads of operands by ldmatrix: which 8x8 matrices make up a fragment, and which row each lane names. */

import { NvLdmatrixOp } from '../../dialects/generated/nv.js';
import type { Value } from '../../ir/index.js';
import type { MatrixInstruction } from '../../layout/index.js';
import type { OperandRun } from '../layout-to-thread/operand-loads.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { memoryOf } from '../layout-to-thread/tile-memory.js';
import { operandOffset } from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum } from '../support/index-sum.js';

/** Rows of a matrix. */
const ROWS = 8;
/** Bits of one row. */
export const WIDEST_ROW = 128;
/** Most matrices of one ldmatrix. */
const MOST_MATRICES = 4;

/** `count` matrices, each so far from the one before along M or N and along K. */
export interface MatrixGroup {
  readonly count: number;
  readonly outer: number;
  readonly k: number;
}

/** The matrices of one instruction tile of an operand in the order of its registers, the fastest group first. */
export function matrixGroups(
  instruction: MatrixInstruction,
  operand: 'A' | 'B',
  elementBits: number,
): MatrixGroup[] {
  const alongK = WIDEST_ROW / elementBits;
  const rows = (operand === 'A' ? instruction.m : instruction.n) / ROWS;
  return [
    { count: rows, outer: ROWS, k: 0 },
    { count: instruction.k / alongK, outer: 0, k: alongK },
  ].filter(({ count }) => count > 1);
}

/** How many neighbouring instruction tiles one ldmatrix fills. */
export function tilesPerLoad(groups: readonly MatrixGroup[], tiles: number): number {
  const matrices = groups.reduce((product, { count }) => product * count, 1);
  let together = 1;
  while (2 * together * matrices <= MOST_MATRICES && tiles % (2 * together) === 0) together *= 2;
  return together;
}

/**
 * Loads matrices that begin at a place of a tile. Lane i names row i % 8 of matrix i / 8; in a tile with K first, whose
 * matrices are transposed on the way, those are rows of K.
 */
export function buildMatrixLoad(
  thread: ThreadBuilder,
  { tile, outer, k, isKFirst }: OperandRun,
  groups: readonly MatrixGroup[],
  into: Value,
  indices: readonly Index[],
): void {
  const alongOuter = [...outer];
  const alongK = [...k];
  let divisor = ROWS;
  let row = thread.threadTerm(1, ROWS, 1);
  for (const group of groups) {
    const own = isKFirst ? group.k : group.outer;
    // Rows of neighbouring matrices that follow each other count on.
    if (divisor === ROWS && own === ROWS) row = thread.threadTerm(1, ROWS * group.count, 1);
    else {
      const along: IndexSum = [thread.threadTerm(divisor, group.count, group.outer + group.k)];
      (group.outer > 0 ? alongOuter : alongK).push(...along);
    }
    divisor *= group.count;
  }
  (isKFirst ? alongK : alongOuter).push(row);
  const offset = operandOffset(thread, tile, alongOuter, alongK, isKFirst);
  NvLdmatrixOp.build(thread.builder, {
    source: memoryOf(tile),
    sourceIndex: thread.index.value(offset),
    destination: into,
    destinationIndices: thread.index.values(indices),
    count: divisor / ROWS,
    transpose: isKFirst,
  });
}
