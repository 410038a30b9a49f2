/** Loops whose iterations access some neighbours each, of every kind at random, executed: whatever is moved at once is right. */

import { choicesOf, describeRandomPrograms } from './random-programs.js';

const ELEMENT_TYPES = ['f16', 'f32', 'f64', 'i8', 'i32'];
const STEPS = [2, 3, 4, 8];

/** One kernel that permutes the elements of each iteration on their way from X to Y. */
function program(seed: number): string {
  const { chance, pick, shuffle } = choicesOf(seed, 'interleaved');
  const type = pick(ELEMENT_TYPES);
  const step = pick(STEPS);
  const [rows, columns] = [pick([1, 1, 3, 16]), pick([8, 24, 32])];
  // Rows begin anywhere, and may end within the last iterations.
  const offset = pick([0, 0, 0, 1, step, 4 * step]);
  const width = offset + step * columns - pick([0, 0, 1, step, 2 * step]);
  const places = Array.from({ length: step }, (_, i) => i);
  // Some are left out, or accessed again.
  const loaded = chance(0.1) ? shuffle(places).slice(1) : shuffle(places);
  if (chance(0.1)) loaded.push(pick(loaded));
  const stored = shuffle(places);
  const condition = pick(['', '', 'row', 'half', 'column']);
  // One of the stores may have a condition of its own.
  const hasApart = chance(0.1);
  const isInPlace = chance(0.3);
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

describeRandomPrograms(program);
