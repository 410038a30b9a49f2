/** A small dialect for tests of rewriting, built by hand: constants, sums, branches and functions. */

import {
  Context,
  i32,
  IntegerAttr,
  Operation,
  Region,
  Block,
  Builder,
  StringAttr,
  type DialectDefinition,
  type OperationDefinition,
  type Value,
} from '../../src/ir/index.js';
import { BranchInterface } from '../../src/dialects/interfaces.js';

function define(
  name: string,
  traits: readonly string[],
  more: Partial<OperationDefinition> = {},
): [string, OperationDefinition] {
  return [
    name,
    {
      name,
      summary: name,
      traits: new Map(traits.map((trait) => [trait, []])),
      inherentAttributes: new Set(['value', 'sym_name', 'sym_visibility']),
      regionCount: 0,
      regionKind: 'ssacfg',
      interfaces: new Map(),
      ...more,
    },
  ];
}

const forwardsAll = new Map([
  [BranchInterface, { successorOperands: (op: Operation) => op.opOperands }],
]);

export const toyDialect: DialectDefinition = {
  name: 'toy',
  summary: 'for tests',
  types: new Map(),
  attributes: new Map(),
  operations: new Map([
    define('toy.module', ['SymbolTable', 'IsolatedFromAbove', 'NoTerminator'], { regionCount: 1 }),
    define('toy.func', ['Symbol', 'IsolatedFromAbove'], { regionCount: 1 }),
    define('toy.return', ['Terminator', 'Pure']),
    define('toy.br', ['Terminator', 'Pure'], { interfaces: forwardsAll }),
    define('toy.use', []),
    define('toy.constant', ['Pure', 'ConstantLike'], {
      fold: (op) => [op.getAttribute('value')!],
    }),
    define('toy.add', ['Pure', 'Commutative'], {
      fold: (op, [lhs, rhs]) => {
        if (rhs instanceof IntegerAttr && rhs.value === 0n) return [op.operand(0)];
        if (!(lhs instanceof IntegerAttr && rhs instanceof IntegerAttr)) return undefined;
        return [IntegerAttr.get(lhs.value + rhs.value, i32)];
      },
    }),
    define('toy.a', ['Pure']),
    define('toy.b', ['Pure']),
    define('toy.load', [], { memoryEffects: () => [{ kind: 'read' }] }),
    define('toy.store', [], { memoryEffects: () => [{ kind: 'write' }] }),
    define('toy.if', ['RecursiveMemoryEffects'], { regionCount: 1 }),
    define('toy.yield', ['Terminator', 'Pure']),
  ]),
  materializeConstant: (value, type, location, context) =>
    Operation.create({
      name: context.getOperationName('toy.constant'),
      resultTypes: [type],
      attributes: [['value', value]],
      location,
    }),
};

export function toyContext(): Context {
  const context = new Context();
  context.loadDialect(toyDialect);
  return context;
}

/** A module with one function of `arity` i32 arguments; `body` builds its entry block. */
export function toyModule(
  context: Context,
  arity: number,
  body: (builder: Builder, args: readonly Value[], func: Operation) => void,
): Operation {
  const moduleRegion = new Region();
  const moduleBlock = moduleRegion.append(new Block());
  const module = Operation.create({
    name: context.getOperationName('toy.module'),
    regions: [moduleRegion],
  });
  const region = new Region();
  const block = region.append(new Block(Array.from({ length: arity }, () => i32)));
  const func = Builder.atEnd(moduleBlock, context).create('toy.func', {
    attributes: { sym_name: StringAttr.get('f') },
    regions: [region],
  });
  body(Builder.atEnd(block, context), block.arguments, func);
  return module;
}

export function constant(builder: Builder, value: number): Value {
  return builder.create('toy.constant', {
    resultTypes: [i32],
    attributes: { value: IntegerAttr.get(value, i32) },
  }).result;
}

export function binary(builder: Builder, name: string, lhs: Value, rhs: Value): Value {
  return builder.create(name, { operands: [lhs, rhs], resultTypes: [i32] }).result;
}

/** Names, operand numbers and constants, one operation a line: enough to compare programs. */
export function show(root: Operation): string {
  const numbers = new Map<Value, number>();
  const number = (value: Value): string => {
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return `%${numbers.get(value)}`;
  };
  const lines: string[] = [];
  root.walk((op) => {
    if (op.parentBlock?.firstOp === op) {
      const block = op.parentBlock;
      lines.push(`^(${block.arguments.map(number).join(', ')}):`);
    }
    const value = op.getAttribute('value');
    const results = op.results.map(number).join(', ');
    const operands = op.operands.map(number).join(', ');
    lines.push(
      `${results === '' ? '' : `${results} = `}${op.name}(${operands})${value === undefined ? '' : ` ${value}`}`,
    );
  }, 'pre');
  return lines.join('\n');
}
