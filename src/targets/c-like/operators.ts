/** Scalar operations of the upstream dialects as C++ expressions: one row per operation. */

import { enumOf } from '../../dialects/accessors.js';
import type { IntegerAttr } from '../../ir/index.js';
import { FloatType, IntegerType, type Operation, type Type } from '../../ir/index.js';
import {
  binary,
  call,
  conditional,
  operandText,
  PRECEDENCE,
  primary,
  type Expression,
} from './expression.js';
import {
  absoluteInteger,
  INTEGER_OPERATORS,
  isBoolean,
  negation as not,
  type Emit,
} from './integer-operators.js';
import { scalarType } from './types.js';

/** bf16 has no arithmetic on every target, 8-bit floats on none: they are computed in f32 and rounded back. */
function throughFloat32(type: Type): boolean {
  return type instanceof FloatType && (type.kind === 'bf16' || type.width === 8);
}

function isNarrowFloat(type: Type): boolean {
  return type instanceof FloatType && type.width < 32;
}

function widened(operands: readonly Expression[], op: Operation): Expression[] {
  return operands.map((operand, i) =>
    throughFloat32(op.operand(i).type) ? call('f32', operand) : operand,
  );
}

function infix(operator: string, precedence: number): Emit {
  return (operands, op) => {
    const [lhs, rhs] = widened(operands, op);
    const result = binary(operator, precedence, lhs, rhs);
    return throughFloat32(op.result.type) ? call(scalarType(op.result.type), result) : result;
  };
}

/** A function of f32 (suffix f) or f64; narrower types are computed in f32. */
function math(name: string): Emit {
  return (operands, op) => {
    const { type } = op.result;
    if (type instanceof FloatType && type.kind === 'f64') return call(name, ...operands);
    const isNarrow = type instanceof FloatType && type.width < 32;
    const result = call(
      `${name}f`,
      ...(isNarrow ? operands.map((operand) => call('f32', operand)) : operands),
    );
    return isNarrow ? call(scalarType(type), result) : result;
  };
}

/** Text that computes in f32; narrower operands are widened, the result is rounded back. */
function inFloat32(compute: (operands: readonly Expression[]) => Expression): Emit {
  return (operands, op) => {
    const isNarrow = op.result.type instanceof FloatType && op.result.type.width < 32;
    const result = compute(isNarrow ? operands.map((operand) => call('f32', operand)) : operands);
    return isNarrow ? call(scalarType(op.result.type), result) : result;
  };
}

/** A wrapper that takes f32. */
function wrapper(name: string): Emit {
  return inFloat32((operands) => call(name, ...operands));
}

/** What an approximation must be allowed by: any approximation of a function, or a product with the reciprocal. */
type FastMathFlag = 'afn' | 'arcp';

/** The text for f32 and narrower types whose fast-math flags allow an approximation, and the exact one for the rest. */
function approximated(flag: FastMathFlag, approximate: Emit, exact: Emit): Emit {
  return (operands, op) => {
    const { type } = op.result;
    const isSmall = type instanceof FloatType && type.width <= 32;
    const flags = enumOf(op, 'fastmath')?.split(',') ?? [];
    const isAllowed = isSmall && (flags.includes(flag) || flags.includes('fast'));
    return (isAllowed ? approximate : exact)(operands, op);
  };
}

/** `log2(e)`, to compute powers of e as powers of 2. */
const LOG2_E = primary('1.44269504f');
/** `ln(2)`, to compute natural logarithms from binary ones. */
const LN_2 = primary('0.693147181f');

const fastExp: Emit = inFloat32(([x]) =>
  call('fast_exp2', binary('*', PRECEDENCE.multiplicative, x, LOG2_E)),
);
const fastLog: Emit = inFloat32(([x]) =>
  binary('*', PRECEDENCE.multiplicative, call('fast_log2', x), LN_2),
);

/** Ordered comparisons of `arith.cmpf` by number; the unordered ones are the negation of the opposite. */
const FLOAT_COMPARISONS: readonly { operator: string; isNegated?: boolean }[] = [
  { operator: 'false' },
  { operator: '==' },
  { operator: '>' },
  { operator: '>=' },
  { operator: '<' },
  { operator: '<=' },
  { operator: 'one' },
  { operator: 'ord' },
  { operator: 'ueq' },
  { operator: '<=', isNegated: true },
  { operator: '<', isNegated: true },
  { operator: '>=', isNegated: true },
  { operator: '>', isNegated: true },
  { operator: '==', isNegated: true },
  { operator: 'uno' },
  { operator: 'true' },
];

const compareFloats: Emit = (operands, op) => {
  const [lhs, rhs] = widened(operands, op);
  const { operator, isNegated } =
    FLOAT_COMPARISONS[(op.getAttribute('predicate') as IntegerAttr).number];
  const relation = (symbol: string): Expression =>
    binary(symbol, symbol === '==' ? PRECEDENCE.equality : PRECEDENCE.relational, lhs, rhs);
  const either = binary('||', PRECEDENCE.logicalOr, relation('<'), relation('>'));
  const isNumber = (value: Expression): Expression =>
    binary('==', PRECEDENCE.equality, value, value);
  const ordered = binary('&&', PRECEDENCE.logicalAnd, isNumber(lhs), isNumber(rhs));
  switch (operator) {
    case 'true':
    case 'false':
      return primary(operator);
    case 'one':
      return either;
    case 'ueq':
      return not(either);
    case 'ord':
      return ordered;
    case 'uno':
      return not(ordered);
    default:
      return isNegated ? not(relation(operator)) : relation(operator);
  }
};

const negate: Emit = (operands, op) => {
  const [operand] = widened(operands, op);
  const result = {
    text: `-${operandText(operand, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
  };
  return throughFloat32(op.result.type) ? call(scalarType(op.result.type), result) : result;
};

const cast: Emit = ([operand], op) => call(scalarType(op.result.type), operand);

/** Rounds towards zero, through a type that holds all values of the result's. */
function castToInteger(sign: 'i' | 'u'): Emit {
  return (operands, op) => {
    const [operand] = isNarrowFloat(op.operand(0).type)
      ? operands.map((each) => call('f32', each))
      : operands;
    const { type } = op.result;
    const isWide = type instanceof IntegerType && type.width === 64;
    const name = `${sign}${isWide ? 64 : 32}`;
    const whole = call(name, operand);
    if (isBoolean(type)) return binary('!=', PRECEDENCE.equality, whole, primary('0'));
    return name === scalarType(type) ? whole : call(scalarType(type), whole);
  };
}

/** The same bits; an element of registers becomes a value of its type first. */
const castBits: Emit = ([operand], op) => {
  const [from, to] = [op.operand(0).type, op.result.type].map(scalarType);
  return from === to ? operand : call(`bit_cast<${to}>`, call(from, operand));
};

export const OPERATORS: ReadonlyMap<string, Emit> = new Map<string, Emit>([
  ...INTEGER_OPERATORS,
  ['arith.addf', infix('+', PRECEDENCE.additive)],
  ['arith.subf', infix('-', PRECEDENCE.additive)],
  ['arith.mulf', infix('*', PRECEDENCE.multiplicative)],
  [
    'arith.divf',
    approximated('arcp', wrapper('fast_divide'), infix('/', PRECEDENCE.multiplicative)),
  ],
  ['arith.remf', math('fmod')],
  ['arith.negf', negate],
  ['arith.maximumf', wrapper('maximum')],
  ['arith.minimumf', wrapper('minimum')],
  ['arith.maxnumf', math('fmax')],
  ['arith.minnumf', math('fmin')],
  ['arith.cmpf', compareFloats],
  ['arith.select', ([condition, then, otherwise]) => conditional(condition, then, otherwise)],
  ['arith.extf', cast],
  ['arith.truncf', cast],
  ['arith.fptosi', castToInteger('i')],
  ['arith.fptoui', castToInteger('u')],
  ['arith.bitcast', castBits],
  ['math.exp', approximated('afn', fastExp, math('exp'))],
  ['math.exp2', approximated('afn', wrapper('fast_exp2'), math('exp2'))],
  ['math.log', approximated('afn', fastLog, math('log'))],
  ['math.log2', approximated('afn', wrapper('fast_log2'), math('log2'))],
  ['math.sqrt', math('sqrt')],
  ['math.rsqrt', math('rsqrt')],
  ['math.absf', math('fabs')],
  ['math.absi', absoluteInteger],
  ['math.tanh', approximated('afn', wrapper('fast_tanh'), math('tanh'))],
  ['math.erf', math('erf')],
  ['math.sin', approximated('afn', wrapper('fast_sin'), math('sin'))],
  ['math.cos', approximated('afn', wrapper('fast_cos'), math('cos'))],
  ['math.floor', math('floor')],
  ['math.ceil', math('ceil')],
  ['math.roundeven', math('rint')],
  ['math.powf', math('pow')],
  ['math.fma', math('fma')],
]);
