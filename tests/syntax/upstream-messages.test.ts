/** Messages that users of the reference tool search for: ours are the same, word for word. */

import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { verifyOperation, type Context } from '../../src/ir/index.js';
import { SourceFile, type Diagnostic } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

/** A program; its first message; the note behind it. */
const MESSAGES: readonly (readonly [program: string, message: string, note?: string])[] = [
  ['func.func @f() { return %x : i32 }', 'use of undeclared SSA value name'],
  [
    '%a = arith.constant 1 : i32\n%a = arith.constant 1 : i32',
    "redefinition of SSA value '%a'",
    'previously defined here',
  ],
  [
    'func.func @f(%a: i32) { "x.y"(%a) : (i32) -> ()\n "x.y"(%a) : (f32) -> ()\n return }',
    "use of value '%a' expects different type than prior uses: 'f32' vs 'i32'",
    'prior use here',
  ],
  ['func.func @f() { cf.br ^a }', 'reference to an undefined block'],
  ['func.func @f() {\n^a:\n  return\n^a:\n  return\n}', "redefinition of block '^a'"],
  [
    'func.func @f(%a: i32) { scf.for %a = %a to %a step %a : i32 { }\n return }',
    "region entry argument '%a' is already in use",
  ],
  [
    'func.func @f() { "x.y"(%a) : (i32) -> ()\n %a = arith.constant 1 : i32\n return }',
    'operand #0 does not dominate this use',
    'operand defined here (op in the same block)',
  ],
  ['func.func @f() { retrn }', "custom op 'retrn' is unknown (tried 'func.retrn' as well)"],
  ['foo.bar', "Dialect `foo' not found for custom op 'foo.bar' "],
  ['func.func private @f(!foo)', "undefined symbol alias id 'foo'"],
  ['#a = 1\n#a = 2', "redefinition of attribute alias id 'a'"],
  ['!a = i1\n!a = i2', "redefinition of type alias id 'a'"],
  ['"x.y"() {a = 1, a = 2} : () -> ()', "duplicate key 'a' in dictionary attribute"],
  ['"x.y"() {a = } : () -> ()', 'expected attribute value'],
  ['"x.y"() : () -> vector<4xf32', "expected '>' in vector type"],
  ['%a = 5', 'expected operation name in quotes'],
  ['"x.y"() : () -> () loc(4)', 'expected location instance'],
  ['"x.y"() {a = 300 : i8} : () -> ()', 'integer constant out of range for attribute'],
  ['"x.y"() {a = 0x1FFFF : f16} : () -> ()', 'hexadecimal float constant out of range for type'],
  ['"x.y"() {a = 1.0 : i8} : () -> ()', 'floating point value not valid for specified type'],
  ['"x.y"() : () -> i16777216', 'integer bitwidth is limited to 16777215 bits'],
  ['%a = "arith.addi"() : () -> i32', "'arith.addi' op expected 2 operands, but found 0"],
  [
    'func.func @f(%a: i32) { "arith.addi"(%a, %a) : (i32, i32) -> ()\n return }',
    "'arith.addi' op requires one result",
  ],
  [
    '"func.func"() <{function_type = () -> (), sym_name = "f"}> : () -> ()',
    "'func.func' op requires one region",
  ],
  [
    'func.func @f(%a: f32) { %0 = "arith.addi"(%a, %a) : (f32, f32) -> f32\n return }',
    "'arith.addi' op operand #0 must be signless-integer-like, but got 'f32'",
  ],
  [
    'func.func @f(%a: i32, %b: i64) { %0 = "arith.addi"(%a, %b) : (i32, i64) -> i32\n return }',
    "'arith.addi' op requires the same type for all operands and results",
  ],
  ['%a = "arith.constant"() : () -> i32', "'arith.constant' op requires attribute 'value'"],
  [
    '%0 = "memref.alloc"() <{alignment = -1 : i64, operandSegmentSizes = array<i32: 0, 0>}> : () -> memref<4xf32>',
    "'memref.alloc' op attribute 'alignment' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0",
  ],
  [
    'func.func @f() { scf.yield }',
    "'scf.yield' op expects parent op to be one of 'scf.execute_region, scf.for, scf.if, scf.index_switch, scf.while'",
  ],
  ['func.return', "'func.return' op expects parent op 'func.func'"],
  [
    'func.func @f(%a: index) { "scf.for"(%a, %a, %a) ({}) : (index, index, index) -> ()\n return }',
    "'scf.for' op region #0 ('region') failed to verify constraint: region with 1 blocks",
  ],
  ['func.func @f() {\n  cf.br ^a\n^a:\n}', 'empty block: expect at least a terminator'],
  [
    'func.func @f(%arg0: i32) { %0 = arith.addi %arg0, %arg0 : i32 }',
    'block with no terminator, has %0 = "arith.addi"(%arg0, %arg0) <{overflowFlags = #arith.overflow<none>}> : (i32, i32) -> i32',
  ],
  ['func.func @f() {\n^a:\n  cf.br ^a\n}', 'entry block of region may not have predecessors'],
  [
    'func.func @f(%a: i32) {\n  "cf.br"(%a)[^a] : (i32) -> ()\n^a:\n  return\n}',
    'branch has 1 operands for successor #0, but target block has 0',
  ],
  [
    'func.func @f(%a: i32) {\n  "cf.br"(%a)[^a] : (i32) -> ()\n^a(%b: f32):\n  return\n}',
    'type mismatch for bb argument #0 of successor #0',
  ],
  [
    'func.func @f() { call @g() : () -> ()\n return }',
    "'func.call' op 'g' does not reference a valid function",
  ],
  [
    'func.func @f() { func.func @g() { return }\n return }',
    "'func.func' op symbol's parent must have the SymbolTable trait",
  ],
  [
    'func.func @f() { return }\nfunc.func @f() { return }',
    "redefinition of symbol named 'f'",
    'see existing symbol definition here',
  ],
  ['%0:2 = arith.constant 1 : i32', 'operation defines 1 results but was provided 2 to bind'],
  ['%0 = "x.y"() : () -> tensor<2xi32', "expected '>' in tensor type"],
  [
    '"x.y"() {a = dense<[1, 2]> : tensor<3xi32>} : () -> ()',
    'inferred shape of elements literal ([2]) does not match type ([3])',
  ],
  [
    '"x.y"() {a = affine_map<(d0, d1) -> (d0 * d1)>} : () -> ()',
    'non-affine expression: at least one of the multiply operands has to be either a constant or symbolic',
  ],
  ['"x.y"() : () -> () {', 'expected operation name in quotes'],
  [
    'func.func @f(%a: f32) -> i32 { return %a : f32 }',
    "type of return operand 0 ('f32') doesn't match function result type ('i32') in function @f",
  ],
];

function messagesOf(program: string): Diagnostic[] {
  const context: Context = createContext();
  context.allowUnregisteredDialects = true;
  const found: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => found.push(diagnostic));
  const op = parseModule(new SourceFile('t.mlir', program), context);
  if (op !== undefined) verifyOperation(op);
  return found;
}

test.each(MESSAGES.map(([program, message, note]) => ({ program, message, note })))(
  '$message',
  ({ program, message, note }) => {
    const [first] = messagesOf(program);
    expect(first?.message).toBe(message);
    if (note !== undefined) expect(first.notes.map((it) => it.message)).toContain(note);
  },
);

const hasMlirOpt = spawnSync('mlir-opt-19', ['--version']).status === 0;

test.runIf(hasMlirOpt)('the reference tool says the same', () => {
  const { stderr } = spawnSync(
    'mlir-opt-19',
    ['--split-input-file', '--allow-unregistered-dialect', '--mlir-print-op-on-diagnostic=false'],
    { input: MESSAGES.map(([program]) => program).join('\n// -----\n'), encoding: 'utf8' },
  );
  const theirs = new Map<number, string>();
  for (const [, line, text] of stderr.matchAll(/^within split at <stdin>:(\d+) .*?error: (.*)/gm))
    if (!theirs.has(Number(line))) theirs.set(Number(line), text);
  expect([...theirs.values()]).toEqual(MESSAGES.map(([, message]) => message));
});
