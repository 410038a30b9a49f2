/** Malformed texts: each gives these messages at these places, and nothing else. */

import { describe, expect, test } from 'vitest';
import { Context } from '../../src/ir/index.js';
import { parseAttribute, parseType } from '../../src/syntax/index.js';
import type { Diagnostic } from '../../src/support/index.js';
import { parseErrors } from './test-dialects.js';

/** A text and its diagnostics as `line:column: message`, notes marked. */
type Case = readonly [text: string, ...diagnostics: string[]];

function parseErrorEach(cases: readonly Case[], allowUnregistered = true): void {
  for (const [text, ...expected] of cases) {
    test(text, () => {
      expect(parseErrors(text, allowUnregistered)).toEqual(expected);
    });
  }
}

describe('operations', () => {
  parseErrorEach([
    ['}', '1:1: expected operation name in quotes'],
    ['@foo', '1:1: expected operation name in quotes'],
    ['$', '1:1: unexpected character'],
    ['"" () : () -> ()', '1:1: empty operation name is invalid'],
    ['%x "a"() : () -> ()', "1:3: expected '=' after SSA name"],
    ['%x = %y', '1:5: expected operation name in quotes'],
    ['%x:a = "a"() : () -> i32', '1:4: expected integer number of results'],
    ['%x:0 = "a"() : () -> ()', '1:4: expected named operation to have at least 1 result'],
    ['%x = "a.b"() : () -> ()', '1:1: cannot name an operation with no results'],
    ['%x:2 = "a.b"() : () -> (i32)', '1:1: operation defines 1 results but was provided 2 to bind'],
    ['"a.b"()\n"a.c"() : () -> ()', "1:8: expected ':' followed by operation type"],
    ['"a.b"() : () -> (i32', "1:21: expected ')'"],
    ['"a.b"() : ', '1:10: expected non-function type'],
    ['"a.b"() : i32', '1:11: expected function type'],
    ['"a.b"(%x) : () -> ()', '1:13: expected 1 operand type  but had 0'],
    ['"a.b"(%x, %y) : (i32) -> ()', '1:17: expected 2 operand types but had 1'],
    ['"a.b"() <{a = 1} : () -> ()', "1:17: expected '>' to close properties"],
    ['"a.b"() ({', '1:11: expected operation name in quotes'],
    ['"a.b"() ({ }', "1:13: expected ')' to end region list"],
    ['"a.b"() {1} : () -> ()', '1:10: expected attribute name'],
    ['"a.b"() {a b} : () -> ()', "1:11: expected '}' in attribute dictionary"],
    ['"a.b"() {a = 1, a = 2} : () -> ()', "1:17: duplicate key 'a' in dictionary attribute"],
  ]);
});

describe('names of operations and dialects', () => {
  parseErrorEach(
    [
      [
        'func.func @f() { retrn }',
        "1:18: custom op 'retrn' is unknown (tried 'func.retrn' as well)",
        "1:18: note: did you mean 'return'?",
      ],
      [
        '"builtin.module"() ({ return }) : () -> ()',
        "1:23: custom op 'return' is unknown (tried 'builtin.return' as well)",
        "1:23: note: did you mean 'func.return'?",
      ],
      [
        'aritt.addi',
        "1:1: Dialect `aritt' not found for custom op 'aritt.addi' ",
        "1:1: note: did you mean 'arith'?",
        '1:1: note: Registered dialects: arith, builtin, cf, func, t',
      ],
      [
        'arith.adi',
        "1:1: custom op 'arith.adi' is unknown",
        "1:1: note: did you mean 'arith.addi'?",
      ],
      ['t.end', "1:1: custom op 't.end' has no custom form: expected the generic form"],
      [
        '"foo.bar"() : () -> ()',
        '1:1: operation being parsed with an unregistered dialect. If this is intended, please use -allow-unregistered-dialect with the MLIR tool used',
      ],
      [
        '"arith.zzzzzz"() : () -> ()',
        "1:1: unregistered operation 'arith.zzzzzz' found in dialect ('arith') that does not allow unknown operations",
      ],
      [
        '"t.end"() {a = !b.c} : () -> ()',
        '1:19: `!"b"<"c">` type created with unregistered dialect. If this is intended, please call allowUnregisteredDialects() on the MLIRContext, or use -allow-unregistered-dialect with the MLIR opt tool used',
      ],
      [
        '"t.end"() {a = #b.c} : () -> ()',
        '1:19: #"b"<"c"> : \'none\' attribute created with unregistered dialect. If this is intended, please call allowUnregisteredDialects() on the MLIRContext, or use -allow-unregistered-dialect with the MLIR opt tool used',
      ],
      [
        '"t.end"() {a = !arith.c} : () -> ()',
        "1:23: dialect 'arith' provides no type parsing hook",
      ],
      [
        '"t.end"() {a = !t.tle<1xf32>} : () -> ()',
        '1:19: unknown  type `tle` in dialect `t`',
        "1:19: note: did you mean 'tile'?",
      ],
      ['"t.end"() {a = !t.tile<1x1x1x1xf32>} : () -> ()', '1:16: a tile has at most 3 dimensions'],
    ],
    false,
  );
});

describe('values and blocks', () => {
  parseErrorEach([
    ['"a.b"(%x) : (i32) -> ()', '1:7: use of undeclared SSA value name'],
    [
      '%x = "a.b"() : () -> (i32) %x = "a.b"() : () -> (i32)',
      "1:28: redefinition of SSA value '%x'",
      '1:1: note: previously defined here',
    ],
    [
      '%x = "a.b"() : () -> (i32) "a.b"(%x) : (f32) -> ()',
      "1:34: use of value '%x' expects different type than prior uses: 'f32' vs 'i32'",
      '1:1: note: prior use here',
    ],
    [
      '"a.b"(%x) : (f32) -> () %x = "a.b"() : () -> (i32)',
      "1:25: definition of SSA value '%x#0' has type 'i32'",
      "1:7: note: previously used here with type 'f32'",
    ],
    [
      '"a.b"(%x#1) : (f32) -> () %x = "a.b"() : () -> (f32)',
      '1:7: use of undeclared SSA value name',
    ],
    [
      '%x = "a.b"() : () -> (f32) "a.b"(%x#1) : (f32) -> ()',
      '1:34: reference to invalid result number',
    ],
    ['"a.b"()[^x] : () -> ()', '1:9: reference to an undefined block'],
    [
      '"a.b"() ({ ^x: "a.b"() : () -> () ^x: "a.c"() : () -> () }) : () -> ()',
      "1:35: redefinition of block '^x'",
    ],
    ['"a.b"() ({ ^x "a.b"() : () -> () }) : () -> ()', "1:14: expected ':' after block name"],
    ['"a.b"() ({ ^x(%a): }) : () -> ()', "1:17: expected ':' and type for SSA operand"],
    [
      '"a.b"() ({ ^x(%a: i32, %a: i32): }) : () -> ()',
      "1:24: redefinition of SSA value '%a'",
      '1:15: note: previously defined here',
    ],
    [
      'func.func @f(%a: i32, %a : i32) { return }',
      "1:23: region entry argument '%a' is already in use",
      '1:14: note: previously referenced here',
    ],
    [
      'func.func @f(%a: i32) { ^bb(%c: i32): return }',
      '1:25: invalid block name in region with named arguments',
    ],
    // Names do not reach into an operation that is isolated from above.
    [
      'func.func @f(%a: i32) { module { "x.y"(%a) : (i32) -> () } return }',
      "1:25: custom op 'module' is unknown (tried 'func.module' as well)",
      "1:25: note: did you mean 'builtin.module'?",
    ],
    [
      'func.func @f(%a: i32) { builtin.module { "x.y"(%a) : (i32) -> () } return }',
      '1:48: use of undeclared SSA value name',
    ],
  ]);
});

describe('aliases, locations and metadata', () => {
  parseErrorEach([
    ['#a = 1\n#a = 2', "2:1: redefinition of attribute alias id 'a'"],
    ['!a = i32\n!a = i32', "2:1: redefinition of type alias id 'a'"],
    ['#a.b = 1', "1:1: attribute names with a '.' are reserved for dialect-defined names"],
    ['!a.b = i32', "1:1: type names with a '.' are reserved for dialect-defined names"],
    ['!a = type i32', '1:5: expected non-function type'],
    ['"a.b"() {a = #b} : () -> ()', "1:14: undefined symbol alias id 'b'"],
    ['"a.b"() {a = !b} : () -> ()', "1:14: undefined symbol alias id 'b'"],
    ['"a.b"() : () -> () loc(', '1:24: expected location instance'],
    ['"a.b"() : () -> () loc("x":1', "1:29: expected ':' in FileLineColLoc"],
    ['"a.b"() : () -> () loc("x":1:)', '1:30: expected integer column number in FileLineColLoc'],
    ['"a.b"() : () -> () loc("x"', "1:27: expected ')' in location"],
    ['"a.b"() : () -> () loc(callsite("x" "y"))', "1:36: expected 'at' in callsite location"],
    ['"a.b"() : () -> () loc(fused["x" "y"])', "1:33: expected ']' in fused location"],
    ['"a.b"() : () -> () loc(#foo)', '1:24: operation location alias was never defined'],
    [
      '"a.b"() : () -> () loc(#a)\n#a = loc("x"(#a))',
      '2:14: operation location alias was never defined',
    ],
    ['{-# foo: {} #-}', "1:5: unknown key 'foo' in file metadata dictionary"],
  ]);
});

describe('recovery', () => {
  test('several errors in one run, none of them a consequence of another', () => {
    const text = `#bad = dense<
func.func @f() {
  %a = arith.constant 1 :
  %b = arith.addi %a, %a : i32
  %c = arith.addi %b, %zz : i32
  "x.y"(%c {
    "not.reported"(
  }
  %d = arith.addi %c %c : i32
  arith.addi %d, %d {x = #bad} : f32
  return
}
func.func @g() { return }
func.func @h( {
  "not.reported"(
}
module { foo.bar }
`;
    expect(parseErrors(text).filter((line) => !line.includes('note:'))).toEqual([
      '1:14: expected element literal of primitive type',
      '3:26: expected non-function type',
      "6:11: expected ')' to end operand list",
      "9:21: expected ','",
      '5:23: use of undeclared SSA value name',
      '14:14: expected SSA operand',
      "17:10: Dialect `foo' not found for custom op 'foo.bar' ",
    ]);
  });

  test('a file full of errors is given up after 20', () => {
    expect(parseErrors('"a.b"( : () -> ()\n'.repeat(100))).toHaveLength(20);
  });

  test('a missing brace is one error at the end', () => {
    expect(parseErrors('func.func @g() {\n  return\n')).toEqual([
      '2:9: expected operation name in quotes',
    ]);
  });
});

/** Message and column of the only error in a type or attribute. */
function errorsIn(text: string): string[] {
  const context = new Context();
  context.allowUnregisteredDialects = true;
  const diagnostics: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => diagnostics.push(diagnostic));
  parseAttribute(text, context);
  return diagnostics.map(({ message, position }) => {
    const start = position !== undefined && 'start' in position ? position.start : -1;
    return `${start + 1}: ${message}`;
  });
}

/** Texts with the column (from 1) and message of their error, as mlir-opt words it. */
const TYPES_AND_ATTRIBUTES: readonly (readonly [string, string])[] = [
  ['memref', "7: expected '<' in memref type"],
  ['memref<', '8: expected non-function type'],
  ['memref<4', "9: expected 'x' in dimension list"],
  ['memref<4x', '10: expected non-function type'],
  ['memref<4xf32', "13: expected ',' or '>' in memref type"],
  ['memref<4xf32,', '14: expected attribute value'],
  ['memref<4xf32, 1 2>', "16: expected ',' or '>'"],
  ['memref<4xq32>', '10: expected non-function type'],
  ['memref<-1xf32>', '8: expected non-function type'],
  ['memref<4x4>', "11: expected 'x' in dimension list"],
  ['memref<4xtuple<>>', '10: invalid memref element type'],
  [
    'memref<4xf32, affine_map<(d0,d1) -> (d0)>>',
    '1: memref layout mismatch between rank and affine map: 1 != 2',
  ],
  ['memref<4xf32, 1, 2>', '18: multiple memory spaces specified in memref type'],
  ['memref<4xf32, strided<[1,1]>>', '1: expected the number of strides to match the rank'],
  ['tensor', "7: expected '<' in tensor type"],
  ['tensor<4xf32', "13: expected '>' in tensor type"],
  ['tensor<4xmemref<4xf32>>', '10: invalid tensor element type'],
  ['tensor<*x', '10: expected non-function type'],
  ['vector<4xf32', "13: expected '>' in vector type"],
  ['vector<0xf32>', '8: vector types must have positive constant sizes'],
  ['vector<?xf32>', '8: expected non-function type'],
  ['vector<4xmemref<f32>>', '10: vector elements must be int/index/float type'],
  ['vector<[4xf32>', "10: missing ']' closing scalable dimension"],
  ['complex<index>', '9: invalid element type for complex'],
  ['complex<f32', "12: expected '>' in complex type"],
  ['tuple<i32 i32>', "10: expected '>' in tuple type"],
  ['i16777216', '1: integer bitwidth is limited to 16777215 bits'],
  ['(i32) -', "6: expected '->' in function type"],
  ['(i32', "5: expected ')'"],
  ['foo', '1: expected attribute value'],
  ['dense', "6: expected '<' after 'dense'"],
  ['dense<]', '7: expected element literal of primitive type'],
  ['dense<1', "8: expected '>'"],
  ['dense<1>', "9: expected ':'"],
  ['dense<1> : i32', '15: elements literal must be a shaped type'],
  ['dense<1> : tensor<?xi32>', '25: elements literal type must have static shape'],
  [
    'dense<[1,2]> : tensor<3xi32>',
    '14: inferred shape of elements literal ([2]) does not match type ([3])',
  ],
  [
    'dense<[[1],2]> : tensor<2x1xi32>',
    '12: tensor literal is invalid; ranks are not consistent between elements',
  ],
  ['dense<[1, 2.0]> : tensor<2xi32>', '11: expected integer elements, but parsed floating-point'],
  ['dense<2> : tensor<2xf32>', '7: expected floating-point elements, but parsed integer'],
  ['dense<300> : tensor<2xi8>', '7: integer constant out of range for type'],
  ['dense<"zz"> : tensor<2xi8>', '7: expected string containing hex digits starting with `0x`'],
  ['dense<true> : tensor<2xi8>', "7: expected i1 type for 'true' or 'false' values"],
  [
    'dense<> : tensor<1xi32>',
    "9: parsed zero elements, but type ('tensor<1xi32>') expected at least 1",
  ],
  ['array', "6: expected '<' after 'array'"],
  ['array<i32', "10: expected ':' after dense array type"],
  ['array<i32:]', '11: expected integer literal'],
  ['array<i32: 1 2>', "13: expected '>' to close an array attribute"],
  ['array<f32: 1>', '12: unexpected decimal integer literal for a floating point value'],
  ['array<i8: 300>', '11: integer constant out of range'],
  ['affine_map<', "12: expected '(' in dimensional identifier list"],
  ['affine_map<(d0)', "16: expected '->' or ':'"],
  ['affine_map<(d0) -> ', "19: expected '(' in affine map range"],
  ['affine_map<(d0) -> (d1)>', '21: use of undeclared identifier'],
  ['affine_map<(d0, d0) -> (d0)>', "17: redefinition of identifier 'd0'"],
  [
    'affine_map<(d0, d1) -> (d0 * d1)>',
    '28: non-affine expression: at least one of the multiply operands has to be either a constant or symbolic',
  ],
  [
    'affine_map<(d0, d1) -> (d0 mod d1)>',
    '28: non-affine expression: right operand of mod has to be either a constant or symbolic',
  ],
  ['affine_map<(d0) -> (d0 +)>', '25: missing right operand of binary operator'],
  ['affine_map<(d0) -> (+ d0)>', '21: missing left operand of binary operator'],
  ['affine_map<(4) -> (d0)>', '13: expected bare identifier'],
  ['affine_map<(d0)[s0 -> (d0)>', "19: expected ']' in symbol list"],
  ['affine_map<(d0) : (d0 >= 0)>', '12: expected AffineMap, but got IntegerSet'],
  ['affine_set<(d0) -> (d0)>', '12: expected IntegerSet, but got AffineMap'],
  [
    'affine_set<(d0) : (d0)>',
    "22: expected '== affine-expr' or '>= affine-expr' at end of affine constraint",
  ],
  ['affine_set<(d0) : (d0 >= )>', '25: expected affine expression'],
  ['strided<[1], off: 1>', "13: expected 'offset' after comma"],
  ['strided<[1], offset 1>', "20: expected ':' after 'offset'"],
  ['strided<[0]>', '1: strides must not be zero'],
  ['strided<[x]>', "10: expected a 64-bit signed integer or '?'"],
  ['@', "1: @ identifier expected to start with letter or '_'"],
  ['@a::b', '5: expected nested symbol reference identifier'],
  ['[1 2]', "3: expected ',' or ']'"],
  ['{a = 1', "7: expected '}' in attribute dictionary"],
  ['1.0 : i32', '1: floating point value not valid for specified type'],
  ['1 : f32', '1: unexpected decimal integer literal for a floating point value'],
  ['0x1ffffffff : f32', '1: hexadecimal float constant out of range for type'],
  ['-5 : ui8', '2: negative integer literal not valid for unsigned integer type'],
  ['-129 : i8', '2: integer constant out of range for attribute'],
  ['256 : i8', '1: integer constant out of range for attribute'],
  ['99999999999999999999999999', '1: integer constant out of range for attribute'],
  ['1 : tensor<1xi32>', '1: integer literal not valid for specified type'],
  ['-true', '2: expected constant integer or floating point value'],
  ['"\\q"', '2: unknown escape in string literal'],
  ['"abc', "5: expected '\"' in string literal"],
  ['#foo.bar<', "9: unbalanced '<' character in pretty dialect name"],
  ['#foo.bar<[>', "10: unbalanced '[' character in pretty dialect name"],
  ['#foo', "1: undefined symbol alias id 'foo'"],
  ['['.repeat(300), '201: types and attributes are nested more than 200 levels deep'],
  ['tuple<'.repeat(300), '1206: brackets are nested more than 200 levels deep'],
];

describe('types and attributes', () => {
  test.each(TYPES_AND_ATTRIBUTES)('%s', (text, expected) => {
    expect(errorsIn(text)).toEqual([expected]);
  });

  test('a type alone', () => {
    const context = new Context();
    const messages: string[] = [];
    context.addDiagnosticHandler(({ message }) => messages.push(message));
    expect(String(parseType('vector<[4]x2xf32>', context))).toBe('vector<[4]x2xf32>');
    expect(parseType('i32 i32', context)).toBeUndefined();
    expect(messages).toEqual(['unexpected text behind the end']);
  });
});
