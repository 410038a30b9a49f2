/** Narrow floating-point formats as data, and their exact emulation: rounding of doubles, bits to number and back. */

import type { FloatKind } from '../../ir/index.js';

/**
 * How a format spends its highest codes.
 * - `ieee`: the highest exponent holds infinities and NaNs (IEEE 754; bf16, tf32 and OFP8 E5M2 follow it).
 * - `fn`: finite, no infinity; only all ones in exponent and mantissa is NaN (OFP8 E4M3).
 * - `fnuz`: finite, no infinity, unsigned zero; the code of minus zero is the only NaN.
 * - `finite`: every code is a number (OCP Microscaling formats).
 */
export type SpecialCodes = 'ieee' | 'fn' | 'fnuz' | 'finite';

/**
 * What becomes of magnitudes that round beyond the largest finite number.
 * - `infinity`: IEEE 754, section 4.3.1, round to nearest.
 * - `saturate`: the largest finite number with the same sign, for infinities too (the saturating mode of OCP OFP8 1.0,
 *   section 5.2.1, which `cvt.satfinite` and the conversions of CUDA and HIP implement; OCP MX 1.0 for narrower types).
 */
export type Overflow = 'infinity' | 'saturate';

export interface FloatFormat {
  readonly kind: FloatKind;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly special: SpecialCodes;
  readonly overflow: Overflow;
  /** Largest finite number. */
  readonly max: number;
  /** Code of the NaN that conversions produce; undefined where the format has none. */
  readonly nan: number | undefined;
  /** The nearest number of the format, ties to even, from a double with a single rounding. */
  readonly round: (value: number) => number;
  /** The code of the nearest number, right-aligned in an integer. */
  readonly encode: (value: number) => number;
  readonly decode: (bits: number) => number;
}

type Row = readonly [
  exponentBits: number,
  mantissaBits: number,
  bias: number,
  special: SpecialCodes,
  overflow: Overflow,
];

/** The formats. FNUZ types are those of gfx942; f6 and f4 those of OCP MX 1.0. */
const rows = {
  f16: [5, 10, 15, 'ieee', 'infinity'],
  bf16: [8, 7, 127, 'ieee', 'infinity'],
  tf32: [8, 10, 127, 'ieee', 'infinity'],
  f8E5M2: [5, 2, 15, 'ieee', 'saturate'],
  f8E4M3FN: [4, 3, 7, 'fn', 'saturate'],
  f8E5M2FNUZ: [5, 2, 16, 'fnuz', 'saturate'],
  f8E4M3FNUZ: [4, 3, 8, 'fnuz', 'saturate'],
  f6E2M3FN: [2, 3, 1, 'finite', 'saturate'],
  f6E3M2FN: [3, 2, 3, 'finite', 'saturate'],
  f4E2M1FN: [2, 1, 1, 'finite', 'saturate'],
} satisfies Partial<Record<FloatKind, Row>>;

const bitsOfDouble = new Float64Array(1);
const wordsOfDouble = new Uint32Array(bitsOfDouble.buffer);
/** Index of the word with sign and exponent. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

const DOUBLE_BIAS = 1023;

function makeFormat(kind: FloatKind, row: Row): FloatFormat {
  const [exponentBits, mantissaBits, bias, special, overflow] = row;
  const topExponent = 2 ** exponentBits - 1;
  /** The code of one step of the exponent. */
  const exponentUnit = 2 ** mantissaBits;
  const topMantissa = exponentUnit - 1;
  const signBit = 2 ** (exponentBits + mantissaBits);
  const minExponent = 1 - bias;
  const smallestNormal = 2 ** minExponent;
  const smallest = smallestNormal / exponentUnit;
  const maxExponent = (special === 'ieee' ? topExponent - 1 : topExponent) - bias;
  const maxMantissa = special === 'fn' ? topMantissa - 1 : topMantissa;
  const max = 2 ** maxExponent * (1 + maxMantissa / exponentUnit);
  const nan = {
    ieee: topExponent * exponentUnit + exponentUnit / 2,
    fn: topExponent * exponentUnit + topMantissa,
    fnuz: signBit,
    finite: undefined,
  }[special];
  const beyond = overflow === 'infinity' ? Infinity : max;
  const hasNegativeZero = special !== 'fnuz';

  // Adding and subtracting 1.5 * 2^52 units in the last place rounds to that place: the processor's own ties-to-even.
  const magic = Float64Array.from({ length: 2048 }, (_, biased) => {
    const exponent = Math.max(biased - DOUBLE_BIAS, minExponent);
    return 1.5 * 2 ** Math.min(52 + exponent - mantissaBits, 1000);
  });

  const round = (value: number): number => {
    if (value - value !== 0) {
      if (value !== value) return nan === undefined ? max : NaN;
      return value > 0 ? beyond : -beyond;
    }
    bitsOfDouble[0] = value;
    const constant = magic[(wordsOfDouble[HIGH] >>> 20) & 0x7ff];
    const rounded = value + constant - constant;
    if (rounded > max) return beyond;
    if (rounded < -max) return -beyond;
    if (rounded === 0) return hasNegativeZero && (value < 0 || Object.is(value, -0)) ? -0 : 0;
    return rounded;
  };

  const encode = (value: number): number => {
    const rounded = round(value);
    if (rounded !== rounded) return nan!;
    const isNegative = rounded < 0 || Object.is(rounded, -0);
    const sign = isNegative ? signBit : 0;
    const magnitude = Math.abs(rounded);
    if (magnitude === Infinity) return sign + topExponent * exponentUnit;
    if (magnitude < smallestNormal) return sign + magnitude / smallest;
    bitsOfDouble[0] = magnitude;
    const high = wordsOfDouble[HIGH];
    const exponent = (high >>> 20) - DOUBLE_BIAS + bias;
    return sign + exponent * exponentUnit + ((high & 0xfffff) >>> (20 - mantissaBits));
  };

  const decodeOne = (bits: number): number => {
    const sign = bits >= signBit ? -1 : 1;
    const rest = bits % signBit;
    const exponent = Math.floor(rest / exponentUnit);
    const mantissa = rest % exponentUnit;
    if (special === 'fnuz' && bits === signBit) return NaN;
    if (special === 'fn' && exponent === topExponent && mantissa === topMantissa) return NaN;
    if (special === 'ieee' && exponent === topExponent)
      return mantissa === 0 ? sign * Infinity : NaN;
    if (exponent === 0) return sign * mantissa * smallest;
    return sign * 2 ** (exponent - bias) * (1 + mantissa / exponentUnit);
  };
  let table: Float32Array | undefined;
  const codes = signBit * 2;
  const decode = (bits: number): number =>
    (table ??= Float32Array.from({ length: codes }, (_, code) => decodeOne(code)))[bits];

  return {
    kind,
    exponentBits,
    mantissaBits,
    bias,
    special,
    overflow,
    max,
    nan,
    round,
    encode,
    decode,
  };
}

const singleOfBits = new Float32Array(1);
const bitsOfSingle = new Uint32Array(singleOfBits.buffer);

const f32Format: FloatFormat = {
  kind: 'f32',
  exponentBits: 8,
  mantissaBits: 23,
  bias: 127,
  special: 'ieee',
  overflow: 'infinity',
  max: (2 - 2 ** -23) * 2 ** 127,
  nan: 0x7fc00000,
  round: Math.fround,
  encode: (value) => {
    singleOfBits[0] = value;
    return value !== value ? 0x7fc00000 : bitsOfSingle[0];
  },
  decode: (bits) => {
    bitsOfSingle[0] = bits;
    return singleOfBits[0];
  },
};

const formats: ReadonlyMap<string, FloatFormat> = new Map([
  ...Object.entries(rows).map(
    ([kind, row]) => [kind, makeFormat(kind as FloatKind, row as Row)] as const,
  ),
  ['f32', f32Format] as const,
]);

/** The format of that name; undefined for f64 (a double as it is) and for types that are not emulated. */
export function floatFormat(kind: FloatKind): FloatFormat | undefined {
  return formats.get(kind);
}
