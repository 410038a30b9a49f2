/** Programs at random, executed. */

import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/runtime/run/random.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { simulateRuns } from '../kernels/run-kernels.js';

/** What a program's parts are chosen by. */
export interface Choices {
  /** True with a probability. */
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffle<T>(list: readonly T[]): T[];
}

export function choicesOf(seed: number, name: string): Choices {
  const random = createRandom(seed, name);
  return {
    chance: (probability) => random() < probability,
    pick: (from) => from[Math.floor(random() * from.length)],
    shuffle: (list) => {
      const keyed = list.map((item) => ({ key: random(), item }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    },
  };
}

/** Tests in which programs, one for each seed, run on the simulator of both vendors and are compared with the interpreter. */
export function describeRandomPrograms(program: (seed: number) => string): void {
  describe.skipIf('reason' in findHostCompiler()).each(['sm_80', 'gfx942'])('%s', (arch) => {
    test.each([1, 2, 3])('programs %i', (part) => {
      const text = Array.from({ length: 40 }, (_, i) => program(100 * part + i)).join('\n');
      const { failures } = simulateRuns(text, arch, [{ values: {}, seed: part }], 8);
      expect(failures).toEqual([]);
    });
  });
}
