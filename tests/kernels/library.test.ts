/**
 * Every kernel of the library, for every target, on the simulator against the interpreter: eight orders of threads, with
 * races and reads of what nobody wrote checked. Extents that are arguments are none that tiles divide. What two targets of a
 * vendor are given alike runs once.
 */

import { describe, expect, test } from 'vitest';
import { findEntries, kernelName } from '../../src/runtime/interpreter/index.js';
import { mutationPrograms } from '../../src/runtime/mutation/index.js';
import { findHostCompiler, withoutTarget } from '../../src/runtime/sim/index.js';
import { compileProgram, kernelFiles, parseProgram } from './kernel-files.js';
import { simulateModule } from './run-kernels.js';

const programs = mutationPrograms().map(({ file, text, sizes = new Map() }) => ({
  file,
  text,
  flags: [...sizes].map(([name, size]) =>
    typeof size === 'number' ? `--arg=${name}=${size}` : `--shape=${name}=${size.join('x')}`,
  ),
}));

test('no file is left out', () => expect(programs.map(({ file }) => file)).toEqual(kernelFiles));

describe.skipIf('reason' in findHostCompiler()).each(programs)('$file', ({ text, flags }) => {
  const names = findEntries(parseProgram(text)).map(kernelName);
  const executed = new Set<string>();
  test.each(['sm_80', 'sm_89', 'sm_90', 'gfx90a', 'gfx942'])('%s', (arch) => {
    const code = withoutTarget(compileProgram(text, arch).text);
    if (executed.has(code)) return;
    executed.add(code);
    const run = simulateModule(text, arch, { schedules: 8, flags });
    expect(run.errors).not.toContain('error');
    expect(run.status).toBe(0);
    expect([...run.profiles.keys()]).toEqual(names);
  });
});
