import { describe, expect, it } from 'vitest';
import {
  ComposedLayout,
  copyFragment,
  fragmentOfFunction,
  Layout,
  layoutOfFunction,
  permuteFragment,
  permuteLayout,
  rowMajorStrides,
  Swizzle,
  viewLayout,
  type Fragment,
} from '../../src/layout/index.js';
import { Random } from './random-layouts.js';

function coordinatesOf(shape: readonly number[], number: number): number[] {
  return rowMajorStrides(shape).map((stride, d) => Math.floor(number / stride) % shape[d]);
}

/** Row-major, padded or swizzled layouts of a tile. */
function randomMemory(shape: readonly number[], random: Random): Layout | ComposedLayout {
  const padding = random.pick([0, 0, 1, 4]);
  const strides = rowMajorStrides([...shape.slice(0, -1), shape[shape.length - 1] + padding]);
  const plain = new Layout([...shape], strides);
  if (padding > 0 || random.below(2) === 0) return plain;
  return new ComposedLayout(new Swizzle(1 + random.below(2), random.below(4), 3), 0, plain);
}

const SHAPES = [[8, 16], [16, 8], [128], [4, 4, 8], [2, 64], [32, 4]];

describe('views', () => {
  it('place each element where the storage has it, and its parts behind each other', () => {
    const random = new Random(11);
    let said = 0;
    for (let round = 0; round < 200; round += 1) {
      const [from, to] = [random.pick(SHAPES), random.pick(SHAPES)];
      const ratio = random.pick([1, 1, 2, 4, 0.5]);
      const memory = randomMemory(from, random);
      const shape = [...to.slice(0, -1), to[to.length - 1] * ratio];
      const view = viewLayout(memory, shape, ratio);
      if (view === undefined) continue;
      said += 1;
      const size = 128 * ratio;
      for (let number = 0; number < size; number += 1) {
        const owner = Math.floor(number / ratio);
        const expected =
          ratio >= 1
            ? memory.at(coordinatesOf(from, owner)) * ratio + (number % ratio)
            : memory.at(coordinatesOf(from, owner)) * ratio;
        expect(view.at(coordinatesOf(shape, number))).toBe(expected);
      }
    }
    expect(said).toBeGreaterThan(100);
  });

  it('refuse what strides cannot say', () => {
    // Three rows of five, padded, as five rows of three: rows would begin in the middle of a step.
    expect(viewLayout(new Layout([3, 5], [6, 1]), [5, 3])).toBeUndefined();
    // Rows of nine places do not begin where elements of twice the size could.
    expect(viewLayout(new Layout([8, 8], [9, 1]), [8, 4], 0.5)).toBeUndefined();
  });

  it('permute dimensions of memory and of registers', () => {
    const random = new Random(5);
    for (let round = 0; round < 100; round += 1) {
      const shape = random.pick([
        [8, 16],
        [4, 6, 10],
        [3, 5],
        [16, 4],
      ]);
      const permutation = random.shuffle(shape.map((_, dimension) => dimension));
      const permuted = permutation.map((dimension) => shape[dimension]);
      const memory = new Layout([...shape], rowMajorStrides(shape));
      const fragment = copyFragment(shape, random.pick([4, 8, 32]), random.pick([1, 2]));
      const other = permuteFragment(fragment, permutation);
      for (let number = 0; number < fragment.size; number += 1) {
        const at = coordinatesOf(permuted, number);
        const source = shape.map((_, dimension) => at[permutation.indexOf(dimension)]);
        expect(permuteLayout(memory, permutation).at(at)).toBe(memory.at(source));
        if (other !== undefined) expect(other.ownersOf(at)).toEqual(fragment.ownersOf(source));
      }
    }
  });
});

describe('functions', () => {
  it('become the layout that they were', () => {
    const random = new Random(3);
    for (let round = 0; round < 60; round += 1) {
      const shape = random.pick([[8, 16], [128], [4, 4, 8], [16, 8]]);
      const memory = randomMemory(shape, random);
      const found = layoutOfFunction(shape, (at) => memory.at([...at]));
      for (let number = 0; number < 128; number += 1) {
        const at = coordinatesOf(shape, number);
        expect(found.at(at)).toBe(memory.at(at));
      }
    }
  });

  it('become the fragment that they were, replicas included', () => {
    for (const fragment of [
      copyFragment([16, 8], 32, 2),
      copyFragment([16, 8], 64, 4, { surplus: 'replicate' }),
      copyFragment([6, 4], 8, 1),
    ] satisfies Fragment[]) {
      const replicas = fragment.replication;
      const found = fragmentOfFunction(
        fragment.shape,
        fragment.threads,
        replicas,
        (at, replica) => {
          const { thread, register } = fragment.ownersOf(at)[replica];
          return [thread, register];
        },
      );
      expect(found.isEquivalent(fragment)).toBe(true);
    }
  });

  it('say why they are no layout', () => {
    expect(() => layoutOfFunction([4, 8], ([i, j]) => 4 * i + j)).toThrow(
      /\(0, 4\) and \(1, 0\) both lie at offset 4/,
    );
    expect(() => layoutOfFunction([4], ([i]) => i - 1)).toThrow(/found -1 at \(0\)/);
    expect(() => layoutOfFunction([32], ([i]) => (i * 7) % 32)).toThrow(/no sum of strides/);
    expect(() => fragmentOfFunction([4], 2, 1, ([i]) => [i, 0])).toThrow(/a thread under 2/);
    expect(() => fragmentOfFunction([4], 4, 1, () => [0, 0])).toThrow(/both in register 0/);
  });
});
