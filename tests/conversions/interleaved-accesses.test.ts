/** Loops whose iterations access some neighbours each, of every kind at random, executed: whatever is moved at once is right. */

import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/runtime/run/random.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { simulateRuns } from '../kernels/run-kernels.js';

const ELEMENT_TYPES = ['f16', 'f32', 'f64', 'i8', 'i32'];
const STEPS = [2, 3, 4, 8];

/** One kernel that permutes the elements of each iteration on their way from X to Y. */
function program(seed: number): string {
  const random = createRandom(seed, 'interleaved');
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)];
  const type = pick(ELEMENT_TYPES);
  const step = pick(STEPS);
  const [rows, columns] = [pick([1, 1, 3, 16]), pick([8, 24, 32])];
  // Rows begin anywhere, and may end within the last iterations.
  const offset = pick([0, 0, 0, 1, step, 4 * step]);
  const width = offset + step * columns - pick([0, 0, 1, step, 2 * step]);
  const places = Array.from({ length: step }, (_, i) => i);
  const shuffled = (): number[] =>
    places
      .map((place) => [random(), place])
      .sort()
      .map(([, place]) => place);
  // Some are left out, or accessed again.
  const loaded = random() < 0.1 ? shuffled().slice(1) : shuffled();
  if (random() < 0.1) loaded.push(pick(loaded));
  const stored = shuffled();
  const condition = pick(['', '', 'row', 'half', 'column']);
  // One of the stores may have a condition of its own.
  const hasApart = random() < 0.1;
  const isInPlace = random() < 0.3;
  // One row is a tensor of one dimension, which may end anywhere.
  const tensor = rows === 1 ? `memref<${width}x${type}>` : `memref<${rows}x${width}x${type}>`;
  const row = rows === 1 ? '' : '%i, ';
  const target = isInPlace ? '%X' : '%Y';
  const index = (place: number): string => `%at${place}`;
  const isFloat = type.startsWith('f');
  const body = [
    ...loaded.map((place, i) => `%x${i} = tile.load %X[${row}${index(place)}] : ${tensor}`),
    // Each element is stored with a part of those that were loaded.
    `%sum1 = arith.add${isFloat ? 'f' : 'i'} %x0, %x${loaded.length - 1} : ${type}`,
    ...stored.map((place) => {
      const value = place < loaded.length ? `%x${place}` : '%sum1';
      const store = `tile.store ${value}, ${target}[${row}${index(place)}] : ${tensor}`;
      const isApart = hasApart && place === stored[0];
      return isApart
        ? `%left = arith.cmpi slt, %j, %c8 : index\nscf.if %left {\n${store}\n}`
        : store;
    }),
  ].join('\n');
  const conditions: Readonly<Record<string, string>> = {
    row: '%is = arith.cmpi sgt, %i, %c0 : index',
    half: '%is = arith.cmpi slt, %j, %c8 : index',
    column: '%is = arith.cmpi sge, %j, %i : index',
  };
  const lines = condition === '' ? body : `${conditions[condition]}\nscf.if %is {\n${body}\n}`;
  return `
tile.kernel @k${seed}(%X: ${tensor}, %Y: ${tensor}) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %zero = arith.constant ${isFloat ? '0.0' : '0'} : ${type}
  tile.parallel (%i, %j) in (${rows}, ${width}) {
    tile.store %zero, %Y[${row}%j] : ${tensor}
  }
  tile.parallel (%i, %j) in (${rows}, ${columns}) {
    ${places
      .map(
        (place) =>
          `${index(place)} = affine.apply affine_map<(d0) -> (d0 * ${step} + ${offset + place})>(%j)`,
      )
      .join('\n')}
    ${lines}
  }
}`;
}

describe.skipIf('reason' in findHostCompiler()).each(['sm_80', 'gfx942'])('%s', (arch) => {
  test.each([1, 2, 3])('programs %i', (part) => {
    const text = Array.from({ length: 40 }, (_, i) => program(100 * part + i)).join('\n');
    const { failures } = simulateRuns(text, arch, [{ values: {}, seed: part }], 4);
    expect(failures).toEqual([]);
  });
});
