/** `tile.transpose`: a copy in which one side's memory is addressed with its dimensions in the other's order. */

import {
  TileTransposeOp,
  type TileFragmentType,
  type TileSharedType,
} from '../../dialects/generated/tile.js';
import type { Operation, ShapedType, Value } from '../../ir/index.js';
import { permuteFragment, permuteLayout, type Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { inverseOf, permutationOf } from '../tile-to-layout/inference/transpose-rule.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  layoutAttribute,
  sharedLayoutOf,
} from '../support/tiles.js';
import { copyFragments, threadBuilderAt } from './copy.js';
import { memoryOf } from './tile-memory.js';
import {
  loadFragment,
  registerArrayType,
  sharedMemory,
  storeFragment,
  type TileMemory,
} from './transfer.js';

/** A shared tile whose dimension `i` is dimension `permutation[i]` of the given one. */
function permutedMemory(tile: Value, permutation: readonly number[]): TileMemory {
  const type = tile.type as TileSharedType;
  const layout = permuteLayout(sharedLayoutOf(type), permutation);
  return sharedMemory(memoryOf(tile), layout, elementBits(type));
}

export function transposePatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileTransposeOp,
      {
        name: 'tile-transpose-to-thread',
        law: 'a transposition is a copy between elements whose coordinates are in another order',
      },
      ({ op, source, destination }, rewriter) => {
        const permutation = permutationOf(op);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        if (isFragment(source.type) && isFragment(destination.type)) {
          const held = fragmentOf(destination.type);
          const wanted = permuteFragment(fragmentOf(source.type), permutation);
          if (wanted?.isEquivalent(held) !== true)
            return rewriter.notifyMatchFailure(op, 'the two fragments are distributed differently');
          copyFragments(thread, held, memoryOf(source), memoryOf(destination));
        } else if (isFragment(source.type)) {
          const memory = permutedMemory(destination, inverseOf(permutation));
          storeFragment(thread, fragmentOf(source.type), memoryOf(source), memory);
        } else {
          const memory = permutedMemory(source, permutation);
          const fragment = fragmentAt(op, destination);
          if (isFragment(destination.type)) {
            loadFragment(thread, memory, fragment, memoryOf(destination));
          } else {
            const { elementType } = source.type as ShapedType;
            const { shape } = registerArrayType(fragment, elementType, undefined);
            const moved = thread.registers(shape, elementType, 'moved');
            loadFragment(thread, memory, fragment, moved);
            const inOrder = permutation.map((_, dimension) => dimension);
            storeFragment(thread, fragment, moved, permutedMemory(destination, inOrder));
          }
        }
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** Which thread moves which elements of the destination. */
function fragmentAt(op: Operation, destination: Value): Fragment {
  return isFragment(destination.type)
    ? fragmentOf(destination.type as TileFragmentType)
    : layoutAttribute(op)!;
}
