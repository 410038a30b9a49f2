/** What the generator knows of element types: how often it takes them, and which numbers are exact in them. */

import type { Target } from '../../targets/target.js';

/** What is known of a tile's elements: multiples of 2^unit, at most `max` in size. */
export interface Range {
  readonly max: number;
  readonly unit: number;
}

/** Inputs of floats are multiples of a half up to this size (see drawHalf), those of integers whole up to 7. */
export const FLOAT_INPUT: Range = { max: 2, unit: -1 };
export const INTEGER_INPUT: Range = { max: 7, unit: 0 };
export const UNKNOWN: Range = { max: Infinity, unit: 0 };

export const isFloat = (type: string): boolean => /^b?f\d/.test(type);
export const isUnsigned = (type: string): boolean => type.startsWith('ui') || type === 'i1';
export const bitsOf = (type: string): number => Number(/\d+/.exec(type)![0]);

/** Bits of the significand, the leading one included. */
const SIGNIFICANDS: Readonly<Record<string, number>> = {
  f64: 53,
  f32: 24,
  f16: 11,
  bf16: 8,
  f8E4M3FN: 4,
  f8E4M3FNUZ: 4,
  f8E5M2: 3,
  f8E5M2FNUZ: 3,
  f4E2M1FN: 2,
};

/** Whether every number of a range, and so every partial sum within it, is a number of the type. */
export function isExactIn({ max, unit }: Range, type: string): boolean {
  if (!isFloat(type)) return unit >= 0;
  return max === 0 || Math.log2(max) - unit <= SIGNIFICANDS[type];
}

/** The largest numbers of floats that inputs and their sums can leave. */
const LARGEST: Readonly<Record<string, number>> = {
  f16: 2 ** 15,
  f8E4M3FN: 2 ** 8,
  f8E4M3FNUZ: 2 ** 7,
  f8E5M2: 2 ** 15,
  f8E5M2FNUZ: 2 ** 15,
  f4E2M1FN: 4,
};

/** What is known of numbers after a conversion: nothing where they may leave the type. */
export function convertedRange({ max, unit }: Range, from: string, to: string): Range {
  if (from === to) return { max, unit };
  const limit = isFloat(to) ? (LARGEST[to] ?? Infinity) : 2 ** (bitsOf(to) - 1);
  if (max >= limit) return UNKNOWN;
  if (!isFloat(to)) return { max, unit: Math.max(unit, 0) };
  // Rounding leads to a coarser multiple, at most to the next power of two.
  return { max: max === 0 ? 0 : 2 ** Math.ceil(Math.log2(max)), unit };
}

/** The type in which sums of a type are formed. */
export const sumType = (type: string): string =>
  isFloat(type) && bitsOf(type) < 32 ? 'f32' : type;

/** How often tiles and tensors have each element type; f8 as the target has it. */
const COMMON = {
  ...{ f16: 10, bf16: 6, f32: 12, f64: 2, f4E2M1FN: 1 },
  ...{ i4: 2, i8: 4, i16: 2, i32: 6, i64: 2 },
};

export function elementTypes(target: Target): Readonly<Record<string, number>> {
  return { ...COMMON, ...Object.fromEntries(target.float8_types.map((type) => [type, 1])) };
}

/** Element types of products: of A and B, of C, how often. */
export interface ProductTypes {
  readonly a: string;
  readonly b: string;
  readonly c: string;
  readonly weight: number;
  readonly precision?: 'tf32';
}

export function productTypes(target: Target): ProductTypes[] {
  const same = (type: string, c: string, weight: number): ProductTypes => ({
    a: type,
    b: type,
    c,
    weight,
  });
  const narrow = target.float8_types;
  return [
    same('f16', 'f32', 10),
    same('bf16', 'f32', 6),
    same('f16', 'f16', 3),
    same('bf16', 'bf16', 1),
    same('f32', 'f32', 2),
    { ...same('f32', 'f32', 3), precision: 'tf32' },
    same('f64', 'f64', 2),
    same('i8', 'i32', 4),
    same('i4', 'i32', 2),
    { a: 'i8', b: 'i4', c: 'i32', weight: 1 },
    same('f4E2M1FN', 'f32', 1),
    { a: 'f16', b: 'f4E2M1FN', c: 'f32', weight: 1 },
    ...narrow.map((type) => same(type, 'f32', 2)),
    ...(narrow.length === 2 ? [{ a: narrow[0], b: narrow[1], c: 'f32', weight: 1 }] : []),
    { a: 'f16', b: 'f32', c: 'f32', weight: 1 },
  ];
}
