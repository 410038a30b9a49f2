/** `tile.copy`, `tile.clear` and `tile.fill` as moves of one thread's elements. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileClearOp, TileCopyOp, TileFillOp } from '../../dialects/generated/tile.js';
import type { MemRefType } from '../../ir/index.js';
import {
  DenseElementsAttr,
  FloatAttr,
  IntegerAttr,
  VectorType,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern, type Rewriter } from '../../rewrite/index.js';
import { globalRegionOf } from '../tile-to-layout/global-region.js';
import {
  elementBits,
  fillDistribution,
  fragmentOf,
  isFragment,
  isLocal,
  isShared,
  kernelOf,
  layoutAttribute,
  sharedLayoutOf,
} from '../support/tiles.js';
import { convertElement, zeroOf } from './elements.js';
import { ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import {
  globalMemory,
  loadElement,
  loadFragment,
  registerArrayType,
  sharedMemory,
  storeElement,
  storeFragment,
  storeSplat,
  type TileMemory,
} from './transfer.js';

/** A builder of one thread's code in front of `op`. */
export function threadBuilderAt(
  rewriter: Rewriter,
  op: Operation,
  warpSize: number,
): ThreadBuilder {
  rewriter.setInsertionPointBefore(op);
  rewriter.location = op.location;
  return new ThreadBuilder(rewriter, op, warpSize);
}

/** The memory behind the global or shared side of a copy. */
export function copyMemory(op: Operation, value: Value): TileMemory {
  if (isShared(value.type)) {
    return sharedMemory(memoryOf(value), sharedLayoutOf(value.type), elementBits(value.type));
  }
  return globalMemory(value, globalRegionOf(op)!, new IntegerAnalysis());
}

/**
 * Copies the registers that the thread holds between two arrays of the distribution `fragment`, which may be grouped
 * differently. What a masked fragment leaves unused was never written and is not read.
 */
export function copyFragments(
  thread: ThreadBuilder,
  fragment: Fragment,
  source: Value,
  destination: Value,
): void {
  const from = source.type as MemRefType;
  const to = destination.type as MemRefType;
  thread.loops(
    to.shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
    (indices) => {
      thread.conditional(thread.isHeld(fragment, indices, to.shape), () => {
        const value = loadElement(thread, source, thread.regroup(indices, to.shape, from.shape));
        storeElement(
          thread,
          convertElement(thread.builder, value, to.elementType),
          destination,
          indices,
        );
      });
    },
  );
}

/** The constant that a value is, as a splat attribute of a vector type; undefined for run-time values. */
function splatOf(value: Value, type: VectorType): DenseElementsAttr | undefined {
  const op = value.definingOp;
  const isCast = op?.name.text === 'builtin.unrealized_conversion_cast';
  const constant = (isCast ? op.operand(0).definingOp : op)?.getAttribute('value');
  const isNumber = constant instanceof FloatAttr || constant instanceof IntegerAttr;
  return isNumber ? DenseElementsAttr.get(type, [constant.value]) : undefined;
}

/** Patterns for a target whose warps have `warpSize` threads. */
export function copyPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileCopyOp,
      {
        name: 'tile-copy-to-thread',
        law: 'a copy is each thread moving the elements that its layout gives it',
      },
      ({ op, source, destination }, rewriter) => {
        const thread = threadBuilderAt(rewriter, op, warpSize);
        if (isFragment(source.type) && isFragment(destination.type)) {
          const [from, to] = [fragmentOf(source.type), fragmentOf(destination.type)];
          if (!from.isEquivalent(to)) {
            return rewriter.notifyMatchFailure(op, 'the two fragments are distributed differently');
          }
          copyFragments(thread, to, memoryOf(source), memoryOf(destination));
        } else if (isFragment(destination.type)) {
          loadFragment(
            thread,
            copyMemory(op, source),
            fragmentOf(destination.type),
            memoryOf(destination),
          );
        } else if (isFragment(source.type)) {
          storeFragment(
            thread,
            fragmentOf(source.type),
            memoryOf(source),
            copyMemory(op, destination),
          );
        } else {
          const fragment = layoutAttribute(op)!;
          const { elementType } = source.type as MemRefType;
          const { shape } = registerArrayType(fragment, elementType, undefined);
          const moved = thread.registers(shape, elementType, 'moved');
          loadFragment(thread, copyMemory(op, source), fragment, moved);
          storeFragment(thread, fragment, moved, copyMemory(op, destination));
        }
        rewriter.erase(op);
        return true;
      },
    ),
    pattern(
      TileClearOp,
      { name: 'tile-clear-to-fill', law: 'clear t -> fill t, 0' },
      ({ op, tile }, rewriter) => {
        rewriter.setInsertionPointBefore(op);
        rewriter.location = op.location;
        const { elementType } = tile.type as ShapedType;
        const zero = zeroOf(rewriter, elementType);
        rewriter.create('tile.fill', { operands: [tile, zero] });
        rewriter.erase(op);
        return true;
      },
    ),
    pattern(
      TileFillOp,
      {
        name: 'tile-fill-to-thread',
        law: 'a fill is each thread setting the elements that it holds',
      },
      ({ op, tile, value }, rewriter) => {
        if (op.getParentOfName('tile.parallel') !== undefined)
          return rewriter.notifyMatchFailure(op, 'the loop around it is lowered first');
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const memory = memoryOf(tile);
        if (isFragment(tile.type) || isLocal(tile.type)) {
          const { shape, elementType } = memory.type as MemRefType;
          const splat = splatOf(value, VectorType.get(shape, elementType));
          if (splat !== undefined)
            storeSplat(
              thread,
              splat,
              memory,
              shape.map(() => 0),
            );
          else {
            thread.loops(
              shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
              (indices) => storeElement(thread, value, memory, indices),
            );
          }
        } else if (isShared(tile.type)) {
          const threads = (kernelOf(op).getAttribute('threads') as IntegerAttr).number;
          const fragment = fillDistribution(tile.type, threads);
          const { shape } = registerArrayType(fragment, tile.type.elementType, undefined);
          const filled = thread.registers(shape, tile.type.elementType, 'filled');
          thread.loops(
            shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
            (indices) => storeElement(thread, value, filled, indices),
          );
          storeFragment(thread, fragment, filled, copyMemory(op, tile));
        }
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}
