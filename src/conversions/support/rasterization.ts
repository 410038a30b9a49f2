/** The order in which blocks walk the grid: from the number of a block, or of a tile, to its indices. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { gridExtents, indexParameters } from '../../dialects/tile/kernel-extents.js';
import type { IntegerAttr, Operation, StringAttr } from '../../ir/index.js';
import { expandAffine } from './affine-expansion.js';
import type { Index, IndexBuilder } from './index-builder.js';

/** The extents of a kernel's grid, as the kernel computes them from its parameters. */
export function gridValues(kernel: Operation, index: IndexBuilder): Index[] {
  return gridExtents(kernel).map((extent) =>
    typeof extent === 'number'
      ? extent
      : expandAffine(index, new IntegerAnalysis(), extent, indexParameters(kernel)),
  );
}

/** The indices of tile `number` of a grid, the first of which varies fastest unless `rasterize` says otherwise. */
export function indicesOfNumber(
  index: IndexBuilder,
  number: Index,
  grid: readonly Index[],
  rasterize: Operation | undefined,
): Index[] {
  let rest = number;
  const own = grid.map((extent, dimension) => {
    if (dimension === grid.length - 1) return rest;
    const [whole, part] = [index.divide(rest, extent), index.remainder(rest, extent)];
    rest = whole;
    return part;
  });
  if (rasterize === undefined || grid.length < 2) return own;
  const within =
    grid.length === 2 ? number : index.remainder(number, index.multiply(grid[0], grid[1]));
  return [...panelIndices(index, within, grid, rasterize), ...own.slice(2)];
}

/** The indices of the tile that a block with these indices of its own works on. */
export function rasterizedIndices(
  index: IndexBuilder,
  own: readonly Index[],
  grid: readonly Index[],
  rasterize: Operation,
): Index[] {
  if (grid.length < 2) return [...own];
  const number = index.add(own[0], index.multiply(own[1], grid[0]));
  return [...panelIndices(index, number, grid, rasterize), ...own.slice(2)];
}

/**
 * Tiles in order of their number walk panels of `panel` rows (or columns): within a panel the rows of one column come
 * first, so that blocks that run together share operands. The last panel may have fewer rows.
 */
function panelIndices(
  index: IndexBuilder,
  number: Index,
  grid: readonly Index[],
  rasterize: Operation,
): [Index, Index] {
  const isRow = (rasterize.getAttribute('order') as StringAttr).value === 'row';
  const across = isRow ? 1 : 0;
  const along = 1 - across;
  const wanted = (rasterize.getAttribute('panel') as IntegerAttr).number;
  const panel = index.minimum(wanted, grid[across]);
  const perPanel = index.multiply(panel, grid[along]);
  const panelNumber = index.divide(number, perPanel);
  const within = index.remainder(number, perPanel);
  const first = index.multiply(panelNumber, panel);
  // Rows of this panel: fewer in the last one where the panel does not divide them.
  const isDivided =
    typeof panel === 'number' && typeof grid[across] === 'number' && grid[across] % panel === 0;
  const rows = isDivided ? panel : index.minimum(panel, index.subtract(grid[across], first));
  const result: [Index, Index] = [0, 0];
  result[along] = index.divide(within, rows);
  result[across] = index.add(first, index.remainder(within, rows));
  return result;
}
