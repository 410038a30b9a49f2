/** Computes what built index arithmetic means, for given values of its inputs. */

import type { IntegerAttr } from '../../src/ir/index.js';
import { type Value } from '../../src/ir/index.js';

const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  'arith.addi': (a, b) => a + b,
  'arith.subi': (a, b) => a - b,
  'arith.muli': (a, b) => a * b,
  'arith.divui': (a, b) => Math.floor(a / b),
  'arith.remui': (a, b) => a % b,
  'arith.xori': (a, b) => a ^ b,
};

export function evaluate(index: Value | number, inputs: ReadonlyMap<Value, number>): number {
  if (typeof index === 'number') return index;
  const input = inputs.get(index);
  if (input !== undefined) return input;
  const op = index.definingOp!;
  if (op.name.text === 'arith.constant') return (op.getAttribute('value') as IntegerAttr).number;
  const operation = OPERATIONS[op.name.text];
  if (operation === undefined) throw new Error(`'${op.name}' is no index arithmetic`);
  return operation(evaluate(op.operand(0), inputs), evaluate(op.operand(1), inputs));
}
