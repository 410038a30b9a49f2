/** What a dialect file leaves to TypeScript: custom directives with references, attribute hooks; and `qualified`. */

import { expect, test } from 'vitest';
import type { CustomDirective } from '../../src/dialects/directives.js';
import { createContext } from '../../src/dialects/index.js';
import { loadDialect } from '../../src/dialects/load.js';
import { IntegerAttr, printOperation, verifyOperation } from '../../src/ir/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { SourceFile } from '../../src/support/index.js';

const DIALECT = `
dialect: hook
summary: parts written by hand
types:
  unit: { summary: a unit }
  box: { summary: a box, parameters: { of: type } }
attributes:
  tag: { summary: a tag, parameters: { n: integer } }
operations:
  plain: { summary: short forms, attributes: { tag: tag }, assemblyFormat: "$tag attr-dict" }
  qualified: { summary: full forms, attributes: { tag: tag }, assemblyFormat: "qualified($tag) attr-dict" }
  typed: { summary: full type, operands: { a: box }, assemblyFormat: "$a attr-dict \`:\` qualified(type($a))" }
  counted:
    summary: a directive that is told what was parsed before it
    operands: { values: variadic<any> }
    attributes: { count: i64 }
    assemblyFormat: "$values \`:\` type($values) custom<Count>($count, ref($values)) attr-dict"
`;

const count: CustomDirective = {
  parse: (parser, [slot, values]) => {
    expect(parser.parseOptionalKeyword('of')).toBe(true);
    const found = values.operands?.length ?? -1;
    const attribute = parser.parseAttribute() as IntegerAttr;
    slot.attribute = attribute.number === found ? attribute : IntegerAttr.get(-1);
  },
  print: (printer, [slot, values]) => {
    printer.write(`of ${(slot.attribute as IntegerAttr).value}`);
    expect(values.operands).toBeDefined();
  },
};

function load() {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  loadDialect(DIALECT, 'hook.yaml', context, {
    directives: { Count: count },
    verifyAttribute: (op, name) =>
      name === 'hook.fine' || op.emitOpError(`has no attribute '${name}' of this dialect`),
  });
  const messages: string[] = [];
  context.addDiagnosticHandler(({ message }) => messages.push(message));
  const parse = (text: string) => parseModule(new SourceFile('t.mlir', text), context);
  return { parse, messages };
}

test.each([
  'hook.plain <3>',
  'hook.qualified #hook.tag<3>',
  '%0 = "test.box"() : () -> !hook.box<i32>\n  hook.typed %0 : !hook.box<i32>',
  '%0:2 = "test.two"() : () -> (i32, f32)\n  hook.counted %0#0, %0#1 : i32, f32 of 2',
])('%s', (text) => {
  const { parse, messages } = load();
  const module = parse(text);
  expect(messages).toEqual([]);
  expect(verifyOperation(module!)).toBe(true);
  expect(printOperation(module!)).toContain(text);
});

test('a reference holds what was parsed', () => {
  const { parse } = load();
  const module = parse('%0 = "test.one"() : () -> i32\nhook.counted %0 : i32 of 7');
  expect(printOperation(module!)).toContain('hook.counted %0 : i32 of -1');
});

test('a dialect checks the attributes that carry its prefix, wherever they are', () => {
  const { parse, messages } = load();
  expect(verifyOperation(parse('"test.a"() {hook.fine} : () -> ()')!)).toBe(true);
  expect(verifyOperation(parse('arith.constant {hook.wrong} 1 : i32')!)).toBe(false);
  expect(messages).toEqual(["'arith.constant' op has no attribute 'hook.wrong' of this dialect"]);
});
