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
import { ScalarBuilder } from '../support/scalar-builder.js';

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
  const scalar = new ScalarBuilder(builder);
  const nearest = scalar.create('math.roundeven', [convertElement(builder, value, wide)], wide);
  const least = scalar.float(low, wide);
  const beyond = scalar.float(high, wide);
  const isAbove = scalar.compareFloats('oge', nearest, beyond);
  const isInside = scalar.compareFloats('oge', nearest, least);
  const zero = scalar.float(0, wide);
  const isNumber = scalar.compareFloats('ord', nearest, nearest);
  const atLeast = scalar.select(isInside, nearest, scalar.select(isNumber, least, zero));
  const inside = scalar.select(isAbove, zero, atLeast);
  const plain = signless(to) as IntegerType;
  const whole = scalar.create(isUnsigned ? 'arith.fptoui' : 'arith.fptosi', [inside], plain);
  const greatest = scalar.integer((1n << BigInt(to.width - (isUnsigned ? 0 : 1))) - 1n, plain);
  return castSign(builder, scalar.select(isAbove, greatest, whole), to);
}

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
