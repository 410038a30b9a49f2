/** What divides a tile dimension: the blocks of a grid, or the iterations of loops. */

import type { Operation, Value } from '../ir/index.js';
import type { Obstacle, TileDimension, TileDimensions } from './tile-dimensions.js';

/** How a class is divided: over the blocks of one grid dimension, or over the iterations of loops. */
export type Division =
  | { readonly kind: 'blocks'; readonly index: Value; readonly gridDimension: number }
  | { readonly kind: 'loops'; readonly loops: readonly Operation[] };

/** What divides a class, or why nothing that could be changed does. */
export function divisionOf(
  dimensions: TileDimensions,
  dimension: TileDimension,
): Division | Obstacle {
  const { kernel } = dimensions;
  const blocks = dimension.slots.filter(({ kind }) => kind === 'block');
  const loops = dimension.slots.filter(({ kind }) => kind === 'loop');
  if (blocks.length > 0 && loops.length > 0)
    return { op: loops[0].owner as Operation, reason: 'both blocks and this loop divide it' };
  if (blocks.length > 1) return { op: kernel, reason: 'several block indices divide it' };
  if (blocks.length === 1) {
    const index = blocks[0].owner as Value;
    return { kind: 'blocks', index, gridDimension: dimensions.gridDimension(index) };
  }
  if (loops.length > 0)
    return { kind: 'loops', loops: loops.map(({ owner }) => owner as Operation) };
  return { op: kernel, reason: 'neither a block index nor a loop divides it' };
}

/** Elements that must be covered: up to the end of the longest tensor, or all where nothing bounds them. */
export function neededOf({ globals }: TileDimension, covered: number): number {
  const ends = globals.map(({ extent, isOffset }) =>
    isOffset || extent === undefined ? covered : Math.min(extent, covered),
  );
  return ends.length === 0 ? covered : Math.max(...ends);
}
