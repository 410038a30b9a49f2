/** Generated directives hold of the text they were made from, and only of that. */

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filecheckMain } from '../../src/filecheck/index.js';
import { GENERATED_MARKER, generateChecks, replaceChecks } from '../../src/lit/generated-checks.js';
import { createLitMain } from '../../src/lit/index.js';
import { tileOptMain } from '../../src/opt/index.js';
import type { ToolIO, ToolMain } from '../../src/support/index.js';

async function run(
  main: ToolMain,
  args: string[],
  cwd: string,
  stdin = '',
): Promise<[number, string]> {
  let output = '';
  const write = (text: string): void => void (output += text);
  const io: ToolIO = {
    readStdin: () => stdin,
    writeStdout: write,
    writeStderr: write,
    cwd,
    env: { PATH: process.env.PATH },
    isTerminal: false,
  };
  return [await main(args, io), output];
}

async function holds(checks: readonly string[], text: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'update-checks-'));
  writeFileSync(join(folder, 'checks.txt'), checks.join('\n'));
  return (await run(filecheckMain, ['checks.txt'], folder, text))[0] === 0;
}

const PROGRAMS = [
  `module {
  func.func @f(%a: i32, %b: memref<4x[4]xf32>) -> (i32, i32) {
    %0:2 = "t.two"(%a) {x = dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>, s = "{{no}} [[no]]"} : (i32) -> (i32, i32)
    %c1_i32 = arith.constant 1 : i32
    %1 = arith.addi %0#1, %c1_i32 : i32
    return %1, %0#0 : i32, i32
  }

  func.func @g(%a: i32) -> i32 {
    %r = scf.for %i = %a to %a step %a iter_args(%x = %a) -> (i32) : i32 {
      scf.yield %x : i32
    }
    return %r : i32
  }
}
`,
  '#map = affine_map<(d0) -> (d0)>\n"t.a"() : () -> ()\n',
];

describe('directives', () => {
  test.each(PROGRAMS)('hold of their own text', async (text) => {
    expect(await holds(generateChecks(text, 'CHECK'), text)).toBe(true);
  });

  test('hold under other names of values', async () => {
    const renamed = PROGRAMS[0].replaceAll('%a', '%other').replaceAll('%c1_i32', '%one');
    expect(await holds(generateChecks(PROGRAMS[0], 'CHECK'), renamed)).toBe(true);
  });

  test.each([
    ['another operand', '%1 = arith.addi %0#1, %c1_i32', '%1 = arith.addi %c1_i32, %0#1'],
    ['a line more', '    return %1', '    "t.new"() : () -> ()\n    return %1'],
    ['a line less', '    %c1_i32 = arith.constant 1 : i32\n', ''],
    ['another number', 'dense<[[1, 2]', 'dense<[[1, 5]'],
    ['another function', '@g', '@h'],
  ])('do not hold with %s', async (_, from, to) => {
    const changed = PROGRAMS[0].replace(from, to);
    expect(changed).not.toBe(PROGRAMS[0]);
    expect(await holds(generateChecks(PROGRAMS[0], 'CHECK'), changed)).toBe(false);
  });

  test('replace the old ones of their prefix and leave all else', () => {
    const source = `// RUN: x\n// ${GENERATED_MARKER}\n// CHECK: old\n// OTHER: kept\n\nfunc.func private @f()\n// CHECK-NEXT: old\n`;
    const updated = replaceChecks(source, new Map([['CHECK', ['CHECK: new']]]));
    expect(updated).toBe(
      `// RUN: x\n// ${GENERATED_MARKER}\n\n// CHECK: new\n\n// OTHER: kept\n\nfunc.func private @f()\n`,
    );
    expect(replaceChecks(updated!, new Map([['CHECK', ['CHECK: new']]]))).toBe(updated);
  });
});

test('tile-lit --update-checks makes a failing test pass, once and for all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'update-checks-'));
  const program =
    'func.func @f(%a: i32) -> i32 {\n  %0 = arith.addi %a, %a : i32\n  %1 = arith.addi %a, %a : i32\n  %2 = arith.muli %0, %1 : i32\n  return %2 : i32\n}\n';
  writeFileSync(join(folder, 'lit.config.yaml'), 'name: generated\nsuffixes: [.mlir]\n');
  const path = join(folder, 'cse.mlir');
  writeFileSync(
    path,
    `// RUN: tile-opt %s --cse | filecheck %s\n// RUN: tile-opt %s | filecheck %s --check-prefix=PLAIN\n// ${GENERATED_MARKER}\n// CHECK: outdated\n${program}`,
  );
  const plain = join(folder, 'plain.mlir');
  writeFileSync(plain, '// RUN: tile-opt %s | filecheck %s\n// CHECK: module\n');
  const lit = createLitMain(
    new Map([
      ['tile-opt', async () => tileOptMain],
      ['filecheck', async () => filecheckMain],
    ]),
  );
  expect((await run(lit, ['cse.mlir', '-q'], folder))[0]).toBe(1);
  const [status, output] = await run(lit, ['.', '--update-checks'], folder);
  expect([status, output]).toEqual([0, 'updated: generated :: cse.mlir\n']);
  expect((await run(lit, ['.', '-q'], folder))[0]).toBe(0);
  const text = readFileSync(path, 'utf8');
  expect(text).not.toContain('outdated');
  expect(text).toContain('// PLAIN-LABEL: func.func @f');
  expect(text.endsWith(`\n\n${program}`)).toBe(true);
  expect((await run(lit, ['.', '--update-checks'], folder))[1]).toBe(
    'unchanged: generated :: cse.mlir\n',
  );
  writeFileSync(path, text.replace('--cse', '--csee'));
  const [failed, reason] = await run(lit, ['cse.mlir', '--update-checks'], folder);
  expect(failed).toBe(1);
  expect(reason).toContain('failed: generated :: cse.mlir: the command at line 1 failed:');
});
