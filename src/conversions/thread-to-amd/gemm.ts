/** `tile.gemm` on AMD GPUs: operands from LDS in vectors along K, products by mfma with swapped operands. */

import { AmdMfmaOp } from '../../dialects/generated/amd.js';
import { TileGemmOp } from '../../dialects/generated/tile.js';
import type { Operation, ShapedType, Value } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { withAccumulator } from '../layout-to-thread/accumulator.js';
import { threadBuilderAt } from '../layout-to-thread/copy.js';
import { loadRun, sharedWidth } from '../layout-to-thread/operand-loads.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { memoryOf } from '../layout-to-thread/tile-memory.js';
import {
  isMatrixProduct,
  loweredGemm,
  sumTypeOf,
  warpStart,
  type LoweredGemm,
} from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum, IndexTerm } from '../support/index-sum.js';
import { remark } from '../support/remark.js';
import { elementBits, isShared, type TileType } from '../support/tiles.js';
import { packedInstructions } from '../tile-to-layout/operand-reads.js';

const WAVE_SIZE = 64;

export const gemmToAmd: RewritePattern = pattern(
  TileGemmOp,
  {
    name: 'tile-gemm-to-mfma',
    law: "C^T += B^T * A^T is the sum over k-steps of the products of each wave's instruction tiles",
  },
  ({ op, a, b, c }, rewriter) => {
    if (!isMatrixProduct(op))
      return rewriter.notifyMatchFailure(op, 'no matrix instruction was chosen');
    const gemm = loweredGemm(op);
    const thread = threadBuilderAt(rewriter, op, WAVE_SIZE);
    const { instruction, repeats } = gemm;
    const perLane = (instruction.m * instruction.k) / WAVE_SIZE;
    // A lane reads what several instructions need at once; A and B take their k in the same permuted order.
    const isPacked = isShared(a.type) && isShared(b.type);
    const bits = elementBits(a.type as TileType);
    const pack = packedInstructions(instruction, gemm.k, bits, isPacked);
    if (isShared(a.type)) remarkScatteredReads(op, 'A', a, gemm.isATransposed, pack * perLane);
    if (isShared(b.type)) remarkScatteredReads(op, 'B', b, !gemm.isBTransposed, pack * perLane);
    const steps = gemm.k / (instruction.k * pack);
    const addStep = (step: Index, accumulator: Value): void => {
      const k: IndexTerm = { value: step, coefficient: instruction.k * pack, extent: steps };
      /** The registers of an operand, and which of them an instruction takes. */
      const operand = (
        tile: Value,
        axis: 'm' | 'n',
      ): { registers: Value; at: (repeat: Index, part: Index) => Index[] } => {
        if (!isShared(tile.type))
          return { registers: memoryOf(tile), at: (repeat) => [repeat, step] };
        const count = repeats[axis === 'm' ? 0 : 1];
        const { elementType } = tile.type as ShapedType;
        const name = axis === 'm' ? 'a' : 'b';
        const registers = thread.registers([count, pack, perLane], elementType, name);
        thread.loop(axis === 'm' ? 'i' : 'j', count, (repeat) =>
          loadOperand(thread, gemm, axis, tile, k, repeat, registers),
        );
        return { registers, at: (repeat, part) => [repeat, part] };
      };
      const [left, right] = [operand(a, 'm'), operand(b, 'n')];
      thread.loop('part', pack, (part) =>
        thread.loop('i', repeats[0], (i) =>
          thread.loop('j', repeats[1], (j) => {
            AmdMfmaOp.build(rewriter, {
              a: right.registers,
              aIndices: thread.index.values(right.at(j, part)),
              b: left.registers,
              bIndices: thread.index.values(left.at(i, part)),
              d: accumulator,
              dIndices: thread.index.values([i, j]),
              instruction: instruction.name,
            });
          }),
        ),
      );
    };
    const sum = sumTypeOf(gemm, (c.type as ShapedType).elementType);
    withAccumulator(thread, memoryOf(c), sum, (accumulator) =>
      thread.loop('step', steps, (step) => addStep(step, accumulator)),
    );
    rewriter.erase(op);
    return true;
  },
);

function remarkScatteredReads(
  op: Operation,
  name: string,
  tile: Value,
  isKFirst: boolean,
  wanted: number,
): void {
  const width = sharedWidth(tile, isKFirst ? 0 : 1);
  if (width >= wanted) return;
  remark(
    op,
    'gemm',
    `operand ${name} is read ${width} at a time: K is not contiguous in its tile, which is also read along its other dimension`,
  );
}

/** Reads consecutive k of one row of an operand: lane L takes row L % edge, and the L / edge-th run of k. */
function loadOperand(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  axis: 'm' | 'n',
  tile: Value,
  k: IndexTerm,
  repeat: Index,
  into: Value,
): void {
  const edge = gemm.instruction.m;
  const [, pack, perLane] = (into.type as ShapedType).shape;
  const outer: IndexSum = [
    warpStart(thread, gemm, axis),
    { value: repeat, coefficient: edge, extent: gemm.repeats[axis === 'm' ? 0 : 1] },
    thread.threadTerm(1, edge, 1),
  ];
  const along: IndexSum = [k, thread.threadTerm(edge, WAVE_SIZE / edge, pack * perLane)];
  const isKFirst = axis === 'm' ? gemm.isATransposed : !gemm.isBTransposed;
  loadRun(thread, { tile, outer, k: along, isKFirst }, into, [repeat]);
}
