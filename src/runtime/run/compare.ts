/** Whether two executors computed the same, and how far apart they are. */

import { coordinatesOf, type Tensor } from '../numerics/index.js';

export interface Difference {
  /** Row-major number of the first element that differs. */
  readonly offset: number;
  readonly coordinates: readonly number[];
  /** Undefined where that executor wrote nothing. */
  readonly left: number | bigint | undefined;
  readonly right: number | bigint | undefined;
  /** Number of elements that differ. */
  readonly count: number;
}

export interface Comparison {
  readonly isEqual: boolean;
  readonly first: Difference | undefined;
  /** ||left - right|| / ||right||, Euclidean over elements that both wrote; infinite where one has a NaN alone. */
  readonly errorNorm: number;
}

function valueAt({ data, defined }: Tensor, offset: number): number | bigint | undefined {
  return defined !== undefined && defined[offset] === 0 ? undefined : data[offset];
}

/**
 * Compares a result with a reference of the same shape. Elements a and b agree where both are undefined, or both NaN, or
 * |a - b| <= tolerance * (|b| + r), with r the root mean square of the finite reference: sums in which terms cancel
 * have an error that goes with the terms, not with the sum. The whole agrees where all elements do and the error norm
 * is within the tolerance.
 */
export function compareTensors(left: Tensor, right: Tensor, tolerance: number): Comparison {
  const count = right.data.length;
  let squares = 0;
  let finite = 0;
  for (let i = 0; i < count; i++) {
    const value = Number(valueAt(right, i) ?? NaN);
    if (!Number.isFinite(value)) continue;
    squares += value * value;
    finite++;
  }
  const typical = finite === 0 ? 0 : Math.sqrt(squares / finite);
  let errorSquares = 0;
  let differing = 0;
  let first: Omit<Difference, 'count'> | undefined;
  for (let i = 0; i < count; i++) {
    const a = valueAt(left, i);
    const b = valueAt(right, i);
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const distance =
      a === undefined || b === undefined ? Infinity : Math.abs(Number(a) - Number(b));
    errorSquares += Number.isNaN(distance) ? Infinity : distance * distance;
    if (distance <= tolerance * (Math.abs(Number(b)) + typical) && distance < Infinity) continue;
    differing++;
    first ??= { offset: i, coordinates: coordinatesOf(i, right.shape), left: a, right: b };
  }
  const error = Math.sqrt(errorSquares);
  const errorNorm = error === 0 ? 0 : squares === 0 ? error : error / Math.sqrt(squares);
  return {
    isEqual: first === undefined && errorNorm <= tolerance,
    first: first && { ...first, count: differing },
    errorNorm,
  };
}
