/** `tile.parallel`: each thread runs the iterations whose elements it holds, one after another. */

import { TileParallelOp, type TileFragmentType } from '../../dialects/generated/tile.js';
import {
  BlockArgument,
  MemRefType,
  ownEffects,
  UnitAttr,
  ValueMapping,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import { splitModes, type Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import {
  accessDimensions,
  isWhole,
  viewedFragment,
} from '../tile-to-layout/inference/parallel-rule.js';
import type { Index } from '../support/index-builder.js';
import { buildOffset, type IndexSum } from '../support/index-sum.js';
import {
  fragmentOf,
  isFragment,
  isLocal,
  isShared,
  layoutAttribute,
  sharedLayoutOf,
} from '../support/tiles.js';
import { buildUpdate } from './atomic.js';
import { threadBuilderAt } from './copy.js';
import { insideTensor } from './element-access.js';
import { IN_ITERATION } from './debug.js';
import { zeroOf } from './elements.js';
import { leafPlaces, registerShape, type ThreadBuilder } from './thread-builder.js';
import { copyLocal, localIndices, memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

/** One iteration of the loop as one thread runs it. */
interface Iteration {
  readonly loop: Operation;
  readonly fragment: Fragment;
  /** Positions in the loop's value modes, fastest first. */
  readonly position: readonly Index[];
  readonly coordinates: readonly IndexSum[];
  readonly mapping: ValueMapping;
}

export function parallelPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileParallelOp,
      {
        name: 'tile-parallel-to-thread',
        law: 'a parallel loop is each thread running its share in order',
      },
      ({ op }, rewriter) => {
        const fragment = layoutAttribute(op);
        if (fragment === undefined)
          return rewriter.notifyMatchFailure(op, 'the loop has no layout yet');
        const mismatch = findMismatch(op, fragment);
        if (mismatch !== undefined) return rewriter.notifyMatchFailure(op, mismatch);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const body = op.regions[0].entryBlock;
        thread.loops(
          registerShape(fragment).map((count, i) => ({ name: 'ijklmn'[i], count })),
          (variables) => {
            const position = [...variables].reverse();
            const { sums, isHeld } = thread.coordinates(fragment, position);
            thread.conditional(isHeld, () => {
              const mapping = new ValueMapping();
              body.arguments.forEach((argument, dimension) => {
                if (argument.hasUses)
                  mapping.map(argument, named(thread, sums[dimension], argument));
              });
              for (const tile of localsChangedIn(op)) mapping.map(tile, copyLocal(thread, tile));
              const iteration = { loop: op, fragment, position, coordinates: sums, mapping };
              for (const nested of body.operations()) lowerNested(thread, nested, iteration);
            });
          },
        );
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** Local arrays from outside of the loop that its iterations write: each works on a copy. */
function localsChangedIn(loop: Operation): Set<Value> {
  const changed = new Set<Value>();
  loop.walk((op) => {
    for (const { kind, value } of ownEffects(op) ?? []) {
      if (kind !== 'write' || value === undefined || !isLocal(value.type)) continue;
      if (!loop.isProperAncestorOf(value.definingOp!)) changed.add(value);
    }
  });
  return changed;
}

function named(thread: ThreadBuilder, sum: IndexSum, argument: BlockArgument): Value {
  const value = thread.index.value(thread.total(sum));
  value.name ??= argument.name;
  return value;
}

/** Why an access to a fragment cannot stay within each thread, or undefined. */
function findMismatch(loop: Operation, fragment: Fragment): string | undefined {
  let mismatch: string | undefined;
  loop.walk((op) => {
    const isAsked = op.name.text === 'tile.atomic' && op.results.some((result) => result.hasUses);
    const copies = fragment.thread.shapes.some(
      (extent, leaf) => extent > 1 && fragment.thread.strides[leaf] === 0,
    );
    if (isAsked && copies)
      mismatch = 'several threads run an iteration, and only one of them has the value before';
    const tile = accessedTile(op);
    if (tile === undefined || !isFragment(tile.type)) return;
    const held = fragmentOf(tile.type);
    const dimensions = accessDimensions(op, loop);
    const wanted = dimensions && viewedFragment(fragment, dimensions);
    if (wanted === undefined || !wanted.isEquivalent(held)) {
      mismatch = `'${tile.type}' is distributed differently from the loop's iterations`;
    }
  });
  return mismatch;
}

function accessedTile(op: Operation): Value | undefined {
  switch (op.name.text) {
    case 'tile.load':
      return op.operand(0);
    case 'tile.store':
    case 'tile.atomic':
      return op.operand(1);
    default:
      return undefined;
  }
}

function accessIndices(op: Operation): Value[] {
  return op.operands.slice(op.name.text === 'tile.load' ? 1 : 2);
}

/** Copies one operation of the loop's body, with accesses to tiles turned into accesses to memory. */
function lowerNested(thread: ThreadBuilder, op: Operation, iteration: Iteration): void {
  const { mapping } = iteration;
  const tile = accessedTile(op);
  thread.builder.location = op.location;
  if (tile === undefined) {
    const copy = thread.builder.clone(op, mapping);
    copy.walk((nested) => {
      if (nested.name.text === 'tile.print') nested.setAttribute(IN_ITERATION, UnitAttr.get());
    });
    if (op.regions.length > 0) lowerAccessesInside(thread, op, copy, iteration);
    return;
  }
  if (op.name.text === 'tile.load') {
    const value = lowerLoad(thread, op, tile, iteration);
    value.name ??= op.result.name;
    mapping.map(op.result, value);
  } else if (op.name.text === 'tile.atomic') {
    const previous = lowerAtomic(thread, op, tile, iteration);
    if (previous !== undefined) mapping.map(op.result, previous);
  } else lowerStore(thread, op, tile, iteration);
}

/** Lowers the accesses to tiles inside the copy of an operation with regions. */
function lowerAccessesInside(
  thread: ThreadBuilder,
  original: Operation,
  copy: Operation,
  iteration: Iteration,
): void {
  const list = (root: Operation): Operation[] => {
    const ops: Operation[] = [];
    root.walk((op) => void ops.push(op), 'pre');
    return ops;
  };
  const copies = list(copy);
  list(original).forEach((op, i) => {
    const tile = accessedTile(op);
    if (tile === undefined) return;
    const replaced = copies[i];
    thread.builder.at({ block: replaced.parentBlock!, before: replaced }, () => {
      if (op.name.text === 'tile.load') {
        const value = lowerLoad(thread, op, tile, iteration);
        iteration.mapping.map(op.result, value);
        thread.builder.replaceOp(replaced, [value]);
      } else if (op.name.text === 'tile.atomic') {
        const previous = lowerAtomic(thread, op, tile, iteration);
        thread.builder.replaceOp(replaced, previous === undefined ? [] : [previous]);
      } else {
        lowerStore(thread, op, tile, iteration);
        thread.builder.erase(replaced);
      }
    });
  });
}

function lowerLoad(thread: ThreadBuilder, op: Operation, tile: Value, iteration: Iteration): Value {
  const { type } = tile;
  const { elementType } = type as ShapedType;
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

function lowerStore(thread: ThreadBuilder, op: Operation, tile: Value, iteration: Iteration): void {
  const value = iteration.mapping.lookup(op.operand(0));
  const { type } = tile;
  if (isFragment(type) || isLocal(type)) {
    const memory = memoryOf(iteration.mapping.lookup(tile));
    storeElement(thread, value, memory, tileElement(thread, op, tile, iteration));
    return;
  }
  const isFirstCopy = thread.isFirstCopy(iteration.fragment);
  if (type instanceof MemRefType) {
    const indices = accessIndices(op).map((index) => iteration.mapping.lookup(index));
    const isInside = insideTensor(thread, tile, accessIndices(op), indices);
    const isWritten = thread.index.all(
      [isFirstCopy, isInside].filter((condition) => condition !== undefined),
    );
    thread.conditional(isWritten, () => storeElement(thread, value, tile, indices));
    return;
  }
  thread.conditional(isFirstCopy, () =>
    storeElement(thread, value, memoryOf(tile), tileElement(thread, op, tile, iteration)),
  );
}

/** The update by one of the threads that run the iteration; the value before where it is asked for. */
function lowerAtomic(
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
  const condition = thread.index.all(conditions.filter((known) => known !== undefined));
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
function tileElement(
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
