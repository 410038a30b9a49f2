import { describe, expect, it } from 'vitest';
import {
  copyFragment,
  decompose,
  Fragment,
  gemmFragment,
  Layout,
  LayoutError,
  MATRIX_INSTRUCTIONS,
  mmaFragment,
  parseFragment,
  planConversion,
  repeatFragment,
  type MatrixOperand,
} from '../../src/layout/index.js';
import { expectDigitsAgree } from './expect-digits.js';
import { Random } from './random-layouts.js';

type Formula = (lane: number, register: number) => readonly [number, number];

function expectFormula(fragment: Fragment, formula: Formula): void {
  for (let lane = 0; lane < fragment.threads; lane += 1) {
    for (let register = 0; register < fragment.registers; register += 1) {
      expect(fragment.coordinatesAt(lane, register)).toEqual([...formula(lane, register)]);
    }
  }
}

describe('matrix instructions', () => {
  const g = (lane: number): number => lane >> 2;
  const t = (lane: number): number => lane & 3;
  const accumulator: Formula = (L, i) => [g(L) + 8 * (i >> 1), 2 * t(L) + (i & 1)];
  const mfmaA =
    (edge: number, e: number): Formula =>
    (L, j) => [L % edge, e * Math.floor(L / edge) + j];
  const mfmaB =
    (edge: number, e: number): Formula =>
    (L, j) => [e * Math.floor(L / edge) + j, L % edge];
  const c16: Formula = (L, r) => [4 * (L >> 4) + r, L % 16];
  const c32: Formula = (L, r) => [8 * (r >> 2) + 4 * (L >> 5) + (r % 4), L % 32];
  const table: [string, MatrixOperand, Formula][] = [
    [
      'mma.m16n8k16.f16',
      'A',
      (L, i) => [g(L) + 8 * ((i >> 1) & 1), 2 * t(L) + (i & 1) + 8 * (i >> 2)],
    ],
    ['mma.m16n8k16.f16', 'B', (L, i) => [2 * t(L) + (i & 1) + 8 * (i >> 1), g(L)]],
    ['mma.m16n8k16.bf16', 'C', accumulator],
    ['mma.m16n8k8.tf32', 'A', (L, i) => [g(L) + 8 * (i & 1), t(L) + 4 * (i >> 1)]],
    ['mma.m16n8k8.tf32', 'B', (L, i) => [t(L) + 4 * i, g(L)]],
    ['mma.m16n8k8.tf32', 'C', accumulator],
    [
      'mma.m16n8k32.i8',
      'A',
      (L, i) => [g(L) + 8 * ((i >> 2) & 1), 4 * t(L) + (i & 3) + 16 * (i >> 3)],
    ],
    ['mma.m16n8k32.f8E4M3FN', 'B', (L, i) => [4 * t(L) + (i & 3) + 16 * (i >> 2), g(L)]],
    ['mma.m16n8k32.i8', 'C', accumulator],
    ['mma.m8n8k4.f64', 'A', (L) => [g(L), t(L)]],
    ['mma.m8n8k4.f64', 'B', (L) => [t(L), g(L)]],
    ['mma.m8n8k4.f64', 'C', (L, i) => [g(L), 2 * t(L) + i]],
    ['mfma.16x16x16.f16', 'A', mfmaA(16, 4)],
    ['mfma.16x16x16.bf16', 'B', mfmaB(16, 4)],
    ['mfma.16x16x16.f16', 'C', c16],
    ['mfma.32x32x8.f16', 'A', mfmaA(32, 4)],
    ['mfma.32x32x8.f16', 'B', mfmaB(32, 4)],
    ['mfma.32x32x8.bf16', 'C', c32],
    ['mfma.16x16x32.i8', 'A', mfmaA(16, 8)],
    ['mfma.16x16x32.f8E5M2FNUZ', 'B', mfmaB(16, 8)],
    ['mfma.32x32x16.i8', 'A', mfmaA(32, 8)],
    ['mfma.32x32x16.f8E4M3FNUZ', 'C', c32],
    ['mfma.16x16x4.f32', 'A', mfmaA(16, 1)],
    ['mfma.16x16x4.f64', 'B', mfmaB(16, 1)],
    ['mfma.16x16x4.f64', 'C', (L, r) => [(L >> 4) + 4 * r, L % 16]],
  ];

  it.each(table)('%s %s has the documented formula', (name, operand, formula) => {
    const fragment = mmaFragment(name, operand);
    expectFormula(fragment, formula);
    expectFormula(mmaFragment(name, operand, { transposed: true }), (lane, register) => {
      const [row, column] = formula(lane, register);
      return [column, row];
    });
  });

  it('every operand in every form covers its tile once', () => {
    for (const { name, lanes } of MATRIX_INSTRUCTIONS.values()) {
      for (const operand of ['A', 'B', 'C'] as const) {
        for (const swapped of [false, true]) {
          for (const transposed of [false, true]) {
            const fragment = mmaFragment(name, operand, { swapped, transposed });
            expect(fragment.threads).toBe(lanes);
            expect(fragment.getCoverage()).toMatchObject({ isExact: true, mostOwners: 1 });
            expectDigitsAgree(fragment);
          }
        }
      }
    }
  });

  it('swapped MFMA operands give each lane four columns of one row', () => {
    const fragment = mmaFragment('mfma.16x16x16.f16', 'C', { swapped: true });
    expectFormula(fragment, (L, r) => [L % 16, 4 * (L >> 4) + r]);
    expect(fragment.vectorWidth).toBe(4);
    expect(mmaFragment('mfma.16x16x16.f16', 'C').vectorWidth).toBe(1);
    // The transposed scores of one product are the operand of the next, with no data movement.
    const operand = mmaFragment('mfma.16x16x16.f16', 'A');
    expect(planConversion(fragment, operand, 64)).toEqual({ kind: 'identity' });
  });

  it('mma.sync swapped exchanges M and N', () => {
    expect(mmaFragment('mma.m16n8k16.f16', 'C', { swapped: true }).shape).toEqual([8, 16]);
    expect(mmaFragment('mma.m16n8k16.f16', 'A', { swapped: true }).shape).toEqual([8, 16]);
    expect(mmaFragment('mma.m16n8k16.f16', 'B', { swapped: true }).shape).toEqual([16, 16]);
  });

  it('lists what there is for an unknown name', () => {
    expect(() => mmaFragment('mma.m1n1k1', 'A')).toThrow(/mma\.m16n8k16\.f16.*found 'mma\.m1n1k1'/);
  });
});

describe('block tiles', () => {
  it('builds the accumulator of a 128x128 tile', () => {
    const fragment = gemmFragment({
      instruction: 'mma.m16n8k16.f16',
      operand: 'C',
      tile: [128, 128, 32],
      warps: [2, 2],
    });
    expect(fragment.toString()).toBe(
      '[128, 128], thread = (4,8,2,2):(2,128,64,8192), value = (2,2,8,4):(1,1024,8,2048)',
    );
    expect(fragment.vectorWidth).toBe(2);
    expect(fragment.isCover).toBe(true);
    expect(fragment.ownersOf([64, 3])).toEqual([{ thread: 65, register: 1 }]);
  });

  it('replicates operands over the warps that share them', () => {
    const options = {
      instruction: 'mma.m16n8k16.f16',
      tile: [128, 128, 32],
      warps: [2, 2],
    } as const;
    const a = gemmFragment({ ...options, operand: 'A' });
    expect(a.toString()).toBe(
      '[128, 32], thread = (4,8,2,2):(2,32,0,2048), value = (2,2,2,2,4):(1,256,8,16,512)',
    );
    expect(a.replication).toBe(2);
    expect(a.getCoverage()).toMatchObject({ isExact: true, mostOwners: 2 });
    expect(a.ownersOf(0).map((owner) => owner.thread)).toEqual([0, 32]);
    const b = gemmFragment({ ...options, operand: 'B' });
    expect(b.shape).toEqual([32, 128]);
    expect(b.ownersOf(0).map((owner) => owner.thread)).toEqual([0, 64]);
    expect(b.isCover).toBe(true);
  });

  it('covers for a grid of tiles, warps, forms and instructions', () => {
    for (const name of [
      'mma.m16n8k16.f16',
      'mma.m8n8k4.f64',
      'mfma.32x32x8.f16',
      'mfma.16x16x32.i8',
    ]) {
      for (const operand of ['A', 'B', 'C'] as const) {
        for (const warps of [
          [1, 1],
          [2, 2],
          [1, 3],
          [4, 1],
        ] as const) {
          for (const transposed of [false, true]) {
            for (const swapped of [false, true]) {
              const fragment = gemmFragment({
                instruction: name,
                operand,
                tile: [128, 192, 64],
                warps,
                transposed,
                swapped,
                fastestWarp: transposed ? 'm' : 'n',
              });
              const shared = operand === 'A' ? warps[1] : operand === 'B' ? warps[0] : 1;
              expect(fragment.getCoverage()).toMatchObject({ isExact: true, mostOwners: shared });
            }
          }
        }
      }
    }
  });

  it('says which extents would do', () => {
    const make = (): Fragment =>
      gemmFragment({
        instruction: 'mma.m16n8k16.f16',
        operand: 'A',
        tile: [48, 64, 32],
        warps: [2, 2],
      });
    expect(make).toThrow('mma.m16n8k16.f16 on 2x2 warps needs M to be a multiple of 32, found 48');
  });

  it('the accumulator of one product is the operand of the next', () => {
    const warps = [4, 1] as const;
    const instruction = 'mma.m16n8k16.f16';
    const scores = gemmFragment({ instruction, operand: 'C', tile: [64, 96, 64], warps });
    const operand = gemmFragment({ instruction, operand: 'A', tile: [64, 128, 96], warps });
    expect(planConversion(scores, operand)).toEqual({ kind: 'identity' });
  });

  it('repeats any number of dimensions in the given order', () => {
    const atom = new Fragment([2, 3, 4], new Layout([2, 3], [12, 4]), new Layout(4, 1));
    const fragment = repeatFragment(atom, [
      { over: 'registers', dimension: 1, count: 2 },
      { over: 'threads', dimension: 0, count: 3 },
      { over: 'replicas', count: 2 },
      { over: 'registers', dimension: 2, count: 5 },
    ]);
    expect(fragment.shape).toEqual([6, 6, 20]);
    expect(fragment.getCoverage()).toMatchObject({ isExact: true, mostOwners: 2 });
    for (let thread = 0; thread < 6; thread += 1) {
      for (let register = 0; register < 4; register += 1) {
        expect(fragment.coordinatesAt(thread, register)).toEqual(
          atom.coordinatesAt(thread, register),
        );
      }
    }
    const torn = new Fragment([3, 4], new Layout(4, 3), new Layout(3, 1));
    expect(() => repeatFragment(torn, [])).toThrow(/runs over the end of dimension 1/);
  });
});

describe('copyFragment', () => {
  it('covers every shape once, masked where uneven', () => {
    const extents = [1, 2, 3, 16, 17, 32, 96, 100, 128];
    for (const rows of extents) {
      for (const columns of extents) {
        for (const threads of [32, 64, 96, 128, 256, 512]) {
          const fragment = copyFragment([rows, columns], threads, 8);
          const coverage = fragment.getCoverage();
          const label = fragment.toString();
          expect(coverage.isExact && coverage.mostOwners === 1, label).toBe(true);
          expect(fragment.isMasked, label).toBe(coverage.maskedPositions > 0);
          const width = [8, 4, 2, 1].find((n) => columns % n === 0)!;
          expect(fragment.vectorWidth % width, label).toBe(0);
        }
      }
    }
  });

  it('covers other orders, ranks and surplus rules', () => {
    const random = new Random(21);
    for (let round = 0; round < 300; round += 1) {
      const rank = 1 + random.below(3);
      const shape = Array.from({ length: rank }, () => random.pick([1, 2, 3, 5, 8, 12, 16, 20]));
      const surplus = random.pick(['mask', 'replicate'] as const);
      const contiguousDimension = random.below(rank);
      const threads = random.pick([32, 64, 128, 192]);
      const fragment = copyFragment(shape, threads, random.pick([1, 2, 4]), {
        surplus,
        contiguousDimension,
      });
      const { isExact, mostOwners } = fragment.getCoverage();
      expect(isExact, `${fragment} ${surplus}`).toBe(true);
      expect(fragment.threads).toBe(threads);
      if (surplus === 'mask') expect(mostOwners).toBe(1);
      expectDigitsAgree(fragment);
    }
  });

  it('gives neighbouring threads neighbouring vectors', () => {
    expect(copyFragment([128, 32], 128, 8).toString()).toBe(
      '[128, 32], thread = (4,32):(8,32), value = (8,4):(1,1024)',
    );
    expect(copyFragment([16, 16], 128, 8).toString()).toBe(
      '[16, 16], thread = (2,64):(8,16), value = 8:1',
    );
    expect(copyFragment([16, 16], 128, 8, { surplus: 'replicate' }).toString()).toBe(
      '[16, 16], thread = (2,16,4):(8,16,0), value = 8:1',
    );
    expect(copyFragment([96, 100], 128, 4).toString()).toBe(
      '[96, 100], thread = 128:4, value = (4,19):(1,512)',
    );
    expect(copyFragment([1000], 128, 4).toString()).toBe(
      '[1000], thread = 128:4, value = (4,2):(1,512)',
    );
    expect(copyFragment([64, 64], 128, 8, { contiguousDimension: 0 }).toString()).toBe(
      '[64, 64], thread = (8,16):(512,1), value = (8,4):(64,16)',
    );
  });
});

describe('questions to a fragment', () => {
  it('finds owners as brute force does', () => {
    const fragment = copyFragment([10, 12], 32, 4);
    for (let element = 0; element < fragment.size; element += 1) {
      const expected: { thread: number; register: number }[] = [];
      for (let thread = 0; thread < fragment.threads; thread += 1) {
        for (let register = 0; register < fragment.registers; register += 1) {
          if (fragment.elementAt(thread, register) === element) expected.push({ thread, register });
        }
      }
      expect(fragment.ownersOf(element)).toEqual(expected);
    }
  });

  it('says what a bad cover lacks', () => {
    const fragment = parseFragment('[4, 4], thread = 4:4, value = 2:1');
    expect(fragment.getCoverage()).toEqual({
      isComplete: false,
      isExact: false,
      fewestOwners: 0,
      mostOwners: 1,
      maskedPositions: 0,
      firstMissing: 2,
    });
    const uneven = parseFragment('[4], thread = 2:1, value = 3:1').getCoverage();
    expect([uneven.isComplete, uneven.isExact]).toEqual([true, false]);
  });

  it('measures runs by the definition', () => {
    const random = new Random(22);
    for (let round = 0; round < 400; round += 1) {
      const columns = random.pick([4, 6, 8, 12]);
      const fragment = new Fragment([8, columns], random.layout(2), random.nestedLayout(2, 4));
      const holds = (n: number, aligned: boolean): boolean => {
        for (let thread = 0; thread < fragment.threads; thread += 1) {
          for (let register = 0; register < fragment.registers; register += n) {
            const first = fragment.elementAt(thread, register);
            if ((first % columns) + n > columns || (aligned && (first % columns) % n !== 0))
              return false;
            for (let k = 1; k < n; k += 1) {
              if (fragment.elementAt(thread, register + k) !== first + k) return false;
            }
          }
        }
        return true;
      };
      const widest = (aligned: boolean): number => {
        let best = 1;
        for (let n = 2; n <= fragment.registers; n += 1) {
          if (fragment.registers % n === 0 && holds(n, aligned)) best = n;
        }
        return best;
      };
      expect(fragment.contiguousRun, fragment.toString()).toBe(widest(false));
      // An aligned run needs rows that are a multiple of it, or alignment in one row says nothing about the next.
      const found = fragment.vectorWidth;
      expect(
        found === 1 || (holds(found, true) && columns % found === 0),
        fragment.toString(),
      ).toBe(true);
    }
  });

  it('is equivalent where it is the same function', () => {
    const a = parseFragment('[8, 8], thread = (4,8):(2,8), value = 2:1');
    const b = parseFragment('[8, 8], thread = 32:2, value = (2,1):(1,5)');
    expect(a.isEquivalent(b)).toBe(true);
    expect(a.equals(b)).toBe(false);
    expect(a.isEquivalent(parseFragment('[64], thread = 32:2, value = 2:1'))).toBe(false);
  });
});

it('answers in milliseconds', () => {
  const started = performance.now();
  const c = gemmFragment({
    instruction: 'mma.m16n8k16.f16',
    operand: 'C',
    tile: [256, 256, 64],
    warps: [4, 4],
  });
  const rows = copyFragment([256, 256], 512, 8);
  expect(c.isCover && rows.isCover).toBe(true);
  expect(planConversion(c, rows).kind).toBe('shared');
  decompose(c);
  expect(c.ownersOf(77)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(250);
  expect(() => c.coordinatesAt(512, 0)).toThrow(LayoutError);
});
