/** The sweep over all extents and thread counts, outside of the tests: prints a table of what was executed. */

import { Command } from 'commander';
import { parseCommandLine } from '../../src/support/command-line.js';
import type { ToolMain } from '../../src/support/index.js';
import { allCombinations } from './covering.js';
import { simulateModule } from './run-kernels.js';
import { namesOf } from './sweep-options.js';
import {
  extents,
  sweepName,
  sweepProgram,
  threadCounts,
  type SweepPoint,
} from './tile-programs.js';

const perFile = 32;

/** Every extent of both dimensions with every number of threads, for sums of f32. */
function pointsOf(operation: SweepPoint['operation'], warp: number): SweepPoint[] {
  const isCombined = operation === 'reduce' || operation === 'scan';
  return allCombinations<SweepPoint>({
    operation: [operation],
    kind: ['sum'],
    type: ['f32'],
    rows: extents,
    columns: extents,
    dim: isCombined ? [0, 1] : [0],
    threads: threadCounts.filter((count) => count % warp === 0),
    scope: ['fragment', 'shared'],
    flags: [operation === 'reduce' ? '{clear}' : ''],
  }).filter(({ rows, columns }) => rows * columns <= 8192);
}

/** Names of the programs of a batch that are not executed with equal results. */
function failuresOf(batch: readonly SweepPoint[], arch: string): string[] {
  const run = simulateModule(batch.map(sweepProgram).join('\n'), arch);
  if (run.status === 0) return [];
  if (batch.length === 1) return [sweepName(batch[0])];
  const half = Math.ceil(batch.length / 2);
  return [...failuresOf(batch.slice(0, half), arch), ...failuresOf(batch.slice(half), arch)];
}

const operations = ['reduce', 'scan', 'copy', 'parallel'] as const;
const architectures = ['sm_80', 'sm_89', 'gfx90a', 'gfx942'] as const;

interface Options {
  readonly target: readonly string[];
  readonly operation: readonly SweepPoint['operation'][];
}

function createCommand(): Command {
  return new Command('sweep-tile-operations')
    .description(
      'Run reductions, scans, copies and parallel loops of every extent with every number of threads on the simulator ' +
        'and compare with the interpreter. Prints a table.',
    )
    .option('--target <names>', 'architectures', namesOf(architectures), architectures)
    .option('--operation <names>', 'operations', namesOf(operations), operations);
}

/** Exit status 0: all points were equal; 1: not; 2: the command line is wrong. */
export const sweepMain: ToolMain = (args, io) => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const { target, operation: wanted } = command.opts<Options>();
  io.writeStdout(
    '| architecture | operation | programs | equal to the interpreter |\n| --- | --- | --- | --- |\n',
  );
  const failed: string[] = [];
  for (const arch of target) {
    for (const operation of wanted) {
      const points = pointsOf(operation, arch.startsWith('gfx') ? 64 : 32);
      const own: string[] = [];
      for (let start = 0; start < points.length; start += perFile)
        own.push(...failuresOf(points.slice(start, start + perFile), arch));
      io.writeStdout(
        `| ${arch} | ${operation} | ${points.length} | ${points.length - own.length} |\n`,
      );
      failed.push(...own.map((name) => `${arch} ${name}`));
    }
  }
  for (const name of failed) io.writeStdout(`failed: ${name}\n`);
  return failed.length === 0 ? 0 : 1;
};
