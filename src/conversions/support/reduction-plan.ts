/** How the dimension that a reduction combines lies over registers, lanes and warps. */

import { FloatType, IntegerType, type Type } from '../../ir/index.js';
import { isPowerOfTwo, splitModes, type Fragment, type SplitMode } from '../../layout/index.js';

/** The type in which elements are combined: floats narrower than f32 would round at every step. */
export function combinedType(elementType: Type): Type {
  if (elementType instanceof FloatType && elementType.width < 32) return FloatType.get('f32');
  return elementType instanceof IntegerType ? IntegerType.get(elementType.width) : elementType;
}

/** A digit of the thread index. */
export interface ThreadDigit {
  readonly divisor: number;
  readonly extent: number;
}

export interface ReductionPlan {
  /** Register modes that the result keeps, and those that are combined; fastest first. */
  readonly kept: readonly SplitMode[];
  readonly reduced: readonly SplitMode[];
  /** Lanes of one warp that hold parts of one row, and the distances between them for exchanges by XOR. */
  readonly lanes: readonly ThreadDigit[];
  readonly masks: readonly number[];
  /** Threads that exchanges within a warp do not reach: their parts meet in shared memory. */
  readonly parts: readonly ThreadDigit[];
}

/** The plan, or why there is none. */
export function planReduction(
  fragment: Fragment,
  dim: number,
  warpSize: number,
): ReductionPlan | string {
  const thread = splitModes(fragment.thread, fragment.shape);
  const value = splitModes(fragment.value, fragment.shape);
  if (typeof thread === 'string') return thread;
  if (typeof value === 'string') return value;
  const masks: number[] = [];
  const lanes: ThreadDigit[] = [];
  const parts: ThreadDigit[] = [];
  let divisor = 1;
  for (const mode of thread) {
    if (mode.steps[dim] !== 0 && mode.extent > 1) {
      const inWarp = lanesWithinWarp(divisor, mode.extent, warpSize);
      if (inWarp > 1) {
        lanes.push({ divisor, extent: inWarp });
        for (let step = 1; step < inWarp; step *= 2) masks.push(divisor * step);
      }
      if (inWarp < mode.extent)
        parts.push({ divisor: divisor * inWarp, extent: mode.extent / inWarp });
    }
    divisor *= mode.extent;
  }
  const isReduced = (mode: SplitMode): boolean => mode.steps[dim] !== 0;
  const isKept = (mode: SplitMode): boolean =>
    !isReduced(mode) && mode.steps.some((step) => step !== 0);
  return {
    kept: value.filter((mode) => mode.extent > 1 && isKept(mode)),
    reduced: value.filter((mode) => mode.extent > 1 && isReduced(mode)),
    lanes,
    masks,
    parts,
  };
}

/** The largest power of two of neighbouring positions of a digit that XOR reaches within one warp. */
function lanesWithinWarp(divisor: number, extent: number, warpSize: number): number {
  let count = 1;
  const isAligned = isPowerOfTwo(divisor);
  while (isAligned && extent % (2 * count) === 0 && divisor * 2 * count <= warpSize) count *= 2;
  return count;
}
