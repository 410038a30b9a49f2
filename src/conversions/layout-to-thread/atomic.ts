/** `tile.atomic`: each thread updates what its registers hold, or one thread updates one element. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileAtomicOp, type TileAtomicKind } from '../../dialects/generated/tile.js';
import {
  FloatType,
  IntegerAttr,
  MemRefType,
  StringAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import { copyFragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { elementBits, fragmentOf, isFragment, isShared, sharedLayoutOf } from '../support/tiles.js';
import { kernelOf } from '../support/tiles.js';
import { threadBuilderAt } from './copy.js';
import { elementOf } from './element-access.js';
import { registerShape, type ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import {
  globalMemory,
  loadFragment,
  sharedMemory,
  updateFromFragment,
  type TileMemory,
} from './transfer.js';

/** Numbers of the kinds of `memref.atomic_rmw`, for floats and for integers. */
const KINDS: Readonly<Record<TileAtomicKind, readonly [float: number, integer: number]>> = {
  add: [0, 1],
  max: [13, 4],
  min: [14, 7],
  or: [11, 11],
};

/** The atomic update of one element of memory, in the kind and order of a `tile.atomic`; gives the value before. */
export function buildUpdate(
  thread: ThreadBuilder,
  op: Operation,
  value: Value,
  memory: Value,
  indices: readonly Index[],
): Value {
  const [float, integer] = KINDS[new TileAtomicOp(op).kind];
  const order = op.getAttribute('order');
  const isOrdered = order instanceof StringAttr && order.value !== 'relaxed';
  return thread.builder.create('memref.atomic_rmw', {
    operands: [value, memory, ...thread.index.values(indices)],
    resultTypes: [value.type],
    attributes: {
      kind: IntegerAttr.get(value.type instanceof FloatType ? float : integer),
      ...(isOrdered && { 'tile.order': order }),
    },
  }).result;
}

export function atomicPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileAtomicOp,
      {
        name: 'tile-atomic-to-thread',
        law: 'every element is updated by one of the threads that hold it',
      },
      ({ op, source, destination }, rewriter) => {
        if (op.getParentOfName('tile.parallel') !== undefined)
          return rewriter.notifyMatchFailure(op, 'the loop around it is lowered first');
        const thread = threadBuilderAt(rewriter, op, warpSize);
        if (isFragment(source.type)) {
          updateRegion(thread, op, fragmentOf(source.type), memoryOf(source));
        } else if (isShared(source.type)) {
          const threads = (kernelOf(op).getAttribute('threads') as IntegerAttr).number;
          const fragment = copyFragment(source.type.shape, threads, 1);
          const moved = thread.registers(registerShape(fragment), source.type.elementType, 'moved');
          const from = sharedMemory(
            memoryOf(source),
            sharedLayoutOf(source.type),
            elementBits(source.type),
          );
          loadFragment(thread, from, fragment, moved);
          updateRegion(thread, op, fragment, moved);
        } else {
          if (op.results.some((result) => result.hasUses)) {
            return rewriter.notifyMatchFailure(
              op,
              "one thread alone has the value before; ask for it in 'tile.parallel'",
            );
          }
          const { memory, indices, isInside } = elementOf(
            thread,
            destination,
            op.operands.slice(2),
          );
          const isFirst = thread.index.compare('eq', thread.thread, 0);
          const conditions = [isFirst, isInside].filter((condition) => condition !== undefined);
          thread.conditional(
            thread.index.all(conditions),
            () => void buildUpdate(thread, op, source, memory, indices),
          );
        }
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

function updateRegion(
  thread: ThreadBuilder,
  op: Operation,
  fragment: Parameters<typeof updateFromFragment>[1],
  registers: Value,
): void {
  updateFromFragment(
    thread,
    fragment,
    registers,
    destinationMemory(op),
    (value, place) => void buildUpdate(thread, op, value, memoryOfDestination(op), place),
  );
}

function memoryOfDestination(op: Operation): Value {
  const destination = op.operand(1);
  return isShared(destination.type) ? memoryOf(destination) : destination;
}

/** The region that is updated. */
function destinationMemory(op: Operation): TileMemory {
  const [source, destination, ...indices] = op.operands;
  const { type } = destination;
  if (type instanceof MemRefType) {
    const { shape } = source.type as ShapedType;
    const region = { tensor: destination, type, indices, extents: shape };
    return globalMemory(destination, region, new IntegerAnalysis());
  }
  if (!isShared(type)) throw new TypeError('unreachable');
  const memory = sharedMemory(memoryOf(destination), sharedLayoutOf(type), elementBits(type));
  if (indices.length === 0) return memory;
  const lead = type.shape.length - (source.type as ShapedType).shape.length;
  return {
    ...memory,
    place: (thread, coordinates) =>
      memory.place(
        thread,
        indices.map((value, dimension) => [
          { value, coefficient: 1, extent: type.shape[dimension] },
          ...(dimension < lead ? [] : coordinates[dimension - lead]),
        ]),
      ),
  };
}
