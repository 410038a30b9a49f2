/** `tile.gemm` on AMD GPUs: operands from LDS in vectors along K, products by mfma with swapped operands. */

import { AmdMfmaOp } from '../../dialects/generated/amd.js';
import { VectorLoadOp, VectorShapeCastOp, VectorStoreOp } from '../../dialects/generated/vector.js';
import { TileGemmOp } from '../../dialects/generated/tile.js';
import { VectorType, type ShapedType, type Value } from '../../ir/index.js';
import { vectorWidth } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { threadBuilderAt } from '../layout-to-thread/copy.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { memoryOf } from '../layout-to-thread/tile-memory.js';
import { loadElement, storeElement } from '../layout-to-thread/transfer.js';
import { loweredGemm, operandOffset, warpStart, type LoweredGemm } from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum, IndexTerm } from '../support/index-sum.js';
import { elementBits, isFragment, isShared, sharedLayoutOf } from '../support/tiles.js';
import type { TileSharedType } from '../../dialects/generated/tile.js';
import { operandBytes } from '../tile-to-layout/infer-layouts.js';

const WAVE_SIZE = 64;

export const gemmToAmd: RewritePattern = pattern(
  TileGemmOp,
  {
    name: 'tile-gemm-to-mfma',
    law: "C^T += B^T * A^T is the sum over k-steps of the products of each wave's instruction tiles",
  },
  ({ op, a, b, c }, rewriter) => {
    const gemm = loweredGemm(op);
    const thread = threadBuilderAt(rewriter, op, WAVE_SIZE);
    const { instruction, repeats } = gemm;
    const elementType = (a.type as ShapedType).elementType;
    const perLane = (instruction.m * instruction.k) / WAVE_SIZE;
    // A lane reads what several instructions need at once; A and B take their k in the same permuted order.
    const inRegisters = isFragment(a.type);
    const bits = elementBits(b.type as TileSharedType);
    const pack = (operandBytes({ instruction }, gemm.k, bits, !inRegisters) * 8) / bits / perLane;
    for (const [name, tile, isKFirst] of [
      ['A', a, gemm.isATransposed],
      ['B', b, !gemm.isBTransposed],
    ] as const) {
      if (!isShared(tile.type) || contiguousAlongK(tile.type, isKFirst) >= pack * perLane) continue;
      op.emitRemark(
        `operand ${name} is read element by element: K is not contiguous in its tile, which is also read along its other dimension`,
      );
    }
    const accumulator = memoryOf(c);
    const steps = gemm.k / (instruction.k * pack);
    thread.loop('step', steps, (step) => {
      const fragmentsA = inRegisters
        ? memoryOf(a)
        : thread.registers([repeats[0], pack, perLane], elementType, 'a');
      const fragmentsB = thread.registers([repeats[1], pack, perLane], elementType, 'b');
      const k: IndexTerm = { value: step, coefficient: instruction.k * pack, extent: steps };
      if (!inRegisters) {
        thread.loop('i', repeats[0], (i) =>
          loadOperand(thread, gemm, 'm', a, k, i, pack * perLane, fragmentsA),
        );
      }
      thread.loop('j', repeats[1], (j) =>
        loadOperand(thread, gemm, 'n', b, k, j, pack * perLane, fragmentsB),
      );
      thread.loop('part', pack, (part) =>
        thread.loop('i', repeats[0], (i) =>
          thread.loop('j', repeats[1], (j) => {
            AmdMfmaOp.build(rewriter, {
              a: fragmentsB,
              aIndices: thread.index.values([j, part]),
              b: fragmentsA,
              bIndices: thread.index.values([i, inRegisters ? step : part]),
              d: accumulator,
              dIndices: thread.index.values([i, j]),
              instruction: instruction.name,
            });
          }),
        ),
      );
    });
    rewriter.erase(op);
    return true;
  },
);

/** Reads `count` consecutive k of one row of an operand: lane L takes row L % edge, and the L / edge-th run of k. */
function loadOperand(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  axis: 'm' | 'n',
  tile: Value,
  k: IndexTerm,
  repeat: Index,
  count: number,
  into: Value,
): void {
  const edge = gemm.instruction.m;
  const outer: IndexSum = [
    warpStart(thread, gemm, axis),
    { value: repeat, coefficient: edge, extent: gemm.repeats[axis === 'm' ? 0 : 1] },
    thread.threadTerm(1, edge, 1),
  ];
  const along: IndexSum = [k, thread.threadTerm(edge, WAVE_SIZE / edge, count)];
  const isKFirst = axis === 'm' ? gemm.isATransposed : !gemm.isBTransposed;
  const { elementType, shape } = into.type as ShapedType;
  if (contiguousAlongK(tile.type as TileSharedType, isKFirst) < count) {
    const perLane = shape[2];
    thread.loop('e', count, (element) => {
      const own: IndexSum = [...along, { value: element, coefficient: 1, extent: count }];
      const offset = operandOffset(thread, tile, outer, own, isKFirst);
      const value = loadElement(thread, memoryOf(tile), [offset]);
      const { index } = thread;
      const place = [repeat, index.divide(element, perLane), index.remainder(element, perLane)];
      storeElement(thread, value, into, place);
    });
    return;
  }
  const offset = operandOffset(thread, tile, outer, along, isKFirst);
  const vector = VectorLoadOp.build(thread.builder, {
    base: memoryOf(tile),
    indices: [thread.index.value(offset)],
    resultType: VectorType.get([count], elementType),
  }).result;
  const shaped = VectorShapeCastOp.build(thread.builder, {
    source: vector,
    resultType: VectorType.get(shape.slice(1), elementType),
  }).result;
  VectorStoreOp.build(thread.builder, {
    valueToStore: shaped,
    base: into,
    indices: thread.index.values([repeat, 0, 0]),
  });
}

/** Elements along K that one access to a shared operand can take. */
function contiguousAlongK(type: TileSharedType, isKFirst: boolean): number {
  const dimension = isKFirst ? 0 : 1;
  return vectorWidth(sharedLayoutOf(type), { elementBits: elementBits(type), dimension });
}
