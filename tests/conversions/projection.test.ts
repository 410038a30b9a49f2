/** The distribution of a row or column that is read along with a tile. */

import { describe, expect, test } from 'vitest';
import { projectFragment } from '../../src/conversions/tile-to-layout/projection.js';
import { copyFragment, findMatrixInstruction, gemmFragment } from '../../src/layout/index.js';

const fragments = {
  accumulator: gemmFragment({
    instruction: findMatrixInstruction('mma.m16n8k16.f16'),
    operand: 'C',
    tile: [64, 32, 16],
    warps: [2, 2],
  }),
  'accumulator of mfma': gemmFragment({
    instruction: findMatrixInstruction('mfma.16x16x16.f16'),
    operand: 'C',
    tile: [64, 32, 16],
    warps: [2, 1],
    swapped: true,
  }),
  copy: copyFragment([64, 32], 128, 4),
};

describe.each(Object.entries(fragments))('%s', (_, fragment) => {
  test.each([0, 1])('each thread has what its iterations name of dimension %d', (dimension) => {
    const projected = projectFragment(fragment, [dimension])!;
    expect(projected.shape).toEqual([fragment.shape[dimension]]);
    const columns = fragment.shape[1];
    for (let thread = 0; thread < fragment.threads; thread++) {
      const wanted = new Set<number>();
      for (let register = 0; register < fragment.registers; register++) {
        const element = fragment.elementAt(thread, register);
        wanted.add(dimension === 0 ? Math.floor(element / columns) : element % columns);
      }
      const held = Array.from({ length: projected.registers }, (_, register) =>
        projected.elementAt(thread, register),
      );
      // No register repeats another.
      expect(held.length).toBe(wanted.size);
      expect(new Set(held)).toEqual(wanted);
    }
  });
});
