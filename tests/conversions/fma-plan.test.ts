/** The division of C among threads for scalar products: complete, by rectangles where extents allow it. */

import { describe, expect, it } from 'vitest';
import {
  fmaAccumulator,
  fmaRead,
  fmaStep,
  planFma,
} from '../../src/conversions/tile-to-layout/fma-plan.js';
import type { GemmProblem } from '../../src/conversions/tile-to-layout/gemm-plan.js';

function problem(m: number, n: number, k: number, threads: number): GemmProblem {
  return { m, n, k, threads, a: 'f32', b: 'f32', c: 'f32', policy: 'square' };
}

describe('planFma', () => {
  const extents = [1, 3, 8, 17, 24, 33, 40, 64, 96, 128];
  const points = extents.flatMap((m) => extents.map((n) => [m, n] as const));

  it.each([32, 128, 192, 256])('every element of C has an owner among %i threads', (threads) => {
    for (const [m, n] of points) {
      const own = problem(m, n, 16, threads);
      const grid = planFma(own, [4, 4]);
      const fragment = fmaAccumulator(own, grid);
      expect(fragment.getCoverage().isComplete, `${m}x${n}`).toBe(true);
      // Code for rectangles reads without looking whether elements exist.
      if (grid !== undefined) expect(fragment.isMasked, `${m}x${n}`).toBe(false);
    }
  });

  it('a thread reads the rows and the columns of its rectangle', () => {
    const own = problem(64, 96, 16, 128);
    const grid = planFma(own, [4, 4])!;
    const accumulator = fmaAccumulator(own, grid);
    for (const operand of ['A', 'B'] as const) {
      for (const isKContiguous of [false, true]) {
        const access = fmaRead(own, grid, operand, isKContiguous, 32);
        if (access.kind !== 'fragment') throw new Error('expected a fragment');
        const outer = isKContiguous ? 0 : 1;
        for (let thread = 0; thread < 128; thread += 1) {
          const axis = operand === 'A' ? 0 : 1;
          const coordinates = (from: typeof accumulator, dimension: number): number[] =>
            [
              ...new Set(
                Array.from(
                  { length: from.registers },
                  (_, register) => from.coordinatesAt(thread, register)![dimension],
                ),
              ),
            ].sort((a, b) => a - b);
          expect(coordinates(access.fragment, outer)).toEqual(coordinates(accumulator, axis));
        }
      }
    }
  });

  it('deals elements one by one where the threads divide neither extent', () => {
    expect(planFma(problem(17, 33, 5, 128), [4, 4])).toBeUndefined();
    expect(planFma(problem(64, 64, 16, 128), [4, 4])).toMatchObject({ copies: 1 });
    expect(planFma(problem(8, 8, 8, 128), [4, 4])).toMatchObject({ copies: 2 });
  });

  it('steps along K by what divides it', () => {
    expect([1, 2, 6, 12, 16, 5].map(fmaStep)).toEqual([1, 2, 2, 4, 4, 1]);
  });
});
