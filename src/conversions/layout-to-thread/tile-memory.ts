/** The memory behind tiles: register arrays for fragments, parts of the block's shared memory for shared tiles. */

import {
  DYNAMIC,
  i8,
  MemRefType,
  type Builder,
  type IntegerAttr,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import type { Rewriter } from '../../rewrite/index.js';
import { InternalError } from '../../support/index.js';
import { MemrefViewOp } from '../../dialects/generated/memref.js';
import type { TileLocalType, TileSharedType } from '../../dialects/generated/tile.js';
import { SHARED_OFFSET, sharedBytes, versionStride } from '../tile-to-layout/shared-memory.js';
import { IndexBuilder, type Index } from '../support/index-builder.js';
import {
  elementBits,
  fragmentOf,
  isFragment,
  isLocal,
  isShared,
  sharedLayoutOf,
} from '../support/tiles.js';
import { buildRegisters, PRIVATE, registerShape, WORKGROUP } from './thread-builder.js';
import type { ThreadBuilder } from './thread-builder.js';
import { loadElement, storeElement } from './transfer.js';

const CAST = 'builtin.unrealized_conversion_cast';

/** The memref that holds a tile whose allocation has been lowered. */
export function memoryOf(tile: Value): Value {
  const cast = tile.definingOp;
  if (cast?.name.text !== CAST) throw new InternalError(`'${tile.type}' has no memory yet`);
  return cast.operand(0);
}

/** Replaces a tile by the memref behind it: users find it through the cast, which goes away with the last of them. */
function replaceByMemory(rewriter: Rewriter, op: Operation, memory: Value): void {
  const tile = op.result;
  memory.name ??= tile.name;
  const cast = rewriter.create(CAST, { operands: [memory], resultTypes: [tile.type] });
  rewriter.replaceOp(op, cast.results);
}

/** `tile.alloc` becomes a register array or a view of the block's shared memory. */
export function lowerAllocation(rewriter: Rewriter, op: Operation): void {
  const { type } = op.result;
  rewriter.setInsertionPointBefore(op);
  rewriter.location = op.location;
  if (isFragment(type)) {
    const memory = MemRefType.get(
      registerShape(fragmentOf(type)),
      type.elementType,
      undefined,
      PRIVATE,
    );
    replaceByMemory(rewriter, op, buildRegisters(rewriter, memory));
    return;
  }
  if (isLocal(type)) return replaceByMemory(rewriter, op, buildLocal(rewriter, type));
  if (!isShared(type)) throw new InternalError(`'${type}' is no tile`);
  const offset = (op.getAttribute(SHARED_OFFSET) as IntegerAttr).number;
  const elements = (sharedBytes(type) * 8) / elementBits(type);
  replaceByMemory(rewriter, op, viewOfBlockMemory(rewriter, offset, elements, type.elementType));
}

/** Registers for the array of each thread; a variable is an array of one element. */
function buildLocal(builder: Builder, { shape, elementType }: TileLocalType): Value {
  const extents = shape.length === 0 ? [1] : shape;
  return buildRegisters(builder, MemRefType.get(extents, elementType, undefined, PRIVATE));
}

/** A copy of a local array whose memory is known, as a tile that accesses can name. */
export function copyLocal(thread: ThreadBuilder, tile: Value): Value {
  const type = tile.type as TileLocalType;
  const from = memoryOf(tile);
  const memory = buildLocal(thread.builder, type);
  memory.name = tile.name;
  const { shape } = memory.type as MemRefType;
  thread.loops(
    shape.map((count, i) => ({ name: 'ijklmn'[i], count })),
    (indices) => storeElement(thread, loadElement(thread, from, indices), memory, indices),
  );
  return thread.builder.create(CAST, { operands: [memory], resultTypes: [type] }).result;
}

/** Where the memory of a local array has the element with these indices. */
export function localIndices(indices: readonly Index[]): readonly Index[] {
  return indices.length === 0 ? [0] : indices;
}

/** `tile.slice` becomes a view of the version that it names. */
export function lowerSlice(rewriter: Rewriter, op: Operation): void {
  rewriter.setInsertionPointBefore(op);
  rewriter.location = op.location;
  const versions = memoryOf(op.operand(0));
  const view = versions.definingOp!;
  const type = op.operand(0).type as TileSharedType;
  const bytes = (versionStride(type) * elementBits(type)) / 8;
  const index = new IndexBuilder(rewriter);
  const first = (view.operand(1).definingOp!.getAttribute('value') as IntegerAttr).number;
  const offset = index.add(index.multiply(op.operand(1), bytes), first);
  replaceByMemory(
    rewriter,
    op,
    viewOfBlockMemory(rewriter, offset, sharedLayoutOf(type).cosize, type.elementType),
  );
}

/** A view is the memory of its source: the same registers, or another typed view of the same part of the block's memory. */
export function lowerView(rewriter: Rewriter, op: Operation): void {
  rewriter.setInsertionPointBefore(op);
  rewriter.location = op.location;
  const source = memoryOf(op.operand(0));
  const { type } = op.result;
  if (!isShared(type)) return replaceByMemory(rewriter, op, source);
  const view = new MemrefViewOp(source.definingOp!);
  const memory = MemrefViewOp.build(rewriter, {
    source: view.source,
    byteShift: view.byteShift,
    sizes: [],
    resultType: MemRefType.get(
      [sharedLayoutOf(type).cosize],
      type.elementType,
      undefined,
      WORKGROUP,
    ),
  }).result;
  replaceByMemory(rewriter, op, memory);
}

/** A typed view of the block's shared memory from a byte offset on. */
function viewOfBlockMemory(
  rewriter: Rewriter,
  offset: Index,
  elements: number,
  elementType: Type,
): Value {
  const block = rewriter.create('gpu.dynamic_shared_memory', {
    resultTypes: [MemRefType.get([DYNAMIC], i8, undefined, WORKGROUP)],
  }).result;
  return MemrefViewOp.build(rewriter, {
    source: block,
    byteShift: new IndexBuilder(rewriter).value(offset),
    sizes: [],
    resultType: MemRefType.get([elements], elementType, undefined, WORKGROUP),
  }).result;
}
