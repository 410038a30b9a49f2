import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createContext, loadDialectFile } from '../../src/dialects/index.js';
import { printOperation, verifyOperation, type Context } from '../../src/ir/index.js';
import { DiagnosticError, SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

const DIALECT = `
dialect: my
summary: everything a format can say
enums:
  color: { summary: a colour, storage: attribute, cases: { red: 0, green: 1 } }
  level: { summary: a level, storage: i32, cases: { low: 0, high: 1 } }
  flags: { summary: flags, storage: i64, isBitSet: true, separator: "|", cases: { none: 0, a: 1, b: 2, c: 4 } }
types:
  box:
    summary: a box
    parameters: { shape: shape, elementType: type, color: color?, note: string? }
    assemblyFormat: "\`<\` $shape $elementType (\`,\` $color^)? (\`note\` $note^)? \`>\`"
  pair: { summary: a pair, parameters: { first: type, second: type } }
  unit: { summary: a unit }
attributes:
  config:
    summary: a configuration
    parameters: { size: integer, sizes: integers, fast: bool, of: "types?" }
    assemblyFormat: "\`<\` struct(params) \`>\`"
constraints:
  small: { is: "i8 | i16", summary: small integer }
operations:
  literal: { summary: names and groups, operands: { a: any, rest: variadic<any> }, assemblyFormat: "$a (\`with\` \`[\` $rest^ \`:\` type($rest) \`]\`)? attr-dict \`:\` type($a)" }
  flagged: { summary: unit attribute, attributes: { fast: unit, level: { is: level, default: low } }, assemblyFormat: "(\`fast\` $fast^)? (\`level\` $level^)? attr-dict" }
  either:
    summary: else group
    operands: { a: optional<i32> }
    assemblyFormat: "(\`value\` $a^) : (\`nothing\`)? attr-dict"
  clauses:
    summary: clauses in any order
    operands: { a: optional<i32>, b: variadic<index> }
    attributes: { fast: unit }
    traits: [AttrSizedOperandSegments]
    assemblyFormat: "oilist(\`a\` \`(\` $a \`)\` | \`b\` $b | \`fast\` $fast) attr-dict"
  call:
    summary: functional type and successors
    operands: { args: variadic<any> }
    results: { outs: variadic<any> }
    attributes: { callee: flatSymbol, color: optional<color>, flags: optional<flags>, sizes: optional<denseI64> }
    assemblyFormat: "(\`color\` $color^)? (\`flags\` $flags^)? (\`sizes\` $sizes^)? $callee \`(\` $args \`)\` attr-dict-with-keyword \`:\` functional-type($args, results)"
  loop: { summary: regions, regions: { body: "sized<1>", rest: "variadic<any>" }, traits: [NoTerminator], assemblyFormat: "$body (\`then\` $rest^)? attr-dict" }
  infer: { summary: inference, operands: { a: any, b: any }, results: { r: any }, traits: [SameOperandsAndResultType], assemblyFormat: "$a \`,\` $b attr-dict \`:\` type($r)" }
  strict: { summary: named constraint, operands: { a: small }, results: { b: my.box<float> }, assemblyFormat: "operands attr-dict \`:\` type(operands) \`->\` type(results)" }
  props: { summary: properties, attributes: { n: "i64 >= 1" }, assemblyFormat: "prop-dict attr-dict" }
`;

async function myContext(): Promise<{ context: Context; messages: string[] }> {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  await loadDialectFile(DIALECT, 'my.yaml', context);
  const messages: string[] = [];
  context.addDiagnosticHandler(({ message }) => messages.push(message));
  return { context, messages };
}

const wrap = (body: string): string => `"test.wrap"() ({
^bb0(%a: i32, %b: index, %c: i8, %f: f32):
  ${body}
}) : () -> ()`;

test.each([
  'my.literal %a : i32',
  'my.literal %a with[%a, %b : i32, index] : i32',
  'my.flagged',
  'my.flagged fast',
  'my.flagged fast level high {x = 1 : i64}',
  'my.either value %a',
  'my.either nothing',
  'my.clauses a(%a) b %b, %b fast',
  'my.clauses',
  'my.clauses fast',
  '%0 = my.call @f(%a) : (i32) -> f32',
  '%0:2 = my.call color <red> flags a|c sizes [1, 2] @f() attributes {x} : () -> (f32, i1)',
  'my.call @f(%a, %b) : (i32, index) -> ()',
  '%0 = my.infer %a, %a : i32',
  '%0 = my.strict %c : i8 -> !my.box<4x?xf32>',
  '%0 = my.strict %c : i8 -> !my.box<f32, green note "x">',
  '"test.use"() {c = #my.config<size = 4, sizes = [1, 2], fast = true>} : () -> ()',
  '"test.use"() {c = #my.config<size = 4, sizes = [], fast = false, of = [i32, !my.unit]>} : () -> ()',
  '"test.use"() {c = #my.color<red>, t = !my.pair<i32, !my.pair<f32, !my.unit>>} : () -> ()',
])('%s', async (line) => {
  const { context, messages } = await myContext();
  const op = parseModule(new SourceFile('t.mlir', wrap(line)), context);
  expect(messages).toEqual([]);
  expect(verifyOperation(op!)).toBe(true);
  expect(printOperation(op!)).toContain(line);
  const generic = printOperation(op!, { generic: true });
  const again = parseModule(new SourceFile('t.mlir', generic), context)!;
  expect(printOperation(again, { generic: true })).toBe(generic);
});

test('regions', async () => {
  const { context, messages } = await myContext();
  const text =
    'my.loop {\n  "x"() : () -> ()\n} then {\n  "y"() : () -> ()\n}, {\n  "z"() : () -> ()\n}';
  const op = parseModule(new SourceFile('t.mlir', text), context)!;
  expect(messages).toEqual([]);
  expect(printOperation(op).replace(/^ {2}/gm, '')).toContain(text.split('\n')[0]);
  expect(printOperation(op)).toContain('} then {');
  expect(op.regions[0].entryBlock.firstOp!.regions).toHaveLength(3);
});

test.each([
  [
    'my.flagged level higher',
    "expected level to be one of: low, high, but got 'higher'; did you mean 'high'?",
  ],
  [
    'my.clauses fast fast',
    '`fast` clause can appear at most once in the expansion of the oilist directive',
  ],
  [
    '%0 = my.strict %a : i32 -> !my.box<f32>',
    "'my.strict' op operand #0 must be small integer, but got 'i32'",
  ],
  [
    '%0 = my.strict %c : i8 -> !my.box<i32>',
    "'my.strict' op result #0 must be a box of floating-point values, but got '!my.box<i32>'",
  ],
  [
    '"my.props"() {n = 0 : i64} : () -> ()',
    "'my.props' op attribute 'n' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1",
  ],
  ['"test.use"() {c = #my.config<size = 4, size = 5>} : () -> ()', "duplicate parameter 'size'"],
  [
    '"test.use"() {c = #my.config<sise = 4>} : () -> ()',
    "unknown parameter 'sise'; did you mean 'size'?",
  ],
  ['"test.use"() {c = #my.config<size = 4>} : () -> ()', "expected parameter 'sizes'"],
])('%s is refused', async (line, message) => {
  const { context, messages } = await myContext();
  const op = parseModule(new SourceFile('t.mlir', wrap(line)), context);
  if (op !== undefined) verifyOperation(op);
  expect(messages[0]).toBe(message);
});

test('a wrong file loads nothing and says where', async () => {
  const context = createContext();
  const load = loadDialectFile(
    'dialect: y\nsummary: s\noperations: { o: { summary: s, traits: [Pur] } }',
    'y.yaml',
    context,
  );
  await expect(load).rejects.toThrow(DiagnosticError);
  await expect(load).rejects.toThrow("unknown trait 'Pur'; did you mean 'Pure'?");
  expect(context.dialects.has('y')).toBe(false);
});

test('the file in docs/dialects.md loads and its examples hold', async () => {
  const text = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/dialects.md', 'utf8'))![1];
  const context = createContext();
  const dialect = await loadDialectFile(text, 'docs/dialects.md', context);
  const messages: string[] = [];
  context.addDiagnosticHandler(({ message }) => messages.push(message));
  for (const { example } of dialect.data.operations) {
    const op = parseModule(new SourceFile('t.mlir', example!), context);
    expect(messages).toEqual([]);
    expect(verifyOperation(op!)).toBe(true);
  }
});
