/** How wide accesses along a dimension of a layout may be. */

import { greatestCommonDivisor } from './int-tuple.js';
import { Layout, mergeModes } from './layout.js';
import { ComposedLayout } from './swizzle.js';

export interface VectorWidthOptions {
  readonly elementBits: number;
  /** Widest access; default 128. */
  readonly maxBits?: number;
  /** Alignment of offset 0 in elements; default: as aligned as wanted. */
  readonly baseAlignment?: number;
  /** Along which top-level mode vectors lie; default the last. */
  readonly dimension?: number;
}

/**
 * Widest legal vector access, in elements.
 *
 * Law: the largest power of two `n` such that `n * elementBits <= maxBits`, and every group of `n` coordinates along the
 * dimension that starts at a multiple of `n` has consecutive offsets, the first a multiple of `n`. With a swizzle `n` is
 * also at most its `2^M`, whether or not the layout is large enough for its XOR to act.
 */
export function vectorWidth(layout: Layout | ComposedLayout, options: VectorWidthOptions): number {
  const inner = layout instanceof Layout ? layout : layout.layout;
  const modes = inner.modes;
  const dimension = options.dimension ?? modes.length - 1;
  const along = mergeModes(modes[dimension]);
  if (along.strides[0] !== 1) return 1;
  let common = along.shapes[0];
  for (let mode = 1; mode < along.strides.length; mode += 1) {
    common = greatestCommonDivisor(common, along.strides[mode]);
  }
  modes.forEach((mode, index) => {
    if (index === dimension) return;
    for (const stride of mergeModes(mode).strides) common = greatestCommonDivisor(common, stride);
  });
  if (options.baseAlignment !== undefined) {
    common = greatestCommonDivisor(common, options.baseAlignment);
  }
  if (layout instanceof ComposedLayout) {
    common = greatestCommonDivisor(common, layout.offset);
    if (!layout.swizzle.isIdentity) {
      common = greatestCommonDivisor(common, 2 ** layout.swizzle.base);
    }
  }
  let width = 1;
  while (
    common % (2 * width) === 0 &&
    2 * width * options.elementBits <= (options.maxBits ?? 128)
  ) {
    width *= 2;
  }
  return width;
}
