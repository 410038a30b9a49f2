/** Element types as the runtime holds them: which typed array, how to round or wrap into them, how memory stores them. */

import { FloatType, IndexType, IntegerType, type Type } from '../../ir/index.js';
import { floatFormat } from './float-format.js';

/** Elements as numbers, not codes: f16 values lie in a `Float32Array`, `i4` ones in an `Int32Array`. */
export type ElementArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | BigInt64Array | BigUint64Array;

/** How elements of one type are kept and computed. */
export interface ElementFormat {
  readonly type: Type;
  readonly category: 'float' | 'integer' | 'index';
  /** Bits of one element in memory: the type's width, but a byte for i1 and f6, four for tf32, eight for index. */
  readonly storageBits: number;
  /** Whether values are bigints rather than numbers: integers wider than 32 bits. */
  readonly isBig: boolean;
  /** Whether the value range has no negative numbers: `uiN`, and `i1` with its values 0 and 1. */
  readonly isUnsigned: boolean;
  /** An array of zeros. */
  readonly allocate: (length: number) => ElementArray;
  /** The value of the type for the result of an operation: floats round, integers wrap. Not for big types. */
  readonly round: (value: number) => number;
  /** The same for bigints. */
  readonly wrapBig: (value: bigint) => bigint;
  /** Codes as memory holds them. Not for types of more than 32 bits. */
  readonly encode: (value: number) => number;
  readonly decode: (bits: number) => number;
}

const identity = (value: number): number => value;
const noBig = (value: bigint): bigint => value;

/** Two and four bits are packed; everything else has a byte or a power of two of them. */
function storageWidth(width: number): number {
  if (width === 2 || width === 4) return width;
  return 2 ** Math.max(3, Math.ceil(Math.log2(width)));
}

function floatElement(type: FloatType): ElementFormat | undefined {
  const common = {
    type,
    category: 'float',
    isBig: false,
    isUnsigned: false,
    wrapBig: noBig,
  } as const;
  if (type.kind === 'f64') {
    return {
      ...common,
      storageBits: 64,
      allocate: (length) => new Float64Array(length),
      round: identity,
      encode: identity,
      decode: identity,
    };
  }
  const format = floatFormat(type.kind);
  if (format === undefined) return undefined;
  // Memory holds a tf32 number as the f32 that it is.
  const inMemory = type.kind === 'tf32' ? floatFormat('f32')! : format;
  return {
    ...common,
    storageBits: storageWidth(type.width),
    allocate: (length) => new Float32Array(length),
    round: format.round,
    encode: inMemory === format ? format.encode : (value) => inMemory.encode(format.round(value)),
    decode: inMemory.decode,
  };
}

/** The residue of an integral number modulo 2^width, centred on zero where signed; numbers up to 2^53. */
export function wrapInteger(value: number, width: number, isUnsigned: boolean): number {
  if (width === 32) return isUnsigned ? value >>> 0 : value | 0;
  const low = value & (2 ** width - 1);
  return isUnsigned || low < 2 ** (width - 1) ? low : low - 2 ** width;
}

function integerElement(type: IntegerType): ElementFormat | undefined {
  const { width } = type;
  if (width < 1 || width > 64) return undefined;
  const isUnsigned = type.signedness === 'unsigned' || width === 1;
  const isBig = width > 32;
  const common = { type, category: 'integer', isBig, isUnsigned } as const;
  if (isBig) {
    return {
      ...common,
      storageBits: 64,
      allocate: (length) => (isUnsigned ? new BigUint64Array(length) : new BigInt64Array(length)),
      round: identity,
      wrapBig: (value) => (isUnsigned ? BigInt.asUintN(width, value) : BigInt.asIntN(width, value)),
      encode: identity,
      decode: identity,
    };
  }
  const round = (value: number): number => wrapInteger(value, width, isUnsigned);
  return {
    ...common,
    storageBits: storageWidth(width),
    allocate: (length) => (isUnsigned ? new Uint32Array(length) : new Int32Array(length)),
    round,
    wrapBig: noBig,
    encode: (value) => wrapInteger(value, width, true),
    decode: round,
  };
}

const indexElement: ElementFormat = {
  type: IndexType.get(),
  category: 'index',
  storageBits: 64,
  isBig: false,
  isUnsigned: false,
  allocate: (length) => new Float64Array(length),
  // Normalizes minus zero, which a product of numbers gives and no integer has.
  round: (value) => value + 0,
  wrapBig: noBig,
  encode: identity,
  decode: identity,
};

const cache = new WeakMap<Type, ElementFormat>();

/**
 * The format of an element type: floats f16, bf16, tf32, f32, f64, the 8-bit types of OCP and gfx942, f6, f4; integers
 * of 1 to 64 bits; `index`. Undefined for every other type.
 */
export function elementFormat(type: Type): ElementFormat | undefined {
  const known = cache.get(type);
  if (known !== undefined) return known;
  let format: ElementFormat | undefined;
  if (type instanceof FloatType) format = floatElement(type);
  else if (type instanceof IntegerType) format = integerElement(type);
  else if (type instanceof IndexType) format = indexElement;
  if (format !== undefined) cache.set(type, format);
  return format;
}

/** A value of one type as a value of another, as a conversion of an element between them means it. */
export type Converter = (value: number | bigint) => number | bigint;

/**
 * The conversion of elements that `tile.copy` and `tile.fill` make: to a float, the nearest number, ties to even, from
 * the exact value; from a float to an integer, the nearest integer, ties to even, clamped to the range, 0 for NaN;
 * between integers, the value modulo the width (a narrower signless one is sign-extended, i1 is 0 or 1).
 */
export function converter(from: ElementFormat, to: ElementFormat): Converter {
  if (from === to) return (value) => value;
  if (to.category === 'float') return (value) => to.round(Number(value));
  if (from.category === 'float') {
    const [low, high] = integerRange(to);
    return (value) => {
      const nearest = roundHalfEven(value as number);
      const clamped = Number.isNaN(nearest) ? 0n : clampToBig(nearest, low, high);
      return to.isBig ? clamped : Number(clamped);
    };
  }
  if (to.isBig) return (value) => to.wrapBig(BigInt(value));
  if (from.isBig) return (value) => to.round(Number(BigInt.asIntN(32, value as bigint)));
  return (value) => to.round(value as number);
}

function clampToBig(value: number, low: bigint, high: bigint): bigint {
  if (value <= Number(low)) return low;
  return value >= Number(high) ? high : BigInt(value);
}

/** Least and greatest value of an integer type or `index`. */
export function integerRange(format: ElementFormat): [bigint, bigint] {
  const width = format.type instanceof IntegerType ? format.type.width : 53;
  if (format.isUnsigned) return [0n, (1n << BigInt(width)) - 1n];
  return [-(1n << BigInt(width - 1)), (1n << BigInt(width - 1)) - 1n];
}

/** The nearest integer, ties to even. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
