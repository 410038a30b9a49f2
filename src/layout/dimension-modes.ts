/** Modes with one step per tile dimension instead of one stride in the row-major numbering. */

import { layoutOfModes, type Layout } from './layout.js';
import { rowMajorStrides } from './int-tuple.js';

/** `extent` positions, each `steps[k]` elements further along dimension `k`. */
export interface DimensionMode {
  readonly extent: number;
  readonly steps: readonly number[];
}

/** A mode that stands in one leaf of the layout that was split. */
export interface SplitMode extends DimensionMode {
  /** Which leaf of the layout. */
  readonly leaf: number;
  /** Product of the extents that were split off the same leaf before. */
  readonly leafDivisor: number;
}

/** The layout into the row-major numbering of a tile. The inverse of {@link splitModes}. */
export function joinModes(modes: readonly DimensionMode[], shape: readonly number[]): Layout {
  const tileStrides = rowMajorStrides(shape);
  const strides = modes.map((mode) =>
    mode.steps.reduce((sum, step, dimension) => sum + step * tileStrides[dimension], 0),
  );
  return layoutOfModes(
    modes.map((mode) => mode.extent),
    strides,
  );
}

/**
 * Splits each leaf of a layout into a tile's row-major numbering into modes with one step per dimension; a leaf that
 * runs over the end of a dimension exactly becomes several. Gives a sentence saying why where that is impossible. The first
 * dimension has no end: what runs over it is masked.
 */
export function splitModes(layout: Layout, shape: readonly number[]): SplitMode[] | string {
  const tileStrides = rowMajorStrides(shape);
  const result: SplitMode[] = [];
  for (let leaf = 0; leaf < layout.shapes.length; leaf += 1) {
    let rest = layout.shapes[leaf];
    let stride = layout.strides[leaf];
    let leafDivisor = 1;
    do {
      const steps = stepsOf(rest === 1 ? 0 : stride, tileStrides);
      let extent = rest;
      const over = steps.findIndex(
        (step, dimension) => dimension > 0 && (rest - 1) * step >= shape[dimension],
      );
      if (over !== -1) {
        extent = shape[over] / steps[over];
        const single = steps.every((step, dimension) => dimension === over || step === 0);
        if (!single || !Number.isInteger(extent) || rest % extent !== 0) {
          return `mode ${rest}:${stride} runs over the end of dimension ${over}, whose extent is ${shape[over]}`;
        }
      }
      result.push({ extent, steps, leaf, leafDivisor });
      rest /= extent;
      stride *= extent;
      leafDivisor *= extent;
    } while (rest > 1);
  }
  return result;
}

function stepsOf(stride: number, tileStrides: readonly number[]): number[] {
  let rest = stride;
  return tileStrides.map((tileStride) => {
    const step = Math.floor(rest / tileStride);
    rest -= step * tileStride;
    return step;
  });
}
