/**
 * Kernels that write a tensor in several places, some of which overlap, at random: the simulator finds every pair of accesses
 * that no barrier orders.
 */

import { choicesOf, describeRandomPrograms } from './random-programs.js';

const [ROWS, COLUMNS] = [16, 64];
const TENSOR = `memref<${ROWS}x${COLUMNS}xf32>`;

const STEPS = [0, 2, 4, 8, 32];

/** Where a part lies, and how a loop moves it along one dimension. */
interface Place {
  readonly rows: number;
  readonly columns: number;
  readonly at: readonly [number, number];
  readonly isLoop: boolean;
  readonly along: number;
  readonly step: number;
}

interface Part {
  readonly allocation: string;
  readonly body: string;
}

function program(seed: number): string {
  const { chance, pick } = choicesOf(seed, 'overwritten');

  const drawPlace = (): Place => ({
    rows: pick([1, 4, 8, 16]),
    columns: pick([8, 32, 64]),
    at: [pick([0, 1, 4, 8]), pick([0, 3, 8, 32])],
    isLoop: chance(0.6),
    along: pick([0, 1]),
    step: pick(STEPS),
  });
  let place = drawPlace();

  /** Writes a part of Y from X, or what is in Y. */
  const part = (number: number): Part => {
    // Often where the last one was.
    if (chance(0.5)) place = drawPlace();
    const { rows, columns, at, isLoop, along } = place;
    const step = chance(0.7) ? place.step : pick(STEPS);
    const indices = at.map((first, dimension) =>
      isLoop && dimension === along ? `%at${number}` : `%c${first}`,
    );
    const offset = isLoop
      ? `%at${number} = affine.apply affine_map<(d0) -> (d0 * ${step} + ${at[along]})>(%k)`
      : '';
    const source = pick(['%X', '%Y', '%Y']);
    const tile = `!tile.fragment<${rows}x${columns}xf32>`;
    const isCopy = chance(0.5);
    const copy = `
      tile.copy ${source}[${indices.join(', ')}] to %f${number} : ${TENSOR} to ${tile}
      tile.copy %f${number} to %Y[${indices.join(', ')}] : ${tile} to ${TENSOR}`;
    const [factor, isMirrored] = [columns < 64 ? pick([1, 2]) : 1, chance(0.3)];
    const column = isMirrored ? `${factor * (columns - 1)} - d1 * ${factor}` : `d1 * ${factor}`;
    const elements = `
      tile.parallel (%i, %j) in (${rows}, ${columns}) {
        %row = arith.addi %i, ${indices[0]} : index
        %column = affine.apply affine_map<(d0, d1) -> (d0 + ${column})>(${indices[1]}, %j)
        %x = tile.load ${source}[%row, %column] : ${TENSOR}
        %y = arith.addf %x, %x : f32
        tile.store %y, %Y[%row, %column] : ${TENSOR}
      }`;
    const body = `${offset}\n${isCopy ? copy : elements}`;
    return {
      allocation: isCopy ? `%f${number} = tile.alloc : ${tile}` : '',
      body: isLoop ? `scf.for %k = %c0 to %c3 step %c1 {\n${body}\n}` : body,
    };
  };

  const parts = Array.from({ length: pick([2, 3, 4]) }, (_, i) => part(i));
  const constants = [0, 1, 3, 4, 8, 32].map(
    (value) => `%c${value} = arith.constant ${value} : index`,
  );
  const body = parts.map((each) => each.body).join('\n');
  return `
tile.kernel @k${seed}(%X: ${TENSOR}, %Y: ${TENSOR}) blocks(%b) = (1) threads(${pick([64, 128])}) {
  ${[...constants, ...parts.map(({ allocation }) => allocation)].join('\n')}
  tile.parallel (%i, %j) in (${ROWS}, ${COLUMNS}) {
    %x = tile.load %X[%i, %j] : ${TENSOR}
    tile.store %x, %Y[%i, %j] : ${TENSOR}
  }
  ${chance(0.3) ? `scf.for %again = %c0 to %c3 step %c1 {\n${body}\n}` : body}
}`;
}

describeRandomPrograms(program);
