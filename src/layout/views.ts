/** Layouts of the same storage seen otherwise: dimensions in another order, another shape, elements of another size. */

import { composition } from './algebra.js';
import { Fragment } from './fragment.js';
import { splitModes, type SplitMode } from './dimension-modes.js';
import { LayoutError, rowMajorStrides, type IntTuple } from './int-tuple.js';
import { Layout } from './layout.js';
import { ComposedLayout, Swizzle } from './swizzle.js';

/** The layout whose dimension `i` is dimension `permutation[i]` of the given one. */
export function permuteLayout(
  layout: Layout | ComposedLayout,
  permutation: readonly number[],
): Layout | ComposedLayout {
  if (layout instanceof ComposedLayout) {
    const inner = permuteLayout(layout.layout, permutation) as Layout;
    return new ComposedLayout(layout.swizzle, layout.offset, inner);
  }
  const { modes } = layout;
  return Layout.concatenate(...permutation.map((dimension) => modes[dimension]));
}

/** A layout by row-major element number: its modes with the last dimension fastest. */
function byNumber(layout: Layout): Layout {
  return Layout.concatenate(...[...layout.modes].reverse());
}

/**
 * The layout of a tile of another shape with the same storage, in elements that are `ratio` times as many (and as much
 * smaller); a ratio under 1 makes them larger.
 *
 * Law: the element with row-major number `n` of the result is where (a part of, or the first part of) the source's
 * element `floor(n / ratio)` is.
 *
 * @returns undefined where strides cannot say it.
 */
export function viewLayout(
  layout: Layout | ComposedLayout,
  shape: readonly number[],
  ratio = 1,
): Layout | ComposedLayout | undefined {
  try {
    if (layout instanceof Layout) return viewPlain(layout, shape, ratio);
    const { swizzle, offset } = layout;
    const base = swizzle.base + Math.log2(ratio);
    if (base < 0 || !Number.isInteger(offset * ratio)) return undefined;
    const inner = viewPlain(layout.layout, shape, ratio);
    return (
      inner &&
      new ComposedLayout(new Swizzle(swizzle.bits, base, swizzle.shift), offset * ratio, inner)
    );
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

function viewPlain(layout: Layout, shape: readonly number[], ratio: number): Layout | undefined {
  const numbers = rescale(byNumber(layout), ratio);
  const order = Layout.rowMajor([...shape]);
  return numbers && composition(numbers, order);
}

/** The offsets of parts of elements, or of groups of them that lie together. */
function rescale(numbers: Layout, ratio: number): Layout | undefined {
  if (ratio === 1) return numbers;
  if (ratio > 1) {
    const scaled = new Layout(
      numbers.shape,
      scaleTuple(numbers.stride, (stride) => stride * ratio),
    );
    return Layout.concatenate(new Layout(ratio, 1), scaled);
  }
  const group = 1 / ratio;
  const first = composition(numbers, new Layout([group, numbers.size / group], [1, group]));
  const [inside, groups] = first.modes;
  const isTogether = inside.toTable().every((offset, index) => offset === index);
  const areAligned = groups.strides.every((stride) => stride % group === 0);
  if (!isTogether || !areAligned) return undefined;
  return new Layout(
    groups.shape,
    scaleTuple(groups.stride, (stride) => stride / group),
  );
}

function scaleTuple(tuple: IntTuple, scale: (stride: number) => number): IntTuple {
  return typeof tuple === 'number' ? scale(tuple) : tuple.map((item) => scaleTuple(item, scale));
}

/** The same registers under another shape: elements keep their row-major number. */
export function reshapeFragment(fragment: Fragment, shape: readonly number[]): Fragment {
  const isSame = shape.join() === fragment.shape.join();
  return isSame ? fragment : new Fragment(shape, fragment.thread, fragment.value);
}

/**
 * The same registers with the tile's dimensions in another order; the register array keeps its form.
 *
 * @returns undefined where a mode cannot be told apart by dimension, or positions without an element would get one.
 */
export function permuteFragment(
  fragment: Fragment,
  permutation: readonly number[],
): Fragment | undefined {
  if (fragment.isMasked && permutation[0] !== 0) return undefined;
  const shape = permutation.map((dimension) => fragment.shape[dimension]);
  const strides = rowMajorStrides(shape);
  const permute = (layout: Layout): Layout | undefined => {
    const nested: Layout[] = [];
    for (const mode of layout.modes) {
      const split = splitModes(mode, fragment.shape);
      if (typeof split === 'string') return undefined;
      const stride = ({ steps }: SplitMode): number =>
        permutation.reduce((sum, dimension, i) => sum + steps[dimension] * strides[i], 0);
      const shapes = split.map(({ extent }) => extent);
      const own = split.map(stride);
      nested.push(split.length === 1 ? new Layout(shapes[0], own[0]) : new Layout(shapes, own));
    }
    return nested.length === 1 ? nested[0] : Layout.concatenate(...nested);
  };
  const [thread, value] = [permute(fragment.thread), permute(fragment.value)];
  return thread && value && new Fragment(shape, thread, value);
}
