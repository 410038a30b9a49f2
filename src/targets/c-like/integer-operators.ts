/** Integer operations of `arith` as C++ expressions. C++ computes in 32 bits what is narrower; `i1` is `bool`. */

import {
  IndexType,
  IntegerType,
  type IntegerAttr,
  type Operation,
  type Type,
} from '../../ir/index.js';
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

/** The text of an operation; undefined where its types have none. */
export type Emit = (operands: readonly Expression[], op: Operation) => Expression | undefined;

/** The text of an operation with two results. */
export type EmitPair = (
  operands: readonly Expression[],
  op: Operation,
) => readonly [Expression, Expression] | undefined;

const { multiplicative, additive, shift, and, exclusiveOr, or } = PRECEDENCE;

export function isBoolean(type: Type): boolean {
  return type instanceof IntegerType && type.width === 1;
}

/** The unsigned type of the same bits. An index is an `int` of which only values that fit are used. */
function unsignedType(type: Type): string {
  return type instanceof IntegerType && type.width > 1 ? `u${type.width}` : 'u32';
}

function signedType(type: Type): string {
  return type instanceof IndexType ? 'int' : scalarType(type);
}

const not = (value: Expression): Expression => ({
  text: `!${operandText(value, PRECEDENCE.unary)}`,
  precedence: PRECEDENCE.unary,
});
const minus = (value: Expression): Expression => ({
  text: `-${operandText(value, PRECEDENCE.unary)}`,
  precedence: PRECEDENCE.unary,
});
const both: Emit = ([a, b]) => binary('&&', PRECEDENCE.logicalAnd, a, b);
const either: Emit = ([a, b]) => binary('||', PRECEDENCE.logicalOr, a, b);
const differ: Emit = ([a, b]) => binary('!=', PRECEDENCE.equality, a, b);
/** Of one bit only 1 may be divided by, and only 0 shifted by. */
const first: Emit = ([a]) => a;
const never: Emit = () => primary('false');

/** Another text for `i1`, on which arithmetic is logic. */
function orBoolean(boolean: Emit, other: Emit): Emit {
  return (operands, op) => (isBoolean(op.operand(0).type) ? boolean : other)(operands, op);
}

/** Cuts a result to the width of its type, which C++ computes in 32 bits. */
function wrapped(type: Type, result: Expression): Expression {
  const isNarrow = type instanceof IntegerType && type.width > 1 && type.width < 32;
  return isNarrow ? call(scalarType(type), result) : result;
}

/** An operator whose result may need more bits than its operands. */
function wrapping(operator: string, precedence: number): Emit {
  return ([a, b], op) => wrapped(op.result.type, binary(operator, precedence, a, b));
}

/** An operator whose result has no more bits than its operands. */
function plain(operator: string, precedence: number): Emit {
  return ([a, b]) => binary(operator, precedence, a, b);
}

/** Index values are never negative where unsigned operations are used on them, so the plain operator is right. */
function unsigned(operator: string, precedence: number): Emit {
  return ([a, b], op) => {
    const { type } = op.result;
    if (type instanceof IndexType) return binary(operator, precedence, a, b);
    const name = unsignedType(type);
    // The amount of a shift is read as it is.
    const second = precedence === shift ? b : call(name, b);
    return call(scalarType(type), binary(operator, precedence, call(name, a), second));
  };
}

function extremum(operator: '<' | '>'): Emit {
  return ([a, b]) => conditional(binary(operator, PRECEDENCE.relational, a, b), a, b);
}

function unsignedExtremum(operator: '<' | '>'): Emit {
  return ([a, b], op) => {
    const name = unsignedType(op.result.type);
    const isFirst = binary(operator, PRECEDENCE.relational, call(name, a), call(name, b));
    return conditional(isFirst, a, b);
  };
}

/** A quotient that is rounded down or up. */
function rounded(name: 'floor_divide' | 'ceil_divide', isSigned: boolean): Emit {
  return ([a, b], op) => {
    const { type } = op.result;
    const own = signedType(type);
    const read = isSigned ? own : unsignedType(type);
    const quotient = call(name, call(read, a), call(read, b));
    return read === own ? quotient : call(own, quotient);
  };
}

const COMPARISONS = ['==', '!=', '<', '<=', '>', '>=', '<', '<=', '>', '>='];
const FIRST_UNSIGNED = 6;

const compare: Emit = ([lhs, rhs], op) => {
  const predicate = (op.getAttribute('predicate') as IntegerAttr).number;
  const operator = COMPARISONS[predicate];
  const precedence = predicate < 2 ? PRECEDENCE.equality : PRECEDENCE.relational;
  const { type } = op.operand(0);
  const isUnsigned = predicate >= FIRST_UNSIGNED;
  if (isUnsigned && type instanceof IntegerType && type.width > 1) {
    const name = `u${type.width}`;
    return binary(operator, precedence, call(name, lhs), call(name, rhs));
  }
  // True is -1 to signed comparisons.
  const isSwapped = isBoolean(type) && !isUnsigned && predicate >= 2;
  return isSwapped
    ? binary(operator, precedence, rhs, lhs)
    : binary(operator, precedence, lhs, rhs);
};

/** An integer or float from an integer that is read as signed; true is -1. */
const castSigned: Emit = ([operand], op) => {
  const [from, to] = [op.operand(0).type, op.result.type];
  if (isBoolean(to)) return lowBit(operand, from);
  // `i32(...)`, because a bool has no value of -1 to convert.
  return call(scalarType(to), isBoolean(from) ? minus(call('i32', operand)) : operand);
};

/** A signless integer read as unsigned, as an integer or float. */
const castUnsigned: Emit = ([operand], op) => {
  const [from, to] = [op.operand(0).type, op.result.type];
  if (isBoolean(to)) return lowBit(operand, from);
  const source =
    from instanceof IntegerType && !isBoolean(from) ? call(unsignedType(from), operand) : operand;
  return call(scalarType(to), source);
};

function lowBit(operand: Expression, from: Type): Expression {
  if (isBoolean(from)) return operand;
  return binary('!=', PRECEDENCE.equality, binary('&', and, operand, primary('1')), primary('0'));
}

export const INTEGER_OPERATORS: readonly (readonly [string, Emit])[] = [
  ['arith.addi', orBoolean(differ, wrapping('+', additive))],
  ['arith.subi', orBoolean(differ, wrapping('-', additive))],
  ['arith.muli', orBoolean(both, wrapping('*', multiplicative))],
  ['arith.divsi', orBoolean(first, wrapping('/', multiplicative))],
  ['arith.divui', orBoolean(first, unsigned('/', multiplicative))],
  ['arith.ceildivsi', orBoolean(first, rounded('ceil_divide', true))],
  ['arith.ceildivui', orBoolean(first, rounded('ceil_divide', false))],
  ['arith.floordivsi', orBoolean(first, rounded('floor_divide', true))],
  ['arith.remsi', orBoolean(never, plain('%', multiplicative))],
  ['arith.remui', orBoolean(never, unsigned('%', multiplicative))],
  // `&` of conditions is `&&`, so that text reads as conditions do.
  ['arith.andi', orBoolean(both, plain('&', and))],
  ['arith.ori', orBoolean(either, plain('|', or))],
  ['arith.xori', orBoolean(differ, plain('^', exclusiveOr))],
  ['arith.shli', orBoolean(first, wrapping('<<', shift))],
  ['arith.shrsi', orBoolean(first, plain('>>', shift))],
  ['arith.shrui', orBoolean(first, unsigned('>>', shift))],
  ['arith.minsi', orBoolean(either, extremum('<'))],
  ['arith.maxsi', orBoolean(both, extremum('>'))],
  ['arith.minui', orBoolean(both, unsignedExtremum('<'))],
  ['arith.maxui', orBoolean(either, unsignedExtremum('>'))],
  ['arith.cmpi', compare],
  ['arith.extsi', castSigned],
  ['arith.trunci', castSigned],
  ['arith.sitofp', castSigned],
  ['arith.index_cast', castSigned],
  ['arith.extui', castUnsigned],
  ['arith.uitofp', castUnsigned],
  ['arith.index_castui', castUnsigned],
];

/** The sum of unsigned integers, and whether it needs one bit more. */
const addExtended: EmitPair = ([a, b], op) => {
  const { type } = op.operand(0);
  if (!(type instanceof IntegerType)) return undefined;
  if (isBoolean(type)) return [differ([a, b], op)!, both([a, b], op)!];
  const name = unsignedType(type);
  const sum = call(name, binary('+', additive, call(name, a), call(name, b)));
  return [call(scalarType(type), sum), binary('<', PRECEDENCE.relational, sum, call(name, a))];
};

/** Both halves of a product. */
function multiplyExtended(isSigned: boolean): EmitPair {
  return ([a, b], op) => {
    const { type } = op.operand(0);
    if (!(type instanceof IntegerType)) return undefined;
    if (isBoolean(type)) return [both([a, b], op)!, primary('false')];
    const own = scalarType(type);
    const read = isSigned ? own : unsignedType(type);
    const [x, y] = [call(read, a), call(read, b)];
    if (type.width === 64) {
      const low = binary('*', multiplicative, call('u64', a), call('u64', b));
      return [call(own, low), call(own, call('multiply_high', x, y))];
    }
    const wide = isSigned ? 'i64' : 'u64';
    const product = binary('*', multiplicative, call(wide, x), call(wide, y));
    const high = binary('>>', shift, product, primary(`${type.width}`));
    return [call(own, product), call(own, high)];
  };
}

export const PAIR_OPERATORS: ReadonlyMap<string, EmitPair> = new Map([
  ['arith.addui_extended', addExtended],
  ['arith.mulsi_extended', multiplyExtended(true)],
  ['arith.mului_extended', multiplyExtended(false)],
]);

export const absoluteInteger: Emit = ([operand], op) => {
  const isNegative = binary('<', PRECEDENCE.relational, operand, primary('0'));
  return wrapped(op.result.type, conditional(isNegative, minus(operand), operand));
};

/** A condition that does not hold. */
export { not as negation };
