import { expect, test } from 'vitest';
import { generateDialects } from '../../src/dialects/tblgen/main.js';
import { renderDiagnostic } from '../../src/support/index.js';

/** Messages with their positions for a dialect whose operations are given. */
function messages(text: string): string[] {
  const { diagnostics, files } = generateDialects([{ fileName: 'dialects/x.yaml', text }]);
  if (diagnostics.length > 0) expect(files.size).toBe(0);
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic).split('\n')[0]);
}

const HEAD = 'dialect: x\nsummary: a test\n';
const operation = (body: string): string =>
  `${HEAD}operations:\n  op:\n    summary: an operation\n${body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

test('a right file has no messages', () => {
  expect(messages(operation('operands: { a: i32 }\nassemblyFormat: "$a attr-dict"'))).toEqual([]);
});

test.each([
  [
    'a key that does not exist',
    `${HEAD}operation: {}`,
    "3:1: error: unknown key 'operation' in the dialect; did you mean 'operations'?",
  ],
  ['no name', 'summary: a test', "1:1: error: the file has no 'dialect'"],
  [
    'not YAML',
    `${HEAD}operations: [`,
    '3:14: error: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'an empty storage',
    `${HEAD}enums:\n  e:\n    summary: e\n    storage: ""\n    cases: { a: 0 }`,
    "6:14: error: unknown storage ''; expected one of attribute, i32, i64, string",
  ],
  ['the same key twice', `${HEAD}summary: again`, '3:1: error: map keys must be unique'],
  [
    'an unknown operation key',
    operation('operand: { a: i32 }'),
    "6:5: error: unknown key 'operand' in operation 'op'; did you mean 'operands'?",
  ],
  [
    'an unknown type constraint',
    operation('operands: { a: indx }'),
    "6:20: error: unknown type constraint 'indx'; did you mean 'index'?",
  ],
  [
    'one inside a wrapper',
    operation('operands: { a: "variadic<memref<flot>>" }'),
    "6:37: error: unknown type constraint 'flot'; did you mean 'float'?",
  ],
  [
    'one of another dialect',
    operation('operands: { a: tile.shared }'),
    "6:20: error: unknown type constraint 'tile.shared'",
  ],
  [
    'a broken constraint',
    operation('operands: { a: "i32 |" }'),
    "6:26: error: expected '(', 'not', or a name but end of input found",
  ],
  [
    'an unknown attribute constraint',
    operation('attributes: { a: i64 and postive }'),
    "6:30: error: unknown attribute constraint 'postive'; did you mean 'positive'?",
  ],
  [
    'an unknown region constraint',
    operation('regions: { a: size<1> }'),
    "6:19: error: unknown region constraint 'size'; did you mean 'sized'?",
  ],
  [
    'an unknown trait',
    operation('traits: [Pur]'),
    "6:14: error: unknown trait 'Pur'; did you mean 'Pure'?",
  ],
  [
    'arguments for a trait that has none',
    operation('traits: [Pure<a>]'),
    "6:14: error: trait 'Pure' takes no arguments",
  ],
  [
    'too few arguments',
    operation('traits: [AllTypesMatch<a>]'),
    "6:14: error: trait 'AllTypesMatch' expects at least 2 arguments, but got 1",
  ],
  [
    'a trait of what is not there',
    operation('operands: { lhs: any, rhs: any }\ntraits: ["AllTypesMatch<lhs, rhss>"]'),
    "7:14: error: trait 'AllTypesMatch' names 'rhss', which is not an operand, result or attribute; did you mean 'rhs'?",
  ],
  [
    'an unknown transform',
    operation('operands: { a: any, b: any }\ntraits: ["TypesMatchWith<a, b, elemenType>"]'),
    "7:14: error: unknown type transform 'elemenType'; did you mean 'elementType'?",
  ],
  [
    'an unknown interface',
    operation('interfaces: [LoopLike]'),
    "4:3: error: unknown interface 'LoopLike'",
  ],
  [
    'an unknown effect',
    operation('effects: [reads]'),
    "6:15: error: unknown effect 'reads'; did you mean 'read'?; effects are read, write, allocate, free",
  ],
  [
    'a default that is none',
    operation('attributes: { a: { is: i64, default: many } }'),
    "6:42: error: 'many' is not a default for a 64-bit signless integer attribute",
  ],
  [
    'a name used twice',
    operation('operands: { a: i32 }\nattributes: { a: i64 }'),
    "7:19: error: 'a' is already declared in 'operands'",
  ],
  [
    'an unknown storage',
    `${HEAD}enums:\n  e:\n    summary: an enum\n    storage: i16\n    cases: { a: 0 }`,
    "6:14: error: unknown storage 'i16'; expected one of attribute, i32, i64, string",
  ],
  [
    'a case that is no number',
    `${HEAD}enums:\n  e:\n    summary: an enum\n    storage: i32\n    cases: { a: one }`,
    "7:17: error: expected the value of case 'a' to be an integer",
  ],
  [
    'an unknown parameter kind',
    `${HEAD}types:\n  t:\n    summary: a type\n    parameters: { n: integr }`,
    "6:22: error: unknown parameter kind 'integr'; did you mean 'integer'?",
  ],
  [
    'a type format without a parameter',
    `${HEAD}types:\n  t:\n    summary: a type\n    parameters: { n: integer }\n    assemblyFormat: "\`<\` \`>\`"`,
    "7:22: error: format is missing reference to parameter 'n'",
  ],
  ['an unknown dialect', `${HEAD}dependsOn: [y]`, "3:13: error: unknown dialect 'y'"],
])('%s', (_, text, expected) => {
  expect(messages(text)).toContain(`dialects/x.yaml:${expected}`);
});

test.each([
  [
    'an unknown name',
    '$b attr-dict',
    "6:22: error: expected variable to refer to an argument, region, result, or successor, but got 'b'; did you mean 'a'?",
  ],
  [
    'a missing operand',
    'attr-dict',
    "6:22: error: operand #0, named 'a', not found; suggest adding a '$a' directive to the custom assembly format",
  ],
  [
    'no attributes',
    '$a `:` type($a)',
    "6:22: error: 'attr-dict' directive not found in custom assembly format",
  ],
  [
    'attributes twice',
    '$a attr-dict attr-dict `:` type($a)',
    "6:35: error: 'attr-dict' directive has already been seen",
  ],
  [
    'a type that nothing tells',
    '$a attr-dict',
    "6:22: error: type of operand #0, named 'a', is not buildable and a buildable type cannot be inferred; suggest adding a 'type($a)' directive to the custom assembly format",
  ],
  ['an operand twice', '$a $a attr-dict `:` type($a)', "6:25: error: 'a' is already bound"],
  [
    'a type twice',
    '$a attr-dict `:` type($a) type($a)',
    "6:53: error: 'type' of 'a' is already bound",
  ],
  [
    'a bad literal',
    '$a `1x` attr-dict `:` type($a)',
    "6:25: error: expected valid literal but got '1x': must be a keyword or punctuation",
  ],
  [
    'a group without an anchor',
    '($a)? attr-dict `:` type($a)',
    "6:22: error: optional group has no anchor element: mark one with '^'",
  ],
  [
    'an anchor that is always there',
    '(`x` $a^)? attr-dict `:` type($a)',
    '6:27: error: only variable length operands can be used to anchor an optional group',
  ],
  ['an unknown directive', '$a attr-dct `:` type($a)', "6:25: error: unknown directive 'attr-dct'"],
  ['no end', '$a attr-dict `:` type($a', "6:46: error: expected ')' but end of input found"],
])('format: %s', (_, format, expected) => {
  const text = operation(`assemblyFormat: ${JSON.stringify(format)}\noperands: { a: any }`);
  const found = messages(text);
  expect(found).toContain(`dialects/x.yaml:${expected}`);
});

test('a position inside a block of lines', () => {
  const text = operation('operands: { a: i32 }\nassemblyFormat: |\n  $a\n  `to` $b attr-dict');
  expect(messages(text)).toEqual([
    "dialects/x.yaml:9:12: error: expected variable to refer to an argument, region, result, or successor, but got 'b'; did you mean 'a'?",
  ]);
});

test.each([
  [
    'a name of a pass',
    'Bad_Name: { summary: a }',
    "4:3: error: 'Bad_Name' is not a valid name for a pass: expected kebab-case",
  ],
  ['a pass without a summary', 'p: {}', "4:3: error: pass 'p' has no 'summary'"],
  [
    'an unknown key of a pass',
    'p: { summary: a, option: {} }',
    "4:20: error: unknown key 'option' in pass 'p'; did you mean 'options'?",
  ],
  [
    'an unknown pattern of a pass',
    'p: { summary: a, patterns: [q] }',
    "4:31: error: the file has no pattern 'q'",
  ],
  [
    'an unknown type of an option',
    'p: { summary: a, options: { o: { type: bolean, summary: o } } }',
    "4:42: error: unknown type 'bolean'; did you mean 'boolean'?; expected one of boolean, integer, string, list, enum",
  ],
  [
    'a default of another type',
    'p: { summary: a, options: { o: { type: integer, default: x, summary: o } } }',
    "4:60: error: expected 'default' to be an integer",
  ],
  [
    'a default that is no case',
    'p: { summary: a, options: { o: { type: enum, cases: [a, b], default: c, summary: o } } }',
    "4:72: error: expected 'default' to be one of a, b, found 'c'",
  ],
  [
    'an enum without cases',
    'p: { summary: a, options: { o: { type: enum, summary: o } } }',
    "4:31: error: option 'o' has no 'cases'",
  ],
  [
    'bounds of a text',
    'p: { summary: a, options: { o: { type: string, minimum: 1, summary: o } } }',
    "4:59: error: 'minimum' belongs to options of type 'integer'",
  ],
  [
    'a default of a list',
    'p: { summary: a, options: { o: { type: list, default: a, summary: o } } }',
    "4:57: error: a list has no 'default': it is empty where the option is not given",
  ],
])('%s', (_, pass, message) => {
  expect(messages(`${HEAD}passes:\n  ${pass}`)).toEqual([`dialects/x.yaml:${message}`]);
});
