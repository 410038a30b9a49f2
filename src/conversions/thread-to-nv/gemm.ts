/** `tile.gemm` on NVIDIA GPUs: fragments from shared memory by ldmatrix, products by mma.sync. */

import { NvLdmatrixOp, NvMmaSyncOp } from '../../dialects/generated/nv.js';
import { TileGemmOp } from '../../dialects/generated/tile.js';
import type { ShapedType, Value } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { threadBuilderAt } from '../layout-to-thread/copy.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { memoryOf } from '../layout-to-thread/tile-memory.js';
import { loweredGemm, operandOffset, warpStart, type LoweredGemm } from '../support/gemm.js';
import { isFragment } from '../support/tiles.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum, IndexTerm } from '../support/index-sum.js';

const WARP_SIZE = 32;

/** Extent of the matrices that ldmatrix loads: 8 rows of 8 elements of 16 bits. */
const MATRIX = 8;

export const gemmToNv: RewritePattern = pattern(
  TileGemmOp,
  {
    name: 'tile-gemm-to-mma-sync',
    law: "C += A * B is the sum over k-steps of the products of each warp's instruction tiles",
  },
  ({ op, a, b, c }, rewriter) => {
    const gemm = loweredGemm(op);
    const thread = threadBuilderAt(rewriter, op, WARP_SIZE);
    const [rows, columns] = gemm.repeats;
    const elementType = (a.type as ShapedType).elementType;
    const { instruction } = gemm;
    const perLaneA = (instruction.m * instruction.k) / WARP_SIZE;
    const perLaneB = (instruction.n * instruction.k) / WARP_SIZE;
    // One ldmatrix.x4 fills the B fragments of two neighbouring instruction tiles.
    const pair = columns % 2 === 0 ? 2 : 1;
    const accumulator = memoryOf(c);
    thread.loop('step', gemm.k / instruction.k, (step) => {
      const inRegisters = isFragment(a.type);
      const fragmentsA = inRegisters
        ? memoryOf(a)
        : thread.registers([rows, perLaneA], elementType, 'a');
      const fragmentsB = thread.registers([columns / pair, pair, perLaneB], elementType, 'b');
      const k: IndexTerm = {
        value: step,
        coefficient: instruction.k,
        extent: gemm.k / instruction.k,
      };
      if (!inRegisters) thread.loop('i', rows, (i) => loadA(thread, gemm, a, k, i, fragmentsA));
      thread.loop('j', columns / pair, (j) => loadB(thread, gemm, b, k, j, pair, fragmentsB));
      thread.loop('i', rows, (i) =>
        thread.loop('j', columns, (j) => {
          const placeB: Index[] = [thread.index.divide(j, pair), thread.index.remainder(j, pair)];
          NvMmaSyncOp.build(rewriter, {
            a: fragmentsA,
            aIndices: thread.index.values(inRegisters ? [i, step] : [i]),
            b: fragmentsB,
            bIndices: thread.index.values(placeB),
            d: accumulator,
            dIndices: thread.index.values([i, j]),
            instruction: instruction.name,
          });
        }),
      );
    });
    rewriter.erase(op);
    return true;
  },
);

/**
 * The four matrices of a 16 x 16 part of A, in the order (m, k), (m + 8, k), (m, k + 8), (m + 8, k + 8) of the
 * registers of an mma operand.
 */
function loadA(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  tile: Value,
  k: IndexTerm,
  i: Index,
  into: Value,
): void {
  const start: IndexSum = [
    warpStart(thread, gemm, 'm'),
    { value: i, coefficient: gemm.instruction.m, extent: gemm.repeats[0] },
  ];
  const row = thread.threadTerm(1, MATRIX, 1);
  const second = thread.threadTerm(MATRIX, 2, MATRIX);
  const third = thread.threadTerm(2 * MATRIX, 2, MATRIX);
  // Stored [m][k], lanes name rows of M; stored [k][m], they name rows of K and the matrices are transposed.
  const m = gemm.isATransposed ? [second] : [thread.threadTerm(1, 2 * MATRIX, 1)];
  const along = gemm.isATransposed ? [row, third] : [third];
  const offset = operandOffset(thread, tile, [...start, ...m], [k, ...along], gemm.isATransposed);
  buildLdmatrix(thread, memoryOf(tile), offset, into, [i], 4, gemm.isATransposed);
}

/** The matrices of one or two instruction tiles of B, in the order (k, n), (k + 8, n), (k, n + 8), (k + 8, n + 8). */
function loadB(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  tile: Value,
  k: IndexTerm,
  j: Index,
  pair: number,
  into: Value,
): void {
  const start: IndexSum = [
    warpStart(thread, gemm, 'n'),
    { value: j, coefficient: gemm.instruction.n * pair, extent: gemm.repeats[1] / pair },
  ];
  const row = thread.threadTerm(1, MATRIX, 1);
  const second = thread.threadTerm(MATRIX, 2, MATRIX);
  const third = pair === 2 ? [thread.threadTerm(2 * MATRIX, 2, MATRIX)] : [];
  // Stored [n][k], lanes name rows of N; stored [k][n], they name rows of K and the matrices are transposed.
  const n = gemm.isBTransposed ? [row, ...third] : third;
  const along = gemm.isBTransposed ? [second] : [thread.threadTerm(1, 2 * MATRIX, 1)];
  const offset = operandOffset(thread, tile, [...start, ...n], [k, ...along], !gemm.isBTransposed);
  buildLdmatrix(thread, memoryOf(tile), offset, into, [j], 2 * pair, !gemm.isBTransposed);
}

function buildLdmatrix(
  thread: ThreadBuilder,
  shared: Value,
  offset: Index,
  registers: Value,
  indices: readonly Index[],
  count: number,
  isTransposed: boolean,
): void {
  NvLdmatrixOp.build(thread.builder, {
    source: shared,
    sourceIndex: thread.index.value(offset),
    destination: registers,
    destinationIndices: thread.index.values(indices),
    count,
    transpose: isTransposed,
  });
}
