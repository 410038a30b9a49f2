/** Estimated registers and shared memory against what nvcc and clang report, within the tolerance of docs/estimate.md. */

import { describe, expect, test } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { measure, PROGRAMS } from './measure.js';

const probe = 'extern "C" __global__ void probe() {}';
const compilers = {
  sm_80: compileCuda(probe, 'sm_80'),
  gfx942: compileHip(probe, 'gfx942'),
};

/** Relative error of the registers expected, and the registers by which small kernels may be off. */
const TOLERANCE = {
  sm_80: { relative: 0.15, absolute: 12 },
  gfx942: { relative: 0.4, absolute: 24 },
};

describe.each(['sm_80', 'gfx942'] as const)('%s', (arch) => {
  const compiler = compilers[arch];
  test.for(
    PROGRAMS.map((program) => [`${program.file} ${program.settings.join(' ')}`, program] as const),
  )('%s', ([, program], { skip }) => {
    if (!compiler.available) skip(compiler.reason);
    const found = measure(program, arch);
    if (typeof found === 'string') return expect.unreachable(found);
    expect(found.length).toBeGreaterThan(0);
    const { relative, absolute } = TOLERANCE[arch];
    for (const {
      program: name,
      atLeast,
      expected,
      registers,
      spills,
      estimatedShared,
      shared,
    } of found) {
      expect(estimatedShared, name).toBe(shared);
      if (spills === 0) expect(atLeast, name).toBeLessThanOrEqual(registers);
      const error = Math.abs(expected - registers);
      expect(error, `${name}: ${expected} for ${registers}`).toBeLessThanOrEqual(
        Math.max(absolute, relative * registers),
      );
    }
  });
});
