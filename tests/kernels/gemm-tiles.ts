/** The sweep over products: every tile, number of threads, place and storage order of the operands, and element type. */

import { allCombinations, covering, type Domain } from './covering.js';
import { defaultParameters, gemmName, gemmProgram, type GemmParameters } from './gemm-program.js';
import type { KernelProgram } from './judge-kernels.js';

export const sweepTargets = ['sm_80', 'sm_89', 'gfx90a', 'gfx942'] as const;

/** Element types by the names that `--types` takes. */
export const sweepTypes = {
  f16: { input: 'f16', output: 'f16' },
  'f16-f16': { input: 'f16', accumulator: 'f16', output: 'f16' },
  bf16: { input: 'bf16', output: 'bf16' },
  'bf16-bf16': { input: 'bf16', accumulator: 'bf16', output: 'bf16' },
  f32: { input: 'f32', output: 'f32' },
  tf32: { input: 'f32', output: 'f32', precision: 'tf32' },
  f64: { input: 'f64', accumulator: 'f64', output: 'f64' },
  i8: { input: 'i8', accumulator: 'i32', output: 'i32' },
  i4: { input: 'i4', accumulator: 'i32', output: 'i32' },
  f4E2M1FN: { input: 'f4E2M1FN', output: 'f16' },
  f8E4M3FN: { input: 'f8E4M3FN', output: 'f16' },
  f8E5M2: { input: 'f8E5M2', output: 'f16' },
  f8E4M3FNUZ: { input: 'f8E4M3FNUZ', output: 'f16' },
  f8E5M2FNUZ: { input: 'f8E5M2FNUZ', output: 'f16' },
} as const satisfies Record<
  string,
  Pick<GemmParameters, 'input' | 'accumulator' | 'output' | 'precision'>
>;

export type SweepTypes = keyof typeof sweepTypes;

export interface TilePoint {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly order: GemmParameters['order'];
  readonly threads: number;
  readonly operands: NonNullable<GemmParameters['operands']>;
}

/** What points of one meaning differ in comes last, so that they follow each other. */
const tiles: Domain<TilePoint> = {
  m: [64, 128, 256],
  n: [16, 32, 64, 128, 256],
  k: [16, 32, 64, 128],
  order: ['nn', 'nt', 'tn', 'tt'],
  threads: [64, 128, 256],
  operands: ['ss', 'rs', 'sr', 'rr'],
};

/** All 2,880 points of one type and target, or so few that every 2 or 3 values meet. */
export function tilePoints(strength: 2 | 3 | 'all'): TilePoint[] {
  const all = allCombinations(tiles);
  return strength === 'all' ? all : covering(all, strength);
}

export interface TargetPoint extends TilePoint {
  readonly types: SweepTypes;
  readonly target: (typeof sweepTargets)[number];
}

/** Types that are computed in different ways; of two f8 types the one that each vendor has. */
const sampledTypes = [
  'f16',
  'bf16-bf16',
  'f32',
  'tf32',
  'f64',
  'i8',
  'i4',
  'f8E4M3FN',
  'f8E4M3FNUZ',
] as const satisfies readonly SweepTypes[];

/** Registers of the accumulator in one thread, above which compiling a kernel takes longer than all others together. */
const MOST_REGISTERS = 128;

/** Registers that one thread can have on some target: above it compilers work longest on a kernel that nobody wants. */
const REGISTERS_OF_THREAD = 256;

/** The same points, those last whose accumulator no thread's registers hold. */
export function quickestFirst(points: readonly TilePoint[]): TilePoint[] {
  const isQuick = ({ m, n, threads }: TilePoint): boolean => m * n <= REGISTERS_OF_THREAD * threads;
  return [...points.filter(isQuick), ...points.filter((point) => !isQuick(point))];
}

/** Few points, quickly compiled, in which every two values meet, of types and targets too. */
export function sampledPoints(): TargetPoint[] {
  const domain: Domain<TargetPoint> = {
    ...tiles,
    types: sampledTypes,
    target: sweepTargets,
  };
  const quick = allCombinations(domain).filter(
    ({ m, n, threads }) => m * n <= MOST_REGISTERS * threads,
  );
  // Finding the fewest points among a hundred thousand takes longer than running them.
  return covering(
    quick.filter((_, i) => (i * 7919) % 101 === 0),
    2,
  );
}

/** One block's product with two steps along K: the smallest program that fills a pipeline and goes round it. */
export function tileProgram(point: TilePoint, types: SweepTypes, stages: 1 | 2): KernelProgram {
  const { m, n, k, order, threads, operands } = point;
  const parameters: GemmParameters = {
    ...defaultParameters,
    ...sweepTypes[types],
    ...{ m, n, k: 2 * k, order, threads, operands, stages },
    tile: [m, n, k],
  };
  return {
    name: gemmName(parameters),
    text: gemmProgram(parameters),
    meaning: [m, n, k, order, types].join(' '),
  };
}
