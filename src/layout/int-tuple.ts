/** Nested tuples of integers (shapes, strides, coordinates) and the error that the layout algebra throws. */

/** An integer, or a tuple of such: `4`, `[4, 8]`, `[[4, 8], [2, 2]]`. */
export type IntTuple = number | readonly IntTuple[];

/** A question that has no answer, or a text that is no layout; never a bug of ours. */
export class LayoutError extends Error {
  constructor(
    message: string,
    /** Where in the parsed text, as an offset; absent when no text was being read. */
    readonly offset?: number,
  ) {
    super(message);
    this.name = 'LayoutError';
  }
}

/** The integers of a tuple from left to right. */
export function leavesOf(tuple: IntTuple): number[] {
  if (typeof tuple === 'number') return [tuple];
  const leaves: number[] = [];
  for (const item of tuple) leaves.push(...leavesOf(item));
  return leaves;
}

/** Product of all integers of a tuple; 1 for `[]`. */
export function productOf(tuple: IntTuple): number {
  if (typeof tuple === 'number') return tuple;
  let product = 1;
  for (const item of tuple) product *= productOf(item);
  return product;
}

/** Same nesting, whatever the integers. */
export function areCongruent(a: IntTuple, b: IntTuple): boolean {
  if (typeof a === 'number' || typeof b === 'number') {
    return typeof a === 'number' && typeof b === 'number';
  }
  return a.length === b.length && a.every((item, index) => areCongruent(item, b[index]));
}

/** `4` or `(4,(8,2))`. */
export function formatTuple(tuple: IntTuple): string {
  return typeof tuple === 'number' ? String(tuple) : `(${tuple.map(formatTuple).join(',')})`;
}

/** Replaces the leaves of `like` from left to right by `leaves`. */
export function unflatten(leaves: readonly number[], like: IntTuple): IntTuple {
  let next = 0;
  const build = (node: IntTuple): IntTuple =>
    typeof node === 'number' ? leaves[next++] : node.map(build);
  return build(like);
}

/** Strides under which a row-major tile of these extents is contiguous: last dimension 1. */
export function rowMajorStrides(extents: readonly number[]): number[] {
  const strides = new Array<number>(extents.length);
  let stride = 1;
  for (let dimension = extents.length - 1; dimension >= 0; dimension -= 1) {
    strides[dimension] = stride;
    stride *= extents[dimension];
  }
  return strides;
}

export function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}

export function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
