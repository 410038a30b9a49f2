/** Layouts of functions that somebody wrote down otherwise: recognised exactly, or refused with a reason. */

import { layoutOfValues } from './algebra.js';
import { Fragment } from './fragment.js';
import { LayoutError, rowMajorStrides } from './int-tuple.js';
import { Layout } from './layout.js';
import { ComposedLayout, Swizzle } from './swizzle.js';

/** Coordinates of a row-major element number. */
function coordinatesOf(shape: readonly number[], element: number): number[] {
  return rowMajorStrides(shape).map((stride, d) => Math.floor(element / stride) % shape[d]);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The layout with the values of a table by row-major element number, one mode for each dimension. */
function separate(shape: readonly number[], values: readonly number[]): Layout | undefined {
  const strides = rowMajorStrides(shape);
  const modes: Layout[] = [];
  for (const [dimension, extent] of shape.entries()) {
    const along = Array.from({ length: extent }, (_, x) => values[x * strides[dimension]]);
    const mode = layoutOfValues(along);
    if (mode === undefined) return undefined;
    modes.push(mode);
  }
  const layout = Layout.concatenate(...modes);
  const isSame = values.every(
    (value, element) => layout.at(coordinatesOf(shape, element)) === value,
  );
  return isSame ? layout : undefined;
}

/** Most bits of offsets that are tried for a swizzle. */
const SWIZZLED_BITS = 16;

/**
 * The layout of a tile whose elements lie at the offsets that `offsetOf` gives for their coordinates: strides for each
 * dimension (in digits where they need it), after an XOR swizzle where there is one.
 *
 * Law: the result at every coordinate tuple is `offsetOf` of it.
 *
 * @throws LayoutError where two elements share an offset, an offset is negative, or no such layout exists.
 */
export function layoutOfFunction(
  shape: readonly number[],
  offsetOf: (coordinates: readonly number[]) => number,
): Layout | ComposedLayout {
  const values = Array.from({ length: sizeOf(shape) }, (_, element) =>
    offsetOf(coordinatesOf(shape, element)),
  );
  const seen = new Map<number, number>();
  for (const [element, value] of values.entries()) {
    const at = (number: number): string => `(${coordinatesOf(shape, number).join(', ')})`;
    if (!Number.isSafeInteger(value) || value < 0)
      throw new LayoutError(`expected an offset of 0 or more, found ${value} at ${at(element)}`);
    const other = seen.get(value);
    if (other !== undefined)
      throw new LayoutError(`${at(other)} and ${at(element)} both lie at offset ${value}`);
    seen.set(value, element);
  }
  const plain = separate(shape, values);
  if (plain !== undefined) return plain;
  for (let base = 0; base < SWIZZLED_BITS; base += 1) {
    for (let bits = 1; bits <= 5; bits += 1) {
      for (let shift = bits; base + shift + bits <= SWIZZLED_BITS; shift += 1) {
        const swizzle = new Swizzle(bits, base, shift);
        const inner = separate(
          shape,
          values.map((value) => swizzle.apply(value)),
        );
        if (inner !== undefined) return new ComposedLayout(swizzle, 0, inner);
      }
    }
  }
  throw new LayoutError(
    'the offsets are no sum of strides over digits of the coordinates, nor one after an XOR swizzle',
  );
}

/**
 * The fragment in which `ownerOf` gives the thread and register of an element's copy number `replica`.
 *
 * @throws LayoutError where two elements share a register, or the elements of a thread or of a register follow no layout.
 */
export function fragmentOfFunction(
  shape: readonly number[],
  threads: number,
  replicas: number,
  ownerOf: (coordinates: readonly number[], replica: number) => readonly [number, number],
): Fragment {
  const held = new Map<string, number>();
  let registers = 0;
  for (let element = 0; element < sizeOf(shape); element += 1) {
    for (let replica = 0; replica < replicas; replica += 1) {
      const [thread, register] = ownerOf(coordinatesOf(shape, element), replica);
      if (!(thread >= 0 && thread < threads && register >= 0))
        throw new LayoutError(
          `expected a thread under ${threads} and a register, found ${thread} and ${register} for (${coordinatesOf(shape, element).join(', ')})`,
        );
      const key = `${thread} ${register}`;
      const other = held.get(key);
      if (other !== undefined && other !== element)
        throw new LayoutError(
          `(${coordinatesOf(shape, other).join(', ')}) and (${coordinatesOf(shape, element).join(', ')}) are both in register ${register} of thread ${thread}`,
        );
      held.set(key, element);
      registers = Math.max(registers, register + 1);
    }
  }
  const elementAt = (thread: number, register: number): number =>
    held.get(`${thread} ${register}`) ?? -1;
  const thread = layoutOfValues(Array.from({ length: threads }, (_, t) => elementAt(t, 0)));
  const value = layoutOfValues(Array.from({ length: registers }, (_, r) => elementAt(0, r)));
  if (thread === undefined || value === undefined)
    throw new LayoutError(
      `the elements of ${thread === undefined ? 'the threads' : "a thread's registers"} follow no strides from element 0 in thread 0`,
    );
  const fragment = new Fragment(shape, thread, value);
  for (let t = 0; t < threads; t += 1) {
    for (let r = 0; r < registers; r += 1) {
      if (fragment.elementAt(t, r) !== elementAt(t, r))
        throw new LayoutError(
          `thread ${t} and register ${r} do not add up to the element that they hold`,
        );
    }
  }
  return fragment;
}
