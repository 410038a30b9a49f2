/** The same text through mlir-opt: it accepts what we print and prints it back the same. Skipped where it is absent. */

import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { printOperation } from '../../src/ir/index.js';
import { GENERIC } from './corpus.js';
import { parseValid } from './test-dialects.js';

const MLIR_OPT = 'mlir-opt-19';
const isAbsent = spawnSync(MLIR_OPT, ['--version']).status !== 0;

function mlirOpt(text: string, ...flags: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    MLIR_OPT,
    ['--allow-unregistered-dialect', ...flags],
    { input: text, encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trim();
}

/** Without what MLIR aliases and we print in place. */
const withoutLocationAlias = (text: string): string =>
  text.replace(/^#loc = .*\n/m, '').replace('loc = #loc', 'loc = loc("f.c":1:2)');

describe.skipIf(isAbsent)('mlir-opt', () => {
  const numbered = { generic: true, useOriginalNames: false };

  test.each(Object.entries(GENERIC))('prints %s as we do', (_, text) => {
    const ours = printOperation(parseValid(text), numbered);
    const theirs = mlirOpt(text, '--mlir-print-op-generic');
    expect(ours).toBe(withoutLocationAlias(theirs));
  });

  test.each(Object.entries(GENERIC))('accepts %s with names and locations', (_, text) => {
    const named = printOperation(parseValid(text), { generic: true });
    const located = printOperation(parseValid(text), { generic: true, debugInfo: true });
    const expected = mlirOpt(text, '--mlir-print-op-generic');
    expect(mlirOpt(named, '--mlir-print-op-generic')).toBe(expected);
    expect(mlirOpt(located, '--mlir-print-op-generic')).toBe(expected);
  });

  test('custom forms of shared dialects', () => {
    const text = `module @m attributes {t.x = 1 : i8} {
  func.func @f(%acc: i32, %n: index) -> (i32, i32) attributes {t.y} {
    %c = arith.constant 4 : i32
    %0 = arith.constant 4 : i32
    %sum = arith.addi %acc, %c {t.flag} : i32
    %t = "x.y"(%sum) ({
      func.call @g() : () -> ()
    ^bb1(%a: i32):
      "x.z"(%a) : (i32) -> ()
    }) {z = affine_map<(d0) -> (d0 * 2)>} : (i32) -> index
    cf.br ^next(%t : index)
  ^next(%q: index):
    return %sum, %c : i32, i32
  }
  module { func.func @g() { return } }
}`.replace('      func.call @g() : () -> ()\n', '      "x.br"()[^bb1] : () -> ()\n');
    const ours = printOperation(parseValid(text), { useOriginalNames: false });
    expect(ours).toBe(mlirOpt(text));
    expect(mlirOpt(printOperation(parseValid(text)))).toBe(mlirOpt(text));
  });
});
