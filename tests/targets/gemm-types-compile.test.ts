/** Products of every element type through the real compilers: accepted without a warning, nothing in memory but tiles. */

import { describe, expect, test } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { defaultParameters, gemmProgram, type GemmParameters } from '../kernels/gemm-program.js';
import { typesCases, type TypesCase } from '../kernels/gemm-types.js';
import { compileProgram } from '../kernels/kernel-files.js';

const probe = 'extern "C" __global__ void probe() {}';
const cuda = compileCuda(probe, 'sm_80');
const hip = compileHip(probe, 'gfx90a');

/** Both storage orders of B, and operands in registers. */
const forms: readonly Pick<GemmParameters, 'order' | 'operands'>[] = [
  { order: 'nn', operands: 'ss' },
  { order: 'tt', operands: 'ss' },
  { order: 'nt', operands: 'rr' },
];

function programOf({ input, accumulator, output, precision }: TypesCase): string {
  const types = { input, accumulator, output, precision };
  const points = forms.map((form) => ({ ...defaultParameters, ...types, ...form }));
  return points
    .map((point) =>
      gemmProgram({ ...point, m: 256, n: 256, k: 256, tile: [64, 64, 32], threads: 128 }),
    )
    .join('\n');
}

const points = typesCases.flatMap((types) =>
  Object.entries(types.instructions).map(([arch, instruction]) => ({
    types,
    arch,
    instruction,
    name: `${arch}: ${[types.input, types.precision, types.accumulator].filter(Boolean).join(' ')}`,
  })),
);

/** Scalar code for tiles that neither instructions nor threads divide. */
const oddPrograms = [
  { input: 'f16', accumulator: 'f32', output: 'f16', order: 'nn' },
  { input: 'bf16', accumulator: 'bf16', output: 'bf16', order: 'tt' },
  { input: 'i8', accumulator: 'i32', output: 'i32', order: 'tn' },
  { input: 'f64', accumulator: 'f64', output: 'f64', order: 'nt' },
] as const;
const oddText = oddPrograms
  .map((point) =>
    gemmProgram({ ...defaultParameters, ...point, m: 34, n: 66, k: 10, tile: [17, 33, 5] }),
  )
  .join('\n');

describe('scalar code', () => {
  test.for(['sm_75', 'sm_89', 'gfx90a', 'gfx942'])('%s', (arch, { skip }) => {
    const { text } = compileProgram(oddText, arch);
    const isCuda = arch.startsWith('sm_');
    const result = isCuda ? compileCuda(text, arch) : compileHip(text, arch as 'gfx90a' | 'gfx942');
    if (!result.available) return skip(result.reason);
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
    expect(result).toMatchObject('spillStores' in result ? { spillStores: 0 } : { scratch: 0 });
  });
});

describe('nvcc', () => {
  const own = points.filter(({ arch }) => arch.startsWith('sm_'));
  test.for(own)('$name', (point, { skip }) => {
    if (!cuda.available) skip(cuda.reason);
    const { text } = compileProgram(programOf(point.types), point.arch);
    const result = compileCuda(text, point.arch);
    if (!result.available) return expect.unreachable(result.reason);
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result).toMatchObject({ ok: true, spillStores: 0, spillLoads: 0 });
    for (const kernel of result.kernels) expect(kernel.stackFrame, kernel.name).toBe(0);
    expect(text.includes('mma.sync')).toBe(point.instruction !== undefined);
  });
});

describe('clang', () => {
  const own = points.filter(({ arch }) => arch.startsWith('gfx'));
  test.for(own)('$name', (point, { skip }) => {
    if (!hip.available) skip(hip.reason);
    const { text } = compileProgram(programOf(point.types), point.arch);
    const result = compileHip(text, point.arch as 'gfx90a' | 'gfx942');
    if (!result.available) return expect.unreachable(result.reason);
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
    for (const kernel of result.kernels) {
      expect(kernel.scratch, kernel.name).toBe(0);
      expect(kernel.mfmaCount > 0, kernel.name).toBe(point.instruction !== undefined);
    }
  });
});
