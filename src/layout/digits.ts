/** Turns a fragment into index arithmetic: digits of the thread and register index, and an affine sum of them per dimension. */

import { splitModes, type SplitMode } from './dimension-modes.js';
import type { Fragment } from './fragment.js';
import { mergeModes, type Layout } from './layout.js';

/**
 * `floor(index / divisor) mod modulus` of the thread index or of the register index. The modulus is absent where the
 * quotient is already under it (the most significant digit); a divisor of 1 divides nothing.
 */
export interface Digit {
  readonly source: 'thread' | 'value';
  readonly divisor: number;
  readonly modulus: number | undefined;
  /** Number of values that the digit takes. */
  readonly extent: number;
  /**
   * For a value digit: the leaf of the value layout (the register array's dimension, counted from the fastest) and
   * the same digit of that leaf's own loop variable.
   */
  readonly leaf?: {
    readonly index: number;
    readonly divisor: number;
    readonly modulus: number | undefined;
  };
}

export interface Term {
  readonly digit: Digit;
  readonly coefficient: number;
}

/**
 * A coordinate as arithmetic. `linear` is the row-major element number. `dimensions` gives each coordinate as its own sum
 * where the layout separates; otherwise it is undefined, `reason` says why, and coordinates come by dividing `linear`.
 */
export interface Decomposition {
  readonly linear: readonly Term[];
  readonly dimensions: readonly (readonly Term[])[] | undefined;
  readonly reason: string | undefined;
  /**
   * What must hold for a pair to hold an element: nothing, that the first coordinate is under `bound`, or that the
   * element number is.
   */
  readonly predicate:
    | undefined
    | { readonly kind: 'dimension'; readonly dimension: 0; readonly bound: number }
    | { readonly kind: 'linear'; readonly bound: number };
}

const decompositions = new WeakMap<Fragment, Decomposition>();

/**
 * Decomposes a fragment exactly.
 *
 * Law: for every thread and register, the sum of `coefficient * digit` over `linear` is the element number; over
 * `dimensions[k]` it is coordinate `k` (the first coordinate may run past its extent where the predicate fails).
 */
export function decompose(fragment: Fragment): Decomposition {
  let result = decompositions.get(fragment);
  if (result === undefined) {
    result = computeDecomposition(fragment);
    decompositions.set(fragment, result);
  }
  return result;
}

function computeDecomposition(fragment: Fragment): Decomposition {
  const { shape, strides } = fragment;
  const linear = [
    ...toTerms(linearModes(fragment.thread), 'thread', 0, fragment.threads),
    ...toTerms(linearModes(fragment.value), 'value', 0, fragment.registers),
  ];
  const masked = fragment.isMasked;
  const thread = splitModes(fragment.thread, shape);
  const value = splitModes(fragment.value, shape);
  let reason: string | undefined;
  if (typeof thread === 'string') reason = `thread ${thread}`;
  else if (typeof value === 'string') reason = `value ${value}`;
  else {
    for (let dimension = 1; dimension < shape.length && reason === undefined; dimension += 1) {
      let reach = 0;
      for (const mode of [...thread, ...value]) reach += (mode.extent - 1) * mode.steps[dimension];
      if (reach >= shape[dimension]) {
        reason = `threads and registers together reach ${reach} in dimension ${dimension}, whose extent is ${shape[dimension]}`;
      }
    }
  }
  if (reason !== undefined || typeof thread === 'string' || typeof value === 'string') {
    const predicate = masked ? ({ kind: 'linear', bound: fragment.size } as const) : undefined;
    return { linear, dimensions: undefined, reason, predicate };
  }
  const dimensions = strides.map((_, dimension) => [
    ...toTerms(thread, 'thread', dimension, fragment.threads),
    ...toTerms(value, 'value', dimension, fragment.registers),
  ]);
  const predicate = masked
    ? ({ kind: 'dimension', dimension: 0, bound: shape[0] } as const)
    : undefined;
  return { linear, dimensions, reason: undefined, predicate };
}

function linearModes(layout: Fragment['thread']): SplitMode[] {
  return layout.shapes.map((extent, leaf) => ({
    extent,
    steps: [layout.strides[leaf]],
    leaf,
    leafDivisor: 1,
  }));
}

/** A run of neighbouring modes that act on one dimension as a single digit. */
interface Run {
  divisor: number;
  extent: number;
  readonly coefficient: number;
  readonly leaf: number;
  readonly leafDivisor: number;
}

function toTerms(
  modes: readonly SplitMode[],
  source: Digit['source'],
  dimension: number,
  total: number,
): Term[] {
  const runs: Run[] = [];
  const leafExtents = new Map<number, number>();
  let divisor = 1;
  for (const { extent, steps, leaf, leafDivisor } of modes) {
    leafExtents.set(leaf, leafDivisor * extent);
    const coefficient = steps[dimension];
    const last = runs.at(-1);
    if (extent > 1 && coefficient > 0) {
      const continues =
        last !== undefined &&
        last.divisor * last.extent === divisor &&
        last.coefficient * last.extent === coefficient &&
        (source === 'thread' || last.leaf === leaf);
      if (continues) last.extent *= extent;
      else runs.push({ divisor, extent, coefficient, leaf, leafDivisor });
    }
    divisor *= extent;
  }
  return runs.map((run) => {
    const digit = {
      source,
      divisor: run.divisor,
      modulus: run.divisor * run.extent === total ? undefined : run.extent,
      extent: run.extent,
    };
    if (source === 'thread') return { digit, coefficient: run.coefficient };
    const whole = leafExtents.get(run.leaf)!;
    const modulus = run.leafDivisor * run.extent === whole ? undefined : run.extent;
    const leaf = { index: run.leaf, divisor: run.leafDivisor, modulus };
    return { digit: { ...digit, leaf }, coefficient: run.coefficient };
  });
}

/** Value of a sum of terms for a thread and a flat register index. */
export function evaluateTerms(terms: readonly Term[], thread: number, register: number): number {
  let sum = 0;
  for (const { digit, coefficient } of terms) {
    const index = digit.source === 'thread' ? thread : register;
    const quotient = Math.floor(index / digit.divisor);
    sum += coefficient * (digit.modulus === undefined ? quotient : quotient % digit.modulus);
  }
  return sum;
}

/** A sum of terms for people: `2*(t % 4) + 64*(t / 32 % 2) + (r % 2)`. */
export function formatTerms(terms: readonly Term[]): string {
  if (terms.length === 0) return '0';
  return terms
    .map(({ digit, coefficient }) => {
      const name = digit.source === 'thread' ? 't' : 'r';
      const quotient = digit.divisor === 1 ? name : `${name} / ${digit.divisor}`;
      const text = digit.modulus === undefined ? quotient : `${quotient} % ${digit.modulus}`;
      const operand = text === name ? text : `(${text})`;
      return coefficient === 1 ? operand : `${coefficient}*${operand}`;
    })
    .join(' + ');
}

/** `coefficient * (floor(coordinate / divisor) mod modulus)` of one coordinate of a memory layout. */
export interface CoordinateTerm {
  /** Which top-level mode of the layout, so which coordinate. */
  readonly dimension: number;
  readonly divisor: number;
  /** Absent on a coordinate's most significant digit. */
  readonly modulus: number | undefined;
  readonly coefficient: number;
}

/**
 * A memory layout as arithmetic on its top-level coordinates: the offset before a swizzle is the sum of the terms.
 *
 * Law: for every coordinate tuple, `sum = layout.at(coordinates)`; neighbours that continue each other are one term.
 */
export function coordinateTerms(layout: Layout): CoordinateTerm[] {
  return layout.modes.flatMap((mode, dimension) => {
    const { shapes, strides } = mergeModes(mode);
    let divisor = 1;
    const terms = shapes.map((extent, index) => {
      const modulus = index === shapes.length - 1 ? undefined : extent;
      const term = { dimension, divisor, modulus, coefficient: strides[index] };
      divisor *= extent;
      return term;
    });
    return terms.filter((term) => term.coefficient !== 0);
  });
}
