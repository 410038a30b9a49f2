/** Indices in a parallel loop as functions of the iteration. */

import { BlockArgument, IntegerAttr, type Block, type Value } from '../../ir/index.js';

/** The value of an index in the iteration at these coordinates; undefined where it may be any. */
export type IterationIndex = (coordinates: readonly number[]) => number | undefined;

/** What operations on indices compute; unsigned ones only of numbers that are not negative. */
const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  'arith.addi': (a, b) => a + b,
  'arith.subi': (a, b) => a - b,
  'arith.muli': (a, b) => a * b,
  'arith.minsi': Math.min,
  'arith.maxsi': Math.max,
  'arith.divui': (a, b) => (a < 0 || b <= 0 ? undefined : Math.floor(a / b)),
  'arith.remui': (a, b) => (a < 0 || b <= 0 ? undefined : a % b),
};

/** Operations between an index and a loop's arguments, above which it counts as unknown. */
const DEEPEST = 8;

/** The index as a function of the arguments of a loop's body: unknown where it depends on anything else. */
export function iterationIndex(index: Value, body: Block, depth = 0): IterationIndex {
  const unknown: IterationIndex = () => undefined;
  if (index instanceof BlockArgument)
    return index.owner === body ? (coordinates) => coordinates[index.index] : unknown;
  const op = index.definingOp!;
  const constant = op.getAttribute('value');
  if (op.name.text === 'arith.constant' && constant instanceof IntegerAttr)
    return () => constant.number;
  const compute = OPERATIONS[op.name.text];
  if (compute === undefined || depth === DEEPEST) return unknown;
  const [ofA, ofB] = op.operands.map((operand) => iterationIndex(operand, body, depth + 1));
  return (coordinates) => {
    const [a, b] = [ofA(coordinates), ofB(coordinates)];
    return a === undefined || b === undefined ? undefined : compute(a, b);
  };
}
