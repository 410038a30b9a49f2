/** `tile.gemm` on NVIDIA GPUs: operands from shared memory by ldmatrix or lane by lane, products by mma.sync. */

import { NvMmaSyncOp, NvRoundTf32Op } from '../../dialects/generated/nv.js';
import { TileGemmOp } from '../../dialects/generated/tile.js';
import type { ShapedType, Value } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { withAccumulator } from '../layout-to-thread/accumulator.js';
import { threadBuilderAt } from '../layout-to-thread/copy.js';
import { loadLanes, sharedWidth } from '../layout-to-thread/operand-loads.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { memoryOf } from '../layout-to-thread/tile-memory.js';
import { loadElement, storeElement } from '../layout-to-thread/transfer.js';
import {
  isMatrixProduct,
  loweredGemm,
  sumTypeOf,
  warpStart,
  type LoweredGemm,
} from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum, IndexTerm } from '../support/index-sum.js';
import { elementBits, isShared, type TileType } from '../support/tiles.js';
import { isReadByLdmatrix } from '../tile-to-layout/operand-reads.js';
import { buildMatrixLoad, matrixGroups, tilesPerLoad, WIDEST_ROW } from './matrix-load.js';

const WARP_SIZE = 32;

/** Registers of an operand, and which of them the instruction of an instruction tile takes. */
interface OperandRegisters {
  readonly registers: Value;
  readonly at: (repeat: Index) => Index[];
}

export const gemmToNv: RewritePattern = pattern(
  TileGemmOp,
  {
    name: 'tile-gemm-to-mma-sync',
    law: "C += A * B is the sum over k-steps of the products of each warp's instruction tiles",
  },
  ({ op, a, b, c }, rewriter) => {
    if (!isMatrixProduct(op))
      return rewriter.notifyMatchFailure(op, 'no matrix instruction was chosen');
    const gemm = loweredGemm(op);
    const thread = threadBuilderAt(rewriter, op, WARP_SIZE);
    const { instruction } = gemm;
    const steps = gemm.k / instruction.k;
    const addStep = (step: Index, accumulator: Value): void => {
      const k: IndexTerm = { value: step, coefficient: instruction.k, extent: steps };
      const left = loadOperand(thread, gemm, 'A', a, k);
      const right = loadOperand(thread, gemm, 'B', b, k);
      thread.loop('i', gemm.repeats[0], (i) =>
        thread.loop('j', gemm.repeats[1], (j) => {
          NvMmaSyncOp.build(rewriter, {
            a: left.registers,
            aIndices: thread.index.values(left.at(i)),
            b: right.registers,
            bIndices: thread.index.values(right.at(j)),
            d: accumulator,
            dIndices: thread.index.values([i, j]),
            instruction: instruction.name,
          });
        }),
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

/** Brings one step's part of an operand to registers, unless it is there. */
function loadOperand(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  operand: 'A' | 'B',
  tile: Value,
  k: IndexTerm,
): OperandRegisters {
  const { instruction } = gemm;
  const isRounded = instruction.name.endsWith('.tf32');
  const repeats = gemm.repeats[operand === 'A' ? 0 : 1];
  const { elementType } = tile.type as ShapedType;
  const edge = operand === 'A' ? instruction.m : instruction.n;
  const perLane = (edge * instruction.k) / WARP_SIZE;
  const [name, variable] = operand === 'A' ? ['a', 'i'] : ['b', 'j'];
  if (!isShared(tile.type)) {
    const own = memoryOf(tile);
    if (!isRounded) return { registers: own, at: (repeat) => [repeat, k.value] };
    // The program's own tile keeps its contents.
    const rounded = thread.registers([repeats, perLane], elementType, name);
    thread.loop(variable, repeats, (repeat) =>
      thread.loop('e', perLane, (e) =>
        storeElement(thread, loadElement(thread, own, [repeat, k.value, e]), rounded, [repeat, e]),
      ),
    );
    NvRoundTf32Op.build(thread.builder, { registers: rounded });
    return { registers: rounded, at: (repeat) => [repeat] };
  }
  const bits = elementBits(tile.type as TileType);
  const isKFirst = operand === 'A' ? gemm.isATransposed : !gemm.isBTransposed;
  const byMatrices = isReadByLdmatrix(bits, !isKFirst) && sharedWidth(tile, 1) * bits >= WIDEST_ROW;
  const groups = matrixGroups(instruction, operand, bits);
  const together = byMatrices && operand === 'B' ? tilesPerLoad(groups, repeats) : 1;
  const shape = operand === 'A' ? [repeats, perLane] : [repeats / together, together, perLane];
  const registers = thread.registers(shape, elementType, name);
  thread.loop(variable, repeats / together, (repeat) => {
    const outer: IndexSum = [
      warpStart(thread, gemm, operand === 'A' ? 'm' : 'n'),
      { value: repeat, coefficient: edge * together, extent: repeats / together },
    ];
    const place = { tile, outer, k: [k], isKFirst };
    if (byMatrices) {
      const all = together === 1 ? groups : [...groups, { count: together, outer: edge, k: 0 }];
      buildMatrixLoad(thread, place, all, registers, [repeat]);
    } else {
      loadLanes(thread, gemm, operand, place, registers, operand === 'A' ? [repeat] : [repeat, 0]);
    }
  });
  if (isRounded) NvRoundTf32Op.build(thread.builder, { registers });
  if (operand === 'A') return { registers, at: (repeat) => [repeat] };
  return {
    registers,
    at: (repeat) => [
      thread.index.divide(repeat, together),
      thread.index.remainder(repeat, together),
    ],
  };
}
