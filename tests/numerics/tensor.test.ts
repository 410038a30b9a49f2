import { describe, expect, it } from 'vitest';
import {
  FloatType,
  IndexType,
  IntegerType,
  NoneType,
  f16,
  f32,
  i32,
  i64,
  i8,
} from '../../src/ir/index.js';
import {
  byteLength,
  converter,
  coordinatesOf,
  decodeTensor,
  elementFormat,
  encodeTensor,
  findPoison,
  formatOf,
  roundHalfEven,
  type Tensor,
} from '../../src/runtime/numerics/index.js';

function tensor(
  type: Parameters<typeof formatOf>[0],
  values: readonly (number | bigint)[],
): Tensor {
  const data = formatOf(type).allocate(values.length);
  values.forEach((value, index) => (data[index] = value as never));
  return { elementType: type, shape: [values.length], data };
}

const u8 = IntegerType.get(8, 'unsigned');
const i4 = IntegerType.get(4);
const i1 = IntegerType.get(1);

describe('memory', () => {
  it.each([
    [f16, [1, -2, 65504], '003c00c0ff7b'],
    [FloatType.get('bf16'), [1, -3.140625], '803f49c0'],
    [FloatType.get('tf32'), [1], '0000803f'],
    [FloatType.get('f8E4M3FN'), [1, 448, -0.5], '387eb0'],
    [FloatType.get('f4E2M1FN'), [1, 6, -0.5], '7209'],
    [f32, [1.5], '0000c03f'],
    [FloatType.get('f64'), [1.5], '000000000000f83f'],
    [i8, [-1, 127, -128], 'ff7f80'],
    [u8, [255, 0], 'ff00'],
    [i4, [-8, 7, -1], '780f'],
    [i1, [1, 0], '0100'],
    [i32, [-2], 'feffffff'],
    [i64, [-2n], 'feffffffffffffff'],
    [IndexType.get(), [5], '0500000000000000'],
  ] as const)('%s is stored as hardware stores it', (type, values, hex) => {
    const given = tensor(type, values);
    const bytes = encodeTensor(given);
    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
    expect(byteLength(type, [values.length])).toBe(bytes.length);
    expect([...decodeTensor(type, [values.length], bytes).data]).toEqual([...given.data]);
  });

  it('marks undefined elements by poison and finds it again', () => {
    const given: Tensor = { ...tensor(f16, [1, 2, 3]), defined: new Uint8Array([1, 0, 1]) };
    const bytes = encodeTensor(given);
    expect(Buffer.from(bytes).toString('hex')).toBe('003cdbdb0042');
    expect([...findPoison(f16, bytes, 3)]).toEqual([1, 0, 1]);
  });

  it('refuses a wrong number of bytes', () => {
    expect(() => decodeTensor(f16, [3], new Uint8Array(5))).toThrow('expected 6 bytes, found 5');
  });
});

describe('conversions of elements', () => {
  it.each([
    [f32, i8, 2.5, 2],
    [f32, i8, 3.5, 4],
    [f32, i8, -300, -128],
    [f32, u8, -1, 0],
    [f32, i32, NaN, 0],
    [f32, i32, 1e30, 2147483647],
    [f32, i64, 2 ** 40, 1099511627776n],
    [i32, i8, 200, -56],
    [i32, u8, -1, 255],
    [i8, i32, -1, -1],
    [i1, i32, 1, 1],
    [i64, i32, 4294967297n, 1],
    [i32, i64, -1, -1n],
    [i32, f16, 2049, 2048],
    [i64, f32, 16777217n, 16777216],
    [f32, f16, 1e6, Infinity],
    [f32, FloatType.get('f8E4M3FN'), 1e6, 448],
  ] as const)('%s to %s: %s gives %s', (from, to, value, expected) => {
    expect(converter(formatOf(from), formatOf(to))(value)).toBe(expected);
  });
});

it('wraps integers into their types', () => {
  expect(formatOf(i8).round(200)).toBe(-56);
  expect(formatOf(u8).round(-1)).toBe(255);
  expect(formatOf(i4).round(8)).toBe(-8);
  expect(formatOf(i1).round(3)).toBe(1);
  expect(formatOf(i32).round(2 ** 31)).toBe(-(2 ** 31));
  expect(formatOf(i64).wrapBig(2n ** 63n)).toBe(-(2n ** 63n));
  expect(Object.is(formatOf(IndexType.get()).round(-0), 0)).toBe(true);
});

it('knows which types it cannot hold', () => {
  expect(elementFormat(NoneType.get())).toBeUndefined();
  expect(elementFormat(FloatType.get('f80'))).toBeUndefined();
  expect(elementFormat(IntegerType.get(128))).toBeUndefined();
  expect(() => formatOf(NoneType.get())).toThrow("'none'");
});

it('rounds halves to even', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.4999999999999999].map(roundHalfEven)).toEqual(
    [0, 2, 2, -0, -2, 0].map((x) => x + 0),
  );
});

it('finds coordinates', () => {
  expect(coordinatesOf(11, [2, 3, 2])).toEqual([1, 2, 1]);
  expect(coordinatesOf(0, [])).toEqual([]);
});
