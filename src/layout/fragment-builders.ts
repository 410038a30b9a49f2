/** Builds block tiles out of smaller fragments: repetition over registers and warps, gemm operands, coalesced copies. */

import { joinModes, splitModes, type DimensionMode } from './dimension-modes.js';
import { Fragment } from './fragment.js';
import { greatestCommonDivisor, LayoutError } from './int-tuple.js';
import { Layout, layoutOfModes } from './layout.js';
import {
  findMatrixInstruction,
  mmaFragment,
  type MatrixInstruction,
  type MatrixOperand,
  type OperandForm,
} from './matrix-fragments.js';

/** One step outwards from a tile: `count` tiles in a row along `dimension`, or the same tile held `count` times. */
export type RepeatStep =
  /** Each thread gets `count` times the registers: a new slowest value mode. */
  | { readonly over: 'registers'; readonly dimension: number; readonly count: number }
  /** `count` times the threads, each group a tile of its own: a new slowest thread mode. */
  | { readonly over: 'threads'; readonly dimension: number; readonly count: number }
  /** `count` times the threads, all groups hold the same: a new slowest thread mode of stride 0. */
  | { readonly over: 'replicas'; readonly count: number };

/**
 * Repeats a fragment step by step; each step starts from the tile that the steps before it made. Counts of 1 add no mode.
 *
 * Law: with `f` a cover, the result is a cover of the tile whose dimensions are multiplied by the counts, and its
 * first registers of its first threads hold what `f` holds, at the same coordinates.
 *
 * @throws LayoutError when a mode of `atom` runs over the end of a dimension, so that it has no place in a wider tile.
 */
export function repeatFragment(atom: Fragment, steps: readonly RepeatStep[]): Fragment {
  const thread: DimensionMode[] = splitOrRefuse(atom.thread, atom);
  const value: DimensionMode[] = splitOrRefuse(atom.value, atom);
  const shape = [...atom.shape];
  for (const step of steps) {
    if (!Number.isInteger(step.count) || step.count < 1) {
      throw new LayoutError(`expected a positive count, found ${step.count}`);
    }
    const steppedShape = shape.map(() => 0);
    if (step.over !== 'replicas') {
      if (!(step.dimension in shape)) {
        throw new LayoutError(
          `expected a dimension under ${shape.length}, found ${step.dimension}`,
        );
      }
      steppedShape[step.dimension] = shape[step.dimension];
      shape[step.dimension] *= step.count;
    }
    if (step.count === 1) continue;
    (step.over === 'registers' ? value : thread).push({ extent: step.count, steps: steppedShape });
  }
  return new Fragment(shape, joinModes(thread, shape), joinModes(value, shape));
}

function splitOrRefuse(layout: Layout, atom: Fragment): DimensionMode[] {
  const modes = splitModes(layout, atom.shape);
  if (typeof modes === 'string') throw new LayoutError(`cannot repeat fragment ${atom}: ${modes}`);
  return modes.filter((mode) => mode.extent > 1);
}

export interface GemmFragmentOptions extends OperandForm {
  readonly instruction: string | MatrixInstruction;
  readonly operand: MatrixOperand;
  /** Extents of the block tile: M, N and K. */
  readonly tile: readonly [m: number, n: number, k: number];
  /** Warps along M and along N. */
  readonly warps: readonly [m: number, n: number];
  /** Which warp dimension follows the lanes in the thread index. Default `n`. */
  readonly fastestWarp?: 'm' | 'n';
}

/**
 * The fragment of a gemm operand for a whole block: each warp holds one contiguous part of the tile, the instruction tiles
 * in it are repeated over registers, and A and B are replicated over the warps that share them.
 *
 * Order of value modes after those of the instruction: A k then m, B k then n, C n then m. So the accumulators of one
 * gemm are, register by register, the A operand of the next wherever the instruction allows it.
 *
 * @throws LayoutError naming the extents that the tile must be a multiple of.
 */
export function gemmFragment(options: GemmFragmentOptions): Fragment {
  const { operand, tile, warps, swapped = false, transposed = false } = options;
  const instruction =
    typeof options.instruction === 'string'
      ? findMatrixInstruction(options.instruction)
      : options.instruction;
  const atomM = swapped ? instruction.n : instruction.m;
  const atomN = swapped ? instruction.m : instruction.n;
  const units = [atomM * warps[0], atomN * warps[1], instruction.k];
  const used = operand === 'A' ? [0, 2] : operand === 'B' ? [1, 2] : [0, 1];
  for (const axis of used) {
    if (tile[axis] % units[axis] !== 0 || tile[axis] < 1) {
      throw new LayoutError(
        `${instruction.name} on ${warps[0]}x${warps[1]} warps needs ${'MNK'[axis]} to be a multiple of ${units[axis]}, found ${tile[axis]}`,
      );
    }
  }
  const counts = units.map((unit, axis) => tile[axis] / unit);
  // Dimension of the stored tile that each of M, N, K is; undefined where the operand lacks it.
  const place = (axis: number): number | undefined => {
    const at = operand === 'B' ? [2, 1].indexOf(axis) : used.indexOf(axis);
    return at === -1 ? undefined : transposed ? 1 - at : at;
  };
  const steps: RepeatStep[] = [];
  const registerOrder = operand === 'A' ? [2, 0] : operand === 'B' ? [2, 1] : [1, 0];
  for (const axis of registerOrder) {
    steps.push({ over: 'registers', dimension: place(axis)!, count: counts[axis] });
  }
  for (const axis of options.fastestWarp === 'm' ? [0, 1] : [1, 0]) {
    const dimension = place(axis);
    steps.push(
      dimension === undefined
        ? { over: 'replicas', count: warps[axis] }
        : { over: 'threads', dimension, count: warps[axis] },
    );
  }
  return repeatFragment(mmaFragment(instruction, operand, { swapped, transposed }), steps);
}

export interface CopyFragmentOptions {
  /** Which dimension is contiguous, so that vectors lie along it. Default: the last (row-major memory). */
  readonly contiguousDimension?: number;
  /**
   * When the tile has fewer vectors than there are threads: `mask` leaves the rest idle (right for copies to memory),
   * `replicate` lets them hold copies (right for operands that every thread reads). Default `mask`.
   */
  readonly surplus?: 'mask' | 'replicate';
  /** Each coordinate must be a sum of its own, as reductions need it, at the price of shorter coalesced runs. */
  readonly isSeparable?: boolean;
}

/**
 * Distributes a tile of any rank over threads so that neighbouring threads hold neighbouring vectors of
 * `vectorWidth` elements along the contiguous dimension: value = (vector, rounds), thread = the vectors of one round.
 *
 * Law: every element is held, each once (or by equally many under `replicate`). Where the threads do not divide
 * the tile, the last round runs past it and `Fragment.isMasked` holds: guard by the predicate of `decompose`.
 *
 * Threads are laid along a row for as many vectors as it has. Where that number does not divide `threads`, rows share
 * `gcd` threads each if that still makes runs of 2 vectors (each coordinate stays its own sum); otherwise vectors are
 * dealt in row-major order, and coordinates come by division of the element number.
 *
 * @param vectorWidth - elements; halved until it divides the contiguous extent.
 */
export function copyFragment(
  shape: readonly number[],
  threads: number,
  vectorWidth: number,
  options: CopyFragmentOptions = {},
): Fragment {
  const rank = shape.length;
  const contiguous = options.contiguousDimension ?? rank - 1;
  if (!(contiguous in shape)) {
    throw new LayoutError(`expected a dimension under ${rank}, found ${contiguous}`);
  }
  for (const [name, count] of [
    ['threads', threads],
    ['vector width', vectorWidth],
  ] as const) {
    if (!Number.isInteger(count) || count < 1) {
      throw new LayoutError(`expected a positive number of ${name}, found ${count}`);
    }
  }
  let width = vectorWidth;
  while (width > 1 && shape[contiguous] % width !== 0) width = Math.floor(width / 2);
  // Dimensions from the fastest in memory to the slowest.
  const order = [contiguous, ...shape.map((_, dimension) => rank - 1 - dimension)].filter(
    (dimension, index) => index === 0 || dimension !== contiguous,
  );
  const vectors = shape[contiguous] / width;
  const rows = order.slice(1).reduce((product, dimension) => product * shape[dimension], 1);
  const sharing = greatestCommonDivisor(vectors, threads);
  const surplus = options.surplus ?? 'mask';
  const fits =
    options.isSeparable === true || sharing === vectors || sharing === threads || sharing >= 2;
  if (fits || contiguous !== rank - 1) return dealByRows(shape, order, threads, width, surplus);
  const total = vectors * rows;
  if (surplus === 'replicate' && total < threads && threads % total === 0) {
    const thread = new Layout([total, threads / total], [width, 0]);
    return new Fragment(shape, thread, valueLayout([[width, 1]]));
  }
  const rounds = Math.ceil(total / threads);
  return new Fragment(
    shape,
    new Layout(threads, width),
    valueLayout([
      [width, 1],
      [rounds, width * threads],
    ]),
  );
}

function valueLayout(modes: readonly (readonly [extent: number, stride: number])[]): Layout {
  const kept = modes.filter(([extent]) => extent > 1);
  return layoutOfModes(
    kept.map(([extent]) => extent),
    kept.map(([, stride]) => stride),
  );
}

/**
 * Threads fill dimension after dimension (fastest in memory first), each by the greatest common divisor, the rest of
 * each going to registers. The last dimension takes all threads that are left if it is dimension 0, since what runs past
 * that one is masked; otherwise a left-over factor gets a mode of its own that lies past dimension 0.
 */
function dealByRows(
  shape: readonly number[],
  order: readonly number[],
  threads: number,
  width: number,
  surplus: 'mask' | 'replicate',
): Fragment {
  const unit = (dimension: number, steps: number): number[] =>
    shape.map((_, other) => (other === dimension ? steps : 0));
  const [contiguous] = order;
  const last = order[order.length - 1];
  const thread: DimensionMode[] = [];
  const value: DimensionMode[] = [{ extent: width, steps: unit(contiguous, 1) }];
  let rest = threads;
  let covered = shape[0];
  for (const dimension of order) {
    const base = dimension === contiguous ? width : 1;
    const extent = shape[dimension] / base;
    let taken = greatestCommonDivisor(extent, rest);
    if (dimension === 0 && dimension === last) {
      const replicated = surplus === 'replicate' && rest % extent === 0;
      if (!replicated) taken = rest;
    }
    const rounds = Math.ceil(extent / taken);
    thread.push({ extent: taken, steps: unit(dimension, base) });
    value.push({ extent: rounds, steps: unit(dimension, base * taken) });
    if (dimension === 0) covered = base * taken * rounds;
    rest /= taken;
  }
  thread.push({ extent: rest, steps: unit(0, surplus === 'replicate' ? 0 : covered) });
  const join = (modes: readonly DimensionMode[]): Layout =>
    joinModes(
      modes.filter((mode) => mode.extent > 1),
      shape,
    );
  return new Fragment(shape, join(thread), join(value));
}
