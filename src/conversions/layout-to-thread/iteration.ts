/** What one iteration of a parallel loop does to memory and registers, as one thread does it. */

import type { TileFragmentType } from '../../dialects/generated/tile.js';
import {
  BlockArgument,
  MemRefType,
  type Operation,
  type ShapedType,
  type Value,
  type ValueMapping,
} from '../../ir/index.js';
import { splitModes, type Fragment } from '../../layout/index.js';
import { accessDimensions, isWhole } from '../tile-to-layout/inference/parallel-rule.js';
import type { Index } from '../support/index-builder.js';
import { accessIndices } from '../support/accessed-element.js';
import { buildOffset, type IndexSum } from '../support/index-sum.js';
import { fragmentOf, isFragment, isLocal, isShared, sharedLayoutOf } from '../support/tiles.js';
import { buildUpdate } from './atomic.js';
import { insideTensor } from './element-access.js';
import { zeroOf } from './elements.js';
import { leafPlaces, registerShape, type ThreadBuilder } from './thread-builder.js';
import { localIndices, memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

/** One iteration of the loop as one thread runs it. */
export interface Iteration {
  readonly loop: Operation;
  readonly fragment: Fragment;
  /** Positions in the loop's value modes, fastest first. */
  readonly position: readonly Index[];
  readonly coordinates: readonly IndexSum[];
  readonly mapping: ValueMapping;
  /** Where the iteration finds what a vector access loads or stores for it; undefined for other accesses. */
  readonly registerOf?: (op: Operation) => RegisterPlace | undefined;
}

/** One element of a register array. */
export interface RegisterPlace {
  readonly registers: Value;
  readonly indices: readonly Index[];
}

export function lowerLoad(
  thread: ThreadBuilder,
  op: Operation,
  tile: Value,
  iteration: Iteration,
): Value {
  const { type } = tile;
  const { elementType } = type as ShapedType;
  const vector = iteration.registerOf?.(op);
  if (vector !== undefined) return loadElement(thread, vector.registers, vector.indices);
  if (type instanceof MemRefType) {
    const indices = accessIndices(op).map((index) => iteration.mapping.lookup(index));
    return thread.conditionalValue(
      insideTensor(thread, tile, accessIndices(op), indices),
      elementType,
      () => loadElement(thread, tile, indices),
      () => zeroOf(thread.builder, elementType),
    );
  }
  return loadElement(
    thread,
    memoryOf(iteration.mapping.lookup(tile)),
    tileElement(thread, op, tile, iteration),
  );
}

export function lowerStore(
  thread: ThreadBuilder,
  op: Operation,
  tile: Value,
  iteration: Iteration,
): void {
  const value = iteration.mapping.lookup(op.operand(0));
  const { type } = tile;
  const vector = iteration.registerOf?.(op);
  if (vector !== undefined) {
    storeElement(thread, value, vector.registers, vector.indices);
    return;
  }
  if (isFragment(type) || isLocal(type)) {
    const memory = memoryOf(iteration.mapping.lookup(tile));
    storeElement(thread, value, memory, tileElement(thread, op, tile, iteration));
    return;
  }
  const isFirstCopy = thread.isFirstCopy(iteration.fragment);
  if (type instanceof MemRefType) {
    const indices = accessIndices(op).map((index) => iteration.mapping.lookup(index));
    const isInside = insideTensor(thread, tile, accessIndices(op), indices);
    const isWritten = thread.index.all([isFirstCopy, isInside]);
    thread.conditional(isWritten, () => storeElement(thread, value, tile, indices));
    return;
  }
  thread.conditional(isFirstCopy, () =>
    storeElement(thread, value, memoryOf(tile), tileElement(thread, op, tile, iteration)),
  );
}

/** The update by one of the threads that run the iteration; the value before where it is asked for. */
export function lowerAtomic(
  thread: ThreadBuilder,
  op: Operation,
  tile: Value,
  iteration: Iteration,
): Value | undefined {
  const value = iteration.mapping.lookup(op.operand(0));
  const conditions = [thread.isFirstCopy(iteration.fragment)];
  let [memory, indices]: [Value, readonly Index[]] = [tile, []];
  if (tile.type instanceof MemRefType) {
    indices = accessIndices(op).map((index) => iteration.mapping.lookup(index));
    conditions.push(insideTensor(thread, tile, accessIndices(op), indices as Value[]));
  } else [memory, indices] = [memoryOf(tile), tileElement(thread, op, tile, iteration)];
  const condition = thread.index.all(conditions);
  const update = (): Value => buildUpdate(thread, op, value, memory, indices);
  if (op.results.length === 0) {
    thread.conditional(condition, () => void update());
    return undefined;
  }
  return thread.conditionalValue(condition, value.type, update, () =>
    zeroOf(thread.builder, value.type),
  );
}

/** Indices of the memory behind a tile for the element that an access names. */
export function tileElement(
  thread: ThreadBuilder,
  op: Operation,
  tile: Value,
  iteration: Iteration,
): Index[] {
  if (isLocal(tile.type)) {
    const indices = accessIndices(op).map((index) => iteration.mapping.lookup(index));
    return [...localIndices(indices)];
  }
  if (isShared(tile.type)) {
    const coordinates = accessIndices(op).map((index, dimension): IndexSum => {
      const own =
        index instanceof BlockArgument && index.owner === iteration.loop.regions[0].entryBlock;
      if (own) return iteration.coordinates[index.index];
      return [
        {
          value: iteration.mapping.lookup(index),
          coefficient: 1,
          extent: (tile.type as ShapedType).shape[dimension],
        },
      ];
    });
    return [buildOffset(thread.index, sharedLayoutOf(tile.type), coordinates)];
  }
  const dimensions = accessDimensions(op, iteration.loop)!;
  const held = registerShape(fragmentOf(tile.type as TileFragmentType));
  if (!isWhole(dimensions, iteration.fragment.shape.length))
    return projectedPosition(thread, iteration, dimensions, held);
  const own = [...iteration.position].reverse();
  return thread.regroup(own, registerShape(iteration.fragment), held);
}

/** Where a thread keeps the element of a projected fragment, in a register array of shape `held`: by the digits of the kept modes. */
function projectedPosition(
  thread: ThreadBuilder,
  iteration: Iteration,
  dimensions: readonly number[],
  held: readonly number[],
): Index[] {
  const { fragment, position } = iteration;
  const single = held.map(() => 0);
  const modes = splitModes(fragment.value, fragment.shape);
  if (typeof modes === 'string') return single;
  const places = leafPlaces(fragment);
  const kept = modes.filter((mode) =>
    dimensions.some((dimension) => dimension !== -1 && mode.steps[dimension] !== 0),
  );
  const digits = kept.map((mode) => {
    const place = places[mode.leaf];
    const divisor = place.divisor * mode.leafDivisor;
    const quotient = thread.index.divide(position[place.mode], divisor);
    return divisor * mode.extent === place.modeSize
      ? quotient
      : thread.index.remainder(quotient, mode.extent);
  });
  // A projection to one register is an array of one element.
  if (digits.length === 0) return single;
  return thread.regroup(digits.reverse(), kept.map((mode) => mode.extent).reverse(), held);
}
