/** The compilers of GPU code, asked whether they take what a program becomes. */

import { expect, type TestContext } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { compileProgram } from './kernel-files.js';

/** Expects that no compiler complains of a program on these architectures; skips the test where there is none. */
export function expectCompiles(
  text: string,
  skip: TestContext['skip'],
  architectures: readonly string[] = ['sm_80', 'gfx942'],
): void {
  const results = architectures.map((arch) => {
    const emitted = compileProgram(text, arch).text;
    return arch.startsWith('sm_')
      ? compileCuda(emitted, arch)
      : compileHip(emitted, arch as 'gfx90a' | 'gfx942');
  });
  if (results.every(({ available }) => !available)) skip('there is no compiler for a GPU');
  for (const result of results) {
    if (!result.available) continue;
    expect(result.diagnostics).not.toMatch(/warning|error/);
    expect(result.ok).toBe(true);
  }
}
