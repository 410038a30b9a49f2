import { expect, test } from 'vitest';
import type { IntegerAttr } from '../../src/ir/index.js';
import { symbolName, type Operation } from '../../src/ir/index.js';
import { canonicalizePass } from '../../src/passes/index.js';
import { PassManager, passElement } from '../../src/pipelines/index.js';
import { createContext } from '../../src/dialects/index.js';
import { parseOk } from '../dialects/helpers.js';

const WIDTH = 4;
const COUNT = 2 ** WIDTH;
const CONSTANTS = [
  -1000, -9.5, -9, -8.5, -8, -4.25, -1, -0.5, 0, 0.5, 1, 4.25, 7, 7.5, 8, 14.5, 15, 15.5, 16, 1000,
];
const ORDERS: Readonly<Record<string, (x: number, y: number) => boolean>> = {
  eq: (x, y) => x === y,
  ne: (x, y) => x !== y,
  lt: (x, y) => x < y,
  le: (x, y) => x <= y,
  gt: (x, y) => x > y,
  ge: (x, y) => x >= y,
};
/** Predicates of `cmpi` by number. */
const INTEGER_ORDERS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'lt', 'le', 'gt', 'ge'];
const FIRST_UNSIGNED = 6;

/** What a canonicalized function returns for the bits of its argument. */
function outcome(func: Operation, bits: number): boolean {
  const result = func.regions[0].entryBlock.lastOp!.operand(0).definingOp!;
  if (result.name.text === 'arith.constant')
    return (result.getAttribute('value') as IntegerAttr).value !== 0n;
  expect(result.name.text).toBe('arith.cmpi');
  const predicate = (result.getAttribute('predicate') as IntegerAttr).number;
  const bound = result.operand(1).definingOp!.getAttribute('value') as IntegerAttr;
  const read = predicate >= FIRST_UNSIGNED ? BigInt.asUintN : BigInt.asIntN;
  const [x, y] = [BigInt(bits), bound.value].map((value) => Number(read(WIDTH, value)));
  return ORDERS[INTEGER_ORDERS[predicate]](x, y);
}

test.each(['sitofp', 'uitofp'])(
  'every comparison of %s with a constant keeps its outcome',
  (op) => {
    const cases = Object.keys(ORDERS).flatMap((order) =>
      ['o', 'u'].flatMap((kind) => CONSTANTS.map((constant) => ({ order, kind, constant }))),
    );
    const context = createContext();
    const root = parseOk(
      cases
        .map(
          ({ order, kind, constant }, number) => `func.func @f${number}(%n: i${WIDTH}) -> i1 {
          %x = arith.${op} %n : i${WIDTH} to f32
          %c = arith.constant ${constant.toFixed(2)} : f32
          %r = arith.cmpf ${kind}${order}, %x, %c : f32
          return %r : i1
        }`,
        )
        .join('\n'),
      context,
    );
    const manager = new PassManager(context, {
      anchor: 'builtin.module',
      elements: [passElement(canonicalizePass)],
    });
    expect(manager.run(root)).toBe(true);
    const functions = [...root.regions[0].entryBlock.operations()];
    expect(functions.map(symbolName)).toEqual(cases.map((_, number) => `f${number}`));
    functions.forEach((func, number) => {
      const { order, constant } = cases[number];
      for (let bits = 0; bits < COUNT; bits++) {
        const value = op === 'sitofp' ? Number(BigInt.asIntN(WIDTH, BigInt(bits))) : bits;
        const expected = ORDERS[order](value, constant);
        expect({ ...cases[number], value, holds: outcome(func, bits) }).toEqual({
          ...cases[number],
          value,
          holds: expected,
        });
      }
    });
  },
);
