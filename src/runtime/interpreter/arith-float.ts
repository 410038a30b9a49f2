/** Float operations, constants, selection and casts of `arith`. */

import {
  DenseElementsAttr,
  FloatAttr,
  IntegerAttr,
  VectorType,
  type Operation,
} from '../../ir/index.js';
import { integerRange, type ElementFormat } from '../numerics/index.js';
import { checkIndex, widthOf } from './arith-integer.js';
import { fail, type Compilation, type Evaluator, type Step } from './compilation.js';

type Binary = (a: number, b: number) => number;

/** `maximumf` and `minimumf` pass a NaN on, `maxnumf` and `minnumf` ignore one; -0 is below +0. */
const maxNumber: Binary = (a, b) => (a !== a ? b : b !== b ? a : Math.max(a, b));
const minNumber: Binary = (a, b) => (a !== a ? b : b !== b ? a : Math.min(a, b));

const binaryRules: Readonly<Record<string, Binary>> = {
  addf: (a, b) => a + b,
  subf: (a, b) => a - b,
  mulf: (a, b) => a * b,
  divf: (a, b) => a / b,
  remf: (a, b) => a % b,
  maximumf: Math.max,
  minimumf: Math.min,
  maxnumf: maxNumber,
  minnumf: minNumber,
};

/** An evaluator of a float operation of one or two operands: exact in f64, then rounded to the type. */
export function floatBinary(rule: Binary): Evaluator {
  return (op, scope) => {
    const { round } = scope.format(op.result.type, op);
    const [a, b, to] = [op.operand(0), op.operand(1), op.result].map((value) => scope.slot(value));
    const { numbers } = scope;
    return () => {
      numbers[to] = round(rule(numbers[a], numbers[b]));
    };
  };
}

export function floatUnary(rule: (a: number) => number): Evaluator {
  return (op, scope) => {
    const { round } = scope.format(op.result.type, op);
    const [a, to] = [op.operand(0), op.result].map((value) => scope.slot(value));
    const { numbers } = scope;
    return () => {
      numbers[to] = round(rule(numbers[a]));
    };
  };
}

/** In the order of the numbers of `arith.cmpf`'s predicate: ordered ones are false, unordered ones true for NaN. */
const comparisons: readonly ((a: number, b: number) => boolean)[] = [
  () => false,
  (a, b) => a === b,
  (a, b) => a > b,
  (a, b) => a >= b,
  (a, b) => a < b,
  (a, b) => a <= b,
  (a, b) => a < b || a > b,
  (a, b) => a === a && b === b,
  (a, b) => !(a < b || a > b),
  (a, b) => !(a <= b),
  (a, b) => !(a < b),
  (a, b) => !(a >= b),
  (a, b) => !(a > b),
  (a, b) => a !== b,
  (a, b) => a !== a || b !== b,
  () => true,
];

const compare: Evaluator = (op, scope) => {
  const predicate = op.getAttribute('predicate');
  const rule = predicate instanceof IntegerAttr ? comparisons[predicate.number] : undefined;
  if (rule === undefined) fail(op, `unknown predicate ${predicate}`);
  scope.format(op.operand(0).type, op);
  const [a, b, to] = [op.operand(0), op.operand(1), op.result].map((value) => scope.slot(value));
  const { numbers } = scope;
  return () => {
    numbers[to] = rule(numbers[a], numbers[b]) ? 1 : 0;
  };
};

/** A vector is the array of its elements, row-major. */
function vectorConstant(op: Operation, scope: Compilation, value: DenseElementsAttr): Step {
  const { round, wrapBig, isBig } = scope.elementFormat(op.result.type, op);
  const { shape } = op.result.type as VectorType;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const elements = Array.from({ length: count }, (_, i) => {
    const element = value.values[value.isSplat ? 0 : i];
    return isBig ? wrapBig(BigInt(element)) : round(Number(element));
  });
  const slot = scope.slot(op.result);
  return () => void (scope.objects[slot] = elements);
}

const constant: Evaluator = (op, scope) => {
  const value = op.getAttribute('value');
  if (value instanceof DenseElementsAttr && op.result.type instanceof VectorType)
    return vectorConstant(op, scope, value);
  const format = scope.format(op.result.type, op);
  if (
    value instanceof DenseElementsAttr ||
    !(value instanceof IntegerAttr || value instanceof FloatAttr)
  ) {
    fail(op, 'expected an integer or float constant');
  }
  const slot = scope.slot(op.result);
  if (format.isBig) {
    const big = format.wrapBig((value as IntegerAttr).value);
    return () => void (scope.objects[slot] = big);
  }
  const number = value instanceof IntegerAttr ? value.number : format.round(value.value);
  if (format.category === 'index') checkIndex(op, number);
  return () => void (scope.numbers[slot] = number);
};

const select: Evaluator = (op, scope) => {
  const condition = scope.slot(op.operand(0));
  const ifTrue = scope.moves([op.operand(1)], [op.result]);
  const ifFalse = scope.moves([op.operand(2)], [op.result]);
  const { numbers } = scope;
  return () => (numbers[condition] !== 0 ? ifTrue() : ifFalse());
};

/** What a cast makes of a value; bigints stand for integers wider than 32 bits. */
type Cast = (value: number | bigint) => number | bigint;
type CastRule = (from: ElementFormat, to: ElementFormat, op: Operation) => Cast;

function cast(rule: CastRule): Evaluator {
  return (op, scope) => {
    const from = scope.format(op.operand(0).type, op);
    const to = scope.format(op.result.type, op);
    return castStep(op, scope, from, to, rule(from, to, op));
  };
}

function castStep(
  op: Operation,
  scope: Compilation,
  from: ElementFormat,
  to: ElementFormat,
  convert: Cast,
): Step {
  const { numbers, objects } = scope;
  const a = scope.slot(op.operand(0));
  const d = scope.slot(op.result);
  if (!from.isBig && !to.isBig) return () => void (numbers[d] = convert(numbers[a]) as number);
  return () => {
    const value = convert(from.isBig ? (objects[a] as bigint) : numbers[a]);
    if (to.isBig) objects[d] = value;
    else numbers[d] = value as number;
  };
}

/** An integer's value with its bits read as signed or unsigned. */
function reader(from: ElementFormat, isUnsigned: boolean): Cast {
  const width = widthOf(from);
  if (from.isBig) {
    const read = isUnsigned ? BigInt.asUintN : BigInt.asIntN;
    return (value) => read(width, value as bigint);
  }
  if (width === 1) return isUnsigned ? (value) => value : (value) => 0 - (value as number);
  if (!isUnsigned || from.category === 'index') return (value) => value;
  return (value) => ((value as number) < 0 ? (value as number) + 2 ** width : value);
}

/** Integer to integer or `index`: reads the bits, then wraps. */
function integerCast(isUnsigned: boolean): CastRule {
  return (from, to, op) => {
    const read = reader(from, isUnsigned);
    if (to.isBig) return (value) => to.wrapBig(BigInt(read(value)));
    if (to.category === 'index') return (value) => checkIndex(op, Number(read(value)));
    if (from.isBig) return (value) => to.round(Number(BigInt.asIntN(32, value as bigint)));
    return (value) => to.round(read(value) as number);
  };
}

function integerToFloat(isUnsigned: boolean): CastRule {
  return (from, to) => {
    const read = reader(from, isUnsigned);
    return (value) => to.round(Number(read(value)));
  };
}

/** Truncates towards zero; out of range clamps and NaN gives 0, where MLIR leaves the result undefined. */
function floatToInteger(isUnsigned: boolean): CastRule {
  return (_from, to) => {
    const width = BigInt(widthOf(to));
    const [low, high] = isUnsigned ? [0n, (1n << width) - 1n] : signedRange(to, width);
    return (value) => {
      const whole = Math.trunc(value as number);
      const exact = Number.isNaN(whole)
        ? 0n
        : whole <= Number(low)
          ? low
          : whole >= Number(high)
            ? high
            : BigInt(whole);
      return to.isBig ? to.wrapBig(exact) : to.round(Number(exact));
    };
  };
}

function signedRange(to: ElementFormat, width: bigint): [bigint, bigint] {
  return width === 1n ? [-1n, 0n] : integerRange(to);
}

const roundCast: CastRule = (_from, to) => (value) => to.round(value as number);

const scratch = new DataView(new ArrayBuffer(8));

/** Same bits, other type. */
const bitcast: CastRule = (from, to, op) => {
  if (widthOf(from) !== widthOf(to)) {
    fail(op, `cannot reinterpret '${from.type}' as '${to.type}': their widths differ`);
  }
  if (from.storageBits === 64) {
    if (from.category === to.category) return (value) => value;
    if (from.category === 'float') {
      return (value) => {
        scratch.setFloat64(0, value as number);
        return to.wrapBig(scratch.getBigInt64(0));
      };
    }
    return (value) => {
      scratch.setBigInt64(0, BigInt.asIntN(64, value as bigint));
      return scratch.getFloat64(0);
    };
  }
  return (value) => to.decode(from.encode(value as number));
};

export const floatEvaluators: readonly (readonly [string, Evaluator])[] = [
  ...Object.entries(binaryRules).map(
    ([name, rule]) => [`arith.${name}`, floatBinary(rule)] as const,
  ),
  ['arith.negf', floatUnary((a) => -a)],
  ['arith.cmpf', compare],
  ['arith.constant', constant],
  ['arith.select', select],
  ['arith.extf', cast(roundCast)],
  ['arith.truncf', cast(roundCast)],
  ['arith.extsi', cast(integerCast(false))],
  ['arith.extui', cast(integerCast(true))],
  ['arith.trunci', cast(integerCast(false))],
  ['arith.index_cast', cast(integerCast(false))],
  ['arith.index_castui', cast(integerCast(true))],
  ['arith.sitofp', cast(integerToFloat(false))],
  ['arith.uitofp', cast(integerToFloat(true))],
  ['arith.fptosi', cast(floatToInteger(false))],
  ['arith.fptoui', cast(floatToInteger(true))],
  ['arith.bitcast', cast(bitcast)],
];
