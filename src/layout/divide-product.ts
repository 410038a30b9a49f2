/** Splitting a layout into tiles and building a layout out of tiles. */

import { complement, composition } from './algebra.js';
import { LayoutError } from './int-tuple.js';
import { Layout } from './layout.js';

/** What to divide by: a layout over the whole, or one tile (layout, or extent for `n:1`) per leading mode. */
export type Tiler = Layout | readonly (Layout | number)[];

function toLayout(tile: Layout | number): Layout {
  return typeof tile === 'number' ? new Layout(tile, 1) : tile;
}

function divideByLayout(layout: Layout, tile: Layout): Layout {
  return composition(layout, Layout.concatenate(tile, complement(tile, layout.size)));
}

function divideModes(layout: Layout, tiler: readonly (Layout | number)[]): Layout[] {
  if (tiler.length > layout.rank) {
    throw new LayoutError(`expected at most ${layout.rank} tiles, found ${tiler.length}`);
  }
  return layout.modes.map((mode, index) =>
    index < tiler.length ? divideByLayout(mode, toLayout(tiler[index])) : mode,
  );
}

/**
 * Splits a layout into (the elements of a tile, the tiles); by mode for a tuple of tiles.
 *
 * Law: `logicalDivide(A, B).at([i, j]) = A.at(B.at(i) + C.at(j))` with `C = complement(B, size(A))`.
 * Where a tile does not divide, the last one runs past the end of `A` (its last mode continues).
 */
export function logicalDivide(layout: Layout, tiler: Tiler): Layout {
  return tiler instanceof Layout
    ? divideByLayout(layout, tiler)
    : Layout.concatenate(...divideModes(layout, tiler));
}

/**
 * {@link logicalDivide} with all tile modes gathered into the first mode and all rest modes into the second.
 *
 * Law: `zippedDivide(A, [T0, T1]).at([[i0, i1], [j0, j1]]) = logicalDivide(A, [T0, T1]).at([[i0, j0], [i1, j1]])`.
 */
export function zippedDivide(layout: Layout, tiler: Tiler): Layout {
  if (tiler instanceof Layout) return divideByLayout(layout, tiler);
  const modes = divideModes(layout, tiler);
  const tiles = modes.slice(0, tiler.length).map((mode) => mode.mode(0));
  const rests = modes.map((mode, index) => (index < tiler.length ? mode.mode(1) : mode));
  return Layout.concatenate(Layout.concatenate(...tiles), Layout.concatenate(...rests));
}

/** {@link zippedDivide} with the rest modes unpacked: `(tile, rest0, rest1, ...)`. */
export function tiledDivide(layout: Layout, tiler: Tiler): Layout {
  const zipped = zippedDivide(layout, tiler);
  return Layout.concatenate(zipped.mode(0), ...zipped.mode(1).modes);
}

/**
 * Repeats `block` in the order of `tiler`: mode 0 is the block, mode 1 the copies.
 *
 * Law: `logicalProduct(A, B).at([i, j]) = A.at(i) + C.at(B.at(j))` with `C = complement(A, size(A) * cosize(B))`;
 * injective when both are.
 */
export function logicalProduct(block: Layout, tiler: Layout): Layout {
  const rest = complement(block, block.size * tiler.cosize);
  return Layout.concatenate(block, composition(rest, tiler));
}

function zipProduct(block: Layout, tiler: Layout, blockFirst: boolean): Layout {
  const rank = Math.max(block.rank, tiler.rank);
  const product = logicalProduct(padRank(block, rank), padRank(tiler, rank));
  const [blocks, copies] = [product.mode(0).modes, product.mode(1).modes];
  return Layout.concatenate(
    ...blocks.map((mode, index) =>
      blockFirst
        ? Layout.concatenate(mode, copies[index])
        : Layout.concatenate(copies[index], mode),
    ),
  );
}

function padRank(layout: Layout, rank: number): Layout {
  const modes = [...layout.modes];
  while (modes.length < rank) modes.push(new Layout(1, 0));
  return Layout.concatenate(...modes);
}

/**
 * Copies of a block side by side: mode `k` is `(block_k, tiler_k)`.
 *
 * Law: `blockedProduct(A, B).at([[i0, j0], [i1, j1]]) = logicalProduct(A, B).at([[i0, i1], [j0, j1]])`.
 */
export function blockedProduct(block: Layout, tiler: Layout): Layout {
  return zipProduct(block, tiler, true);
}

/** Copies of a block interleaved: mode `k` is `(tiler_k, block_k)`; otherwise as {@link blockedProduct}. */
export function rakedProduct(block: Layout, tiler: Layout): Layout {
  return zipProduct(block, tiler, false);
}
