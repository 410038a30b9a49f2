/** The bit formats of the float types: rounding to them, their bit patterns, and MLIR's way to print their values. */

import type { FloatKind } from './type.js';

/** What a format does with infinities, NaN and negative zero. */
type SpecialValues =
  | 'ieee' // All-ones exponent: infinities and NaN.
  | 'finite' // Neither infinities nor NaN: too large values saturate.
  | 'nan-all-ones' // No infinities; NaN is all ones below the sign.
  | 'nan-negative-zero' // No infinities, no negative zero: that pattern is NaN.
  | 'exponent-only'; // A power of two without sign or zero; all ones is NaN.

interface FloatFormat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly special: SpecialValues;
}

const format = (
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  special: SpecialValues = 'ieee',
): FloatFormat => ({ exponentBits, mantissaBits, bias, special });

/** `f80` and `f128` are held as doubles. */
const FORMATS: Readonly<Record<FloatKind, FloatFormat>> = {
  f4E2M1FN: format(2, 1, 1, 'finite'),
  f6E2M3FN: format(2, 3, 1, 'finite'),
  f6E3M2FN: format(3, 2, 3, 'finite'),
  f8E3M4: format(3, 4, 3),
  f8E4M3: format(4, 3, 7),
  f8E4M3FN: format(4, 3, 7, 'nan-all-ones'),
  f8E4M3FNUZ: format(4, 3, 8, 'nan-negative-zero'),
  f8E4M3B11FNUZ: format(4, 3, 11, 'nan-negative-zero'),
  f8E5M2: format(5, 2, 15),
  f8E5M2FNUZ: format(5, 2, 16, 'nan-negative-zero'),
  f8E8M0FNU: format(8, 0, 127, 'exponent-only'),
  bf16: format(8, 7, 127),
  f16: format(5, 10, 15),
  tf32: format(8, 10, 127),
  f32: format(8, 23, 127),
  f64: format(11, 52, 1023),
  f80: format(11, 52, 1023),
  f128: format(11, 52, 1023),
};

/** Width in bits of the pattern that `floatToBits` gives. */
export function floatPatternWidth(kind: FloatKind): number {
  const { exponentBits, mantissaBits, special } = FORMATS[kind];
  return exponentBits + mantissaBits + (special === 'exponent-only' ? 0 : 1);
}

/** The largest finite value of a format. */
function largestFinite({ exponentBits, mantissaBits, bias, special }: FloatFormat): number {
  const top = 2 ** exponentBits - 1 - (special === 'ieee' || special === 'exponent-only' ? 1 : 0);
  const ulp = 2 ** -mantissaBits;
  const fraction = 2 - ulp - (special === 'nan-all-ones' ? ulp : 0);
  return fraction * 2 ** (top - bias);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** The exponent e with 2^e <= value < 2^(e+1), for a positive finite value. */
function exponentOf(value: number): number {
  let exponent = Math.floor(Math.log2(value));
  if (2 ** exponent > value) exponent--;
  else if (2 ** (exponent + 1) <= value) exponent++;
  return exponent;
}

/** The nearest value of a float type, ties to even. Overflow gives infinity, or NaN where there is none, or saturates. */
export function roundToFloat(value: number, kind: FloatKind): number {
  if (kind === 'f64' || kind === 'f80' || kind === 'f128') return value;
  if (kind === 'f32') return Math.fround(value);
  const { mantissaBits, bias, special } = FORMATS[kind];
  const largest = largestFinite(FORMATS[kind]);
  if (Number.isNaN(value)) return special === 'finite' ? 0 : NaN;
  const overflow = special === 'ieee' ? Infinity : special === 'finite' ? largest : NaN;
  const sign = value < 0 || Object.is(value, -0) ? -1 : 1;
  if (special === 'exponent-only') {
    if (!(value > 0) || value === Infinity) return NaN;
    const exponent = Math.max(exponentOf(value), -bias);
    const rounded = value >= 1.5 * 2 ** exponent ? 2 ** (exponent + 1) : 2 ** exponent;
    return rounded > largest ? NaN : rounded;
  }
  const magnitude = Math.abs(value);
  if (magnitude === 0) return special === 'nan-negative-zero' ? 0 : value;
  if (magnitude === Infinity) return sign * overflow;
  const smallestExponent = 1 - bias;
  const ulp = 2 ** (Math.max(exponentOf(magnitude), smallestExponent) - mantissaBits);
  const rounded = roundHalfToEven(magnitude / ulp) * ulp;
  if (rounded > largest) return sign * overflow;
  if (rounded === 0 && special === 'nan-negative-zero') return 0;
  return sign * rounded;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The bit pattern of a value that is already rounded to the type. */
export function floatToBits(value: number, kind: FloatKind): bigint {
  const { exponentBits, mantissaBits, bias, special } = FORMATS[kind];
  if (mantissaBits === 52) {
    scratch.setFloat64(0, value);
    return Number.isNaN(value) ? 0x7ff8000000000000n : scratch.getBigUint64(0);
  }
  const isNegative = value < 0 || Object.is(value, -0);
  const signBit = special === 'exponent-only' ? 0n : 1n << BigInt(exponentBits + mantissaBits);
  const allOnes = (1n << BigInt(exponentBits)) - 1n;
  const mantissaShift = BigInt(mantissaBits);
  if (Number.isNaN(value)) {
    if (special === 'nan-negative-zero') return signBit;
    if (special === 'ieee') return (allOnes << mantissaShift) | (1n << (mantissaShift - 1n));
    return (1n << BigInt(exponentBits + mantissaBits)) - 1n;
  }
  const sign = isNegative ? signBit : 0n;
  if (!Number.isFinite(value)) return sign | (allOnes << mantissaShift);
  const magnitude = Math.abs(value);
  if (magnitude === 0) return sign;
  if (special === 'exponent-only') return BigInt(exponentOf(magnitude) + bias);
  const exponent = Math.max(exponentOf(magnitude), 1 - bias);
  const significand = BigInt(magnitude / 2 ** (exponent - mantissaBits));
  const isSubnormal = significand < 1n << mantissaShift;
  const biased = isSubnormal ? 0n : BigInt(exponent + bias);
  return sign | (biased << mantissaShift) | (significand & ((1n << mantissaShift) - 1n));
}

/** The value of a bit pattern. */
export function floatFromBits(bits: bigint, kind: FloatKind): number {
  const { exponentBits, mantissaBits, bias, special } = FORMATS[kind];
  if (mantissaBits === 52) {
    scratch.setBigUint64(0, bits);
    return scratch.getFloat64(0);
  }
  const mantissa = Number(bits & ((1n << BigInt(mantissaBits)) - 1n));
  const top = 2 ** exponentBits - 1;
  const biased = Number((bits >> BigInt(mantissaBits)) & BigInt(top));
  if (special === 'exponent-only') return biased === top ? NaN : 2 ** (biased - bias);
  const isNegative = ((bits >> BigInt(exponentBits + mantissaBits)) & 1n) === 1n;
  const sign = isNegative ? -1 : 1;
  if (special === 'ieee' && biased === top) return mantissa === 0 ? sign * Infinity : NaN;
  if (special === 'nan-all-ones' && biased === top && mantissa === 2 ** mantissaBits - 1)
    return NaN;
  if (special === 'nan-negative-zero' && isNegative && biased === 0 && mantissa === 0) return NaN;
  const magnitude =
    biased === 0
      ? mantissa * 2 ** (1 - bias - mantissaBits)
      : (2 ** mantissaBits + mantissa) * 2 ** (biased - bias - mantissaBits);
  return sign * magnitude;
}

/** `0x7FC00000`: the bit pattern in full width. */
export function formatFloatBits(value: number, kind: FloatKind): string {
  const digits = Math.ceil(floatPatternWidth(kind) / 4);
  return `0x${floatToBits(value, kind).toString(16).toUpperCase().padStart(digits, '0')}`;
}

/** `digits` times ten to the `exponent`: a number in decimal, without zeros at the end of `digits`. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/**
 * A finite value other than zero in decimal with at most `precision` digits. Not correctly rounded: digits far behind
 * are cut off before the rest is rounded half up, as LLVM does, whose output this has to equal.
 */
function toDecimal(value: number, precision: number): Decimal {
  scratch.setFloat64(0, Math.abs(value));
  const bits = scratch.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & ((1n << 52n) - 1n);
  let significand = biased === 0 ? fraction : fraction | (1n << 52n);
  let exponent = Math.max(biased, 1) - 1075;
  while ((significand & 1n) === 0n) {
    significand >>= 1n;
    exponent++;
  }
  if (exponent > 0) {
    significand <<= BigInt(exponent);
    exponent = 0;
  } else {
    significand *= 5n ** BigInt(-exponent);
  }
  const bitCount = significand.toString(2).length;
  const bitsRequired = Math.floor((precision * 196 + 58) / 59);
  const removable = Math.floor(((bitCount - bitsRequired) * 59) / 196);
  if (removable > 0) {
    significand /= 10n ** BigInt(removable);
    exponent += removable;
  }
  let digits = significand.toString();
  if (digits.length > precision) {
    const dropped = digits.length - precision;
    const roundsUp = digits[precision] >= '5';
    digits = (BigInt(digits.slice(0, precision)) + (roundsUp ? 1n : 0n)).toString();
    exponent += dropped;
  }
  const trimmed = digits.replace(/0+$/, '');
  return { digits: trimmed, exponent: exponent + digits.length - trimmed.length };
}

const SHORT_PRECISION = 6;

/**
 * MLIR's spelling of a value of a float type: six significant digits where those read back exactly, else all
 * significant digits where they contain a point, else the bit pattern.
 */
export function formatFloatValue(value: number, kind: FloatKind): string {
  if (!Number.isFinite(value)) return formatFloatBits(value, kind);
  if (value === 0) return Object.is(value, -0) ? '-0.000000e+00' : '0.000000e+00';
  const short = formatShort(value);
  if (roundToFloat(Number(short), kind) === value) return short;
  const long = formatLong(value, 2 + Math.floor(((FORMATS[kind].mantissaBits + 1) * 59) / 196));
  return long.includes('.') ? long : formatFloatBits(value, kind);
}

function formatShort(value: number): string {
  const { digits, exponent } = toDecimal(value, SHORT_PRECISION);
  const leading = exponent + digits.length - 1;
  const fraction = digits.slice(1).padEnd(SHORT_PRECISION, '0');
  const power = `${leading < 0 ? '-' : '+'}${String(Math.abs(leading)).padStart(2, '0')}`;
  return `${value < 0 ? '-' : ''}${digits[0]}.${fraction}e${power}`;
}

/** Zeros that are written out in front of or behind the digits before an exponent is used. */
const MAXIMAL_PADDING = 3;

/** At most `precision` significant digits, with an exponent only for very large or very small numbers. */
function formatLong(value: number, precision: number): string {
  const { digits, exponent } = toDecimal(value, precision);
  const sign = value < 0 ? '-' : '';
  const leading = exponent + digits.length - 1;
  const isScientific =
    exponent >= 0
      ? exponent > MAXIMAL_PADDING || digits.length + exponent > precision
      : leading < 0 && -leading > MAXIMAL_PADDING;
  if (isScientific) {
    const fraction = digits.length === 1 ? '0' : digits.slice(1);
    return `${sign}${digits[0]}.${fraction}E${leading < 0 ? '-' : '+'}${Math.abs(leading)}`;
  }
  if (exponent >= 0) return `${sign}${digits}${'0'.repeat(exponent)}`;
  if (leading >= 0) return `${sign}${digits.slice(0, leading + 1)}.${digits.slice(leading + 1)}`;
  return `${sign}0.${'0'.repeat(-leading - 1)}${digits}`;
}
