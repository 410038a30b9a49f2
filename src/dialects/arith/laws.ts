/** Laws of the arith dialect: constant evaluation and identities. Operands named x, y; c constants. */

import {
  i1,
  type Attribute,
  type FoldOutcome,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import { elementTypeOrSelf } from '../entity-types.js';
import { constantOf, folded, isFloat, isInteger, mapConstants, uniformValue } from './constants.js';
import { asSigned, asUnsigned, canRoundTo, foldWidth, roundTo } from './rounding.js';

export type Constants = readonly (Attribute | undefined)[];
export type Fold = (op: Operation, operands: Constants) => FoldOutcome;

/** A law: its statement, and the replacement where it applies. */
export interface Law {
  readonly law: string;
  readonly apply: Fold;
}

export const elementOf = (op: Operation): Type => elementTypeOrSelf(op.operand(0).type);
export const widthOf = (op: Operation): number => foldWidth(elementOf(op));
const keep =
  (index: number): Fold =>
  (op) => [op.operand(index)];
const constant =
  (value: bigint | number): Fold =>
  (op) =>
    folded(constantOf(value, op.results[0].type));
/** Whether `value` is `other xor ~0`. */
const isComplement = (value: Value, other: Value): boolean => {
  const not = value.definingOp;
  if (not?.name.text !== 'arith.xori') return false;
  const mask = not.operand(1).definingOp;
  const ones = mask?.name.isConstantLike ? mask.getAttribute('value') : undefined;
  return not.operand(0) === other && isInteger(ones, -1n);
};
const whenComplement = (law: string, value: bigint): Law => ({
  law,
  apply: (op) =>
    isComplement(op.operand(0), op.operand(1)) || isComplement(op.operand(1), op.operand(0))
      ? constant(value)(op, [])
      : undefined,
});
export const sameOperands = (op: Operation): boolean => op.operand(0) === op.operand(1);

/** A law that holds where an operand is a given integer constant. */
const whenInteger = (law: string, index: number, value: bigint, then: Fold): Law => ({
  law,
  apply: (op, operands) => {
    if (operands[index] === undefined) return undefined;
    // All ones is minus one, however wide; i1 holds it as one.
    const wanted = elementOf(op) === i1 ? asUnsigned(value, 1) : value;
    return isInteger(operands[index], wanted) ? then(op, operands) : undefined;
  },
});
/** A law that holds where an operand is the largest or smallest signed number of its type. */
const whenExtreme = (
  law: string,
  index: number,
  which: 'largest' | 'smallest',
  then: Fold,
): Law => ({
  law,
  apply: (op, operands) => {
    if (operands[index] === undefined) return undefined;
    const width = widthOf(op);
    const limit = 1n << BigInt(width - 1);
    const value = which === 'largest' ? limit - 1n : -limit;
    const found = uniformValue(operands[index]);
    const isExtreme = typeof found === 'bigint' && asSigned(found, width) === value;
    return isExtreme ? then(op, operands) : undefined;
  },
});
const whenFloat = (law: string, index: number, value: number, then: Fold): Law => ({
  law,
  apply: (op, operands) => (isFloat(operands[index], value) ? then(op, operands) : undefined),
});
const whenSame = (law: string, then: Fold): Law => ({
  law,
  apply: (op, operands) => (sameOperands(op) ? then(op, operands) : undefined),
});

/** Evaluates integers of the operation's width; `compute` gets signed values. */
const evaluate = (compute: (x: bigint, y: bigint, width: number) => bigint | undefined): Law => ({
  law: 'c op d -> value',
  apply: (op, operands) => {
    if (operands[0] === undefined || operands[1] === undefined) return undefined;
    const width = widthOf(op);
    return folded(
      mapConstants(operands, op.results[0].type, (x, y) =>
        compute(asSigned(x as bigint, width), asSigned(y as bigint, width), width),
      ),
    );
  },
});

const evaluateFloat = (compute: (x: number, y: number) => number): Law => ({
  law: 'c op d -> value',
  apply: (op, operands) => {
    const type = elementOf(op);
    if (!canRoundTo(type)) return undefined;
    // One operation of doubles rounded once more is exact for formats of less than half their precision; f64 is itself.
    return folded(
      mapConstants(operands, op.results[0].type, (x, y) =>
        roundTo(compute(x as number, y as number), type),
      ),
    );
  },
});

const unsigned =
  (compute: (x: bigint, y: bigint, width: number) => bigint | undefined) =>
  (x: bigint, y: bigint, width: number): bigint | undefined =>
    compute(asUnsigned(x, width), asUnsigned(y, width), width);

/** The operation that defines an operand, if it is of that name. */
export function producer(value: Value, name: string): Operation | undefined {
  const { definingOp } = value;
  return definingOp?.name.text === name ? definingOp : undefined;
}

const negativeMinimum = (width: number): bigint => -(1n << BigInt(width - 1));
/** Signed division has no value for zero, nor for the smallest number by minus one. */
const signedDivision =
  (compute: (x: bigint, y: bigint) => bigint) =>
  (x: bigint, y: bigint, width: number): bigint | undefined =>
    y === 0n || (x === negativeMinimum(width) && y === -1n) ? undefined : compute(x, y);
const floorDiv = (x: bigint, y: bigint): bigint => {
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
};
const ceilDiv = (x: bigint, y: bigint): bigint => -floorDiv(-x, y);
const inShift = (y: bigint, width: number): boolean => y >= 0n && y < BigInt(width);

const max = (x: bigint, y: bigint): bigint => (x > y ? x : y);
const min = (x: bigint, y: bigint): bigint => (x < y ? x : y);
const ordered =
  (choose: (x: number, y: number) => number, keepsNaN: boolean) =>
  (x: number, y: number): number => {
    if (Number.isNaN(x)) return keepsNaN ? x : y;
    if (Number.isNaN(y)) return keepsNaN ? y : x;
    return choose(x, y);
  };

/** Laws in the order in which they are tried, by the name of the operation without its dialect. */
export const ARITH_LAWS: Readonly<Record<string, readonly Law[]>> = {
  addi: [
    whenInteger('x + 0 -> x', 1, 0n, keep(0)),
    {
      law: '(x - y) + y -> x',
      apply: (op) => {
        const difference = producer(op.operand(0), 'arith.subi');
        return difference?.operand(1) === op.operand(1) ? [difference!.operand(0)] : undefined;
      },
    },
    {
      law: 'y + (x - y) -> x',
      apply: (op) => {
        const difference = producer(op.operand(1), 'arith.subi');
        return difference?.operand(1) === op.operand(0) ? [difference!.operand(0)] : undefined;
      },
    },
    evaluate((x, y) => x + y),
  ],
  subi: [
    whenSame('x - x -> 0', constant(0n)),
    whenInteger('x - 0 -> x', 1, 0n, keep(0)),
    {
      law: '(x + y) - y -> x, (x + y) - x -> y',
      apply: (op) => {
        const sum = producer(op.operand(0), 'arith.addi');
        if (sum?.operand(1) === op.operand(1)) return [sum!.operand(0)];
        return sum?.operand(0) === op.operand(1) ? [sum!.operand(1)] : undefined;
      },
    },
    evaluate((x, y) => x - y),
  ],
  muli: [
    whenInteger('x * 0 -> 0', 1, 0n, constant(0n)),
    whenInteger('x * 1 -> x', 1, 1n, keep(0)),
    evaluate((x, y) => x * y),
  ],
  divui: [
    whenInteger('x / 1 -> x', 1, 1n, keep(0)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : x / y))),
  ],
  divsi: [whenInteger('x / 1 -> x', 1, 1n, keep(0)), evaluate(signedDivision((x, y) => x / y))],
  ceildivui: [
    whenInteger('ceil(x / 1) -> x', 1, 1n, keep(0)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : (x + y - 1n) / y))),
  ],
  ceildivsi: [whenInteger('ceil(x / 1) -> x', 1, 1n, keep(0)), evaluate(signedDivision(ceilDiv))],
  floordivsi: [
    whenInteger('floor(x / 1) -> x', 1, 1n, keep(0)),
    evaluate(signedDivision(floorDiv)),
  ],
  remui: [
    whenInteger('x % 1 -> 0', 1, 1n, constant(0n)),
    evaluate(unsigned((x, y) => (y === 0n ? undefined : x % y))),
  ],
  remsi: [
    whenInteger('x % 1 -> 0', 1, 1n, constant(0n)),
    evaluate((x, y) => (y === 0n ? undefined : x % y)),
  ],
  andi: [
    whenInteger('x & 0 -> 0', 1, 0n, constant(0n)),
    whenInteger('x & ~0 -> x', 1, -1n, keep(0)),
    whenSame('x & x -> x', keep(0)),
    whenComplement('x & ~x -> 0', 0n),
    {
      law: '(x & y) & x -> x & y',
      apply: (op) => {
        const [left, right] = op.operands;
        const has = (value: Value, part: Value): boolean =>
          producer(value, 'arith.andi')?.operands.includes(part) === true;
        if (has(right, left)) return [right];
        return has(left, right) ? [left] : undefined;
      },
    },
    evaluate((x, y) => x & y),
  ],
  ori: [
    whenInteger('x | 0 -> x', 1, 0n, keep(0)),
    whenInteger('x | ~0 -> ~0', 1, -1n, keep(1)),
    whenSame('x | x -> x', keep(0)),
    whenComplement('x | ~x -> ~0', -1n),
    evaluate((x, y) => x | y),
  ],
  xori: [
    whenInteger('x ^ 0 -> x', 1, 0n, keep(0)),
    whenSame('x ^ x -> 0', constant(0n)),
    {
      law: '(x ^ y) ^ y -> x, (x ^ y) ^ x -> y',
      apply: (op) => {
        for (const index of [0, 1]) {
          const inner = producer(op.operand(index), 'arith.xori');
          const other = op.operand(1 - index);
          if (inner?.operand(1) === other) return [inner.operand(0)];
          if (inner?.operand(0) === other) return [inner.operand(1)];
        }
        return undefined;
      },
    },
    evaluate((x, y) => x ^ y),
  ],
  shli: [
    whenInteger('x << 0 -> x', 1, 0n, keep(0)),
    evaluate((x, y, width) => (inShift(y, width) ? x << y : undefined)),
  ],
  shrui: [
    whenInteger('x >> 0 -> x', 1, 0n, keep(0)),
    evaluate(unsigned((x, y, width) => (inShift(y, width) ? x >> y : undefined))),
  ],
  shrsi: [
    whenInteger('x >> 0 -> x', 1, 0n, keep(0)),
    evaluate((x, y, width) => (inShift(y, width) ? x >> y : undefined)),
  ],
  maxsi: [
    whenSame('max(x, x) -> x', keep(0)),
    whenExtreme('max(x, largest) -> largest', 1, 'largest', keep(1)),
    whenExtreme('max(x, smallest) -> x', 1, 'smallest', keep(0)),
    evaluate(max),
  ],
  minsi: [
    whenSame('min(x, x) -> x', keep(0)),
    whenExtreme('min(x, smallest) -> smallest', 1, 'smallest', keep(1)),
    whenExtreme('min(x, largest) -> x', 1, 'largest', keep(0)),
    evaluate(min),
  ],
  maxui: [
    whenSame('max(x, x) -> x', keep(0)),
    whenInteger('max(x, 0) -> x', 1, 0n, keep(0)),
    whenInteger('max(x, ~0) -> ~0', 1, -1n, keep(1)),
    evaluate(unsigned(max)),
  ],
  minui: [
    whenSame('min(x, x) -> x', keep(0)),
    whenInteger('min(x, 0) -> 0', 1, 0n, keep(1)),
    whenInteger('min(x, ~0) -> x', 1, -1n, keep(0)),
    evaluate(unsigned(min)),
  ],
  addf: [whenFloat('x + -0 -> x', 1, -0, keep(0)), evaluateFloat((x, y) => x + y)],
  subf: [whenFloat('x - 0 -> x', 1, 0, keep(0)), evaluateFloat((x, y) => x - y)],
  mulf: [whenFloat('x * 1 -> x', 1, 1, keep(0)), evaluateFloat((x, y) => x * y)],
  divf: [whenFloat('x / 1 -> x', 1, 1, keep(0)), evaluateFloat((x, y) => x / y)],
  remf: [evaluateFloat((x, y) => x % y)],
  maximumf: [
    whenSame('max(x, x) -> x', keep(0)),
    whenFloat('max(x, -inf) -> x', 1, -Infinity, keep(0)),
    evaluateFloat(ordered(Math.max, true)),
  ],
  minimumf: [
    whenSame('min(x, x) -> x', keep(0)),
    whenFloat('min(x, inf) -> x', 1, Infinity, keep(0)),
    evaluateFloat(ordered(Math.min, true)),
  ],
  maxnumf: [
    whenSame('max(x, x) -> x', keep(0)),
    whenFloat('max(x, -inf) -> x', 1, -Infinity, keep(0)),
    whenFloat('max(x, NaN) -> x', 1, NaN, keep(0)),
    evaluateFloat(ordered(Math.max, false)),
  ],
  minnumf: [
    whenSame('min(x, x) -> x', keep(0)),
    whenFloat('min(x, inf) -> x', 1, Infinity, keep(0)),
    whenFloat('min(x, NaN) -> x', 1, NaN, keep(0)),
    evaluateFloat(ordered(Math.min, false)),
  ],
  negf: [
    {
      law: '-(-x) -> x',
      apply: (op) => {
        const inner = producer(op.operand(0), 'arith.negf');
        return inner && [inner.operand(0)];
      },
    },
    {
      law: '-c -> value',
      apply: (op, operands) =>
        folded(mapConstants(operands, op.results[0].type, (x) => -(x as number))),
    },
  ],
};
