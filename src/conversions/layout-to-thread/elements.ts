/** Constants and conversions of single elements. */

import {
  FloatAttr,
  FloatType,
  IndexType,
  IntegerAttr,
  IntegerType,
  VectorType,
  type Attribute,
  type Builder,
  type Type,
  type Value,
} from '../../ir/index.js';
import { InternalError } from '../../support/index.js';

/** The zero of an integer or float type as an attribute. */
export function zeroAttribute(type: Type): Attribute {
  if (type instanceof FloatType) return FloatAttr.get(0, type);
  if (type instanceof IntegerType || type instanceof IndexType) return IntegerAttr.get(0, type);
  throw new InternalError(`'${type}' has no zero`);
}

export function zeroOf(builder: Builder, type: Type): Value {
  const plain = signless(type);
  const zero = builder.create('arith.constant', {
    resultTypes: [plain],
    attributes: { value: zeroAttribute(plain) },
  }).result;
  return castSign(builder, zero, type);
}

/** The type that `arith` computes in: its integers have no sign. */
export function signless(type: Type): Type {
  if (type instanceof VectorType) return VectorType.get(type.shape, signless(type.elementType));
  return type instanceof IntegerType ? IntegerType.get(type.width) : type;
}

/** The same bits with or without a sign in the type. */
export function castSign(builder: Builder, value: Value, to: Type): Value {
  if (value.type === to) return value;
  const name = 'builtin.unrealized_conversion_cast';
  return builder.create(name, { operands: [value], resultTypes: [to] }).result;
}

/** A truth value counts as one, not as minus one. */
function holdsNoNegative(type: IntegerType): boolean {
  return type.signedness === 'unsigned' || type.width === 1;
}

/** The operation of `arith` that converts one element type to another; undefined between types of equal width. */
function conversionName(from: Type, to: Type): string | undefined {
  if (from instanceof FloatType && to instanceof FloatType) {
    return to.width > from.width ? 'arith.extf' : 'arith.truncf';
  }
  if (from instanceof IntegerType) {
    const isUnsigned = holdsNoNegative(from);
    if (to instanceof FloatType) return isUnsigned ? 'arith.uitofp' : 'arith.sitofp';
    if (to instanceof IntegerType) {
      if (to.width === from.width) return undefined;
      if (to.width < from.width) return 'arith.trunci';
      return isUnsigned ? 'arith.extui' : 'arith.extsi';
    }
  }
  throw new InternalError(`no conversion from '${from}' to '${to}'`);
}

/**
 * A float as the nearest integer, ties to even, clamped to the integer type; NaN becomes 0. The operations of `arith`
 * cut fractions off and leave what is out of range undefined.
 */
function roundToInteger(builder: Builder, value: Value, to: IntegerType): Value {
  const from = value.type as FloatType;
  const wide = from.width < 32 ? FloatType.get('f32') : from;
  const isUnsigned = holdsNoNegative(to);
  const low = isUnsigned ? 0 : -(2 ** (to.width - 1));
  const high = 2 ** (isUnsigned ? to.width : to.width - 1);
  const constant = (attribute: Attribute, type: Type): Value =>
    builder.create('arith.constant', { resultTypes: [type], attributes: { value: attribute } })
      .result;
  const compare = (predicate: bigint, lhs: Value, rhs: Value): Value =>
    builder.create('arith.cmpf', {
      operands: [lhs, rhs],
      resultTypes: [IntegerType.get(1)],
      attributes: { predicate: IntegerAttr.get(predicate, IntegerType.get(64)) },
    }).result;
  const select = (condition: Value, then: Value, otherwise: Value): Value =>
    builder.create('arith.select', {
      operands: [condition, then, otherwise],
      resultTypes: [then.type],
    }).result;
  const nearest = builder.create('math.roundeven', {
    operands: [convertElement(builder, value, wide)],
    resultTypes: [wide],
  }).result;
  const least = constant(FloatAttr.get(low, wide), wide);
  const beyond = constant(FloatAttr.get(high, wide), wide);
  const isAbove = compare(OGE, nearest, beyond);
  const isInside = compare(OGE, nearest, least);
  const zero = constant(FloatAttr.get(0, wide), wide);
  const isNumber = compare(ORD, nearest, nearest);
  const atLeast = select(isInside, nearest, select(isNumber, least, zero));
  const inside = select(isAbove, zero, atLeast);
  const plain = signless(to) as IntegerType;
  const whole = builder.create(isUnsigned ? 'arith.fptoui' : 'arith.fptosi', {
    operands: [inside],
    resultTypes: [plain],
  }).result;
  const greatest = constant(
    IntegerAttr.get((1n << BigInt(to.width - (isUnsigned ? 0 : 1))) - 1n, plain),
    plain,
  );
  return castSign(builder, select(isAbove, greatest, whole), to);
}

/** Predicates of `arith.cmpf`: ordered and greater or equal; ordered. */
const [OGE, ORD] = [3n, 7n];

/** Rounds to nearest even where the target type is narrower. Between f16 and bf16 the way goes through f32. */
export function convertElement(builder: Builder, value: Value, to: Type): Value {
  const from = value.type;
  if (from === to) return value;
  if (from instanceof FloatType && to instanceof FloatType && from.width === to.width) {
    return convertElement(builder, convertElement(builder, value, FloatType.get('f32')), to);
  }
  if (from instanceof FloatType && to instanceof IntegerType)
    return roundToInteger(builder, value, to);
  const name = conversionName(from, to);
  const plain = castSign(builder, value, signless(from));
  const converted =
    name === undefined
      ? plain
      : builder.create(name, { operands: [plain], resultTypes: [signless(to)] }).result;
  return castSign(builder, converted, to);
}
