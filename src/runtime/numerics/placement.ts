/** Where the elements of a tensor lie in memory that is not dense: strides, and what lies between the elements. */

import { elementCount, POISON_BYTE } from './tensor.js';

/** Both in elements. */
export interface Placement {
  /** Distance of neighbours along each dimension. */
  readonly strides: readonly number[];
  /** Place of the first element. */
  readonly offset: number;
}

/** Elements of memory from the start to the last element. */
export function placedCount(shape: readonly number[], { strides, offset }: Placement): number {
  if (elementCount(shape) === 0) return 0;
  return shape.reduce(
    (end, extent, dimension) => end + (extent - 1) * strides[dimension],
    offset + 1,
  );
}

/** Whether two elements may lie at one place. The order of the dimensions does not matter. */
export function hasOverlap(shape: readonly number[], { strides }: Placement): boolean {
  const dimensions = shape
    .map((extent, dimension) => ({ extent, stride: strides[dimension] }))
    .filter(({ extent }) => extent > 1)
    .sort((a, b) => a.stride - b.stride);
  let reach = 0;
  return dimensions.some(({ extent, stride }) => {
    const isInside = stride <= reach;
    reach += (extent - 1) * stride;
    return isInside;
  });
}

/** Calls with the number of each element in row-major order and its place. */
function forEachPlace(
  shape: readonly number[],
  { strides, offset }: Placement,
  visit: (element: number, place: number) => void,
): void {
  const count = elementCount(shape);
  const coordinates = shape.map(() => 0);
  let place = offset;
  for (let element = 0; element < count; element++) {
    visit(element, place);
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      place += strides[dimension];
      if (++coordinates[dimension] < shape[dimension]) break;
      place -= strides[dimension] * shape[dimension];
      coordinates[dimension] = 0;
    }
  }
}

/** The memory of a tensor whose dense memory is `dense`, of elements of whole bytes; poison lies between them. */
export function placeBytes(
  dense: Uint8Array,
  shape: readonly number[],
  placement: Placement,
): Uint8Array {
  const size = dense.length / Math.max(1, elementCount(shape));
  const placed = new Uint8Array(placedCount(shape, placement) * size).fill(POISON_BYTE);
  forEachPlace(shape, placement, (element, place) =>
    placed.set(dense.subarray(element * size, (element + 1) * size), place * size),
  );
  return placed;
}

/** The dense memory of a tensor: the inverse of {@link placeBytes}. */
export function gatherBytes(
  placed: Uint8Array,
  shape: readonly number[],
  placement: Placement,
): Uint8Array {
  const size = placed.length / Math.max(1, placedCount(shape, placement));
  const dense = new Uint8Array(elementCount(shape) * size);
  forEachPlace(shape, placement, (element, place) =>
    dense.set(placed.subarray(place * size, (place + 1) * size), element * size),
  );
  return dense;
}
