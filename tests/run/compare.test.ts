import { describe, expect, it } from 'vitest';
import { f32, FloatType, i32, IntegerType, indexType, type Type } from '../../src/ir/index.js';
import { formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import { compareTensors } from '../../src/runtime/run/compare.js';
import { createRandom, randomScalar, randomTensor } from '../../src/runtime/run/random.js';
import { typeTolerance } from '../../src/runtime/run/tolerance.js';

const of = (values: readonly number[], type: Type = f32, defined?: readonly number[]): Tensor => {
  const data = formatOf(type).allocate(values.length);
  values.forEach((value, i) => (data[i] = value as never));
  return {
    elementType: type,
    shape: [1, values.length],
    data,
    ...(defined && { defined: Uint8Array.from(defined) }),
  };
};

describe('comparison', () => {
  it('accepts what is equal, NaN and infinities too', () => {
    const values = [1, NaN, Infinity, -Infinity, -0];
    expect(compareTensors(of(values), of([1, NaN, Infinity, -Infinity, 0]), 0)).toEqual({
      isEqual: true,
      first: undefined,
      errorNorm: 0,
    });
  });

  it('finds the first difference and counts them', () => {
    const { isEqual, first, errorNorm } = compareTensors(of([3, 4, 5, 9]), of([3, 4, 0, 0]), 0.1);
    expect(isEqual).toBe(false);
    expect(first).toEqual({ offset: 2, coordinates: [0, 2], left: 5, right: 0, count: 2 });
    expect(errorNorm).toBeCloseTo(Math.sqrt(106) / 5);
  });

  it('measures small elements against the typical one', () => {
    expect(compareTensors(of([100, 0.01]), of([100, 0.02]), 1e-3).isEqual).toBe(true);
    expect(compareTensors(of([100, 0.01]), of([100, 0.02]), 1e-5).isEqual).toBe(false);
  });

  it.each<[string, Tensor, Tensor]>([
    ['a NaN on one side', of([NaN, 1]), of([1, 1])],
    ['a NaN on the other', of([1, 1]), of([NaN, 1])],
    ['an infinity', of([Infinity, 1]), of([1, 1])],
    ['opposite infinities', of([Infinity]), of([-Infinity])],
    ['an element that only one wrote', of([1, 1], f32, [0, 1]), of([1, 1])],
    ['an element that only the other wrote', of([1, 1]), of([1, 1], f32, [0, 1])],
  ])('is not fooled by %s', (_what, left, right) => {
    const { isEqual, first } = compareTensors(left, right, 0.25);
    expect(isEqual).toBe(false);
    expect(first?.offset).toBe(0);
  });

  it('compares integers exactly where nothing is tolerated', () => {
    expect(compareTensors(of([1000], i32), of([1001], i32), 0).isEqual).toBe(false);
  });

  it('has no opinion on what neither wrote', () => {
    expect(compareTensors(of([1, 7], f32, [1, 0]), of([1, 9], f32, [1, 0]), 0).isEqual).toBe(true);
  });

  it('says how far off from nothing', () => {
    expect(compareTensors(of([0.5]), of([0]), 0.1)).toMatchObject({
      isEqual: false,
      errorNorm: 0.5,
    });
  });
});

describe('drawn inputs', () => {
  const types: Type[] = [
    ...(
      [
        'f16',
        'bf16',
        'f32',
        'f64',
        'tf32',
        'f8E4M3FN',
        'f8E5M2',
        'f8E4M3FNUZ',
        'f8E5M2FNUZ',
        'f4E2M1FN',
        'f6E2M3FN',
      ] as const
    ).map((kind) => FloatType.get(kind)),
    ...[4, 8, 16, 32, 64].map((width) => IntegerType.get(width)),
    ...[8, 32].map((width) => IntegerType.get(width, 'unsigned')),
    indexType,
  ];

  it.each(types.map((type) => [String(type), type] as const))(
    '%s: never zero, of both signs, numbers of the type',
    (name, type) => {
      const format = formatOf(type);
      const { data } = randomTensor(type, [40, 50], createRandom(1, 'A'));
      const values = [...data].map(Number);
      expect(values.every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
      if (!format.isBig) expect(values.every((value) => format.round(value) === value)).toBe(true);
      expect(new Set(values).size).toBeGreaterThan(5);
      const isSigned = !name.startsWith('ui');
      expect(values.some((value) => value < 0)).toBe(isSigned);
      const scalar = Number(randomScalar(type, createRandom(3, 'n')));
      expect(scalar !== 0 && Number.isFinite(scalar)).toBe(true);
    },
  );

  it('depend on the seed and the name only', () => {
    const draw = (seed: number, name: string): string =>
      [...randomTensor(f32, [4], createRandom(seed, name)).data].join();
    expect(draw(1, 'A')).toBe(draw(1, 'A'));
    expect(new Set([draw(1, 'A'), draw(2, 'A'), draw(1, 'B'), draw(2, 'B')]).size).toBe(4);
  });

  it('are about normal', () => {
    const values = Array.from(
      randomTensor(f32, [20000], createRandom(5, 'A')).data as Float32Array,
    );
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(deviation).toBeCloseTo(0.3, 1);
  });

  it('booleans are both', () => {
    const { data } = randomTensor(IntegerType.get(1), [100], createRandom(1, 'mask'));
    expect([...new Set([...data])].sort()).toEqual([0, 1]);
  });
});

it('allows narrow types what their rounding costs', () => {
  const [f16, bf16, f64] = (['f16', 'bf16', 'f64'] as const).map((kind) =>
    typeTolerance(FloatType.get(kind)),
  );
  expect([f16, bf16, typeTolerance(f32), f64, typeTolerance(i32)]).toEqual([
    2 ** -9,
    2 ** -6,
    2 ** -15,
    2 ** -40,
    0,
  ]);
});
