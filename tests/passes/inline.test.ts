/** What a dialect says to the inliner: `DialectInlinerInterface` among its hooks. */

import { expect, test } from 'vitest';
import { createContext } from '../../src/dialects/index.js';
import { implement } from '../../src/dialects/hook-types.js';
import {
  CallableInterface,
  CallInterface,
  DialectInlinerInterface,
  type DialectInliner,
} from '../../src/dialects/interfaces.js';
import { loadDialect } from '../../src/dialects/load.js';
import type { SymbolRefAttr } from '../../src/ir/index.js';
import { printOperation, verifyOperation } from '../../src/ir/index.js';
import { inlinePass } from '../../src/passes/inline.js';
import { passElement, PassManager } from '../../src/pipelines/index.js';
import { SourceFile } from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

const DIALECT = `
dialect: in
summary: calls, callables and what a body may hold
operations:
  fn:
    summary: a callable
    attributes: { sym_name: symbolName }
    regions: { body: any }
    traits: [Symbol, IsolatedFromAbove]
    interfaces: [CallableOpInterface]
    assemblyFormat: "$sym_name $body attr-dict"
  call:
    summary: a call that does not check types
    operands: { values: variadic<any> }
    attributes: { callee: symbol }
    results: { results: variadic<any> }
    interfaces: [CallOpInterface]
    assemblyFormat: "$callee \`(\` $values \`)\` attr-dict \`:\` functional-type($values, $results)"
  give:
    summary: returns its operands in reverse order, after a mark
    operands: { mark: i1, values: variadic<any> }
    traits: [Terminator]
    assemblyFormat: "$mark (\`,\` $values^ \`:\` type($values))? attr-dict"
  rooted: { summary: an operation that stays where it is, assemblyFormat: attr-dict }
`;

/** The program after inlining, and the number of calls inlined. */
function inline(inliner: DialectInliner, text: string): { text: string; count: number } {
  const context = createContext();
  context.allowUnregisteredDialects = true;
  loadDialect(DIALECT, 'in.yaml', context, {
    operations: {
      fn: {
        interfaces: [
          implement(CallableInterface, { body: (op) => op.regions[0], resultTypes: () => [] }),
        ],
      },
      call: {
        interfaces: [
          implement(CallInterface, {
            callee: (op) => op.properties.get('callee') as SymbolRefAttr,
            arguments: (op) => op.operands,
          }),
        ],
      },
    },
    interfaces: [implement(DialectInlinerInterface, inliner)],
  });
  context.addDiagnosticHandler(({ message }) => expect.unreachable(message));
  const module = parseModule(new SourceFile('t.mlir', text), context)!;
  const element = passElement(inlinePass, { 'default-pipeline': '' });
  const manager = new PassManager(context, { anchor: 'builtin.module', elements: [element] });
  expect(manager.run(module)).toBe(true);
  expect(verifyOperation(module)).toBe(true);
  return { text: printOperation(module), count: manager.statisticsOf(element)['num-inlined'] };
}

const ROOTED = `
in.fn @f {
  %t = arith.constant true
  scf.if %t { in.rooted }
  in.give %t
}
func.func @main() {
  in.call @f() : () -> ()
  return
}`;

const values: DialectInliner = { returnedValues: (op) => op.operands.slice(1).reverse() };

test('what a dialect does not speak of is inlined', () => {
  expect(inline(values, ROOTED).count).toBe(1);
});

test.each<[string, DialectInliner]>([
  ['the call', { isLegalCall: (call, callable) => call.name.text !== 'in.call' || !callable }],
  ['a nested operation', { isLegalOperation: (op) => op.name.text !== 'in.rooted' }],
])('a dialect refuses %s', (_, inliner) => {
  const { text, count } = inline({ ...values, ...inliner }, ROOTED);
  expect(count).toBe(0);
  expect(text).toContain('in.call @f()');
});

test('a dialect refuses bodies in a region that one of its operations has', () => {
  const program = `
func.func @g() {
  return
}
in.fn @caller {
  %t = arith.constant true
  func.call @g() : () -> ()
  in.give %t
}`;
  expect(inline({}, program).count).toBe(1);
  const seen: string[] = [];
  const isLegalRegion: DialectInliner['isLegalRegion'] = (target, body) => {
    seen.push(`${target.parentOp!.name} ${body.parentOp!.name}`);
    return false;
  };
  expect(inline({ isLegalRegion }, program).count).toBe(0);
  expect(seen).toEqual(['in.fn func.func']);
});

test('a dialect says what its terminator returns', () => {
  const { text } = inline(
    values,
    `
in.fn @f {
^bb0(%x: i32, %y: f32):
  %t = arith.constant true
  in.give %t, %x, %y : i32, f32
}
func.func @main(%a: i32, %b: f32) -> (f32, i32) {
  %r:2 = in.call @f(%a, %b) : (i32, f32) -> (f32, i32)
  return %r#0, %r#1 : f32, i32
}`,
  );
  expect(text).toContain('return %b, %a : f32, i32');
});

const BLOCKS = `
in.fn @f {
^bb0(%c: i1, %x: i32):
  cf.cond_br %c, ^a, ^b
^a:
  in.give %c, %x : i32
^b:
  %y = arith.addi %x, %x : i32
  in.give %c, %y : i32
}
func.func @main(%c: i1, %a: i32) -> i32 {
  %r = in.call @f(%c, %a) : (i1, i32) -> i32
  return %r : i32
}`;

test('a dialect branches for its terminators in a body of several blocks', () => {
  const { text, count } = inline(
    {
      ...values,
      handleTerminator: (terminator, after, operands, builder) => {
        expect(terminator.name.text).toBe('in.give');
        builder.create('test.leaves');
        builder.create('cf.br', { operands, successors: [after] });
        return true;
      },
    },
    BLOCKS,
  );
  expect(count).toBe(1);
  const main = text.slice(text.indexOf('@main'));
  expect(main).not.toContain('in.');
  expect(main.match(/"test.leaves"\(\) : \(\) -> \(\)\s+cf.br \^bb3\(/g)).toHaveLength(2);
});

const TYPES = `
func.func private @f(%x: i64) -> i64 {
  return %x : i64
}
func.func @main(%a: i32) -> index {
  %r = in.call @f(%a) : (i32) -> index
  return %r : index
}`;

test('a dialect converts arguments and results of its calls', () => {
  const { text, count } = inline(
    {
      materializeCallConversion: (builder, value, type, location) =>
        builder.create('test.convert', { operands: [value], resultTypes: [type], location }),
    },
    TYPES,
  );
  expect(count).toBe(1);
  expect(text).toMatch(
    /(%\S+) = "test.convert"\(%a\) : \(i32\) -> i64\s+(%\S+) = "test.convert"\(\1\) : \(i64\) -> index\s+return \2 : index/,
  );
});

test('a call stays as it was where only some types convert', () => {
  const { text, count } = inline(
    {
      materializeCallConversion: (builder, value, type) =>
        type.toString() === 'i64'
          ? builder.create('test.convert', { operands: [value], resultTypes: [type] })
          : undefined,
    },
    TYPES,
  );
  expect(count).toBe(0);
  expect(text).toContain('in.call @f(%a) : (i32) -> index');
  expect(text).not.toContain('test.convert');
});
