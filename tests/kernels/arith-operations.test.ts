/** Every scalar operation of `arith` on every type: emitted, compiled for real, simulated and compared with the interpreter. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { nvccVersion } from '../../src/runtime/compile/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { arithCases, arithGroups, arithProgram } from './arith-operations.js';
import { KernelJudge } from './judge-kernels.js';
import { SweepStore } from './sweep-store.js';

test('every operation of the dialect is executed', () => {
  const path = join(packageRoot(), 'dialects', 'arith.yaml');
  const { operations } = parse(readFileSync(path, 'utf8')) as { operations: object };
  const executed = arithCases.map(({ text }) => /arith\.(\w+)/.exec(text)![1]);
  expect([...new Set(['constant', ...executed])].sort()).toEqual(Object.keys(operations).sort());
});

describe.skipIf('reason' in findHostCompiler())('arith', () => {
  // What is emitted differs between the vendors by the wrappers only, which tests/runtime executes.
  const groups = arithGroups();
  const operands = [...new Set(groups.map(({ cases }) => cases[0].operand))];
  test.for(operands)('on %s for sm_80', (operand) => {
    const judge = new KernelJudge('sm_80', {
      store: new SweepStore(),
      lowering: '',
      compiler: nvccVersion(),
    });
    const programs = groups
      .filter(({ cases }) => cases[0].operand === operand)
      .map((group) => ({ name: group.name, text: arithProgram(group), meaning: group.name }));
    for (const { name, diagnostics, difference, compiled } of judge.judge(programs)) {
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(errors, name).toEqual([]);
      expect(difference, name).toBe('');
      expect(compiled?.problem, name).toBeUndefined();
    }
  });
});
