/** `tile.atomic`: each thread updates what its registers hold, or one thread updates one element. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileAtomicOp, type TileAtomicKind } from '../../dialects/generated/tile.js';
import { spannedDimensions } from '../../dialects/tile/spanned-dimensions.js';
import {
  FloatType,
  IntegerAttr,
  isOp,
  MemRefType,
  StringAttr,
  type Builder,
  type Operation,
  type ShapedType,
  type Value,
} from '../../ir/index.js';
import { copyFragment, type Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  isShared,
  kernelOf,
  sharedLayoutOf,
  type TileType,
} from '../support/tiles.js';
import { threadBuilderAt } from './copy.js';
import { elementOf } from './element-access.js';
import { registerShape, type ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import {
  globalMemory,
  loadFragment,
  planAccesses,
  sharedMemory,
  updateFromFragment,
  updateVectorsFromFragment,
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
        if (isFragment(source.type) || isShared(source.type)) {
          const fragment = sourceFragment(op, 1);
          updateRegion(thread, op, fragment, sourceRegisters(thread, op, fragment));
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
          const conditions = [isFirst, isInside];
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

/** Which thread updates which elements of the region. Elements of a shared tile are moved `width` at a time. */
function sourceFragment(op: Operation, width: number): Fragment {
  const { type } = op.operand(0);
  if (isFragment(type)) return fragmentOf(type);
  const threads = (kernelOf(op).getAttribute('threads') as IntegerAttr).number;
  return copyFragment((type as ShapedType).shape, threads, width);
}

/** What each thread adds, in registers. */
function sourceRegisters(thread: ThreadBuilder, op: Operation, fragment: Fragment): Value {
  const source = op.operand(0);
  const type = source.type as TileType;
  if (!isShared(type)) return memoryOf(source);
  const moved = thread.registers(registerShape(fragment), type.elementType, 'moved');
  const from = sharedMemory(memoryOf(source), sharedLayoutOf(type), elementBits(type));
  loadFragment(thread, from, fragment, moved);
  return moved;
}

/** Elements that one instruction on pairs updates. */
const PAIR = 2;

/**
 * Whether an atomic update can add pairs of neighbours in one instruction each: 16-bit floats of a tensor, of which
 * threads hold aligned pairs along a row.
 */
export function isAtomicOfPairs(op: Operation): boolean {
  if (!isOp(op, TileAtomicOp) || op.getParentOfName('tile.parallel') !== undefined) return false;
  const { kind, source, destination } = new TileAtomicOp(op);
  const order = op.getAttribute('order');
  const isRelaxed = order === undefined || order === StringAttr.get('relaxed');
  const { type } = destination;
  if (kind !== 'add' || !isRelaxed) return false;
  if (!isFragment(source.type) && !isShared(source.type)) return false;
  if (!(type instanceof MemRefType) || !PAIRED_TYPES.has(`${type.elementType}`)) return false;
  const { contiguousDimension, maxWidth } = destinationMemory(op);
  const plan = planAccesses(
    sourceFragment(op, PAIR),
    contiguousDimension,
    Math.min(PAIR, maxWidth),
  );
  return plan.width === PAIR;
}

const PAIRED_TYPES = new Set(['f16', 'bf16']);

/** The updates of a region pair by pair; `build` makes the instruction, which both vendors have under one name. */
export function atomicPairPattern(
  warpSize: number,
  build: (
    builder: Builder,
    pair: {
      source: Value;
      sourceIndices: Value[];
      destination: Value;
      destinationIndices: Value[];
    },
  ) => void,
): RewritePattern {
  return pattern(
    TileAtomicOp,
    {
      name: 'tile-atomic-to-pairs',
      law: 'two neighbours of a row are updated by one of the threads that hold them',
    },
    ({ op, destination }, rewriter) => {
      if (!isAtomicOfPairs(op))
        return rewriter.notifyMatchFailure(op, 'it does not add aligned pairs of 16-bit floats');
      const thread = threadBuilderAt(rewriter, op, warpSize);
      const fragment = sourceFragment(op, PAIR);
      const memory = { ...destinationMemory(op), maxWidth: PAIR };
      const registers = sourceRegisters(thread, op, fragment);
      updateVectorsFromFragment(thread, fragment, registers, memory, (vector, place) =>
        build(rewriter, {
          source: vector.registers,
          sourceIndices: thread.index.values(vector.indices),
          destination,
          destinationIndices: thread.index.values(place),
        }),
      );
      rewriter.erase(op);
      return true;
    },
  );
}

function updateRegion(
  thread: ThreadBuilder,
  op: Operation,
  fragment: Fragment,
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
    const dims = spannedDimensions(op, type.shape.length, shape.length);
    const region = { tensor: destination, type, indices, extents: shape, dims };
    return globalMemory(destination, region, new IntegerAnalysis());
  }
  if (!isShared(type)) throw new TypeError('unreachable');
  const memory = sharedMemory(memoryOf(destination), sharedLayoutOf(type), elementBits(type));
  if (indices.length === 0) return memory;
  const dims = spannedDimensions(op, type.shape.length, (source.type as ShapedType).shape.length);
  return {
    ...memory,
    place: (thread, coordinates) =>
      memory.place(
        thread,
        indices.map((value, dimension) => [
          { value, coefficient: 1, extent: type.shape[dimension] },
          ...(coordinates[dims.indexOf(dimension)] ?? []),
        ]),
      ),
  };
}
