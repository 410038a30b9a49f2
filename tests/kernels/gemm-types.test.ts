/**
 * Matrix products of every element type and place of the operands, with and without matrix instructions, lowered,
 * emitted, simulated and compared with the interpreter. A sample runs by default; with `TILEWRIGHT_SWEEP=all` every
 * combination.
 */

import { describe, expect, test } from 'vitest';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { allCombinations, covering } from './covering.js';
import {
  defaultParameters,
  describeGemm,
  gemmName,
  gemmProgram,
  type GemmParameters,
} from './gemm-program.js';
import { typesCases } from './gemm-types.js';
import { simulateModule } from './run-kernels.js';

const isComplete = process.env.TILEWRIGHT_SWEEP === 'all';
const simulated = describe.skipIf('reason' in findHostCompiler());

interface Form {
  readonly order: GemmParameters['order'];
  readonly operands: NonNullable<GemmParameters['operands']>;
  readonly stages: number;
}

const forms = allCombinations<Form>({
  order: ['nn', 'nt', 'tn', 'tt'],
  operands: ['ss', 'rs', 'sr', 'rr'],
  stages: [2, 1],
});

/** Forms that meet in pairs; each case begins elsewhere among them, so that cases complement each other. */
const sampled = isComplete ? forms : covering(forms, 2).slice(0, 4);

function check(arch: string, points: readonly GemmParameters[], expected?: string): void {
  const text = points.map(gemmProgram).join('\n');
  const run = simulateModule(text, arch);
  expect(run.status, run.errors).toBe(0);
  for (const point of points) {
    const profile = run.profiles.get(gemmName(point));
    expect(profile, describeGemm(point)).toBeDefined();
    const used = profile!.lines.filter(({ flop }) => flop > 0).map(({ operation }) => operation);
    expect([...new Set(used)], describeGemm(point)).toEqual(
      expected === undefined ? [] : [expected],
    );
  }
}

simulated('element types', () => {
  for (const { instructions, ...types } of typesCases) {
    for (const [arch, instruction] of Object.entries(instructions)) {
      const name = [types.input, types.precision, types.accumulator].filter(Boolean).join(' ');
      test(`${arch}: ${name} by ${instruction ?? 'scalar code'}`, () => {
        const points = sampled.map((form) => ({
          ...defaultParameters,
          ...types,
          ...form,
          m: 64,
          n: 64,
          k: 96,
          tile: [64, 64, 32] as const,
          threads: 64,
        }));
        check(arch, points, instruction);
      });
    }
  }
});

/** Extents that no matrix instruction divides, and that the threads do not divide either. */
const oddTiles = [
  [8, 8, 8],
  [17, 33, 5],
  [24, 40, 12],
  [1, 64, 16],
  [48, 3, 7],
] as const;

simulated('tiles without matrix instructions', () => {
  const domain = {
    tile: oddTiles,
    types: [
      { input: 'f16', accumulator: 'f32', output: 'f16' },
      { input: 'f32', accumulator: 'f32', output: 'f32' },
      { input: 'i8', accumulator: 'i32', output: 'i32' },
      { input: 'f64', accumulator: 'f64', output: 'f64' },
      { input: 'bf16', accumulator: 'bf16', output: 'bf16' },
    ],
    order: ['nn', 'nt', 'tn', 'tt'],
    operands: ['ss', 'rs', 'sr', 'rr'],
    threads: [64, 128],
    arch: ['sm_80', 'gfx90a'],
  } as const;
  const points = covering(allCombinations(domain), 2).filter((_, i) => isComplete || i % 2 === 0);
  for (const arch of domain.arch) {
    const own = points.filter((point) => point.arch === arch);
    for (let start = 0; start < own.length; start += 4) {
      const batch = own
        .slice(start, start + 4)
        .map(({ tile, types, order, operands, threads }) => ({
          ...defaultParameters,
          ...types,
          m: tile[0] * 2,
          n: tile[1] + 1,
          k: tile[2] * 2 + 1,
          tile,
          order,
          operands,
          threads,
          stages: 2,
        }));
      test(`${arch}: ${batch.map(describeGemm).join('; ')}`, () => check(arch, batch));
    }
  }
});
