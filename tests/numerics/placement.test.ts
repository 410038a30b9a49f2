import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  elementCount,
  gatherBytes,
  hasOverlap,
  placeBytes,
  placedCount,
  type Placement,
} from '../../src/runtime/numerics/index.js';

const shapes = fc.array(fc.nat(4), { minLength: 1, maxLength: 3 });
const placed = shapes.chain((shape) =>
  fc
    .tuple(fc.array(fc.nat(12), { minLength: shape.length, maxLength: shape.length }), fc.nat(5))
    .map(([strides, offset]): [number[], Placement] => [shape, { strides, offset }]),
);

/** Places of all elements, one by one. */
function placesOf(shape: readonly number[], { strides, offset }: Placement): number[] {
  return shape.reduce(
    (places, extent, dimension) =>
      places.flatMap((place) =>
        Array.from({ length: extent }, (_, i) => place + i * strides[dimension]),
      ),
    [offset],
  );
}

describe('tensors with strides', () => {
  test('take memory up to their last element', () => {
    fc.assert(
      fc.property(placed, ([shape, placement]) => {
        const places = placesOf(shape, placement);
        expect(placedCount(shape, placement)).toBe(
          Math.max(0, ...places.map((place) => place + 1)),
        );
      }),
    );
  });

  test('without overlap keep every element', () => {
    fc.assert(
      fc.property(placed, ([shape, placement]) => {
        fc.pre(!hasOverlap(shape, placement));
        expect(new Set(placesOf(shape, placement)).size).toBe(elementCount(shape));
        const dense = Uint8Array.from({ length: 2 * elementCount(shape) }, (_, i) => i);
        const bytes = placeBytes(dense, shape, placement);
        expect(bytes.length).toBe(2 * placedCount(shape, placement));
        expect(gatherBytes(bytes, shape, placement)).toEqual(dense);
      }),
    );
  });

  test('rows that reach into each other overlap', () => {
    expect(hasOverlap([4, 8], { strides: [8, 1], offset: 0 })).toBe(false);
    expect(hasOverlap([4, 8], { strides: [7, 1], offset: 0 })).toBe(true);
    expect(hasOverlap([4, 8], { strides: [1, 4], offset: 0 })).toBe(false);
    expect(hasOverlap([4, 8], { strides: [0, 1], offset: 0 })).toBe(true);
    expect(hasOverlap([1, 8], { strides: [0, 1], offset: 0 })).toBe(false);
  });

  test('poison lies between the rows', () => {
    const dense = Uint8Array.from([1, 2, 3, 4]);
    expect([...placeBytes(dense, [2, 2], { strides: [3, 1], offset: 1 })]).toEqual([
      0xdb, 1, 2, 0xdb, 3, 4,
    ]);
  });
});
