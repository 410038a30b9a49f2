/** Constants and conversions of single elements. */

import {
  FloatAttr,
  FloatType,
  IndexType,
  IntegerAttr,
  IntegerType,
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
  return builder.create('arith.constant', {
    resultTypes: [type],
    attributes: { value: zeroAttribute(type) },
  }).result;
}

/** The operation of `arith` that converts one element type to another; undefined between equal types. */
function conversionName(from: Type, to: Type): string | undefined {
  if (from === to) return undefined;
  if (from instanceof FloatType && to instanceof FloatType) {
    return to.width > from.width ? 'arith.extf' : 'arith.truncf';
  }
  if (from instanceof IntegerType && to instanceof FloatType) {
    return from.signedness === 'unsigned' ? 'arith.uitofp' : 'arith.sitofp';
  }
  if (from instanceof FloatType && to instanceof IntegerType) return 'arith.fptosi';
  if (from instanceof IntegerType && to instanceof IntegerType) {
    return to.width > from.width ? 'arith.extsi' : 'arith.trunci';
  }
  throw new InternalError(`no conversion from '${from}' to '${to}'`);
}

/** Rounds to nearest even where the target type is narrower. Between f16 and bf16 the way goes through f32. */
export function convertElement(builder: Builder, value: Value, to: Type): Value {
  const from = value.type;
  if (
    from instanceof FloatType &&
    to instanceof FloatType &&
    from !== to &&
    from.width === to.width
  ) {
    return convertElement(builder, convertElement(builder, value, FloatType.get('f32')), to);
  }
  const name = conversionName(from, to);
  if (name === undefined) return value;
  return builder.create(name, { operands: [value], resultTypes: [to] }).result;
}
