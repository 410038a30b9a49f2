/** Conversions between random distributions of tiles, odd ones too, executed on the simulator. */

import { expect, test } from 'vitest';
import { conversionsBetween } from '../../src/conversions/tile-to-layout/inference/conversion.js';
import {
  copyFragment,
  Fragment,
  gemmFragment,
  Layout,
  type Fragment as Distribution,
} from '../../src/layout/index.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { findTarget } from '../../src/targets/target.js';
import { Random } from '../layout/random-layouts.js';
import { simulateModule } from './run-kernels.js';

const SHAPES = [[64, 32], [32, 64], [17, 33], [5, 3], [96], [130], [4, 6, 10], [1, 64]];
const TYPES = ['f32', 'f16', 'bf16', 'i8', 'i32', 'f64'];

/** A cover of a tile whose extents are powers of two: its bits dealt to threads and registers in any order. */
function shuffledBits(shape: readonly number[], threads: number, random: Random): Distribution {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const bits = random.shuffle(Array.from({ length: Math.log2(size) }, (_, bit) => 2 ** bit));
  const count = Math.min(Math.log2(threads), bits.length);
  const strides = [...bits.slice(0, count)];
  while (strides.length < Math.log2(threads))
    strides.splice(random.below(strides.length + 1), 0, 0);
  const twos = (list: readonly number[]): Layout =>
    list.length === 0
      ? new Layout(1, 0)
      : new Layout(
          list.map(() => 2),
          list,
        );
  return new Fragment(shape, twos(strides), twos(bits.slice(count)));
}

function distribution(shape: readonly number[], threads: number, random: Random): Distribution {
  const isBinary = shape.every((extent) => Number.isInteger(Math.log2(extent)));
  const width = random.pick([1, 2, 4, 8]);
  switch (isBinary ? random.below(4) : 2 + random.below(2)) {
    case 0:
      return shuffledBits(shape, threads, random);
    case 1:
      if (shape.length === 2 && shape[0] % 32 === 0 && shape[1] % 16 === 0 && threads === 64)
        return gemmFragment({
          instruction: 'mma.m16n8k16.f16',
          operand: 'C',
          tile: [shape[0], shape[1], 16],
          warps: [2, 1],
        });
      return shuffledBits(shape, threads, random);
    case 2:
      return copyFragment(shape, threads, width, { surplus: 'replicate' });
    default:
      return copyFragment(shape, threads, width, {
        contiguousDimension: random.below(shape.length),
      });
  }
}

function kernel(
  name: string,
  from: Distribution,
  to: Distribution,
  types: readonly string[],
): string {
  const shape = from.shape.join('x');
  const zeros = from.shape.map(() => '%z').join(', ');
  const [a, c] = [`!tile.fragment<${shape}x${types[0]}>`, `!tile.fragment<${shape}x${types[1]}>`];
  const [input, output] = types.map((type) => `memref<${shape}x${type}>`);
  return `tile.kernel @${name}(%A: ${input}, %C: ${output}) blocks(%b) = (1) threads(${from.threads}) {
  %z = arith.constant 0 : index
  %a = tile.alloc : ${a}
  %c = tile.alloc : ${c}
  tile.annotate_layout %a, #layout.fragment<${from}> : ${a}
  tile.annotate_layout %c, #layout.fragment<${to}> : ${c}
  tile.copy %A[${zeros}] to %a : ${input} to ${a}
  tile.copy %a to %c : ${a} to ${c}
  tile.copy %c to %C[${zeros}] : ${c} to ${output}
}`;
}

test.runIf(findHostCompiler()).each([
  ['sm_80', 1],
  ['gfx942', 2],
] as const)('conversions on %s lose no element', (arch, seed) => {
  const random = new Random(seed);
  const target = findTarget(arch)!;
  const ways = new Set<string>();
  const kernels = Array.from({ length: 30 }, (_, number) => {
    const shape = random.pick(SHAPES);
    const threads = random.pick([64, 128]);
    const [from, to] = [distribution(shape, threads, random), distribution(shape, threads, random)];
    const type = random.pick(TYPES);
    const types = [type, type.startsWith('f') ? random.pick(['f32', type]) : type];
    ways.add(conversionsBetween(from, to, 32, target)[0].through);
    return kernel(`k${number}`, from, to, types);
  });
  const { status, errors } = simulateModule(kernels.join('\n'), arch, { seed });
  expect(errors).toBe('');
  expect(status).toBe(0);
  expect([...ways].sort()).toEqual(['registers', 'shared', 'shuffles']);
});
