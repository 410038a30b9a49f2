/** How products are divided over warps. */

import { describe, expect, test } from 'vitest';
import {
  operandFragment,
  planGemm,
  type GemmProblem,
} from '../../src/conversions/tile-to-layout/gemm-plan.js';
import { findTarget } from '../../src/targets/target.js';

const problem: GemmProblem = {
  m: 128,
  n: 128,
  k: 32,
  a: 'f16',
  b: 'f16',
  c: 'f32',
  threads: 128,
  policy: 'square',
};

function plan(changes: Partial<GemmProblem>, arch: string) {
  const result = planGemm({ ...problem, ...changes }, findTarget(arch)!);
  if (typeof result === 'string') throw new Error(result);
  return result;
}

interface Division {
  readonly changes: Partial<GemmProblem>;
  readonly arch: string;
  readonly instruction: string;
  /** Warps along M and N. */
  readonly warps: readonly [number, number];
}

const divisions: Division[] = [
  { changes: {}, arch: 'sm_80', instruction: 'mma.m16n8k16.f16', warps: [2, 2] },
  { changes: { policy: 'rows' }, arch: 'sm_80', instruction: 'mma.m16n8k16.f16', warps: [4, 1] },
  { changes: { policy: 'cols' }, arch: 'sm_80', instruction: 'mma.m16n8k16.f16', warps: [1, 4] },
  { changes: { m: 64, n: 256 }, arch: 'sm_80', instruction: 'mma.m16n8k16.f16', warps: [1, 4] },
  {
    changes: { a: 'bf16', b: 'bf16' },
    arch: 'sm_89',
    instruction: 'mma.m16n8k16.bf16',
    warps: [2, 2],
  },
  { changes: {}, arch: 'gfx90a', instruction: 'mfma.32x32x8.f16', warps: [1, 2] },
  { changes: { m: 16, n: 64 }, arch: 'gfx90a', instruction: 'mfma.16x16x16.f16', warps: [1, 2] },
  { changes: { m: 256, n: 64 }, arch: 'gfx942', instruction: 'mfma.32x32x8.f16', warps: [2, 1] },
];

describe('planGemm', () => {
  test.each(divisions)('$changes on $arch', ({ changes, arch, instruction, warps }) => {
    const found = plan(changes, arch);
    expect(found.instruction.name).toBe(instruction);
    expect(found.warps).toEqual(warps);
    const { m, n } = { ...problem, ...changes };
    expect(found.repeats).toEqual([
      m / warps[0] / found.instruction.m,
      n / warps[1] / found.instruction.n,
    ]);
  });

  test.each(['sm_80', 'gfx90a'])('the accumulator of %s covers the tile once', (arch) => {
    for (const m of [32, 64, 96, 128]) {
      for (const n of [32, 64, 128, 192]) {
        const size = { ...problem, m, n };
        const found = planGemm(size, findTarget(arch)!);
        if (typeof found === 'string') continue;
        const fragment = operandFragment(found, size, 'C');
        const seen = new Set<number>();
        for (let thread = 0; thread < 128; thread++) {
          for (let register = 0; register < fragment.registers; register++)
            seen.add(fragment.elementAt(thread, register));
        }
        expect(fragment.registers * 128, `${m}x${n}`).toBe(m * n);
        expect(seen.size).toBe(m * n);
      }
    }
  });

  test('a division that does not exist is refused with what would work', () => {
    expect(planGemm({ ...problem, m: 24 }, findTarget('sm_80')!)).toMatch(
      /24x128x32.*M by 16, N by 8 and K by 16/,
    );
  });
});
