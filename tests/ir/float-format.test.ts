/** Float formats: rounding, bit patterns and spelling, with the values that mlir-opt 19 printed for the same input. */

import { describe, expect, test } from 'vitest';
import {
  FLOAT_WIDTHS,
  floatFromBits,
  floatPatternWidth,
  floatToBits,
  formatFloatValue,
  roundToFloat,
  type FloatKind,
} from '../../src/ir/index.js';

const SPELLINGS: readonly (readonly [number, FloatKind, string])[] = [
  [0.1, 'f32', '1.000000e-01'],
  [3.14159274, 'f32', '3.14159274'],
  [123456789, 'f32', '0x4CEB79A3'],
  [1e-5, 'f32', '9.99999974E-6'],
  [1.17549435e-38, 'f32', '1.17549435E-38'],
  [1 / 3, 'f32', '0.333333343'],
  [-0, 'f32', '-0.000000e+00'],
  [1234567, 'f32', '0x4996B438'],
  [0.001234567891, 'f32', '0.00123456784'],
  [1e38, 'f32', '9.99999968E+37'],
  [123456789, 'f64', '0x419D6F3454000000'],
  [Math.PI, 'f64', '3.1415926535897931'],
  [1.2345678901234567e-100, 'f64', '1.2345678901234567E-100'],
  [5e-324, 'f64', '4.940660e-324'],
  [0.000123456789, 'f64', '1.23456789E-4'],
  [123456789012.5, 'f64', '123456789012.5'],
  [0.1, 'f16', '9.997550e-02'],
  [1e6, 'f16', '0x7C00'],
  [2049, 'f16', '2.048000e+03'],
  [1e38, 'bf16', '9.969200e+37'],
  [0.1, 'f8E4M3FN', '1.015630e-01'],
  [1000, 'f8E4M3FN', '0x7F'],
  [0.1, 'f8E5M2', '9.375000e-02'],
  [1e9, 'f8E5M2', '0x7C'],
  [1e9, 'f8E5M2FNUZ', '0x80'],
  [0.3, 'f8E4M3B11FNUZ', '3.125000e-01'],
  [1.3, 'tf32', '1.299800e+00'],
];

test.each(SPELLINGS)('%d as %s', (value, kind, expected) => {
  expect(formatFloatValue(roundToFloat(value, kind), kind)).toBe(expected);
});

describe('formats of at most 8 bits, every pattern', () => {
  const small = (Object.keys(FLOAT_WIDTHS) as FloatKind[]).filter(
    (kind) => FLOAT_WIDTHS[kind] <= 8,
  );

  test.each(small)('%s', (kind) => {
    for (let bits = 0; bits < 2 ** floatPatternWidth(kind); bits++) {
      const value = floatFromBits(BigInt(bits), kind);
      if (Number.isNaN(value)) {
        expect(floatFromBits(floatToBits(value, kind), kind)).toBeNaN();
        continue;
      }
      expect(Number(floatToBits(value, kind))).toBe(bits);
      if (!Number.isFinite(value)) continue;
      expect(roundToFloat(value, kind)).toBe(value);
      const spelled = formatFloatValue(value, kind);
      const back = spelled.startsWith('0x') ? value : roundToFloat(Number(spelled), kind);
      expect(back).toBe(value);
    }
  });
});

test('f16 rounds to nearest, ties to even, as the hardware does', () => {
  // Halfway between two neighbours: to the one with an even last digit.
  expect(roundToFloat(2049, 'f16')).toBe(2048);
  expect(roundToFloat(2051, 'f16')).toBe(2052);
  expect(roundToFloat(65519, 'f16')).toBe(65504);
  expect(roundToFloat(65520, 'f16')).toBe(Infinity);
  expect(roundToFloat(2 ** -25, 'f16')).toBe(0);
  expect(roundToFloat(2 ** -25 * 1.0001, 'f16')).toBe(2 ** -24);
});

test('f32 agrees with the typed arrays of the machine', () => {
  const machine = new DataView(new ArrayBuffer(4));
  for (const value of [0, -0, 1, -1.5, 1e-45, 1e-38, 3e38, Infinity, -Infinity, 0.1, 16777217]) {
    machine.setFloat32(0, value);
    const rounded = roundToFloat(value, 'f32');
    expect(Number(floatToBits(rounded, 'f32'))).toBe(machine.getUint32(0));
    expect(floatFromBits(BigInt(machine.getUint32(0)), 'f32')).toBe(rounded);
  }
});
