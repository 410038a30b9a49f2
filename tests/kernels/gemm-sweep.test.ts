/**
 * Matrix products of many sizes, storage orders, element types and schedules, lowered, emitted, simulated in several
 * orders of threads and compared with the interpreter. A sample runs by default; with `TILEWRIGHT_SWEEP=all` every
 * size, order, input type and architecture, and schedules and ragged sizes by threes.
 */

import { describe, expect, test } from 'vitest';
import { findHostCompiler, sectorEfficiency } from '../../src/runtime/sim/index.js';
import {
  defaultParameters,
  describeGemm,
  gemmName,
  gemmProgram,
  type GemmParameters,
} from './gemm-program.js';
import { allCombinations, covering, type Domain } from './covering.js';
import { lineRange, linesWithin, simulateModule } from './run-kernels.js';

const isComplete = process.env.TILEWRIGHT_SWEEP === 'all';
const compiler = findHostCompiler();
const simulated = describe.skipIf('reason' in compiler);

interface SizedPoint extends Pick<GemmParameters, 'm' | 'n' | 'k' | 'order' | 'input' | 'output'> {
  readonly arch: string;
}

interface ScheduledPoint extends Pick<
  GemmParameters,
  'order' | 'input' | 'tile' | 'threads' | 'stages'
> {
  readonly arch: string;
}

interface RaggedPoint extends Pick<GemmParameters, 'order' | 'input' | 'output' | 'stages'> {
  readonly arch: string;
  readonly size: readonly [number, number, number];
}

type Point = GemmParameters & { readonly arch: string };

const architectures = ['sm_80', 'gfx90a', 'gfx942'];
const orders = ['nn', 'nt', 'tn', 'tt'] as const;
const sizes = [128, 256, 384];

/** What the kernel library promises: whole tiles of the default schedule. */
const wholeTiles: Domain<SizedPoint> = {
  m: sizes,
  n: sizes,
  k: sizes,
  order: orders,
  input: ['f16', 'bf16'],
  output: ['f16', 'bf16', 'f32'],
  arch: [...architectures, 'sm_75', 'sm_86', 'sm_89'],
};

const schedules: Domain<ScheduledPoint> = {
  tile: [
    [128, 128, 32],
    [64, 64, 32],
    [128, 64, 64],
    [64, 128, 16],
    [32, 32, 32],
    [128, 128, 16],
    [64, 32, 64],
    [32, 64, 128],
  ],
  threads: [64, 128, 256],
  stages: [1, 2, 3, 4],
  order: orders,
  input: ['f16', 'bf16'],
  arch: architectures,
};

/** Extents that the tile does not divide, and trip counts below the number of stages. */
const ragged: Domain<RaggedPoint> = {
  size: [
    [129, 257, 65],
    [1, 1, 1],
    [17, 33, 7],
    [130, 258, 72],
    [127, 129, 31],
    [136, 264, 40],
    [132, 260, 100],
    [128, 128, 32],
    [200, 100, 64],
  ],
  order: orders,
  input: ['f16', 'bf16'],
  output: ['f16', 'bf16', 'f32'],
  stages: [1, 2, 3, 4],
  arch: architectures,
};

/** A sample in which all pairs of values meet, or all threes. */
function sample<Selected extends object>(domain: Domain<Selected>): Selected[] {
  return covering(allCombinations(domain), isComplete ? 3 : 2);
}

/** All sizes, orders, input types and architectures, each with one type of output. */
function everyWholeTile(): SizedPoint[] {
  const points = allCombinations<SizedPoint>({ ...wholeTiles, output: ['f16'] });
  return points.map((point, i) => ({ ...point, output: wholeTiles.output[i % 3] }));
}

/** sm_75 multiplies bf16 by scalar code, for which the counts here do not hold. */
function hasInstruction({ arch, input }: SizedPoint): boolean {
  return arch !== 'sm_75' || input !== 'bf16';
}

/** Kernels of one architecture, a handful to each emitted file: compiling a file costs more than running a kernel. */
function* batches(points: readonly Point[]): Generator<{ arch: string; batch: Point[] }> {
  const perFile = 4;
  for (const arch of new Set(points.map((point) => point.arch))) {
    const own = points.filter((point) => point.arch === arch);
    for (let start = 0; start < own.length; start += perFile)
      yield { arch, batch: own.slice(start, start + perFile) };
  }
}

/** Runs a batch; returns what is wrong with it, a line for each problem. */
function problemsOf(arch: string, batch: readonly Point[], isWhole: boolean): string[] {
  const text = batch.map(gemmProgram).join('\n');
  const run = simulateModule(text, arch);
  const problems = run.status === 0 ? [] : [`exit status ${run.status}: ${run.errors}`];
  for (const point of batch) {
    const profile = run.profiles.get(gemmName(point));
    if (profile === undefined) problems.push(`${describeGemm(point)}: did not run`);
    else if (isWhole) {
      // The kernel's own lines: several kernels share the file.
      const before = text.slice(0, text.indexOf(`@${gemmName(point)}(`)).split('\n').length - 1;
      const loop = lineRange(gemmProgram(point), 'tile.pipelined', '}').map(
        (line) => line + before,
      ) as [number, number];
      const lines = linesWithin(profile, loop);
      const flop = lines.reduce((sum, line) => sum + line.flop, 0);
      if (flop !== 2 * point.m * point.n * point.k * profile.launches)
        problems.push(`${describeGemm(point)}: the main loop has too many or too few operations`);
      for (const line of lines) {
        const what = `${describeGemm(point)} on ${arch}: ${line.operation} of line ${line.line - before}`;
        if (line.sharedConflicts > 0)
          problems.push(`${what} meets ${line.sharedConflicts} bank conflicts`);
        if (sectorEfficiency(line) < 1)
          problems.push(`${what} has sector efficiency ${sectorEfficiency(line)}`);
      }
    }
  }
  return problems;
}

function sweep(points: readonly Point[], isWhole: boolean): void {
  for (const { arch, batch } of batches(points)) {
    test(`${arch}: ${batch.map(describeGemm).join('; ')}`, () => {
      expect(problemsOf(arch, batch, isWhole)).toEqual([]);
    });
  }
}

simulated('whole tiles', () => {
  sweep(
    (isComplete ? everyWholeTile() : sample(wholeTiles)).filter(hasInstruction).map((point) => ({
      ...defaultParameters,
      ...point,
    })),
    true,
  );
});

simulated('schedules', () => {
  const size = { m: 256, n: 128, k: 384 };
  sweep(
    sample(schedules).map((point) => ({ ...defaultParameters, ...size, ...point })),
    true,
  );
});

simulated('ragged sizes', () => {
  sweep(
    sample(ragged).map(({ size: [m, n, k], ...point }) => ({
      ...defaultParameters,
      ...point,
      m,
      n,
      k,
    })),
    false,
  );
});
