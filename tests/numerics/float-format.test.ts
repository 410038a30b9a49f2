// The narrow float formats against an oracle that knows their codes only as digits, and rounds by searching neighbours.
import { describe, expect, it } from 'vitest';
import type { FloatKind } from '../../src/ir/index.js';
import { floatFormat } from '../../src/runtime/numerics/index.js';

interface Oracle {
  readonly width: number;
  readonly exponentBits: number;
  readonly bias: number;
  /** Code (without sign) -> what it stands for, where that is not a number. */
  readonly isNaN: (code: string) => boolean;
  readonly isInfinity: (magnitude: string) => boolean;
}

const never = (): boolean => false;
const ieee = (exponentBits: number) => ({
  isNaN: (code: string) =>
    /^1+$/.test(code.slice(1, 1 + exponentBits)) && /1/.test(code.slice(1 + exponentBits)),
  isInfinity: (code: string) =>
    /^1+$/.test(code.slice(1, 1 + exponentBits)) && !/1/.test(code.slice(1 + exponentBits)),
});
const fnuz = { isNaN: (code: string) => /^10+$/.test(code), isInfinity: never };
const finite = { isNaN: never, isInfinity: never };

const oracles: Partial<Record<FloatKind, Oracle>> = {
  f16: { width: 16, exponentBits: 5, bias: 15, ...ieee(5) },
  bf16: { width: 16, exponentBits: 8, bias: 127, ...ieee(8) },
  tf32: { width: 19, exponentBits: 8, bias: 127, ...ieee(8) },
  f8E5M2: { width: 8, exponentBits: 5, bias: 15, ...ieee(5) },
  f8E4M3FN: {
    width: 8,
    exponentBits: 4,
    bias: 7,
    isNaN: (code) => /^.1{7}$/.test(code),
    isInfinity: never,
  },
  f8E5M2FNUZ: { width: 8, exponentBits: 5, bias: 16, ...fnuz },
  f8E4M3FNUZ: { width: 8, exponentBits: 4, bias: 8, ...fnuz },
  f6E2M3FN: { width: 6, exponentBits: 2, bias: 1, ...finite },
  f6E3M2FN: { width: 6, exponentBits: 3, bias: 3, ...finite },
  f4E2M1FN: { width: 4, exponentBits: 2, bias: 1, ...finite },
};

/** The number of a code, read off its binary digits. */
function valueOf(oracle: Oracle, bits: number): number {
  const code = bits.toString(2).padStart(oracle.width, '0');
  if (oracle.isNaN(code)) return NaN;
  const sign = code[0] === '1' ? -1 : 1;
  if (oracle.isInfinity(code)) return sign * Infinity;
  const exponent = parseInt(code.slice(1, 1 + oracle.exponentBits), 2);
  const fraction = code.slice(1 + oracle.exponentBits);
  let value = 0;
  for (let i = 0; i < fraction.length; i++) if (fraction[i] === '1') value += 2 ** -(i + 1);
  return (
    sign *
    (exponent === 0 ? value * 2 ** (1 - oracle.bias) : (1 + value) * 2 ** (exponent - oracle.bias))
  );
}

describe.each(Object.entries(oracles) as [FloatKind, Oracle][])('%s', (kind, oracle) => {
  const format = floatFormat(kind)!;
  const codes = 2 ** oracle.width;
  const half = codes / 2;
  /** Non-negative finite values in the order of their codes. */
  const values: number[] = [];
  for (let bits = 0; bits < half; bits++) {
    const value = valueOf(oracle, bits);
    if (Number.isFinite(value)) values.push(value);
  }
  const max = values[values.length - 1];

  it('decodes every code', () => {
    let wrong = 0;
    for (let bits = 0; bits < codes; bits++) {
      if (!Object.is(format.decode(bits), valueOf(oracle, bits))) wrong++;
    }
    expect(wrong).toBe(0);
  });

  it('encodes every value to its code', () => {
    for (let bits = 0; bits < codes; bits++) {
      const value = valueOf(oracle, bits);
      if (Number.isNaN(value)) continue;
      // Saturating conversions have no way to make an infinity.
      if (Math.abs(value) === Infinity && format.overflow === 'saturate') continue;
      if (format.encode(value) !== bits)
        expect([bits, value, format.encode(value)]).toEqual([bits]);
    }
  });

  it('rounds to the nearest value, ties to the even code', () => {
    for (let code = 0; code + 1 < values.length; code++) {
      const [low, high] = [values[code], values[code + 1]];
      const middle = low + (high - low) / 2;
      const tie = code % 2 === 0 ? low : high;
      const below = middle - (high - low) * 2 ** -30;
      const above = middle + (high - low) * 2 ** -30;
      const found = [below, middle, above, -below, -middle].map(format.round);
      const minus = (x: number): number => (x === 0 && format.special === 'fnuz' ? 0 : -x);
      const expected = [low, tie, high, minus(low), minus(tie)];
      if (!found.every((value, i) => Object.is(value, expected[i])))
        expect(found).toEqual(expected);
    }
    expect(format.max).toBe(max);
  });

  it('treats what lies beyond its range as its standard says', () => {
    const lastStep = max - values[values.length - 2];
    const beyond = format.overflow === 'infinity' ? Infinity : max;
    expect(format.round(max + lastStep * 0.49)).toBe(max);
    expect(format.round(max + lastStep * 0.51)).toBe(beyond);
    for (const huge of [max * 2, 1e300, Number.MAX_VALUE, Infinity]) {
      expect(format.round(huge)).toBe(beyond);
      expect(format.round(-huge)).toBe(-beyond);
    }
    expect(format.round(NaN)).toBe(format.nan === undefined ? max : NaN);
    expect(valueOf(oracle, format.encode(NaN))).toBe(format.nan === undefined ? max : NaN);
    expect(format.round(5e-324)).toBe(0);
  });
});

describe('f32', () => {
  const format = floatFormat('f32')!;

  it('agrees with the processor on bits and rounding', () => {
    const view = new DataView(new ArrayBuffer(4));
    let state = 1;
    for (let i = 0; i < 20000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      view.setUint32(0, state);
      const value = view.getFloat32(0);
      expect(format.decode(state)).toBe(value);
      if (!Number.isNaN(value)) expect(format.encode(value)).toBe(state);
    }
    expect(format.round(1 + 2 ** -24)).toBe(1);
    expect(format.round(1 + 3 * 2 ** -24)).toBe(1 + 2 ** -22);
    expect(format.encode(NaN)).toBe(0x7fc00000);
  });
});

it('has no emulation of what it does not know', () => {
  expect(floatFormat('f64')).toBeUndefined();
  expect(floatFormat('f128')).toBeUndefined();
});

describe('known conversions', () => {
  // CUDA's documented limits: 448 and 57344; OCP MX: 6 for FP4.
  it.each([
    ['f8E4M3FN', 1000, 448],
    ['f8E5M2', 1e6, 57344],
    ['f8E4M3FNUZ', 1e6, 240],
    ['f8E5M2FNUZ', 1e6, 57344],
    ['f4E2M1FN', 100, 6],
    ['f4E2M1FN', 2.5, 2],
    ['f4E2M1FN', 3.5, 4],
    ['f16', 65519.99, 65504],
    ['f16', 65520, Infinity],
    ['bf16', 3.39e38, 3.3895313892515355e38],
  ] as [FloatKind, number, number][])('%s of %d is %d', (kind, from, to) => {
    expect(floatFormat(kind)!.round(from)).toBe(to);
  });
});
