import { describe, expect, test } from 'vitest';
import { builtinDialects } from '../../src/dialects/index.js';
import { printOperation, verifyOperation } from '../../src/ir/index.js';
import { hasMlirOpt, mlirOpt, parseOk } from './helpers.js';

/** Dialects that the reference tool knows. */
const UPSTREAM = [
  'affine',
  'arith',
  'builtin',
  'cf',
  'func',
  'gpu',
  'irdl',
  'math',
  'memref',
  'scf',
  'vector',
];

/** Names of values and blocks, and spaces that upstream doubles or leaves at the end of lines, are not compared. */
function normalized(text: string): string {
  return text
    .replace(/ +\n/g, '\n')
    .replace(/(\S)  +/g, '$1 ')
    .replace(/^(\s*)(%[\w#:]+(, )?)+ =/gm, '$1% =')
    .replace(/%[\w#]+/g, '%')
    .replace(/\^\w+/g, '^')
    .trim();
}

for (const dialect of builtinDialects().values()) {
  const examples = dialect.data.operations.filter(({ example }) => example !== undefined);
  describe.runIf(examples.length > 0)(dialect.name, () => {
    for (const { name, example } of examples) {
      test(`${name}: custom and generic form survive a round trip`, () => {
        const op = parseOk(example!);
        expect(verifyOperation(op)).toBe(true);
        expect(printOperation(op)).toContain(name.replace(/^(builtin|func)\./, ''));
        for (const generic of [false, true]) {
          const text = printOperation(op, { generic });
          const again = parseOk(text);
          expect(verifyOperation(again)).toBe(true);
          expect(printOperation(again, { generic })).toBe(text);
        }
        // Both forms say the same.
        const generic = printOperation(op, { generic: true });
        expect(printOperation(parseOk(printOperation(op)), { generic: true })).toBe(generic);
      });

      const compare = hasMlirOpt && UPSTREAM.includes(dialect.name) ? test : test.skip;
      compare(`${name}: the reference tool reads and prints the same`, () => {
        const op = parseOk(example!);
        const custom = printOperation(op, { localScope: true });
        const generic = printOperation(op, { generic: true, localScope: true });
        for (const text of [custom, generic]) {
          const asGeneric = mlirOpt(text, '--mlir-print-op-generic', '--mlir-print-local-scope');
          expect(asGeneric.stderr).toBe('');
          expect(normalized(generic)).toBe(normalized(asGeneric.stdout));
        }
        const asCustom = mlirOpt(generic, '--mlir-print-local-scope');
        expect(normalized(custom)).toBe(normalized(asCustom.stdout));
      });
    }
  });
}

test('every operation of the upstream dialects has an example, or is part of another one', () => {
  const all = UPSTREAM.flatMap((name) => builtinDialects().get(name)!.data.operations);
  const texts = all.map(({ example }) => example ?? '').join('\n');
  const uncovered = all
    .filter(({ name, example }) => {
      const short = name.slice(name.indexOf('.') + 1);
      return example === undefined && !texts.includes(name) && !texts.includes(`${short} `);
    })
    .map(({ name }) => name);
  expect(uncovered).toEqual(['gpu.module_end']);
});
