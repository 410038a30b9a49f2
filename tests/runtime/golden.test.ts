import { describe, expect, it } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { sectorEfficiency } from '../../src/runtime/sim/index.js';
import type { Counters } from '../../src/runtime/sim/index.js';
import {
  buffer,
  decodeF16,
  encode,
  firstDifference,
  gemmReference,
  gemmRequest,
  golden,
  noHostCompiler,
  randomMatrix,
  reportLines,
  run,
} from './support.js';

const gemms = [
  { file: 'gemm_sm80.cu', target: 'cuda' },
  { file: 'gemm_gfx90a.hip', target: 'hip' },
  { file: 'gemm_gfx90a_16x16x16.hip', target: 'hip' },
] as const;

describe.skipIf(noHostCompiler)('golden kernels on the simulator', () => {
  describe.each(gemms)('$file', ({ file, target }) => {
    it('gives the exact product under many schedules, with nothing to report', () => {
      const result = run({ ...gemmRequest(golden(file), target), schedules: 8 });
      expect(reportLines(result)).toEqual([]);
      expect(result.launcherResult).toBe(0);
      expect(result.schedules).toBe(8);
      expect(firstDifference(decodeF16(result.outputs.get('C')!), gemmReference())).toBe(-1);
    });

    it('moves whole sectors and meets no bank twice in the main loop', () => {
      const text = golden(file);
      const { profile } = run(gemmRequest(text, target));
      expect(profile.totals.flop).toBe(2 * 256 ** 3);
      expect(profile.blocks).toBe(4);
      expect(profile.barriers).toBe(4 * (8 + 2));
      const end = text.split('\n').findIndex((line) => line.includes('tile.copy %acc')) + 1;
      const loop = profile.lines.filter((line) => line.line < end);
      expect(loop.length).toBeGreaterThan(5);
      for (const line of loop) expect(line.sharedConflicts, `line ${line.line}`).toBe(0);
      for (const line of profile.lines) expect(sectorEfficiency(line), `line ${line.line}`).toBe(1);
      // Each block reads 128 rows of A and 128 columns of B and writes its tile.
      const bytes = (operations: string[]): number =>
        profile.lines
          .filter((line) => operations.includes(line.operation))
          .reduce((total, line: Counters) => total + line.globalBytes, 0);
      expect(bytes(['load', 'cp_async'])).toBe(4 * 2 * 128 * 256 * 2);
      expect(bytes(['store'])).toBe(256 * 256 * 2);
    });
  });

  it('elementwise_add.cu handles whole and partial vectors', () => {
    const n = 2051;
    const a = randomMatrix(n, 3);
    const b = randomMatrix(n, 4);
    const result = run({
      text: golden('elementwise_add.cu'),
      target: 'cuda',
      waveSize: 32,
      entry: 'launch_add',
      arguments: [
        buffer('A', 'f32', 'read', encode(a, 'f32')),
        buffer('B', 'f32', 'read', encode(b, 'f32')),
        buffer('C', 'f32', 'write', new Uint8Array(n * 4)),
        { kind: 'scalar', name: 'n', type: 'i32', value: n },
      ],
      seed: 1,
      schedules: 8,
    });
    expect(reportLines(result)).toEqual([]);
    const c = new Float32Array(result.outputs.get('C')!.slice().buffer);
    expect(
      firstDifference(
        c,
        a.map((value, i) => value + b[i]),
      ),
    ).toBe(-1);
  });
});

describe('golden kernels through the real compilers', () => {
  it('gemm_sm80.cu keeps everything in registers', ({ skip }) => {
    const result = compileCuda(golden('gemm_sm80.cu'), 'sm_80');
    if (!result.available) return skip(result.reason);
    expect(result.ok, result.diagnostics).toBe(true);
    expect(result.kernels.map((kernel) => kernel.name)).toEqual(['gemm']);
    expect(result.spillStores + result.spillLoads).toBe(0);
    expect(result.registers).toBeLessThanOrEqual(255);
  });

  it('elementwise_add.cu compiles', ({ skip }) => {
    const result = compileCuda(golden('elementwise_add.cu'), 'sm_80');
    if (!result.available) return skip(result.reason);
    expect(result.ok, result.diagnostics).toBe(true);
    expect(result.spillStores).toBe(0);
  });

  it('errors are reported, not thrown', ({ skip }) => {
    const result = compileCuda('this is no C++', 'sm_80');
    if (!result.available) return skip(result.reason);
    expect(result.ok).toBe(false);
    expect(result.cubinPath).toBeUndefined();
    expect(result.diagnostics).toContain('kernel.cu(1): error');
  });

  const hip = gemms.filter((gemm) => gemm.target === 'hip');
  describe.each(hip)('$file', ({ file }) => {
    it.for(['gfx90a', 'gfx942'] as const)(
      '%s: matrix instructions, no scratch memory',
      (arch, { skip }) => {
        const result = compileHip(golden(file), arch);
        if (!result.available) return skip(result.reason);
        expect(result.ok, result.diagnostics).toBe(true);
        expect(result.scratch).toBe(0);
        expect(result.mfmaCount).toBe(file.includes('16x16x16') ? 32 : 16);
        expect(result.occupancy).toBeGreaterThanOrEqual(2);
      },
    );
  });
});
