/** Kernels with a fixed number of blocks, each of which works on one tile of the grid after the other. */

import { TilePersistentOp, TileRasterizeOp } from '../../dialects/generated/tile.js';
import { kernelParameters } from '../../dialects/tile/kernel-extents.js';
import {
  Block,
  Builder,
  DenseArrayAttr,
  i64,
  indexType,
  IntegerAttr,
  Region,
  type BlockArgument,
  type Operation,
} from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { IndexBuilder, type Index } from '../support/index-builder.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { gridValues, indicesOfNumber } from '../support/rasterization.js';

/**
 * Block b of P works on the tiles b, b + P, b + 2P, ... in the order of the grid's rasterization. Late, so that all before
 * knows the block's indices by the grid; before barriers are placed, which one tile needs from the next.
 */
function expandPersistent(kernel: Operation, target: Target): void {
  const most = persistentBlocks(kernel, target);
  if (most === undefined) return;
  const rasterize = annotation(kernel, TileRasterizeOp.opName);
  annotation(kernel, TilePersistentOp.opName)!.erase();

  const body = kernel.regions[0].entryBlock;
  const moved = [...body.operations()].filter((op) => !staysOutside(op));
  const builder = Builder.atEnd(body, kernel.context);
  builder.location = kernel.location;
  const index = new IndexBuilder(builder);
  const grid = gridValues(kernel, index);
  const total = grid.reduce((product, extent) => index.multiply(product, extent), 1);
  const blocks = typeof total === 'number' ? Math.min(total, most) : most;

  const firstIndex = kernelParameters(kernel).length;
  const indices = body.arguments.slice(firstIndex);
  const block = body.insertArgument(firstIndex, indexType, kernel.location);
  block.name = 'block';
  const region = new Region();
  const loopBody = region.append(new Block([indexType], kernel.location));
  loopBody.arguments[0].name = 'tile';
  builder.create('scf.for', {
    operands: [block, index.value(total), index.constant(blocks)],
    regions: [region],
  });
  const inside = Builder.atEnd(loopBody, kernel.context);
  inside.location = kernel.location;
  const insideIndex = new IndexBuilder(inside);
  replaceIndices(
    indices,
    indicesOfNumber(insideIndex, loopBody.arguments[0], grid, rasterize),
    insideIndex,
  );
  for (const op of moved) {
    op.detach();
    loopBody.append(op);
  }
  inside.setInsertionPointToEnd(loopBody);
  inside.create('scf.yield');
  rasterize?.erase();
  kernel.setAttribute('grid', DenseArrayAttr.get(i64, [blocks]));
  kernel.setAttribute('grid_map', undefined);
}

function annotation(kernel: Operation, name: string): Operation | undefined {
  return [...kernel.regions[0].entryBlock.operations()].find((op) => op.name.text === name);
}

/** How many blocks a kernel starts at most where they walk the tiles of its grid; undefined where each has its own. */
export function persistentBlocks(kernel: Operation, target: Target): number | undefined {
  const persistent = annotation(kernel, TilePersistentOp.opName);
  if (persistent === undefined) return undefined;
  const wanted = persistent.getAttribute('blocks');
  return wanted instanceof IntegerAttr ? wanted.number : target.multiprocessors;
}

/** Tiles are those of all iterations, constants are in one place, and a launch checks what is assumed of arguments. */
function staysOutside(op: Operation): boolean {
  switch (op.name.text) {
    case 'tile.alloc':
    case 'arith.constant':
    case TileRasterizeOp.opName:
      return true;
    case 'tile.assume':
      return op.operands.every((operand) => operand.definingOp === undefined);
    default:
      return false;
  }
}

function replaceIndices(
  places: readonly BlockArgument[],
  indices: readonly Index[],
  index: IndexBuilder,
): void {
  for (let i = places.length - 1; i >= 0; i--) {
    const value = index.value(indices[i]);
    if (places[i].name !== undefined) value.name = places[i].name;
    places[i].replaceAllUsesWith(value);
    places[i].owner.eraseArgument(places[i].index);
  }
}

export const tileExpandPersistent = defineKernelPass({
  name: 'tile-expand-persistent',
  summary: 'let a fixed number of blocks walk all tiles of the grid where the author asks for it',
  requires: ['scf', 'arith'],
  run: expandPersistent,
});
