/** Integer operations of `arith`: on numbers up to 32 bits and `index`, on bigints beyond. */

import { IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import type { ElementFormat } from '../numerics/index.js';
import { fail, type Compilation, type Evaluator } from './compilation.js';

/** Width in bits; `index` counts as 64. */
export function widthOf(format: ElementFormat): number {
  return format.category === 'index' ? 64 : (format.type as unknown as { width: number }).width;
}

interface BinaryRule {
  /** How the operands' bits are read. */
  readonly sign: 'signed' | 'unsigned';
  /** On operands read that way; the result wraps to the type. */
  readonly small: (a: number, b: number) => number;
  readonly big: (a: bigint, b: bigint) => bigint;
  /** For `index`, where `small` would lose bits beyond the 32nd. */
  readonly index?: (a: number, b: number) => number;
  /** What makes the operation undefined. */
  readonly forbids?: 'zero divisor' | 'wide shift';
}

const floorBig = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return quotient * b !== a && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
const ceilBig = (a: bigint, b: bigint): bigint => -floorBig(-a, b);
const maxBig = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const minBig = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const signed = { sign: 'signed' } as const;
const unsigned = { sign: 'unsigned' } as const;
const divides = { forbids: 'zero divisor' } as const;
const shifts = { forbids: 'wide shift' } as const;
/** Bitwise operations on numbers see 32 bits only. */
const bitwise = (small: (a: number, b: number) => number, big: BinaryRule['big']): BinaryRule => ({
  ...signed,
  small,
  big,
  index: (a, b) =>
    a === (a | 0) && b === (b | 0) ? small(a, b) : Number(big(BigInt(a), BigInt(b))),
});

const binaryRules: Readonly<Record<string, BinaryRule>> = {
  addi: { ...signed, small: (a, b) => a + b, big: (a, b) => a + b },
  subi: { ...signed, small: (a, b) => a - b, big: (a, b) => a - b },
  muli: { ...signed, small: Math.imul, big: (a, b) => a * b, index: (a, b) => a * b },
  divsi: { ...signed, ...divides, small: (a, b) => Math.trunc(a / b), big: (a, b) => a / b },
  divui: { ...unsigned, ...divides, small: (a, b) => Math.floor(a / b), big: (a, b) => a / b },
  floordivsi: { ...signed, ...divides, small: (a, b) => Math.floor(a / b), big: floorBig },
  ceildivsi: { ...signed, ...divides, small: (a, b) => Math.ceil(a / b), big: ceilBig },
  ceildivui: { ...unsigned, ...divides, small: (a, b) => Math.ceil(a / b), big: ceilBig },
  remsi: { ...signed, ...divides, small: (a, b) => a % b, big: (a, b) => a % b },
  remui: { ...unsigned, ...divides, small: (a, b) => a % b, big: (a, b) => a % b },
  maxsi: { ...signed, small: Math.max, big: maxBig },
  minsi: { ...signed, small: Math.min, big: minBig },
  maxui: { ...unsigned, small: Math.max, big: maxBig },
  minui: { ...unsigned, small: Math.min, big: minBig },
  andi: bitwise(
    (a, b) => a & b,
    (a, b) => a & b,
  ),
  ori: bitwise(
    (a, b) => a | b,
    (a, b) => a | b,
  ),
  xori: bitwise(
    (a, b) => a ^ b,
    (a, b) => a ^ b,
  ),
  shli: {
    ...unsigned,
    ...shifts,
    small: (a, b) => a << b,
    big: (a, b) => a << b,
    index: (a, b) => a * 2 ** b,
  },
  shrui: { ...unsigned, ...shifts, small: (a, b) => a >>> b, big: (a, b) => a >> b },
  shrsi: {
    ...signed,
    ...shifts,
    small: (a, b) => a >> b,
    big: (a, b) => a >> b,
    index: (a, b) => Math.floor(a / 2 ** b),
  },
};

/** Reads a value of up to 32 bits as signed: only `i1` is held otherwise. */
function signedReader(width: number): (value: number) => number {
  return width === 1 ? (value) => -value : (value) => value;
}

function unsignedReader(width: number): (value: number) => number {
  const modulus = 2 ** width;
  return width === 1 ? (value) => value : (value) => (value < 0 ? value + modulus : value);
}

/** Passes an index on, or fails where a double no longer counts exactly. */
export function checkIndex(op: Operation, value: number): number {
  if (!Number.isSafeInteger(value)) {
    fail(op, `the index ${value} is beyond 2^53, where the interpreter cannot count exactly`);
  }
  return value + 0;
}

function binary(name: string, rule: BinaryRule): Evaluator {
  return (op, scope) => {
    const format = scope.format(op.result.type, op);
    const [a, b, to] = [op.operand(0), op.operand(1), op.result].map((value: Value) =>
      scope.slot(value),
    );
    const width = widthOf(format);
    const check = (divisor: number | bigint): void => {
      if (rule.forbids === 'zero divisor' && Number(divisor) === 0) {
        fail(op, `'${name}' divides by zero`);
      }
      if (rule.forbids === 'wide shift' && (divisor < 0 || divisor >= width)) {
        fail(op, `'${name}' shifts by ${divisor}, which is not less than the width ${width}`);
      }
    };
    const { numbers, objects } = scope;
    if (format.isBig) {
      const read = rule.sign === 'signed' ? BigInt.asIntN : BigInt.asUintN;
      return () => {
        const second = objects[b] as bigint;
        check(second);
        objects[to] = format.wrapBig(
          rule.big(read(width, objects[a] as bigint), read(width, second)),
        );
      };
    }
    if (format.category === 'index') return indexBinary(op, scope, rule, check, [a, b, to]);
    const read = rule.sign === 'signed' ? signedReader(width) : unsignedReader(width);
    const { small } = rule;
    const { round } = format;
    const { forbids } = rule;
    return () => {
      if (forbids !== undefined) check(numbers[b]);
      numbers[to] = round(small(read(numbers[a]), read(numbers[b])));
    };
  };
}

function indexBinary(
  op: Operation,
  { numbers }: Compilation,
  rule: BinaryRule,
  check: (divisor: number) => void,
  [a, b, to]: readonly number[],
): () => void {
  const compute =
    rule.index ??
    (rule.forbids === 'wide shift' ? (x: number, y: number) => Math.floor(x / 2 ** y) : rule.small);
  const { forbids } = rule;
  return () => {
    const x = numbers[a];
    const y = numbers[b];
    if (forbids !== undefined) check(y);
    // Only a negative number reads differently without its sign.
    const result =
      rule.sign === 'unsigned' && (x < 0 || y < 0)
        ? Number(
            BigInt.asIntN(
              64,
              rule.big(BigInt.asUintN(64, BigInt(x)), BigInt.asUintN(64, BigInt(y))),
            ),
          )
        : compute(x, y);
    numbers[to] = checkIndex(op, result);
  };
}

/** In the order of the numbers of `arith.cmpi`'s predicate. */
const comparisons = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge', 'ult', 'ule', 'ugt', 'uge'] as const;

const compareRules: Readonly<Record<string, (a: number | bigint, b: number | bigint) => boolean>> =
  {
    eq: (a, b) => a === b,
    ne: (a, b) => a !== b,
    lt: (a, b) => a < b,
    le: (a, b) => a <= b,
    gt: (a, b) => a > b,
    ge: (a, b) => a >= b,
  };

const compare: Evaluator = (op, scope) => {
  const predicate = op.getAttribute('predicate');
  const name = predicate instanceof IntegerAttr ? comparisons[predicate.number] : undefined;
  if (name === undefined) fail(op, `unknown predicate ${predicate}`);
  const format = scope.format(op.operand(0).type, op);
  const [a, b, to] = [op.operand(0), op.operand(1), op.result].map((value) => scope.slot(value));
  const isUnsigned = name.startsWith('u');
  const rule = compareRules[name.length === 3 ? name.slice(1) : name];
  const width = widthOf(format);
  const { numbers, objects } = scope;
  if (format.isBig) {
    const read = isUnsigned ? BigInt.asUintN : BigInt.asIntN;
    return () => {
      const [x, y] = [objects[a] as bigint, objects[b] as bigint];
      numbers[to] = rule(read(width, x), read(width, y)) ? 1 : 0;
    };
  }
  if (format.category === 'index' && isUnsigned) {
    return () => {
      const [x, y] = [numbers[a], numbers[b]];
      // Of different signs the negative one is the larger.
      numbers[to] = (x < 0 !== y < 0 ? rule(y, x) : rule(x, y)) ? 1 : 0;
    };
  }
  const read = isUnsigned ? unsignedReader(width) : signedReader(width);
  return () => {
    numbers[to] = rule(read(numbers[a]), read(numbers[b])) ? 1 : 0;
  };
};

/** `addui_extended`, `mulsi_extended`, `mului_extended`: low part, and carry or high part. */
function extended(rule: BinaryRule, isCarry: boolean): Evaluator {
  return (op, scope) => {
    const format = scope.format(op.results[0].type, op);
    const width = widthOf(format);
    const read = rule.sign === 'signed' ? BigInt.asIntN : BigInt.asUintN;
    const slots = op.operands.map((value) => scope.slot(value));
    const [low, high] = op.results.map((value) => scope.slot(value));
    const { numbers, objects } = scope;
    const value = (slot: number): bigint =>
      read(width, format.isBig ? (objects[slot] as bigint) : BigInt(numbers[slot]));
    const set = (slot: number, bits: bigint): void => {
      if (format.isBig) objects[slot] = format.wrapBig(bits);
      else numbers[slot] = format.round(Number(BigInt.asIntN(32, bits)));
    };
    return () => {
      const result = rule.big(value(slots[0]), value(slots[1]));
      set(low, result);
      if (isCarry) numbers[high] = Number(result >> BigInt(width));
      else set(high, result >> BigInt(width));
    };
  };
}

export const integerEvaluators: readonly (readonly [string, Evaluator])[] = [
  ...Object.entries(binaryRules).map(
    ([name, rule]) => [`arith.${name}`, binary(`arith.${name}`, rule)] as const,
  ),
  ['arith.cmpi', compare],
  ['arith.addui_extended', extended({ ...binaryRules.addi, sign: 'unsigned' }, true)],
  ['arith.mulsi_extended', extended(binaryRules.muli, false)],
  ['arith.mului_extended', extended({ ...binaryRules.muli, sign: 'unsigned' }, false)],
];
