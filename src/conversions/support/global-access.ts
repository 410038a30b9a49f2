/** What is known of a tile's place in a global tensor: how wide accesses may be and which bounds need a guard. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { bitWidth, DYNAMIC, type MemRefType, type Value } from '../../ir/index.js';
import { stridesOf } from './tiles.js';

/** Widest access of one thread, in bits. */
const WIDEST_ACCESS = 128;

/** A tile laid over the trailing dimensions of a tensor, at `indices` (one per dimension of the tensor, or none). */
export interface GlobalRegion {
  readonly type: MemRefType;
  readonly indices: readonly Value[];
  /** Extents of the tile. */
  readonly extents: readonly number[];
}

/** The tensor dimension that a dimension of the tile lies along. */
export function tensorDimension(region: GlobalRegion, tileDimension: number): number {
  return region.type.shape.length - region.extents.length + tileDimension;
}

/** Which ends of a tensor a tile may reach over along one dimension. */
export interface OpenBounds {
  readonly below: boolean;
  readonly above: boolean;
}

/** For each dimension of the tensor, the ends that the tile is not proven to stay within. */
export function openBounds(region: GlobalRegion, analysis: IntegerAnalysis): OpenBounds[] {
  const { type, indices, extents } = region;
  const leading = type.shape.length - extents.length;
  return type.shape.map((size, dimension) => {
    const index = indices[dimension];
    const extent = dimension < leading ? 1 : extents[dimension - leading];
    const { min, max } = index === undefined ? { min: 0, max: 0 } : analysis.of(index);
    return { below: !(min >= 0), above: size === DYNAMIC || !(max + extent - 1 < size) };
  });
}

/** For each dimension of the tensor, whether the tile may reach over an end of it. */
export function unprovenBounds(region: GlobalRegion, analysis: IntegerAnalysis): boolean[] {
  return openBounds(region, analysis).map(({ below, above }) => below || above);
}

/**
 * The most elements along the last dimension that one access may move: every such vector must be aligned to its size
 * (tensors start at multiples of 16 bytes) and lie either inside the tensor or outside as a whole.
 */
export function globalVectorWidth(region: GlobalRegion, analysis: IntegerAnalysis): number {
  const { type, indices, extents } = region;
  const strides = stridesOf(type);
  const last = type.shape.length - 1;
  if (strides[last] !== 1) return 1;
  const mustDivide = [
    extents[extents.length - 1],
    ...strides.slice(0, last),
    ...indices.slice(last).map((index) => analysis.of(index).divisor),
  ];
  if (unprovenBounds(region, analysis)[last]) mustDivide.push(type.shape[last]);
  if (mustDivide.some((number) => number === DYNAMIC)) return 1;
  let width = WIDEST_ACCESS / bitWidth(type.elementType)!;
  while (width > 1 && !mustDivide.every((number) => number % width === 0)) width /= 2;
  return width;
}
