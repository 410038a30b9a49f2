/**
 * `tile-opt --verify-semantics` over the library: after every pass of the lowering each kernel computes what it computed
 * before. By default each file is lowered for one target, the targets in turn; with `TILEWRIGHT_SWEEP=all` for every one.
 */

import { describe, expect, test } from 'vitest';
import { tileOptMain } from '../../src/opt/index.js';
import { smallPrograms } from '../kernels/kernel-files.js';

const isComplete = process.env.TILEWRIGHT_SWEEP === 'all';
const programs = smallPrograms();
const targets = ['sm_80', 'gfx90a', 'sm_89', 'gfx942'];

async function verify(text: string, target: string): Promise<{ status: number; errors: string }> {
  let errors = '';
  const pipeline = target.startsWith('gfx') ? 'tile-to-hip' : 'tile-to-cuda';
  const args = ['-', '--verify-semantics', `--${pipeline}=arch=${target}`];
  const status = await tileOptMain([...args, '--remarks=verify-semantics', '-o', '-'], {
    readStdin: () => text,
    writeStdout: () => undefined,
    writeStderr: (part) => void (errors += part),
    cwd: process.cwd(),
    env: {},
    isTerminal: false,
  });
  return { status, errors };
}

describe.each(programs.map((program, i) => ({ ...program, i })))('$file', ({ text, i }) => {
  const kernels = [...text.matchAll(/^tile\.kernel @(\w+)/gm)].map(([, name]) => name);
  test.each(isComplete ? targets : [targets[i % targets.length]])('%s', async (target) => {
    const { status, errors } = await verify(text, target);
    expect(status, errors).toBe(0);
    for (const kernel of kernels)
      expect(errors).toMatch(
        new RegExp(`remark: kernel '${kernel}' computes the same after \\d+ passes\n`),
      );
  });
});
