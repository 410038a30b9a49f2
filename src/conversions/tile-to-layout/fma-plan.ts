/**
 * How the threads of a block divide a matrix product that no matrix instruction computes: a grid of threads, each with
 * a rectangle of C, where the extents allow it; else elements are dealt one by one.
 */

import {
  copyFragment,
  Fragment,
  joinModes,
  type DimensionMode,
  type SharedAccess,
} from '../../layout/index.js';
import type { GemmProblem } from './gemm-plan.js';

/** The `instruction` of a product that is computed by scalar multiplications and additions. */
export const FMA = 'fma';

/** Most neighbouring elements of C that a thread takes, and most k that it reads at once. */
const LARGEST_VECTOR = 4;

/** A grid of threads over C. Pairs are along M and along N. */
export interface FmaGrid {
  readonly threads: readonly [number, number];
  /** Neighbouring rows and columns of one thread. */
  readonly vectors: readonly [number, number];
  /** How many such groups one thread has; groups are dealt to the threads in turn. */
  readonly repeats: readonly [number, number];
  /** Threads that hold the same: a small C has fewer elements than there are threads. */
  readonly copies: number;
}

/** Reads of shared memory cost a thread so many times what a multiplication does. */
const READ_COST = 4;

/**
 * The grid with the least work for one thread; undefined where dealing elements one by one is less, because the extents
 * have too few divisors.
 *
 * @param widest - most neighbouring rows and columns that one read of A and of B gives.
 */
export function planFma(
  { m, n, threads }: GemmProblem,
  widest: readonly [number, number],
): FmaGrid | undefined {
  let best: FmaGrid | undefined;
  // Among equals a grid is better: where its elements lie takes less to compute.
  let bestCost = Math.ceil((m * n) / threads) * (1 + 2 * READ_COST) + 1;
  for (const rows of vectorsOf(m, widest[0])) {
    for (const columns of vectorsOf(n, widest[1])) {
      for (const along of commonDivisors(m / rows, threads)) {
        for (const across of commonDivisors(n / columns, threads / along)) {
          const repeats = [m / rows / along, n / columns / across] as const;
          const products = repeats[0] * rows * repeats[1] * columns;
          const cost = products + READ_COST * (repeats[0] + repeats[1]);
          if (cost >= bestCost) continue;
          bestCost = cost;
          best = {
            threads: [along, across],
            vectors: [rows, columns],
            repeats,
            copies: threads / along / across,
          };
        }
      }
    }
  }
  return best;
}

function vectorsOf(extent: number, widest: number): number[] {
  const widths: number[] = [];
  for (let width = 1; width <= Math.min(widest, LARGEST_VECTOR); width *= 2)
    if (extent % width === 0) widths.push(width);
  return widths.reverse();
}

function commonDivisors(a: number, b: number): number[] {
  return Array.from({ length: Math.min(a, b) }, (_, i) => i + 1).filter(
    (divisor) => a % divisor === 0 && b % divisor === 0,
  );
}

/** How many k one step of the product takes. */
export function fmaStep(k: number): number {
  let step = 1;
  while (step < LARGEST_VECTOR && k % (2 * step) === 0) step *= 2;
  return step;
}

/** Which thread holds what of C. */
export function fmaAccumulator(
  { m, n, threads }: GemmProblem,
  grid: FmaGrid | undefined,
): Fragment {
  const shape = [m, n];
  if (grid === undefined) return copyFragment(shape, threads, 1, { surplus: 'replicate' });
  const [rows, columns] = axes(grid);
  // Neighbouring threads go along N.
  const thread: DimensionMode[] = [
    { extent: columns.thread.extent, steps: [0, columns.thread.step] },
    { extent: rows.thread.extent, steps: [rows.thread.step, 0] },
    { extent: grid.copies, steps: [0, 0] },
  ];
  const values: DimensionMode[] = [
    ...columns.value.map(({ extent, step }) => ({ extent, steps: [0, step] })),
    ...rows.value.map(({ extent, step }) => ({ extent, steps: [step, 0] })),
  ];
  return new Fragment(shape, join(thread, shape), join(values, shape));
}

/** How the threads of a grid read an operand in shared memory. */
export function fmaRead(
  problem: GemmProblem,
  grid: FmaGrid,
  operand: 'A' | 'B',
  isKContiguous: boolean,
  elementBits: number,
): SharedAccess {
  const { m, n, k } = problem;
  const own = axes(grid)[operand === 'A' ? 0 : 1];
  const outer = operand === 'A' ? m : n;
  const along = (kStep: number, outerStep: number): number[] =>
    isKContiguous ? [outerStep, kStep] : [kStep, outerStep];
  const step = Math.min(fmaStep(k), 128 / elementBits);
  const [vector, groups] = own.value;
  const values: DimensionMode[] = isKContiguous
    ? [
        { extent: step, steps: along(1, 0) },
        { extent: k / step, steps: along(step, 0) },
        { extent: vector.extent, steps: along(0, vector.step) },
      ]
    : [
        { extent: vector.extent, steps: along(0, vector.step) },
        { extent: k, steps: along(1, 0) },
      ];
  values.push({ extent: groups.extent, steps: along(0, groups.step) });
  const shape = along(k, outer);
  // The other axis of the grid reads the same.
  const thread = (['B', 'A'] as const).map((role): DimensionMode => {
    const axis = axes(grid)[role === 'A' ? 0 : 1].thread;
    return { extent: axis.extent, steps: along(0, role === operand ? axis.step : 0) };
  });
  thread.push({ extent: grid.copies, steps: [0, 0] });
  const fragment = new Fragment(shape, join(thread, shape), join(values, shape));
  const width = Math.min(isKContiguous ? step : vector.extent, 128 / elementBits);
  return { kind: 'fragment', fragment, width, name: 'tile.gemm' };
}

interface Axis {
  readonly thread: { readonly extent: number; readonly step: number };
  /** Neighbours, then groups of them. */
  readonly value: readonly { readonly extent: number; readonly step: number }[];
}

/** How rows and columns are dealt. */
function axes({ threads, vectors, repeats }: FmaGrid): [Axis, Axis] {
  const axis = (i: 0 | 1): Axis => ({
    thread: { extent: threads[i], step: vectors[i] },
    value: [
      { extent: vectors[i], step: 1 },
      { extent: repeats[i], step: vectors[i] * threads[i] },
    ],
  });
  return [axis(0), axis(1)];
}

function join(modes: readonly DimensionMode[], shape: readonly number[]): Fragment['value'] {
  return joinModes(
    modes.filter((mode) => mode.extent > 1),
    shape,
  );
}
