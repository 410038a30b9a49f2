/** The programs of the page on tile operations, executed on the simulator and compared with the interpreter. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { simulateModule } from '../kernels/run-kernels.js';

interface Program {
  readonly name: string;
  readonly text: string;
  readonly flags: readonly string[];
}

const page = readFileSync('docs/tile-operations.md', 'utf8');
const programs = [...page.matchAll(/^```mlir run(?:="([^"]*)")?\n([^]*?)^```$/gm)].map(
  ([, flags, text]): Program => {
    const name = /tile\.kernel @(\w+)/.exec(text)?.[1] ?? '';
    return { name, text, flags: flags === undefined ? [] : flags.split(' ') };
  },
);

describe.skipIf('reason' in findHostCompiler())('docs/tile-operations.md', () => {
  test('has programs', () => expect(programs.length).toBeGreaterThan(1));

  test.each(programs)('$name', ({ text, flags }) => {
    const run = simulateModule(text, 'sm_80', { flags });
    expect(run.errors).toBe('');
    expect(run.status).toBe(0);
  });
});
