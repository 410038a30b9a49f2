/** Loads of matrix operands from shared memory, lane by lane: for what no instruction loads as a whole. */

import type { TileSharedType } from '../../dialects/generated/tile.js';
import { VectorLoadOp, VectorShapeCastOp, VectorStoreOp } from '../../dialects/generated/vector.js';
import { VectorType, type ShapedType, type Value } from '../../ir/index.js';
import {
  operandModes,
  vectorWidth as layoutVectorWidth,
  type DimensionMode,
} from '../../layout/index.js';
import { operandOffset, type LoweredGemm } from '../support/gemm.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum } from '../support/index-sum.js';
import { elementBits, sharedLayoutOf } from '../support/tiles.js';
import type { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, moveVector, storeElement } from './transfer.js';

/** A run of elements along K of one row of a shared operand. */
export interface OperandRun {
  readonly tile: Value;
  /** The row (M of A, N of B) and the first k. */
  readonly outer: IndexSum;
  readonly k: IndexSum;
  /** Whether the tile's first dimension is K. */
  readonly isKFirst: boolean;
}

/** Most elements that lie next to each other along a dimension of a shared tile. */
export function sharedWidth(tile: Value, dimension: number): number {
  const type = tile.type as TileSharedType;
  return layoutVectorWidth(sharedLayoutOf(type), { elementBits: elementBits(type), dimension });
}

/** Reads a run into the registers `into[...place]`, which are as many as it has elements; in vectors where they lie so. */
export function loadRun(
  thread: ThreadBuilder,
  { tile, outer, k, isKFirst }: OperandRun,
  into: Value,
  place: readonly Index[],
): void {
  const { elementType, shape } = into.type as ShapedType;
  const rest = shape.slice(place.length);
  const count = rest.reduce((product, extent) => product * extent, 1);
  const width = Math.min(count, sharedWidth(tile, isKFirst ? 0 : 1));
  const memory = memoryOf(tile);
  if (width === count) {
    const offset = operandOffset(thread, tile, outer, k, isKFirst);
    const vector = VectorLoadOp.build(thread.builder, {
      base: memory,
      indices: [thread.index.value(offset)],
      resultType: VectorType.get([count], elementType),
    }).result;
    const shaped =
      rest.length === 1
        ? vector
        : VectorShapeCastOp.build(thread.builder, {
            source: vector,
            resultType: VectorType.get(rest, elementType),
          }).result;
    VectorStoreOp.build(thread.builder, {
      valueToStore: shaped,
      base: into,
      indices: thread.index.values([...place, ...rest.map(() => 0)]),
    });
    return;
  }
  const piece = width === 1 ? undefined : thread.registers([width], elementType, 'piece');
  thread.loop('e', count / width, (e) => {
    const along = [...k, { value: e, coefficient: width, extent: count / width }];
    const offset = operandOffset(thread, tile, outer, along, isKFirst);
    const put = (value: Value, element: Index): void => {
      const at = thread.index.add(thread.index.multiply(e, width), element);
      storeElement(thread, value, into, [...place, ...thread.regroup([at], [count], rest)]);
    };
    if (piece === undefined) return put(loadElement(thread, memory, [offset]), 0);
    moveVector(thread, memory, [offset], piece, [0], width);
    thread.loop('w', width, (w) => put(loadElement(thread, piece, [w]), w));
  });
}

/** Reads one instruction tile's registers of an operand, element by element, into `into[...place]`. */
export function loadLanes(
  thread: ThreadBuilder,
  gemm: LoweredGemm,
  operand: 'A' | 'B',
  { tile, outer, k, isKFirst }: OperandRun,
  into: Value,
  place: readonly Index[],
): void {
  const modes = operandModes(gemm.instruction, operand);
  const outerDimension = operand === 'A' ? 0 : 1;
  const lane = (dimension: number): IndexSum => {
    let divisor = 1;
    return modes.thread.flatMap(({ extent, steps }) => {
      const at = divisor;
      divisor *= extent;
      return steps[dimension] === 0 ? [] : [thread.threadTerm(at, extent, steps[dimension])];
    });
  };
  const [ownOuter, ownK] = [lane(outerDimension), lane(1 - outerDimension)];
  const counts = modes.value.map(({ extent }, i) => ({ name: 'ewv'[i] ?? 'r', count: extent }));
  thread.loops([...counts].reverse(), (variables) => {
    const position = [...variables].reverse();
    const term = (mode: DimensionMode, i: number, dimension: number): IndexSum =>
      mode.steps[dimension] === 0
        ? []
        : [{ value: position[i], coefficient: mode.steps[dimension], extent: mode.extent }];
    const own = (dimension: number): IndexSum =>
      modes.value.flatMap((mode, i) => term(mode, i, dimension));
    const offset = operandOffset(
      thread,
      tile,
      [...outer, ...ownOuter, ...own(outerDimension)],
      [...k, ...ownK, ...own(1 - outerDimension)],
      isKFirst,
    );
    let [register, stride]: [Index, number] = [0, 1];
    position.forEach((digit, i) => {
      register = thread.index.add(register, thread.index.multiply(digit, stride));
      stride *= modes.value[i].extent;
    });
    storeElement(thread, loadElement(thread, memoryOf(tile), [offset]), into, [...place, register]);
  });
}
