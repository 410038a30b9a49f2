// What the tests of this folder share: golden kernels with their wrappers, random operands, reference products.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHostCompiler, formatReport, simulate } from '../../src/runtime/sim/index.js';
import type {
  SimulatorArgument,
  SimulatorRequest,
  SimulatorResult,
} from '../../src/runtime/sim/index.js';
import { scalarBytes } from '../../src/runtime/sim/scalar.js';
import { loadWrappers, selectWrappers } from '../../src/targets/wrappers.js';

/** A golden kernel's text with its `//! wrappers` line replaced by their text, as an emitter does. */
export function golden(name: string): string {
  const path = join(dirname(fileURLToPath(import.meta.url)), 'golden', name);
  return withWrappers(readFileSync(path, 'utf8'), name.endsWith('.cu') ? 'cuda' : 'hip');
}

export function withWrappers(text: string, target: 'cuda' | 'hip'): string {
  return text.replace(/^\/\/! wrappers (.*)$/m, (_, names: string) =>
    selectWrappers(loadWrappers(target), names.split(' ')),
  );
}

/** Skips with the reason where there is no host compiler. */
export const noHostCompiler = 'reason' in findHostCompiler();

export type Ran = Extract<SimulatorResult, { status: 'ran' }>;

/** Runs a request that must compile. */
export function run(request: SimulatorRequest): Ran {
  const result = simulate(request);
  if (result.status === 'ran') return result;
  throw new Error(result.status === 'rejected' ? result.diagnostics : result.reason);
}

export function reportLines(result: Ran): string[] {
  return result.reports.map(formatReport);
}

/** A small reproducible generator of numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Multiples of 1/8 in [-2, 2), none of them 0: exact in every float type with 5 bits of mantissa and more. */
export function randomMatrix(count: number, seed: number): Float64Array {
  const random = randomNumbers(seed);
  return Float64Array.from({ length: count }, () => {
    const value = Math.floor(random() * 32) / 8 - 2;
    return value === 0 ? 0.375 : value;
  });
}

/** Value of an 8-bit float's bits, from the definition of its format. */
export function f8Value(bits: number, type: string): number {
  const mantissaBits = type.startsWith('f8E4M3') ? 3 : 2;
  const fnuz = type.endsWith('FNUZ');
  const bias = 2 ** (6 - mantissaBits) - (fnuz ? 0 : 1);
  const magnitude = bits & 0x7f;
  if (fnuz ? bits === 0x80 : type === 'f8E4M3FN' ? magnitude === 0x7f : magnitude > 0x7c)
    return NaN;
  const exponent = magnitude >> mantissaBits;
  const mantissa = (magnitude % 2 ** mantissaBits) / 2 ** mantissaBits;
  const sign = bits & 0x80 ? -1 : 1;
  if (type === 'f8E5M2' && magnitude === 0x7c) return sign * Infinity;
  return (
    sign * (exponent === 0 ? mantissa * 2 ** (1 - bias) : (1 + mantissa) * 2 ** (exponent - bias))
  );
}

/** f8 values must be exact. */
export function encode(values: ArrayLike<number>, type: string): Uint8Array {
  if (type.startsWith('f8')) {
    const codes = new Map(Array.from({ length: 256 }, (_, bits) => [f8Value(bits, type), bits]));
    return Uint8Array.from(values, (value) => {
      const bits = codes.get(value);
      if (bits === undefined) throw new Error(`${value} is no ${type}`);
      return bits;
    });
  }
  const parts = Array.from(values, (value) =>
    scalarBytes({ kind: 'scalar', name: '', type, value }),
  );
  return new Uint8Array(Buffer.concat(parts));
}

export function decodeF16(bytes: Uint8Array): Float64Array {
  const bits = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  return Float64Array.from(bits, f16Value);
}

export function f16Value(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return mantissa ? NaN : sign * Infinity;
  return sign * (exponent ? (1024 + mantissa) * 2 ** (exponent - 25) : mantissa * 2 ** -24);
}

export function buffer(
  name: string,
  type: string,
  access: 'read' | 'write' | 'readwrite',
  data: Uint8Array,
): SimulatorArgument {
  return { kind: 'buffer', name, type, access, data };
}

/** Row-major C = A B. */
export function product(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; ++i) {
    for (let p = 0; p < k; ++p) {
      const left = a[i * k + p];
      for (let j = 0; j < n; ++j) c[i * n + j] += left * b[p * n + j];
    }
  }
  return c;
}

/** The operands of the golden GEMMs. */
export function gemmRequest(text: string, target: 'cuda' | 'hip', seed = 1): SimulatorRequest {
  return {
    text,
    target,
    waveSize: target === 'cuda' ? 32 : 64,
    entry: 'launch_gemm',
    arguments: [
      buffer('A', 'f16', 'read', encode(gemmA, 'f16')),
      buffer('B', 'f16', 'read', encode(gemmB, 'f16')),
      buffer('C', 'f16', 'write', new Uint8Array(256 * 256 * 2)),
    ],
    seed,
  };
}

const gemmA = randomMatrix(256 * 256, 1);
const gemmB = randomMatrix(256 * 256, 2);
let reference: Float64Array | undefined;

/** The f16 product of the golden GEMMs' operands; every exact sum is a multiple of 1/64 below 2^24, so f32 holds it. */
export function gemmReference(): Float64Array {
  return (reference ??= decodeF16(encode(product(gemmA, gemmB, 256, 256, 256), 'f16')));
}

/** Index of the first difference, or -1. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; ++i) if (!Object.is(a[i], b[i]) && a[i] !== b[i]) return i;
  return -1;
}
