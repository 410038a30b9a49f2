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
import { scalarType } from './types.js';

type Emit = (operands: readonly Expression[], op: Operation) => Expression;

/** bf16 has no arithmetic on every target: it is computed in f32 and rounded back. */
function throughFloat32(type: Type): boolean {
  return type instanceof FloatType && type.kind === 'bf16';
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
    return throughFloat32(op.result.type) ? call('bf16', result) : result;
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

const cast: Emit = ([operand], op) => call(scalarType(op.result.type), operand);

/** A conversion of a signless integer read as unsigned. */
const castUnsigned: Emit = ([operand], op) => {
  const from = op.operand(0).type;
  const source =
    from instanceof IntegerType && from.width > 1 ? call(`u${from.width}`, operand) : operand;
  return call(scalarType(op.result.type), source);
};

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', '<', '<=', '>', '>='];
const FIRST_UNSIGNED = 6;

const compareIntegers: Emit = ([lhs, rhs], op) => {
  const predicate = (op.getAttribute('predicate') as IntegerAttr).number;
  const operator = COMPARISONS[predicate];
  const precedence = predicate < 2 ? PRECEDENCE.equality : PRECEDENCE.relational;
  const { type } = op.operand(0);
  if (predicate >= FIRST_UNSIGNED && type instanceof IntegerType && type.width > 1) {
    const name = `u${type.width}`;
    return binary(operator, precedence, call(name, lhs), call(name, rhs));
  }
  return binary(operator, precedence, lhs, rhs);
};

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
  const not = (value: Expression): Expression => ({
    text: `!${operandText(value, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
  });
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

const { multiplicative, additive, shift, and, exclusiveOr, or } = PRECEDENCE;

/** `&` of conditions is `&&`, so that text reads as conditions do. */
const bitAnd: Emit = (operands, op) =>
  scalarType(op.result.type) === 'bool'
    ? binary('&&', PRECEDENCE.logicalAnd, operands[0], operands[1])
    : infix('&', and)(operands, op);
const bitOr: Emit = (operands, op) =>
  scalarType(op.result.type) === 'bool'
    ? binary('||', PRECEDENCE.logicalOr, operands[0], operands[1])
    : infix('|', or)(operands, op);

function extremum(operator: '<' | '>'): Emit {
  return ([lhs, rhs]) => conditional(binary(operator, PRECEDENCE.relational, lhs, rhs), lhs, rhs);
}

const negate: Emit = (operands, op) => {
  const [operand] = widened(operands, op);
  const result = {
    text: `-${operandText(operand, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
  };
  return throughFloat32(op.result.type) ? call('bf16', result) : result;
};

/** Index values are never negative where unsigned operations are used on them, so plain `/` and `%` are right. */
function unsignedInfix(operator: string): Emit {
  return (operands, op) => {
    const { type } = op.result;
    if (!(type instanceof IntegerType)) return infix(operator, multiplicative)(operands, op);
    const name = `u${type.width}`;
    return call(
      scalarType(type),
      binary(operator, multiplicative, call(name, operands[0]), call(name, operands[1])),
    );
  };
}

const absoluteInteger: Emit = ([operand]) => {
  const isNegative = binary('<', PRECEDENCE.relational, operand, primary('0'));
  const negated = {
    text: `-${operandText(operand, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
  };
  return conditional(isNegative, negated, operand);
};

export const OPERATORS: ReadonlyMap<string, Emit> = new Map<string, Emit>([
  ['arith.addi', infix('+', additive)],
  ['arith.subi', infix('-', additive)],
  ['arith.muli', infix('*', multiplicative)],
  ['arith.divsi', infix('/', multiplicative)],
  ['arith.remsi', infix('%', multiplicative)],
  ['arith.divui', unsignedInfix('/')],
  ['arith.remui', unsignedInfix('%')],
  ['arith.andi', bitAnd],
  ['arith.ori', bitOr],
  ['arith.xori', infix('^', exclusiveOr)],
  ['arith.shli', infix('<<', shift)],
  ['arith.shrsi', infix('>>', shift)],
  ['arith.minsi', extremum('<')],
  ['arith.maxsi', extremum('>')],
  ['arith.addf', infix('+', additive)],
  ['arith.subf', infix('-', additive)],
  ['arith.mulf', infix('*', multiplicative)],
  ['arith.divf', approximated('arcp', wrapper('fast_divide'), infix('/', multiplicative))],
  ['arith.negf', negate],
  ['arith.maximumf', wrapper('maximum')],
  ['arith.minimumf', wrapper('minimum')],
  ['arith.maxnumf', math('fmax')],
  ['arith.minnumf', math('fmin')],
  ['arith.cmpi', compareIntegers],
  ['arith.cmpf', compareFloats],
  ['arith.select', ([condition, then, otherwise]) => conditional(condition, then, otherwise)],
  ['arith.extf', cast],
  ['arith.truncf', cast],
  ['arith.sitofp', cast],
  ['arith.fptosi', cast],
  ['arith.extsi', cast],
  ['arith.trunci', cast],
  ['arith.index_cast', cast],
  ['arith.uitofp', castUnsigned],
  ['arith.extui', castUnsigned],
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
