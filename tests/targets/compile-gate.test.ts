/** Every kernel of the library, compiled by the real compilers: no spills, few enough registers, matrix instructions. */

import { describe, expect, test } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { compileProgram, kernelFiles, readKernel } from '../kernels/kernel-files.js';

const probe = 'extern "C" __global__ void probe() {}';
const cuda = compileCuda(probe, 'sm_80');
const hip = compileHip(probe, 'gfx90a');

/** The names of the kernels of a file that have a `tile.gemm`. */
function matrixProducts(file: string): Set<string> {
  const kernels = readKernel(file)
    .split(/^tile\.kernel @/m)
    .slice(1);
  return new Set(
    kernels.filter((text) => text.includes('tile.gemm')).map((text) => /^\w+/.exec(text)![0]),
  );
}

describe.each(['sm_80', 'sm_89'])('nvcc for %s', (arch) => {
  test.for(kernelFiles)('%s', (file, { skip }) => {
    if (!cuda.available) skip(cuda.reason);
    const { text, metadata } = compileProgram(readKernel(file), arch, file);
    const result = compileCuda(text, arch);
    if (!result.available) return expect.unreachable(result.reason);
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
    expect(result.kernels.map(({ name }) => name).sort()).toEqual(
      metadata.kernels.map(({ name }) => name).sort(),
    );
    expect(result).toMatchObject({ spillStores: 0, spillLoads: 0 });
    for (const kernel of result.kernels) {
      expect(kernel.stackFrame, kernel.name).toBe(0);
      expect(kernel.registers, kernel.name).toBeLessThanOrEqual(255);
    }
    if (matrixProducts(file).size > 0) expect(text).toContain('mma.sync.aligned.m16n8k16');
  });
});

describe.each(['gfx90a', 'gfx942'] as const)('clang for %s', (arch) => {
  test.for(kernelFiles)('%s', (file, { skip }) => {
    if (!hip.available) skip(hip.reason);
    const { text, metadata } = compileProgram(readKernel(file), arch, file);
    const result = compileHip(text, arch);
    if (!result.available) return expect.unreachable(result.reason);
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
    expect(result.kernels.map(({ name }) => name).sort()).toEqual(
      metadata.kernels.map(({ name }) => name).sort(),
    );
    const products = matrixProducts(file);
    for (const kernel of result.kernels) {
      expect(kernel.scratch, kernel.name).toBe(0);
      if (products.has(kernel.name)) expect(kernel.mfmaCount, kernel.name).toBeGreaterThan(0);
    }
  });
});
