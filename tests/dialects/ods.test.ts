/** What ODS can say of operations, said in YAML: constraints, traits, lists of lists, properties. */

import { expect, test } from 'vitest';
import { createContext, type DialectHooks } from '../../src/dialects/index.js';
import { loadDialect } from '../../src/dialects/load.js';
import { generateDialects } from '../../src/dialects/tblgen/main.js';
import { printOperation, verifyOperation, type Context } from '../../src/ir/index.js';
import { DiagnosticError, SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';
import { hasMlirOpt, mlirOpt } from './helpers.js';

const DIALECT = `
dialect: ods
summary: constraints and traits
enums:
  mode: { summary: a mode, storage: i32, cases: { slow: 0, fast: 1 } }
operations:
  nth:
    summary: elements by position
    attributes:
      a: "optional<array and nthEquals<0, 4>>"
      b: "optional<denseI64 and nthMin<1, 2> and nthMax<2, 9>>"
      c: "optional<array<i64> and minCount<1> and nthInRange<0, -1, 1>>"
  is: { summary: types, operands: { x: any, y: any }, traits: ["TypeIs<x, f32 | memref<f32, 1>>", "ElementTypeIs<y, i8>"] }
  ranged:
    summary: types of several operands from those of others
    operands: { a: variadic<any> }
    results: { r: variadic<any> }
    traits: ['RangedTypesMatchWith<a, r, i1SameShape, "results are masks of the operands">']
    assemblyFormat: "$a attr-dict (\`:\` type($a)^)?"
  called:
    summary: types of operands from a type
    operands: { args: variadic<any> }
    results: { outs: variadic<any> }
    attributes: { signature: typeOf<function> }
    traits:
      - 'RangedTypesMatchWith<signature, args, functionInputs>'
      - 'RangedTypesMatchWith<signature, outs, functionResults>'
    assemblyFormat: "\`(\` $args \`)\` \`:\` $signature attr-dict"
  pred: { summary: a predicate, operands: { a: any, b: any }, traits: ['PredOpTrait<"\`a\` is wider than \`b\`", isWider>'] }
  inside: { summary: below a loop, traits: ["HasAncestor<scf.for, scf.while>"] }
  graph: { summary: a graph, regions: { body: any }, traits: [GraphRegionNoTerminator], assemblyFormat: "$body attr-dict" }
  elementwise: { summary: elementwise, operands: { a: variadic<any> }, results: { r: variadic<any> }, traits: [ElementwiseMappable] }
  broadcast: { summary: broadcast, operands: { a: variadic<tensor> }, results: { r: tensor }, traits: [ResultsBroadcastableShape] }
  floats: { summary: floats, results: { r: variadic<any> }, traits: [ResultsAreFloatLike] }
  derived:
    summary: the type of the first attribute
    results: { r: any }
    attributes: { value: typed }
    traits: [FirstAttrDerivedResultType]
    assemblyFormat: "$value attr-dict"
  lists:
    summary: lists of lists
    operands: { first: variadic<any>, groups: "variadicOfVariadic<any, sizes>" }
    attributes: { sizes: denseI32 }
    traits: [AttrSizedOperandSegments]
    assemblyFormat: "$first (\`groups\` $groups^ \`:\` type($groups))? attr-dict (\`:\` type($first)^)?"
  props:
    summary: plain values
    properties:
      count: "i64 >= 1"
      name: { is: string, default: '"none"' }
      sizes: array<i64>
      tags: "optional<array<string>>"
      fast: unit
      mode: { is: mode, default: slow }
    assemblyFormat: "\`count\` $count $sizes prop-dict attr-dict"
`;

const hooks: DialectHooks = {
  predicates: {
    isWider: (op) => {
      const [a, b] = op.operands.map(({ type }) => Number(/\d+/.exec(type.toString())));
      return a > b;
    },
  },
};

function odsContext(): { readonly context: Context; readonly messages: string[] } {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  loadDialect(DIALECT, 'ods.yaml', context, hooks);
  const messages: string[] = [];
  context.addDiagnosticHandler(({ message }) => messages.push(message));
  return { context, messages };
}

const wrap = (body: string): string => `"test.wrap"() ({
^bb0(%i: i32, %b: i8, %f: f32, %m: memref<4xf32>, %t: tensor<4xi8>, %u: tensor<4x1xi32>, %v: tensor<?x3xi32>, %x: index):
  ${body}
}) : () -> ()`;

/** The first message about a program. */
function firstMessage(body: string): string | undefined {
  const { context, messages } = odsContext();
  const op = parseModule(new SourceFile('t.mlir', wrap(body)), context);
  if (op !== undefined) verifyOperation(op);
  return messages[0];
}

test.each([
  'ods.called(%i, %f) : (i32, f32) -> ()',
  '%0:2 = ods.called(%i) : (i32) -> (f32, i1)',
  '%0:2 = ods.ranged %i, %u : i32, tensor<4x1xi32>',
  'ods.ranged',
  '%0 = ods.derived 1 : i32',
  '%0 = ods.derived dense<1.000000e+00> : tensor<2xf32>',
  'ods.lists groups (%i, %b), (), (%f) : (i32, i8), (), (f32)',
  'ods.lists %i groups (%b) : (i8) : i32',
  'ods.lists %i, %i : i32, i32',
  'ods.lists',
])('%s', (line) => {
  const { context, messages } = odsContext();
  const op = parseModule(new SourceFile('t.mlir', wrap(line)), context);
  expect(messages).toEqual([]);
  expect(verifyOperation(op!)).toBe(true);
  expect(printOperation(op!)).toContain(line);
  const generic = printOperation(op!, { generic: true });
  const again = parseModule(new SourceFile('t.mlir', generic), context)!;
  expect(messages).toEqual([]);
  expect(printOperation(again)).toContain(line);
});

test('properties are written by the format, by prop-dict and in generic form', () => {
  const { context, messages } = odsContext();
  const parse = (text: string) => parseModule(new SourceFile('t.mlir', wrap(text)), context)!;
  const op = parse('ods.props count 3 [1, 2] <{tags = ["a", "b"], fast, name = "x"}> {other}');
  expect(messages).toEqual([]);
  expect(verifyOperation(op)).toBe(true);
  expect(printOperation(op)).toContain('ods.props count 3 [1, 2] <{');
  const generic = printOperation(op, { generic: true });
  expect(generic).toContain('count = 3 : i64');
  expect(generic).toContain('mode = 0 : i32');
  expect(generic).toContain('sizes = array<i64: 1, 2>');
  expect(generic).toContain('}> {other} :');
  expect(printOperation(parse(printOperation(op)), { generic: true })).toContain(
    'tags = ["a", "b"]',
  );
});

test('an operation below a loop, at any depth', () => {
  const loop = (body: string): string =>
    firstMessage(`scf.for %j = %x to %x step %x { "test.deeper"() ({ ${body} }) : () -> () }`) ??
    '';
  expect(loop('"ods.inside"() : () -> ()')).toBe('');
  expect(firstMessage('"ods.inside"() : () -> ()')).toBe(
    "'ods.inside' op expects ancestor op to be one of 'scf.for, scf.while'",
  );
});

test('graph regions need no terminator and no order', () => {
  expect(
    firstMessage(
      'ods.graph { "test.use"(%later) : (i32) -> ()\n %later = "test.make"() : () -> i32 }',
    ),
  ).toBeUndefined();
  expect(firstMessage('ods.graph { ^a: ^b: }')).toBe(
    "'ods.graph' op expects region #0 to have 0 or 1 blocks",
  );
});

test.each([
  [
    '"ods.nth"() <{a = [3]}> : () -> ()',
    "'ods.nth' op attribute 'a' failed to satisfy constraint: array attribute whose 0-th element must be 4",
  ],
  [
    '"ods.nth"() <{a = []}> : () -> ()',
    "'ods.nth' op attribute 'a' failed to satisfy constraint: array attribute whose 0-th element must be 4",
  ],
  [
    '"ods.nth"() <{b = array<i64: 0, 1, 3>}> : () -> ()',
    "'ods.nth' op attribute 'b' failed to satisfy constraint: i64 dense array attribute whose 1-th element must be at least 2 whose 2-th element must be at most 9",
  ],
  [
    '"ods.nth"() <{c = [2]}> : () -> ()',
    "'ods.nth' op attribute 'c' failed to satisfy constraint: 64-bit integer array attribute with at least 1 elements whose 0-th element must be at least -1 and at most 1",
  ],
  [
    '"ods.is"(%i, %b) : (i32, i8) -> ()',
    "'ods.is' op failed to verify that 'x' is 32-bit float or 1D memref of 32-bit float values",
  ],
  [
    '"ods.is"(%f, %u) : (f32, tensor<4x1xi32>) -> ()',
    "'ods.is' op failed to verify that 'y' is 8-bit signless integer",
  ],
  [
    '%0 = "ods.ranged"(%i, %f) : (i32, f32) -> i1',
    "'ods.ranged' op failed to verify that results are masks of the operands",
  ],
  [
    '"ods.called"(%i) <{signature = (f32) -> ()}> : (i32) -> ()',
    "'ods.called' op failed to verify that types of 'args' are functionInputs of the types of 'signature'",
  ],
  [
    '"ods.pred"(%b, %i) : (i8, i32) -> ()',
    "'ods.pred' op failed to verify that `a` is wider than `b`",
  ],
  ['%0 = "ods.floats"() : () -> i32', "'ods.floats' op requires a float type"],
  [
    '"ods.lists"(%i) <{operandSegmentSizes = array<i32: 0, 1>, sizes = array<i32: 1, 1>}> : (i32) -> ()',
    "'ods.lists' op number of operands in 'groups' (1) does not match with the total size (2) specified in attribute 'sizes'",
  ],
  [
    'ods.props count 0 []',
    "'ods.props' op attribute 'count' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 1",
  ],
])('%s', (line, message) => {
  expect(firstMessage(line)).toBe(message);
});

test.each([
  ['"ods.is"(%f, %t) : (f32, tensor<4xi8>) -> ()'],
  ['"ods.is"(%m, %b) : (memref<4xf32>, i8) -> ()'],
  ['"ods.pred"(%i, %b) : (i32, i8) -> ()'],
  ['"ods.nth"() <{a = [4], b = array<i64: 0, 2, 9>, c = [1]}> : () -> ()'],
])('%s is right', (line) => {
  expect(firstMessage(line)).toBeUndefined();
});

/** Programs with an operation of the reference tool's tests and ours with the same traits. */
const SHAPES = [
  ['(%t) : (tensor<4xi8>) -> i8', 'elementwise'],
  ['(%b) : (i8) -> tensor<4xi8>', 'elementwise'],
  ['(%t, %v) : (tensor<4xi8>, tensor<?x3xi32>) -> tensor<4xi8>', 'elementwise'],
  ['(%t, %b) : (tensor<4xi8>, i8) -> tensor<4xi32>', 'elementwise'],
  ['(%u, %v) : (tensor<4x1xi32>, tensor<?x3xi32>) -> tensor<4x3xi32>', 'broadcast'],
  ['(%u, %v) : (tensor<4x1xi32>, tensor<?x3xi32>) -> tensor<4x5xi32>', 'broadcast'],
  ['(%v, %t) : (tensor<?x3xi32>, tensor<4xi8>) -> tensor<4x4xi32>', 'broadcast'],
  ['(%u) : (tensor<4x1xi32>) -> tensor<7x4x?xi32>', 'broadcast'],
  ['(%u) : (tensor<4x1xi32>) -> tensor<4xi32>', 'broadcast'],
] as const;
const REFERENCE = { elementwise: 'elementwise_mappable', broadcast: 'broadcastable' } as const;

test.runIf(hasMlirOpt).each(SHAPES)('%s of %s as in the reference tool', (rest, kind) => {
  const ours = firstMessage(`%0 = "ods.${kind}"${rest}`);
  const name = `test.${REFERENCE[kind]}`;
  const { stderr } = mlirOpt(wrap(`%0 = "${name}"${rest}`), '--mlir-print-op-on-diagnostic=false');
  const theirs = /error: (.*)/.exec(stderr)?.[1];
  expect(ours?.replace(`ods.${kind}`, name)).toBe(theirs);
});

test('accessors and builders of properties deal in plain values', () => {
  const { files, diagnostics } = generateDialects([
    { fileName: 'dialects/ods.yaml', text: DIALECT },
  ]);
  expect(diagnostics).toEqual([]);
  const text = files.get('ods.ts')!;
  for (const line of [
    'get count(): bigint {',
    'set count(value: bigint | number) {',
    'get name(): string {',
    'get sizes(): readonly number[] {',
    'get tags(): readonly string[] | undefined {',
    'get fast(): boolean {',
    'get mode(): OdsMode {',
    'get groups(): Value[][] {',
  ])
    expect(text).toContain(line);
  expect(text).toMatch(/build\(builder: Builder, args: \{ readonly count: bigint \| number;/);
});

const operation = (text: string): string =>
  `dialect: z\nsummary: s\noperations:\n  o: { summary: s, ${text} }\n`;

test.each([
  [
    'attributes: { a: "array and nthMin<1>" }',
    "'nthMin' expects a position and a number: nthMin<0, 4>",
  ],
  [
    'operands: { a: any }, traits: ["TypeIs<a, flot>"]',
    "unknown type constraint 'flot'; did you mean 'float'?",
  ],
  [
    'operands: { a: any }, traits: ["TypeIs<b, f32>"]',
    "trait 'TypeIs' names 'b', which is not an operand, result or attribute",
  ],
  ['operands: { a: any }, traits: ["RangedTypesMatchWith<a, a, functionResult>"]', undefined],
  [
    'operands: { a: any }, traits: ["RangedTypesMatchWith<a, a, functionInput>"]',
    "unknown type transform 'functionInput'; did you mean 'functionInputs'?",
  ],
  [
    'traits: [\'PredOpTrait<"x", isWide>\']',
    "unknown predicate 'isWide'; did you mean 'isWider'?: the hooks of the dialect define none of that name",
  ],
  [
    'operands: { a: "variadicOfVariadic<any, sizes>" }',
    "expected attribute 'sizes' with the lengths of the lists in 'a': declare it as 'denseI32'",
  ],
  [
    'properties: { p: symbol }',
    'expected a property to be a number, bool, unit, string, enum or an array of them, but got symbol reference attribute',
  ],
  [
    'properties: { p: { is: i64, default: x } }',
    "'x' is not a default for a 64-bit signless integer attribute",
  ],
])('%s', (text, message) => {
  const load = (): unknown => loadDialect(operation(text), 'z.yaml', createContext(), hooks);
  if (message === undefined) expect(load).not.toThrow();
  else {
    expect(load).toThrow(DiagnosticError);
    expect(load).toThrow(message);
  }
});
