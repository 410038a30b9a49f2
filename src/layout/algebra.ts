/** The algebra of layouts: simplification, composition, complement, inverses. Every answer is exact or refused. */

import { LayoutError, type IntTuple } from './int-tuple.js';
import { Layout, layoutOfModes, mergeModes } from './layout.js';

/** All leaves in one flat tuple. Law: same function as `layout`. */
export function flatten(layout: Layout): Layout {
  if (typeof layout.shape === 'number') return layout;
  return new Layout([...layout.shapes], [...layout.strides]);
}

/**
 * The simplest layout with the same function. With a profile, each part of the layout that stands under a leaf of the
 * profile is simplified by itself and the nesting above stays.
 *
 * Law: `coalesce(x).at(i) = x.at(i)` for all `i`, and the result has the fewest modes; with a profile, the same
 * for every coordinate of the profile's nesting.
 */
export function coalesce(layout: Layout, profile?: IntTuple): Layout {
  if (profile === undefined || typeof profile === 'number') {
    const { shapes, strides } = mergeModes(layout);
    return layoutOfModes(shapes, strides);
  }
  if (profile.length > layout.rank) {
    throw new LayoutError(
      `expected a profile of at most ${layout.rank} modes, found ${profile.length}`,
    );
  }
  return Layout.concatenate(
    ...layout.modes.map((mode, index) =>
      index < profile.length ? coalesce(mode, profile[index]) : mode,
    ),
  );
}

/**
 * The layout whose values at `0 .. n-1` are the given ones, or undefined when no layout has them.
 *
 * Law: exact in both directions. A coalesced layout walks its first mode in equal steps for exactly that mode's extent,
 * so the run of equal steps from 0 is the first extent; then the same holds for every extent-th value.
 */
export function layoutOfValues(values: ArrayLike<number>): Layout | undefined {
  const size = values.length;
  if (size === 0 || values[0] !== 0) return undefined;
  const shapes: number[] = [];
  const strides: number[] = [];
  let unit = 1;
  while (unit < size) {
    const stride = values[unit];
    if (stride < 0 || !Number.isSafeInteger(stride)) return undefined;
    let extent = 2;
    while (extent * unit < size && values[extent * unit] === extent * stride) extent += 1;
    if (size % (extent * unit) !== 0) return undefined;
    shapes.push(extent);
    strides.push(stride);
    unit *= extent;
  }
  const layout = layoutOfModes(shapes, strides);
  for (let index = 0; index < size; index += 1) {
    if (layout.atIndex(index) !== values[index]) return undefined;
  }
  return layout;
}

/** Modes of `outer`, coalesced, with the largest digit that the inner modes reach in each. */
interface OuterModes {
  readonly layout: Layout;
  readonly shapes: readonly number[];
  readonly strides: readonly number[];
  readonly reached: number[];
  /** An inner mode was composed by its values, so `reached` does not bound its digits. */
  unbounded: boolean;
}

/**
 * `outer` after `inner`, with the shape of `inner` (a leaf becomes nested where it crosses modes of `outer`).
 *
 * Law: `composition(A, B).at(c) = A.at(B.at(c))` for every coordinate `c` of `B`.
 * Unlike CuTe, which composes mode by mode on trust, sums that carry between modes of `A` are found, checked
 * by enumeration, and refused when no layout with the shape of `B` exists.
 *
 * @throws LayoutError when the composition is no layout.
 */
export function composition(outer: Layout, inner: Layout): Layout {
  const { shapes, strides } = mergeModes(outer);
  const modes: OuterModes = {
    layout: layoutOfModes(shapes, strides),
    shapes,
    strides,
    reached: shapes.map(() => 0),
    unbounded: false,
  };
  const build = (shape: IntTuple, stride: IntTuple): Layout => {
    if (typeof shape === 'number') return composeLeaf(modes, shape, stride as number, outer, inner);
    return Layout.concatenate(
      ...shape.map((item, index) => build(item, (stride as readonly IntTuple[])[index])),
    );
  };
  const result = build(inner.shape, inner.stride);
  const carries =
    modes.unbounded ||
    modes.reached.some((digit, mode) => mode < shapes.length - 1 && digit >= shapes[mode]);
  const several = inner.shapes.filter((extent) => extent > 1).length > 1;
  if (carries && several && shapes.length > 1) {
    const [actual, offsets] = [result.toTable(), inner.toTable()];
    for (let index = 0; index < actual.length; index += 1) {
      if (actual[index] !== modes.layout.atIndex(offsets[index])) refuse(outer, inner);
    }
  }
  return result;
}

function refuse(outer: Layout, inner: Layout): never {
  throw new LayoutError(`the composition of ${outer} with ${inner} is no layout`);
}

function composeLeaf(
  modes: OuterModes,
  extent: number,
  stride: number,
  outer: Layout,
  inner: Layout,
): Layout {
  if (extent === 1) return new Layout(1, 0);
  if (stride === 0 || modes.shapes.length === 0) return new Layout(extent, 0);
  const shapes: number[] = [];
  const strides: number[] = [];
  const last = modes.shapes.length - 1;
  let [rest, step] = [extent, stride];
  for (let mode = 0; mode < last && rest > 1; mode += 1) {
    const size = modes.shapes[mode];
    if (step % size === 0) {
      step /= size;
      continue;
    }
    let count = rest;
    if ((rest - 1) * step >= size) {
      count = size / step;
      if (!Number.isInteger(count) || rest % count !== 0) {
        return composeByValues(modes, extent, stride, outer, inner);
      }
    }
    shapes.push(count);
    strides.push(step * modes.strides[mode]);
    modes.reached[mode] += (count - 1) * step;
    rest /= count;
    step = 1;
  }
  if (rest > 1) {
    shapes.push(rest);
    strides.push(step * modes.strides[last]);
  }
  return coalesce(layoutOfModes(shapes, strides));
}

function composeByValues(
  modes: OuterModes,
  extent: number,
  stride: number,
  outer: Layout,
  inner: Layout,
): Layout {
  const values = new Float64Array(extent);
  for (let index = 0; index < extent; index += 1) {
    values[index] = modes.layout.atIndex(index * stride);
  }
  modes.unbounded = true;
  return layoutOfValues(values) ?? refuse(outer, inner);
}

/**
 * What `layout` leaves out of `0 .. bound-1`: strides ascending, starting at 0.
 *
 * Law: with `C = complement(A, bound)`, `(A, C)` is injective (up to stride-0 modes of `A`), its offsets fill
 * `0 .. n-1` for `n = size(A) * size(C)` (stride-0 modes of `A` not counted), and `n` is the least such `n >= bound`.
 *
 * @throws LayoutError when `layout` is not injective apart from stride-0 modes, or its strides do not nest by division.
 */
export function complement(layout: Layout, bound: number = layout.cosize): Layout {
  const { shapes, strides } = mergeModes(layout);
  const order = shapes.map((_, mode) => mode).filter((mode) => strides[mode] !== 0);
  order.sort((a, b) => strides[a] - strides[b]);
  const resultShapes: number[] = [];
  const resultStrides: number[] = [];
  let covered = 1;
  for (const mode of order) {
    if (strides[mode] % covered !== 0) {
      throw new LayoutError(
        `layout ${layout} has no complement: stride ${strides[mode]} is not a multiple of ${covered}`,
      );
    }
    resultShapes.push(strides[mode] / covered);
    resultStrides.push(covered);
    covered = shapes[mode] * strides[mode];
  }
  resultShapes.push(Math.max(1, Math.ceil(bound / covered)));
  resultStrides.push(covered);
  return coalesce(new Layout(resultShapes, resultStrides));
}

/**
 * Where to look up consecutive offsets. Law: `A.at(rightInverse(A).at(i)) = i` for `i` under its size; for a
 * bijective `A` its size is that of `A`.
 */
export function rightInverse(layout: Layout): Layout {
  const { shapes, strides } = mergeModes(layout);
  const prefix: number[] = [];
  let product = 1;
  for (const extent of shapes) {
    prefix.push(product);
    product *= extent;
  }
  const resultShapes: number[] = [];
  const resultStrides: number[] = [];
  let next = 1;
  for (;;) {
    const mode = strides.indexOf(next);
    if (mode === -1) break;
    resultShapes.push(shapes[mode]);
    resultStrides.push(prefix[mode]);
    next *= shapes[mode];
  }
  return coalesce(layoutOfModes(resultShapes, resultStrides));
}

/**
 * Gives an offset back its index. Law: `leftInverse(A).at(A.at(i)) = i` for `i` under `size(A)`.
 *
 * @throws LayoutError when `layout` is not injective or has no complement.
 */
export function leftInverse(layout: Layout): Layout {
  if (!layout.isInjective) {
    throw new LayoutError(`layout ${layout} has no left inverse: it is not injective`);
  }
  return rightInverse(Layout.concatenate(layout, complement(layout)));
}

/**
 * How many elements, from offset 0 on, both layouts keep consecutive and in the same order: the widest vector with
 * which a copy between them can start.
 *
 * Law: the largest `n` with `A.at(r.at(i)) = i` for all `i < n`, where `r = rightInverse(B)`.
 */
export function maxCommonVector(a: Layout, b: Layout): number {
  const inverse = rightInverse(b);
  const limit = Math.min(inverse.size, a.size);
  let count = 0;
  while (count < limit) {
    const index = inverse.atIndex(count);
    if (index >= a.size || a.atIndex(index) !== count) break;
    count += 1;
  }
  return Math.max(1, count);
}
