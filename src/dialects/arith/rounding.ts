/** Exact arithmetic on the values of integer and float attributes: wrapping, signs, rounding to a type. */

import { FloatType, IndexType, IntegerType, type Type } from '../../ir/index.js';

/** Width in bits that constants of a type are folded in; `index` folds as 64 bits. */
export function foldWidth(type: Type): number {
  return type instanceof IntegerType ? type.width : type instanceof IndexType ? 64 : 0;
}

export function asSigned(value: bigint, width: number): bigint {
  return BigInt.asIntN(width, value);
}

export function asUnsigned(value: bigint, width: number): bigint {
  return BigInt.asUintN(width, value);
}

interface Format {
  /** Bits of the significand with its hidden one. */
  readonly precision: number;
  readonly minExponent: number;
  readonly maxExponent: number;
}

/** Binary formats that doubles hold exactly; f64 itself needs no rounding. */
const FORMATS: Readonly<Record<string, Format>> = {
  f16: { precision: 11, minExponent: -14, maxExponent: 15 },
  bf16: { precision: 8, minExponent: -126, maxExponent: 127 },
  tf32: { precision: 11, minExponent: -126, maxExponent: 127 },
  f32: { precision: 24, minExponent: -126, maxExponent: 127 },
  f64: { precision: 53, minExponent: -1022, maxExponent: 1023 },
};

/** Whether constants of a float type are folded. */
export function canRoundTo(type: Type): type is FloatType {
  return type instanceof FloatType && Object.hasOwn(FORMATS, type.kind);
}

/** Bits of the significand of a type that `canRoundTo`, its hidden one included, and the largest exponent. */
export function precisionOf(type: FloatType): { precision: number; maxExponent: number } {
  return FORMATS[type.kind];
}

/** The nearest value of a float type, ties to even; overflow gives infinity. */
export function roundTo(value: number, type: FloatType): number {
  if (type.kind === 'f64' || value === 0 || !Number.isFinite(value)) return value;
  if (type.kind === 'f32') return Math.fround(value);
  const { precision, minExponent, maxExponent } = FORMATS[type.kind];
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), minExponent);
  // One unit in the last place; log2 may be one off at a power of two, which the comparison below mends.
  let unit = 2 ** (exponent - precision + 1);
  if (Math.abs(value) >= 2 ** (exponent + 1)) unit *= 2;
  const scaled = value / unit;
  let rounded = Math.round(scaled);
  if (Math.abs(scaled % 1) === 0.5 && rounded % 2 !== 0) rounded -= 1;
  const result = rounded * unit;
  const largest = (2 - 2 ** (1 - precision)) * 2 ** maxExponent;
  if (Math.abs(result) > largest) return Math.sign(value) * Infinity;
  return result === 0 ? Math.sign(value) * 0 : result;
}
