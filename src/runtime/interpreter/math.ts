/** The `math` dialect: computed in double precision and rounded to the type once. */

import { floatBinary, floatUnary } from './arith-float.js';
import { widthOf } from './arith-integer.js';
import { fail, type Evaluator } from './compilation.js';
import { copySign, erf, erfc, roundHalfAway, roundToEven } from './math-functions.js';

const unary: Readonly<Record<string, (x: number) => number>> = {
  absf: Math.abs,
  acos: Math.acos,
  acosh: Math.acosh,
  asin: Math.asin,
  asinh: Math.asinh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  ceil: Math.ceil,
  cos: Math.cos,
  cosh: Math.cosh,
  erf,
  erfc,
  exp: Math.exp,
  exp2: (x) => 2 ** x,
  expm1: Math.expm1,
  floor: Math.floor,
  log: Math.log,
  log10: Math.log10,
  log1p: Math.log1p,
  log2: Math.log2,
  round: roundHalfAway,
  roundeven: roundToEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sin: Math.sin,
  sinh: Math.sinh,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  trunc: Math.trunc,
};

/** C's pow where JavaScript's differs: one to any power is one, as is minus one to an infinite one. */
function power(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Infinity)) return 1;
  return x ** y;
}

const binary: Readonly<Record<string, (x: number, y: number) => number>> = {
  atan2: Math.atan2,
  copysign: copySign,
  powf: power,
};

const classes: Readonly<Record<string, (x: number) => boolean>> = {
  isfinite: Number.isFinite,
  isinf: (x) => Math.abs(x) === Infinity,
  isnan: Number.isNaN,
};

function classify(rule: (x: number) => boolean): Evaluator {
  return (op, scope) => {
    const [a, to] = [op.operand(0), op.result].map((value) => scope.slot(value));
    const { numbers } = scope;
    return () => {
      numbers[to] = rule(numbers[a]) ? 1 : 0;
    };
  };
}

const fusedMultiplyAdd: Evaluator = (op, scope) => {
  const { round } = scope.format(op.result.type, op);
  const [a, b, c] = op.operands.map((value) => scope.slot(value));
  const to = scope.slot(op.result);
  const { numbers } = scope;
  return () => {
    numbers[to] = round(numbers[a] * numbers[b] + numbers[c]);
  };
};

/** `fpowi`: a float to an integer power. */
const floatPowerInteger: Evaluator = (op, scope) => {
  const { round } = scope.format(op.result.type, op);
  const base = scope.slot(op.operand(0));
  const exponent = scope.integer(op.operand(1), op);
  const to = scope.slot(op.result);
  const { numbers } = scope;
  return () => {
    numbers[to] = round(power(numbers[base], exponent()));
  };
};

/** An integer operation on the bits of its operand. */
function bits(rule: (value: bigint, width: number) => bigint): Evaluator {
  return (op, scope) => {
    const format = scope.format(op.result.type, op);
    if (format.category !== 'integer') fail(op, `expected an integer, found '${op.result.type}'`);
    const width = widthOf(format);
    const [a, to] = [op.operand(0), op.result].map((value) => scope.slot(value));
    const { numbers, objects } = scope;
    return () => {
      const value = format.isBig ? (objects[a] as bigint) : BigInt(numbers[a]);
      const result = rule(BigInt.asUintN(width, value), width);
      if (format.isBig) objects[to] = format.wrapBig(result);
      else numbers[to] = format.round(Number(BigInt.asIntN(32, result)));
    };
  };
}

const digits = (value: bigint, width: number): string => value.toString(2).padStart(width, '0');

export const mathEvaluators: readonly (readonly [string, Evaluator])[] = [
  ...Object.entries(unary).map(([name, rule]) => [`math.${name}`, floatUnary(rule)] as const),
  ...Object.entries(binary).map(([name, rule]) => [`math.${name}`, floatBinary(rule)] as const),
  ...Object.entries(classes).map(([name, rule]) => [`math.${name}`, classify(rule)] as const),
  ['math.fma', fusedMultiplyAdd],
  ['math.fpowi', floatPowerInteger],
  [
    'math.absi',
    bits((value, width) => {
      const signed = BigInt.asIntN(width, value);
      return signed < 0n ? -signed : signed;
    }),
  ],
  ['math.ctpop', bits((value, width) => BigInt(digits(value, width).replaceAll('0', '').length))],
  [
    'math.ctlz',
    bits((value, width) => BigInt(value === 0n ? width : digits(value, width).indexOf('1'))),
  ],
  [
    'math.cttz',
    bits((value, width) =>
      BigInt(value === 0n ? width : width - 1 - digits(value, width).lastIndexOf('1')),
    ),
  ],
];
