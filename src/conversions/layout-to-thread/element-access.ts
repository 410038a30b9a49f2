/** `tile.load` and `tile.store` outside of loops over elements: every thread reads, one thread writes. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileLoadOp, TileStoreOp } from '../../dialects/generated/tile.js';
import { tensorExtent } from '../../dialects/tile/kernel-extents.js';
import type { ShapedType, Value } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { buildOffset } from '../support/index-sum.js';
import { staysBelow } from '../support/symbolic-bounds.js';
import { isFragment, isLocal, isShared, sharedLayoutOf } from '../support/tiles.js';
import { threadBuilderAt } from './copy.js';
import { zeroOf } from './elements.js';
import type { ThreadBuilder } from './thread-builder.js';
import { localIndices, memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

const IN_A_FRAGMENT =
  "no thread holds all of a fragment: its elements are accessed in 'tile.parallel', by the loop's indices";

export function elementPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileLoadOp,
      { name: 'tile-load-to-thread', law: 'every thread reads the element' },
      ({ op, tile }, rewriter) => {
        if (op.getParentOfName('tile.parallel') !== undefined)
          return rewriter.notifyMatchFailure(op, 'the loop around it is lowered first');
        if (isFragment(tile.type)) return rewriter.notifyMatchFailure(op, IN_A_FRAGMENT);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const { elementType } = tile.type as ShapedType;
        const { memory, indices, isInside } = elementOf(thread, tile, op.operands.slice(1));
        const value = thread.conditionalValue(
          isInside,
          elementType,
          () => loadElement(thread, memory, indices),
          () => zeroOf(thread.builder, elementType),
        );
        value.name ??= op.result.name;
        rewriter.replaceOp(op, [value]);
        return true;
      },
    ),
    pattern(
      TileStoreOp,
      {
        name: 'tile-store-to-thread',
        law: 'one thread writes the element, each its own of a local array',
      },
      ({ op, tile, value }, rewriter) => {
        if (op.getParentOfName('tile.parallel') !== undefined)
          return rewriter.notifyMatchFailure(op, 'the loop around it is lowered first');
        if (isFragment(tile.type)) return rewriter.notifyMatchFailure(op, IN_A_FRAGMENT);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const { memory, indices, isInside } = elementOf(thread, tile, op.operands.slice(2));
        const isWriter = isLocal(tile.type)
          ? undefined
          : thread.index.compare('eq', thread.thread, 0);
        const conditions = [isWriter, isInside];
        thread.conditional(thread.index.all(conditions), () =>
          storeElement(thread, value, memory, indices),
        );
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

interface Element {
  readonly memory: Value;
  readonly indices: readonly Index[];
  /** Undefined where the element certainly exists. */
  readonly isInside: Value | undefined;
}

/** Where an element of a tensor, shared tile or local array lies. */
export function elementOf(thread: ThreadBuilder, tile: Value, indices: readonly Value[]): Element {
  const { type } = tile;
  if (isLocal(type))
    return { memory: memoryOf(tile), indices: localIndices(indices), isInside: undefined };
  if (!isShared(type))
    return { memory: tile, indices, isInside: insideTensor(thread, tile, indices, indices) };
  const coordinates = indices.map((value, dimension) => [
    { value, coefficient: 1, extent: type.shape[dimension] },
  ]);
  const offset = buildOffset(thread.index, sharedLayoutOf(type), coordinates);
  return { memory: memoryOf(tile), indices: [offset], isInside: undefined };
}

/** The condition under which an element of a tensor exists; undefined where the bounds are proven. */
export function insideTensor(
  thread: ThreadBuilder,
  tensor: Value,
  original: readonly Value[],
  indices: readonly Value[],
): Value | undefined {
  const analysis = new IntegerAnalysis();
  const conditions = indices.flatMap((index, dimension) => {
    const isBelow = staysBelow(original[dimension], 1, tensorExtent(tensor, dimension), analysis);
    const upper = isBelow
      ? []
      : [thread.index.compare('slt', index, thread.tensorExtent(tensor, dimension))];
    const { min } = analysis.of(original[dimension]);
    const lower = min >= 0 ? [] : [thread.index.compare('sge', index, 0)];
    return [...lower, ...upper];
  });
  return thread.index.all(conditions);
}
