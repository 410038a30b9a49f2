/** Tiles that AMD GPUs keep transposed: filled completely, without bank conflicts, in whole memory sectors. */

import { describe, expect, test } from 'vitest';
import { chooseTransposed } from '../../src/conversions/tile-to-layout/shared-choice.js';

interface Case {
  readonly k: number;
  readonly n: number;
  readonly threads: number;
  readonly edge: 16 | 32;
}

const cases: Case[] = [16, 32, 64].flatMap((k) =>
  [32, 64, 128].flatMap((n) =>
    [64, 128, 256].flatMap((threads) =>
      ([16, 32] as const).map((edge) => ({ k, n, threads, edge })),
    ),
  ),
);

describe('chooseTransposed', () => {
  test.each(cases)('$k x $n by $threads threads, edge $edge', ({ k, n, threads, edge }) => {
    const read = { kind: 'operand', edge, bytes: k % 32 === 0 ? 16 : 8 } as const;
    const choice = chooseTransposed(
      { shape: [k, n], elementBits: 16, threads, maxVector: 8, reads: [read] },
      'amd',
    );
    const { copy } = choice;
    if (copy === undefined) {
      // Fewer than two rows of K for each thread: no blocks to transpose.
      expect((k * n) / threads).toBeLessThan(4);
      return;
    }
    const elements = new Set<number>();
    for (let thread = 0; thread < threads; thread++) {
      for (let register = 0; register < copy.fragment.registers; register++)
        elements.add(copy.fragment.elementAt(thread, register));
    }
    expect(copy.fragment.registers * threads).toBe(k * n);
    expect(elements.size).toBe(k * n);
    expect(choice.conflicts).toEqual([]);
    // The lanes of a wave read whole sectors of 16 elements, `run` neighbours each.
    const at = (lane: number, register: number) => copy.fragment.elementAt(lane, register);
    let run = 1;
    while (run < 8 && at(0, run) === at(0, 0) + run) run++;
    const sectors = new Set<string>();
    for (let lane = 0; lane < 64; lane++) {
      for (let register = 0; register < run; register++)
        sectors.add(
          `${Math.floor(at(lane, register) / n)}:${Math.floor((at(lane, register) % n) / 16)}`,
        );
    }
    expect((64 * run) / (16 * sectors.size)).toBe(1);
  });
});
