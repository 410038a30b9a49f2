/** Elements of which several share a byte of memory. */

import { bitWidth, FloatType, IntegerType, type Type } from '../../ir/index.js';

/** Bits of the elements that are packed. */
export const NARROW_BITS = 4;

/** Whether values of a scalar type share bytes in memory. Truth values take a byte each. */
export function isNarrow(type: Type): type is IntegerType | FloatType {
  const isScalar = type instanceof IntegerType || type instanceof FloatType;
  return isScalar && bitWidth(type) === NARROW_BITS;
}
