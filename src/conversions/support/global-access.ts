/** What is known of a tile's place in a global tensor: how wide accesses may be and which bounds need a guard. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { tensorExtent, tensorStride } from '../../dialects/tile/kernel-extents.js';
import { bitWidth, StridedLayoutAttr, type MemRefType, type Value } from '../../ir/index.js';
import { staysBelow } from './symbolic-bounds.js';

/** Widest access of one thread, in bits. */
export const WIDEST_ACCESS = 128;

/** A tile laid over a tensor, at `indices` (one per dimension of the tensor, or none). */
export interface GlobalRegion {
  readonly tensor: Value;
  readonly type: MemRefType;
  readonly indices: readonly Value[];
  /** Extents of the tile. */
  readonly extents: readonly number[];
  /** The dimension of the tensor that each of the tile's lies along. */
  readonly dims: readonly number[];
  /** The author or an earlier step knows that the tile stays inside, whatever can be proven here. */
  readonly isInside?: boolean;
}

/** Which ends of a tensor a tile may reach over along one dimension. */
export interface OpenBounds {
  readonly below: boolean;
  readonly above: boolean;
}

/** For each dimension of the tensor, the ends that the tile is not proven to stay within. */
export function openBounds(region: GlobalRegion, analysis: IntegerAnalysis): OpenBounds[] {
  const { type, tensor, indices, extents, dims, isInside } = region;
  if (isInside) return type.shape.map(() => ({ below: false, above: false }));
  return type.shape.map((_, dimension) => {
    const index = indices[dimension];
    const extent = extents[dims.indexOf(dimension)] ?? 1;
    const size = tensorExtent(tensor, dimension);
    const min = index === undefined ? 0 : analysis.of(index).min;
    return { below: !(min >= 0), above: !staysBelow(index, extent, size, analysis) };
  });
}

/** For each dimension of the tensor, whether the tile may reach over an end of it. */
export function unprovenBounds(region: GlobalRegion, analysis: IntegerAnalysis): boolean[] {
  return openBounds(region, analysis).map(({ below, above }) => below || above);
}

/** How wide accesses may be, and what keeps them from being wider. */
export interface VectorLimit {
  /** Elements. */
  readonly width: number;
  /** Undefined where accesses are as wide as threads can make them. */
  readonly reason: string | undefined;
}

/**
 * The most elements along the last dimension that one access may move: every such vector must be aligned to its size
 * (tensors start at multiples of 16 bytes) and lie either inside the tensor or outside as a whole.
 */
export function globalVectorWidth(region: GlobalRegion, analysis: IntegerAnalysis): number {
  return globalVectorLimit(region, analysis).width;
}

/** {@link globalVectorWidth} with the reason for it. */
export function globalVectorLimit(region: GlobalRegion, analysis: IntegerAnalysis): VectorLimit {
  const { type, tensor, indices, extents, dims } = region;
  const last = type.shape.length - 1;
  if (dims[dims.length - 1] !== last)
    return { width: 1, reason: `dimension ${last} of the tensor is none of the tile's` };
  const strides = strideDivisors(tensor, analysis);
  if (type.layout instanceof StridedLayoutAttr && type.layout.strides[last] !== 1)
    return { width: 1, reason: "the tensor's rows are not contiguous" };
  const mustDivide: (readonly [number, string])[] = [
    [extents[extents.length - 1], `rows of the tile have ${extents[extents.length - 1]} elements`],
    ...strides
      .slice(0, last)
      .map(
        (stride) =>
          [stride, `rows of the tensor are known to start at multiples of ${stride}`] as const,
      ),
    ...indices.slice(last).map((index) => {
      const { divisor } = analysis.of(index);
      return [divisor, `the place in a row is known to be a multiple of ${divisor}`] as const;
    }),
  ];
  if (type.layout instanceof StridedLayoutAttr)
    mustDivide.push([type.layout.offset, `the tensor starts at element ${type.layout.offset}`]);
  if (unprovenBounds(region, analysis)[last]) {
    const divisor = extentDivisor(tensor, last, analysis);
    mustDivide.push([
      divisor,
      `the tile may reach over the end of rows, at a multiple of ${divisor}`,
    ]);
  }
  let width = WIDEST_ACCESS / bitWidth(type.elementType)!;
  let reason: string | undefined;
  for (;;) {
    const bound = width > 1 ? mustDivide.find(([number]) => number % width !== 0) : undefined;
    if (bound === undefined) return { width, reason };
    width /= 2;
    [, reason] = bound;
  }
}

/** A number that divides the extent of a dimension. */
export function extentDivisor(tensor: Value, dimension: number, analysis: IntegerAnalysis): number {
  const extent = tensorExtent(tensor, dimension);
  if (extent === undefined) return 1;
  return typeof extent === 'number' ? extent : analysis.of(extent).divisor;
}

/** For each dimension of a tensor a number that divides its stride. */
export function strideDivisors(tensor: Value, analysis: IntegerAnalysis): number[] {
  const { layout, shape } = tensor.type as MemRefType;
  if (layout instanceof StridedLayoutAttr) {
    return layout.strides.map((_, dimension) => {
      const stride = tensorStride(tensor, dimension);
      if (stride === undefined) return 1;
      return typeof stride === 'number' ? stride : analysis.of(stride).divisor;
    });
  }
  const divisors = shape.map(() => 1);
  for (let dimension = shape.length - 2; dimension >= 0; dimension--) {
    divisors[dimension] = divisors[dimension + 1] * extentDivisor(tensor, dimension + 1, analysis);
  }
  return divisors;
}
