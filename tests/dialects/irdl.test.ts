/** Dialects from IRDL programs: messages as the reference tool has them, and our own dialects there and back. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtinDialects, createContext, dialectToIrdl } from '../../src/dialects/index.js';
import { loadIrdl } from '../../src/dialects/irdl/load.js';
import { printOperation, verifyOperation, type Context } from '../../src/ir/index.js';
import { SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { hasMlirOpt, mlirOpt, parseOk } from './helpers.js';

const DIALECT = `irdl.dialect @cmath {
  irdl.type @complex {
    %0 = irdl.is f32
    %1 = irdl.is f64
    %2 = irdl.any_of(%0, %1)
    irdl.parameters(%2)
  }
  irdl.attribute @attr {
    %0 = irdl.is f32
    %1 = irdl.is "foo"
    %2 = irdl.any_of(%0, %1)
    irdl.parameters(%2)
  }
  irdl.operation @norm {
    %0 = irdl.is f32
    %1 = irdl.is f64
    %2 = irdl.any_of(%0, %1)
    %3 = irdl.parametric @cmath::@complex<%2>
    irdl.operands(%3)
    irdl.results(%2)
  }
  irdl.operation @many {
    %0 = irdl.is i32
    %any = irdl.any
    irdl.operands(%0, variadic %any, optional %0)
    irdl.results(single %0)
    irdl.attributes {"a" = %0, "b" = %any}
  }
  irdl.operation @reg {
    %0 = irdl.is i32
    %r0 = irdl.region
    %r1 = irdl.region with size 1
    %r2 = irdl.region(%0)
    %r3 = irdl.region()
    irdl.regions(%r0, %r1, %r2, %r3)
  }
  irdl.operation @base {
    %0 = irdl.base "!builtin.integer"
    %1 = irdl.base @cmath::@complex
    %2 = irdl.all_of(%0, %1)
    irdl.operands(%0, %1)
    irdl.results(%2)
  }
  irdl.operation @named {
    %0 = irdl.base "#builtin.integer"
    %1 = irdl.base "!builtin.integer"
    irdl.attributes {"a" = %0, "b" = %1}
  }
  irdl.operation @rest {
    %0 = irdl.is i32
    irdl.operands(%0, variadic %0)
  }
  irdl.operation @perhaps {
    %0 = irdl.is i32
    irdl.operands(%0, optional %0)
  }
  irdl.operation @nothing
}
`;

const SIZES = 'operand_segment_sizes';
const ALL = `a = i32, b = 1`;

/** Programs, with values of some types at hand, and the message about each; none where the program is right. */
const PROGRAMS: readonly (readonly [string, string?])[] = [
  ['%0 = "cmath.norm"(%c) : (!cmath.complex<f32>) -> f32'],
  ['"x.y"() {t = !cmath.complex<i32>} : () -> ()', "'i32' does not satisfy the constraint"],
  ['"x.y"() {t = !cmath.complex<f32, f32>} : () -> ()', 'expected 1 type arguments, but had 2'],
  ['"x.y"() {t = !cmath.complex} : () -> ()', 'expected 1 type arguments, but had 0'],
  ['"x.y"() {a = #cmath.attr<f32>, b = #cmath.attr<"foo">} : () -> ()'],
  ['"x.y"() {a = #cmath.attr<"bar">} : () -> ()', `'"bar"' does not satisfy the constraint`],
  ['%0 = "cmath.norm"(%c) : (!cmath.complex<f32>) -> f64', "expected 'f32' but got 'f64'"],
  ['%0 = "cmath.norm"(%i) : (i32) -> f64', "expected base type 'cmath.complex' but got 'i32'"],
  [
    '%0 = "cmath.norm"(%c, %c) : (!cmath.complex<f32>, !cmath.complex<f32>) -> f32',
    'op expects exactly 1 operands, but got 2',
  ],
  ['"cmath.norm"(%c) : (!cmath.complex<f32>) -> ()', 'op expects exactly 1 results, but got 0'],
  ['%0 = "cmath.many"(%i) : (i32) -> i32', `'${SIZES}' attribute is expected but not provided`],
  [`%0 = "cmath.many"(%i) {${ALL}, ${SIZES} = array<i32: 1, 0, 0>} : (i32) -> i32`],
  [
    `%0 = "cmath.many"(%i, %i) {${ALL}, ${SIZES} = array<i32: 1, 0, 0>} : (i32, i32) -> i32`,
    `sum of elements in '${SIZES}' attribute must be equal to the number of operands`,
  ],
  [
    `%0 = "cmath.many"(%i, %i, %i) {${ALL}, ${SIZES} = array<i32: 1, 0, 2>} : (i32, i32, i32) -> i32`,
    `element 2 in '${SIZES}' attribute must be equal to 0 or 1`,
  ],
  [
    `%0 = "cmath.many"(%i, %i) {${ALL}, ${SIZES} = array<i32: 2, 0, 0>} : (i32, i32) -> i32`,
    `element 0 in '${SIZES}' attribute must be equal to 1`,
  ],
  [
    `%0 = "cmath.many"(%i) {${ALL}, ${SIZES} = array<i32: 1, 0>} : (i32) -> i32`,
    `'${SIZES}' attribute for specifying operand segments must have 3 elements, but got 2`,
  ],
  [
    `%0 = "cmath.many"(%i) {${ALL}, ${SIZES} = 1} : (i32) -> i32`,
    `'${SIZES}' attribute is expected to be a dense i32 array`,
  ],
  [
    `%0 = "cmath.many"(%i) {${ALL}, ${SIZES} = array<i32: 1, -1, 1>} : (i32) -> i32`,
    `'${SIZES}' attribute for specifying operand segments must have non-negative values`,
  ],
  [
    `%0 = "cmath.many"(%i) {a = 1, b = 1, ${SIZES} = array<i32: 1, 0, 0>} : (i32) -> i32`,
    "expected 'i32' but got '1 : i64'",
  ],
  [
    `%0 = "cmath.many"(%i) {b = 1, ${SIZES} = array<i32: 1, 0, 0>} : (i32) -> i32`,
    `'cmath.many' op attribute "a" is expected but not provided`,
  ],
  ['"cmath.reg"() : () -> ()', "'cmath.reg' op unexpected number of regions: expected 4 but got 0"],
  ['"cmath.reg"() ({}, {}, {}, {}) : () -> ()', 'expected region 1 to have 1 block(s) but got 0'],
  [
    '"cmath.reg"() ({}, {"x.y"() : () -> ()}, {}, {}) : () -> ()',
    'expected region 2 to have 1 arguments but got 0',
  ],
  [
    '"cmath.reg"() ({}, {"x.y"() : () -> ()}, {^a(%a: f32): "x.y"() : () -> ()}, {}) : () -> ()',
    "expected 'i32' but got 'f32'",
  ],
  ['"cmath.reg"() ({}, {"x.y"() : () -> ()}, {^a(%a: i32): "x.y"() : () -> ()}, {}) : () -> ()'],
  [
    '"cmath.nothing"() ({}) : () -> ()',
    "'cmath.nothing' op unexpected number of regions: expected 0 but got 1",
  ],
  [
    '%0 = "cmath.base"(%f, %c) : (f32, !cmath.complex<f32>) -> i32',
    "expected base type 'builtin.integer' but got 'builtin.f32'",
  ],
  [
    '%0 = "cmath.base"(%i, %i) : (i32, i32) -> i32',
    "expected base type 'cmath.complex' but got 'builtin.integer'",
  ],
  [
    '%0 = "cmath.base"(%i, %c) : (i32, !cmath.complex<f32>) -> i32',
    "expected '!cmath.complex<f32>' but got 'i32'",
  ],
  ['"cmath.named"() {a = 1, b = i32} : () -> ()'],
  [
    '"cmath.named"() {a = i32, b = i32} : () -> ()',
    "expected base attribute 'builtin.integer' but got 'builtin.type'",
  ],
  ['"cmath.rest"() : () -> ()', 'op expects at least 1 operands, but got 0'],
  [
    '"cmath.perhaps"(%i, %i, %i) : (i32, i32, i32) -> ()',
    'op expects at most 2 operands, but got 3',
  ],
];

const wrap = (body: string): string => `"x.wrap"() ({
^bb0(%c: !cmath.complex<f32>, %i: i32, %f: f32):
  ${body}
  "x.end"() : () -> ()
}) : () -> ()
`;

function irdlContext(program: string): { readonly context: Context; readonly messages: string[] } {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  const messages: string[] = [];
  context.addDiagnosticHandler(({ message }) => messages.push(message));
  loadIrdl(program, 'test.mlir', context);
  return { context, messages };
}

test.each(PROGRAMS.map(([body, message]) => ({ body, message })))('$body', ({ body, message }) => {
  const { context, messages } = irdlContext(DIALECT);
  expect(messages).toEqual([]);
  const op = parseModule(new SourceFile('t.mlir', wrap(body)), context);
  if (op !== undefined) verifyOperation(op);
  expect(messages[0]).toBe(message);
  if (message !== undefined) return;
  const text = printOperation(op!);
  const again = parseModule(new SourceFile('t.mlir', text), context)!;
  expect(printOperation(again)).toBe(text);
});

function irdlFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'irdl-')), 'dialect.mlir');
  writeFileSync(file, text);
  return `--irdl-file=${file}`;
}

test.runIf(hasMlirOpt)('the reference tool says the same of all these programs', () => {
  const { stderr } = mlirOpt(
    PROGRAMS.map(([body]) => wrap(body)).join('// -----\n'),
    '--split-input-file',
    '--mlir-print-op-on-diagnostic=false',
    irdlFile(DIALECT),
  );
  const theirs = [...stderr.matchAll(/^within split.*?: error: (.*)/gm)].map(([, text]) => text);
  expect(theirs).toEqual(PROGRAMS.flatMap(([, message]) => message ?? []));
});

const inOperation = (body: string): string => `irdl.dialect @a { irdl.operation @b { ${body} } }`;

test.each([
  ['irdl.dialect @func { }', "dialect 'func' is already loaded"],
  [
    inOperation('%0 = irdl.c_pred "x"'),
    "'irdl.c_pred' op holds C++, which only a tool that was compiled with it can check",
  ],
  [inOperation('%0 = irdl.parametric @x::@y<>'), "'irdl.parametric' op symbol '@x::@y' not found"],
  [inOperation('%0 = irdl.base @x::@y'), "'irdl.base' op symbol '@x::@y' not found"],
  [
    inOperation('%0 = irdl.base @a::@b'),
    "'irdl.base' op symbol '@a::@b' does not refer to a type or attribute definition (refers to 'irdl.operation')",
  ],
  [
    inOperation('%0 = irdl.base "builtin.integer"'),
    "'irdl.base' op the base type or attribute name should start with '!' or '#'",
  ],
  [inOperation('%0 = irdl.base "!builtin.foo"'), 'no registered type with name !builtin.foo'],
  [inOperation('%0 = irdl.base "#builtin.foo"'), 'no registered attribute with name #builtin.foo'],
  [
    inOperation('%0 = irdl.base'),
    "'irdl.base' op the base type or attribute should be specified by either a name or a reference",
  ],
  ['irdl.dialect @a.b { }', "'irdl.dialect' op invalid dialect name"],
  [
    inOperation('%0 = irdl.any irdl.operands(%0) irdl.operands(%0)'),
    'failed to verify AtMostOneChildOf trait: the operation contains at least two operations of type irdl.operands',
  ],
  ['irdl.operation @b { }', "'irdl.operation' op expects parent op 'irdl.dialect'"],
  [
    'irdl.dialect @a { irdl.type @b { %0 = irdl.any irdl.operands(%0) } }',
    "'irdl.operands' op expects parent op 'irdl.operation'",
  ],
  ['irdl.dialect @a { irdl.type @b irdl.attribute @b }', "redefinition of symbol named 'b'"],
  [
    inOperation('%0 = irdl.region with size 0'),
    "'irdl.region' op the number of blocks is expected to be >= 1 but got 0",
  ],
  [inOperation('%0 = irdl.any_of()'), "'irdl.any_of' op expected 1 or more operands, but found 0"],
])('%s is refused', (program, message) => {
  const { context, messages } = irdlContext(program);
  expect(messages[0]).toBe(message);
  expect(context.dialects.has('a')).toBe(false);
  // The tool itself refuses a loaded dialect and a predicate by crashing.
  if (!hasMlirOpt || /already loaded|C\+\+/.test(message)) return;
  const { stderr } = mlirOpt('', '--mlir-print-op-on-diagnostic=false', irdlFile(program));
  expect(/error: (.*)/.exec(stderr)?.[1]).toBe(message);
});

describe.each([...builtinDialects().values()])('$name, exported', (dialect) => {
  // Under another name, because the dialect itself is loaded.
  const copy = `${dialect.name}_copy`;
  const program = dialectToIrdl(dialect)
    .replace(`irdl.dialect @${dialect.name} `, `irdl.dialect @${copy} `)
    .replaceAll(`@${dialect.name}::`, `@${copy}::`);

  test('is loaded again with all its operations', () => {
    const { context, messages } = irdlContext(program);
    expect(messages).toEqual([]);
    const operations = [...context.dialects.get(copy)!.operations.keys()];
    expect(operations).toEqual(
      dialect.data.operations.map(({ name }) => name.replace(dialect.name, copy)),
    );
  });

  test.runIf(hasMlirOpt)('is loaded by the reference tool', () => {
    expect(mlirOpt('', irdlFile(program)).stderr).toBe('');
  });
});

test('programs of an exported dialect are right', () => {
  const arith = builtinDialects().get('arith')!;
  const { context, messages } = irdlContext(
    dialectToIrdl(arith).replace('@arith ', '@arith_copy '),
  );
  for (const { example } of arith.data.operations) {
    if (example === undefined) continue;
    const text = printOperation(parseOk(example), { generic: true, noProperties: true });
    const copy = text.replaceAll('"arith.', '"arith_copy.');
    const op = parseModule(new SourceFile('t.mlir', copy), context)!;
    expect(verifyOperation(op)).toBe(true);
  }
  expect(messages).toEqual([]);
  const wrong =
    '%a = "x.y"() : () -> f32\n%b = "x.y"() : () -> i32\n"arith_copy.subi"(%b, %a) : (i32, f32) -> i32';
  verifyOperation(parseModule(new SourceFile('t.mlir', wrong), context)!);
  expect(messages[0]).toBe("expected 'i32' but got 'f32'");
});
