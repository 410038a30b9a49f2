/** The reducer finds planted problems, gives the same result each time, and keeps its best when interrupted. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { printOperation, verifyOperation } from '../../src/ir/index.js';
import { bundleTool } from '../../src/lit/vitest.js';
import { reduceProgram, type ReduceOptions, type ReduceResult } from '../../src/reduce/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { SourceFile } from '../../src/support/index.js';

const PLANTED = readFileSync('lit-tests/tools/tile-reduce/Inputs/planted.mlir', 'utf8');

async function reduce(
  text: string,
  isInteresting: ReduceOptions['isInteresting'],
  options: Partial<ReduceOptions> = {},
): Promise<ReduceResult> {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  const input = parseModule(new SourceFile('in.mlir', text), context)!;
  return reduceProgram(input, context, { isInteresting, ...options });
}

describe('planted problems', () => {
  const cases: readonly (readonly [string, RegExp, number])[] = [
    ['an operation', /arith\.muli/, 5],
    ['an operation in a loop, with the loop', /scf\.for[^]*memref\.load/, 8],
    ['an attribute', /bad = 7/, 6],
    ['a call', /call @callee/, 6],
    ['an operation of no known dialect', /"un\.in"/, 2],
    ['a branch', /cf\.cond_br/, 8],
    ['a constant', /constant 17/, 2],
    ['a type', /!x\.y/, 3],
    ['a function', /@other/, 2],
    ['two things together', /memref\.store[^]*divsi/, 8],
  ];
  test.each(cases)('%s', async (_, pattern, most) => {
    const result = await reduce(PLANTED, (text) => pattern.test(text));
    expect(result.text).toMatch(pattern);
    expect(result.operations).toBeLessThanOrEqual(most);
    expect(result.isComplete).toBe(true);
    expect(verifyOperation(result.program)).toBe(true);
    const context = createContext();
    context.allowUnregisteredDialects = true;
    expect(parseModule(new SourceFile('again.mlir', result.text), context)).toBeDefined();
  });

  test('shapes, signatures and arguments become small', async () => {
    const text = `
      func.func @f(%a: tensor<64x128xf64>, %b: i32, %c: i32) -> (tensor<64x128xf64>, i32) {
        %0 = arith.addi %b, %c {x = 12 : i32} : i32
        %1 = arith.addf %a, %a : tensor<64x128xf64>
        return %1, %0 : tensor<64x128xf64>, i32
      }`;
    const result = await reduce(text, (candidate) => /arith\.addf/.test(candidate));
    expect(result.text).toMatch(/arith\.addf/);
    expect(result.text).not.toMatch(/64|128|addi|f64|return %.*,/);
  });

  test('loop-carried values go one by one', async () => {
    const text = `
      func.func @f(%n: index, %a: i32, %b: f32) -> f32 {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (i32, f32) {
          %s = arith.addi %x, %x : i32
          %t = arith.mulf %y, %y : f32
          scf.yield %s, %t : i32, f32
        }
        return %r#1 : f32
      }`;
    const result = await reduce(text, (candidate) =>
      /scf\.for[^]*iter_args[^]*mulf/.test(candidate),
    );
    expect(result.text).toMatch(/iter_args\(%\w+ = %\w+\) -> \((?:f32|i1)\)/);
  });
});

describe('the search', () => {
  test('gives the same result each time', async () => {
    const run = async (): Promise<string> => {
      const tested: string[] = [];
      const result = await reduce(PLANTED, (text) => {
        tested.push(text);
        return text.includes('divsi');
      });
      return [...tested, result.text].join('\n=====\n');
    };
    expect(await run()).toBe(await run());
  });

  test('accepts programs that do not verify when the input does not', async () => {
    const text = '%0 = "arith.addi"() : () -> i32\n"t.use"(%0) : (i32) -> ()';
    const result = await reduce(text, (candidate) => candidate.includes('arith.addi'));
    expect(result.text).toContain('"arith.addi"() : () -> ');
    expect(result.text).not.toContain('t.use');
  });

  test('every kept program was interesting, and each is smaller than the one before', async () => {
    const kept: string[] = [];
    const result = await reduce(PLANTED, (text) => text.includes('memref.load'), {
      onImprovement: (text) => kept.push(text),
    });
    expect(kept.every((text) => text.includes('memref.load'))).toBe(true);
    expect(kept.at(-1)).toBe(result.text);
    expect(result.accepted).toBe(kept.length);
  });

  test('stops when asked and says so', async () => {
    let tests = 0;
    const result = await reduce(PLANTED, (text) => text.includes('divsi'), {
      shouldStop: () => ++tests > 5,
    });
    expect(result.isComplete).toBe(false);
    expect(result.text).toContain('divsi');
  });

  test('leaves the input alone', async () => {
    const context = createContext();
    context.allowUnregisteredDialects = true;
    const input = parseModule(new SourceFile('in.mlir', PLANTED), context)!;
    const before = printOperation(input);
    await reduceProgram(input, context, { isInteresting: (text) => text.includes('divsi') });
    expect(printOperation(input)).toBe(before);
  });
});

test('an interrupt leaves the best so far in the output', async () => {
  const tool = await bundleTool(
    'tools/tile-reduce/main.ts',
    '.tilewright-cache/bundles',
    'tile-reduce',
  );
  const folder = mkdtempSync(join(tmpdir(), 'tile-reduce-test-'));
  const output = join(folder, 'out.mlir');
  writeFileSync(join(folder, 'in.mlir'), PLANTED);
  const child = spawn(
    process.execPath,
    [tool, join(folder, 'in.mlir'), '--test=sleep 0.1; grep -q divsi', '-o', output],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
  const ended = new Promise<number | null>((settle) => child.on('close', (code) => settle(code)));
  const exists = (): boolean => {
    try {
      return readFileSync(output, 'utf8') !== '';
    } catch {
      return false;
    }
  };
  while (!exists() && child.exitCode === null)
    await new Promise((settle) => setTimeout(settle, 20));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(errors).toContain('(interrupted)');
  expect(readFileSync(output, 'utf8')).toContain('divsi');
});
