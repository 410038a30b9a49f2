/** Traffic and work against numbers worked out by hand and against the simulator; occupancy against published tables. */

import { describe, expect, test } from 'vitest';
import { estimateModule, matrixRate, occupancyOf } from '../../src/estimate/index.js';
import { registerAll } from '../../src/opt/register-all.js';
import { findTarget, targetNames } from '../../src/targets/target.js';
import { parseProgram, readKernel } from '../kernels/kernel-files.js';
import { GEMM } from '../schedule/programs.js';

registerAll();

function estimate(program: string, arch = 'sm_80') {
  return estimateModule(parseProgram(program), findTarget(arch)!)!;
}

describe('occupancy', () => {
  // Blocks per multiprocessor as NVIDIA's occupancy calculator gives them.
  test.each([
    ['sm_80', 128, 255, 0, 2, 'registers'],
    ['sm_80', 128, 128, 0, 4, 'registers'],
    ['sm_80', 256, 32, 0, 8, 'registers'],
    ['sm_80', 1024, 32, 0, 2, 'registers'],
    ['sm_80', 32, 16, 0, 32, 'blocks'],
    ['sm_80', 256, 24, 0, 8, 'warps'],
    ['sm_80', 128, 32, 49152, 3, 'shared memory'],
    ['sm_80', 128, 32, 166912, 1, 'shared memory'],
    ['sm_80', 128, 32, 81920, 2, 'shared memory'],
    ['sm_86', 256, 32, 0, 6, 'warps'],
    ['sm_89', 128, 40, 33792, 2, 'shared memory'],
    // 512 registers leave one wave for each of the four SIMDs.
    ['gfx942', 256, 512, 0, 1, 'registers'],
    ['gfx942', 256, 128, 0, 4, 'registers'],
    ['gfx942', 64, 64, 0, 32, 'registers'],
    ['gfx90a', 256, 64, 65536, 1, 'shared memory'],
  ])(
    '%s: %i threads, %i registers, %i bytes',
    (arch, threads, registers, sharedBytes, blocks, by) => {
      const found = occupancyOf({ threads, registers, sharedBytes }, findTarget(arch)!);
      expect(found).toMatchObject({ blocks, limitedBy: by });
    },
  );

  test('nothing fits', () => {
    const block = { threads: 1024, registers: 255, sharedBytes: 0 };
    expect(occupancyOf(block, findTarget('sm_80')!)).toMatchObject({ blocks: 0, fraction: 0 });
  });

  test.each(targetNames())('%s has all limits and rates', (name) => {
    const target = findTarget(name)!;
    for (const limit of Object.values(target.multiprocessor)) expect(limit).toBeTypeOf('number');
    expect(Object.keys(target.multiprocessor)).toHaveLength(target.vendor === 'nvidia' ? 9 : 8);
    for (const { a } of target.matrix_instructions)
      expect(matrixRate(a, target)).toBeGreaterThan(0);
    expect(target.rates.f32_flop_per_clock).toBeGreaterThan(0);
  });
});

describe('traffic and work', () => {
  test('a product whose tiles reach over the ends', () => {
    const [{ global, flop, intensity }] = estimate(GEMM);
    const byName = new Map(global.tensors.map((tensor) => [tensor.name, tensor]));
    // A: 70 x 50 for each of 2 columns of blocks; B: 50 x 90 for each of 3 rows of blocks.
    expect(byName.get('A')).toMatchObject({ read: 70 * 50 * 2 * 2, idealRead: 70 * 50 * 2 });
    expect(byName.get('B')).toMatchObject({ read: 50 * 90 * 2 * 3, idealRead: 50 * 90 * 2 });
    expect(byName.get('C')).toMatchObject({ written: 70 * 90 * 4, idealWritten: 70 * 90 * 4 });
    // The bias is loaded once per column of a block's loop: 64 numbers in 6 blocks.
    expect(byName.get('bias')).toMatchObject({ read: 64 * 6 * 4, idealRead: 90 * 4 });
    // 6 blocks, 4 steps, whole tiles; then one addition for each element.
    expect(flop.matrix).toEqual({ f16: 6 * 4 * 2 * 32 * 64 * 16 });
    expect(flop.scalar).toBe(6 * 32 * 64);
    const bytes = global.idealRead + global.idealWritten;
    expect(intensity.ideal).toBeCloseTo((flop.matrix.f16 + flop.scalar) / bytes, 10);
  });

  test('exponentials are counted apart', () => {
    const [{ flop }] = estimate(readKernel('flash_attention.mlir'));
    // 2 blocks, 4 steps: one exponential for each score and one for each row.
    expect(flop.transcendental).toBe(2 * 4 * (128 * 64 + 128));
    expect(flop.matrix).toEqual({ f16: 2 * 4 * 2 * (2 * 128 * 64 * 64) });
  });

  test('a run-time trip count is said', () => {
    const program = GEMM.replace(
      '%C: memref<70x90xf32>)',
      '%C: memref<70x90xf32>, %end: index)',
    ).replace('0 to 50 step 16', '0 to %end step 16');
    const [{ notes, flop }] = estimate(program);
    expect(notes).toEqual([
      "the trip count of '%k' is known at run time; counted as one iteration",
    ]);
    expect(flop.matrix).toEqual({ f16: 6 * 2 * 32 * 64 * 16 });
  });

  test('the roofline is the longest of the three', () => {
    const [{ time }] = estimate(readKernel('elementwise_add.mlir'));
    expect(time).toMatchObject({ boundBy: 'memory', matrix: 0 });
    expect(time.roofline).toBeCloseTo((3 * 400_000) / 2.0e12, 12);
    const [gemm] = estimate(readKernel('gemm.mlir'));
    expect(gemm.time.boundBy).toBe('matrix instructions');
    expect(gemm.time.roofline).toBeCloseTo((2 * 1024 ** 3) / (2048 * 108 * 1.41e9), 12);
  });
});
