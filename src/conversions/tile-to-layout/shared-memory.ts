/** Plans shared memory: a place for every shared tile of a kernel, reusing what no tile needs any more. */

import type { TileSharedType } from '../../dialects/generated/tile.js';
import {
  ArrayAttr,
  DictionaryAttr,
  IntegerAttr,
  StringAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { elementBits, isShared, sharedLayoutOf } from '../support/tiles.js';
import { isView } from '../support/views.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Attribute of a shared `tile.alloc`: its first byte in the block's shared memory. */
export const SHARED_OFFSET = 'tile.shared_offset';
/** Attribute of a kernel: bytes of shared memory that one block needs. */
export const SHARED_BYTES = 'tile.shared_bytes';
/** Attribute of a kernel: name, first byte and bytes of every tile in shared memory, for reports about its bytes. */
export const SHARED_TILES = 'tile.shared_tiles';

/** All 32 banks of 4 bytes once: a tile that starts here has the bank conflicts that its layout was chosen for. */
const ALIGNMENT = 128;

function alignUp(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** Elements from one version of a tile to the next; for a tile without versions its whole extent. */
export function versionStride(type: TileSharedType): number {
  const bits = elementBits(type);
  return (alignUp(Math.ceil((sharedLayoutOf(type).cosize * bits) / 8)) * 8) / bits;
}

/** How many versions a type of shared tiles holds: its leading extent where the layout has one dimension fewer. */
export function versionCount(type: TileSharedType): number {
  const layout = sharedLayoutOf(type);
  const rank = 'layout' in layout ? layout.layout.rank : layout.rank;
  return type.shape.length > rank ? type.shape[0] : 1;
}

/** Bytes of an allocation with all its versions. */
export function sharedBytes(type: TileSharedType): number {
  return (versionStride(type) * versionCount(type) * elementBits(type)) / 8;
}

interface Allocation {
  readonly op: Operation;
  readonly bytes: number;
  /** First and last use, as positions of operations directly in the kernel's body. */
  readonly first: number;
  readonly last: number;
}

/** Places all shared tiles. Reports when the target has too little, with what uses how much. */
export function allocateSharedMemory(kernel: Operation, target: Target): boolean {
  const positions = new Map<Operation, number>();
  for (const op of kernel.regions[0].entryBlock.operations()) positions.set(op, positions.size);
  const allocations: Allocation[] = [];
  kernel.walk((op) => {
    if (op.name.text !== 'tile.alloc' || !isShared(op.result.type)) return;
    allocations.push({
      op,
      bytes: sharedBytes(op.result.type),
      ...liveness(op.result, kernel, positions),
    });
  });
  // The largest first, each at the lowest place that no tile alive at the same time has.
  const placed: { allocation: Allocation; offset: number }[] = [];
  for (const allocation of [...allocations].sort((a, b) => b.bytes - a.bytes)) {
    const neighbours = placed
      .filter(
        ({ allocation: other }) => other.first <= allocation.last && allocation.first <= other.last,
      )
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of neighbours) {
      if (other.offset >= offset + allocation.bytes) break;
      offset = Math.max(offset, other.offset + other.allocation.bytes);
    }
    placed.push({ allocation, offset });
    allocation.op.setAttribute(SHARED_OFFSET, IntegerAttr.get(offset));
  }
  const total = placed.reduce(
    (most, { allocation, offset }) => Math.max(most, offset + allocation.bytes),
    0,
  );
  kernel.setAttribute(SHARED_BYTES, IntegerAttr.get(total));
  if (placed.length > 0) kernel.setAttribute(SHARED_TILES, describeTiles(placed));
  if (total <= target.shared_bytes_per_block) return true;
  return kernel.emitOpError(
    `needs ${total} bytes of shared memory, but ${target.name} has ${target.shared_bytes_per_block} per block`,
    allocations.map(({ op, bytes }) => op.note(`${bytes} bytes for '${op.result.type}'`)),
  );
}

function describeTiles(
  placed: readonly { readonly allocation: Allocation; readonly offset: number }[],
): ArrayAttr {
  const tiles = placed.map(({ allocation: { op, bytes }, offset }) =>
    DictionaryAttr.get([
      ['name', StringAttr.get(op.result.name ?? 'shared')],
      ['offset', IntegerAttr.get(offset)],
      ['bytes', IntegerAttr.get(bytes)],
    ]),
  );
  return ArrayAttr.get(tiles);
}

function liveness(
  tile: Value,
  kernel: Operation,
  positions: ReadonlyMap<Operation, number>,
): { first: number; last: number } {
  let [first, last] = [Infinity, -1];
  const visit = (value: Value): void => {
    for (const user of value.users()) {
      if (user.name.text === 'tile.slice' || isView(user)) visit(user.result);
      let top = user;
      while (top.parentOp !== kernel) top = top.parentOp!;
      const position = positions.get(top)!;
      first = Math.min(first, position);
      last = Math.max(last, position);
    }
  };
  visit(tile);
  return { first, last };
}

/**
 * Bytes of the tiles that are alive where an operation runs, before pipelines are expanded: each buffer that one fills
 * counts as often as it has stages.
 */
export function liveSharedBytes(kernel: Operation, at: Operation): number {
  const positions = new Map<Operation, number>();
  for (const op of kernel.regions[0].entryBlock.operations()) positions.set(op, positions.size);
  let top = at;
  while (top.parentOp !== kernel) top = top.parentOp!;
  const position = positions.get(top)!;
  let bytes = 0;
  kernel.walk((op) => {
    if (op.name.text !== 'tile.alloc' || !isShared(op.result.type)) return;
    const { first, last } = liveness(op.result, kernel, positions);
    if (first <= position && position <= last)
      bytes += sharedBytes(op.result.type) * stagesOf(op.result);
  });
  return bytes;
}

/** The most stages of a loop in whose body a tile is used. */
function stagesOf(tile: Value): number {
  let stages = 1;
  for (const user of tile.users()) {
    const loop = user.getParentOfName('tile.pipelined');
    const own = loop?.getAttribute('stages');
    if (own instanceof IntegerAttr) stages = Math.max(stages, own.number);
  }
  return stages;
}

export const tileAllocateSharedMemory = defineKernelPass({
  name: 'tile-allocate-shared-memory',
  summary: 'place every shared tile in the memory of a block, reusing what is no longer needed',
  run: allocateSharedMemory,
});
