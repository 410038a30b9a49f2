/** The command line of the mutation test. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseCommandLine } from '../../support/command-line.js';
import type { ToolMain } from '../../support/index.js';
import { packageRoot } from '../../support/package-root.js';
import { findTarget, unknownTargetMessage, type Target } from '../../targets/target.js';
import { findHostCompiler } from '../sim/index.js';
import { mutationClasses, type MutationClass } from './mutants.js';
import { catchRate, runMutations, type ClassResult, type MutationProgram } from './run.js';

/**
 * Kernels that are tried on a smaller problem, with the same schedule and code: simulating the whole one for every mutant
 * would take hours.
 */
const smaller: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  'gemm.mlir': [
    [/\b1024\b/g, '256'],
    [/1024x1024/g, '256x256'],
    [/\(8, 8\)/g, '(2, 2)'],
  ],
  'flash_attention_heads.mlir': [
    [/\?x\?x8x128/g, '?x?x4x128'],
    [/, 8, %batches/g, ', 4, %batches'],
    [/floordiv 4/g, 'floordiv 2'],
  ],
  'elementwise_add.mlir': [
    [/100000/g, '2500'],
    [/\(98\)/g, '(3)'],
  ],
};

/** Values of arguments of kernels whose extents are known at run time only; ragged where a guard must hold. */
const sizes: Readonly<Record<string, Readonly<Record<string, number | readonly number[]>>>> = {
  'elementwise_dynamic.mlir': { m: 37, n: 75, X: [37, 128], Y: [37, 128], rows: 37 },
  'flash_attention_heads.mlir': { batches: 1, rows: 150 },
  'gemm_dynamic.mlir': { m: 131, n: 72, k: 72 },
  'histogram.mlir': { n: 700 },
};

/** The kernel library as the mutation test takes it. */
export function mutationPrograms(): MutationProgram[] {
  const folder = join(packageRoot(), 'kernels');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mlir'))
    .sort()
    .map((file) => ({
      file,
      sizes: new Map(Object.entries(sizes[file] ?? {})),
      text: (smaller[file] ?? []).reduce(
        (text, [from, to]) => text.replace(from, to),
        readFileSync(join(folder, file), 'utf8'),
      ),
    }));
}

interface Options {
  readonly target: readonly Target[];
  readonly perClass: number;
  readonly seed: number;
  readonly schedules: number;
  readonly file?: readonly string[];
  readonly kernel?: readonly string[];
  readonly class?: readonly MutationClass[];
  readonly verbose?: true;
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
}

/** The targets whose emitted text is mutated unless others are named. */
const EVERY_TARGET = 'sm_80,sm_89,gfx90a,gfx942';

function architectures(text: string): Target[] {
  return text.split(',').map((name) => {
    const target = findTarget(name);
    if (target === undefined) throw new InvalidArgumentError(unknownTargetMessage(name));
    return target;
  });
}

function classNames(text: string): string[] {
  return text.split(',').map((name) => {
    if (name in mutationClasses) return name;
    const known = Object.keys(mutationClasses).join(', ');
    throw new InvalidArgumentError(`expected some of ${known}`);
  });
}

const list = (text: string): string[] => text.split(',');

function createCommand(): Command {
  return new Command('mutation')
    .description('Plant single faults in the library kernels and see which the simulator notices.')
    .addOption(
      new Option('--target <names>', 'architectures')
        .argParser(architectures)
        .default(architectures(EVERY_TARGET), EVERY_TARGET),
    )
    .option('--per-class <number>', 'mutants of each class, kernel and target', count, 12)
    .option('--seed <number>', 'decides which mutants are drawn, inputs and schedules', count, 1)
    .option('--schedules <number>', 'orders of threads that the simulator tries', count, 4)
    .option('--file <names>', 'only these files of kernels/', list)
    .option('--kernel <names>', 'only these kernels', list)
    .option('--class <names>', 'only these classes', classNames)
    .option('--verbose', 'print every mutant');
}

/** Exit status 0: the catch rates are what is demanded of them; 1: they are not; 2: the command line is wrong. */
export const mutationMain: ToolMain = (args, io) => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const options = command.opts<Options>();
  const compiler = findHostCompiler();
  if ('reason' in compiler) {
    io.writeStderr(`mutation: error: ${compiler.reason}\n`);
    return 1;
  }
  const programs = mutationPrograms();
  const started = performance.now();
  const results = runMutations({
    programs: programs.filter(({ file }) => options.file?.includes(file) !== false),
    targets: options.target,
    perClass: options.perClass,
    seed: options.seed,
    schedules: options.schedules,
    kernels: options.kernel,
    classes: options.class,
    onMutant: ({ kernel, target, mutant, fate }) => {
      if (fate.kind === 'missed' || options.verbose) {
        const what = fate.kind === 'caught' ? fate.by : fate.kind === 'missed' ? fate.detail : '';
        io.writeStdout(
          `${fate.kind}: ${kernel} for ${target}: ${mutant.mutationClass}: ${mutant.description}${what === '' ? '' : ` (${what})`}\n`,
        );
      }
    },
  });
  io.writeStdout(formatRates(results));
  io.writeStdout(`${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  return [...results].every(([name, result]) => catchRate(result) >= demandedRate(name)) ? 0 : 1;
};

/** All faults of synchronization and all missing guards must be caught, and nearly all wrong indices. */
export function demandedRate(name: MutationClass): number {
  return mutationClasses[name].judgement === 'order' || name === 'guard' ? 1 : 0.95;
}

/** A table of one row for each class. */
export function formatRates(results: ReadonlyMap<MutationClass, ClassResult>): string {
  const rows = [
    ['class', 'sites', 'tried', 'equivalent', 'dead', 'caught', 'missed', 'rate'],
    ...[...results].map(([name, result]) => [
      name,
      `${result.sites}`,
      `${result.tried}`,
      `${result.equivalent}`,
      `${result.dead}`,
      `${result.caught}`,
      `${result.missed.length}`,
      result.caught + result.missed.length === 0
        ? '-'
        : `${(100 * catchRate(result)).toFixed(1)} %`,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return `${rows.map(line).join('\n')}\n`;
}
