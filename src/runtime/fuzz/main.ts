/** The command line of the fuzzer. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { parseCommandLine } from '../../support/command-line.js';
import { resolvePath, type ToolIO } from '../../support/index.js';
import { findTarget, unknownTargetMessage, type Target } from '../../targets/target.js';
import { findHostCompiler } from '../sim/index.js';
import { emptySchedule } from './check.js';
import { fuzz, type Failure, type FuzzResult, type Tally } from './fuzz.js';
import { sizeValues, unnamedShapes } from './program.js';
import { loadScheduleReader } from '../../schedule/index.js';

interface Options {
  readonly target: Target;
  readonly seed: number;
  readonly schedules: number;
  readonly seconds?: number;
  readonly programs?: number;
  readonly out: string;
  readonly reduce: boolean;
  readonly coverage: boolean;
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a number');
  return Number(text);
}

function architecture(name: string): Target {
  const target = findTarget(name);
  if (target === undefined) throw new InvalidArgumentError(unknownTargetMessage(name));
  return target;
}

function createCommand(): Command {
  return new Command('fuzz')
    .description('Run random tile programs on the simulator and compare with the interpreter.')
    .addOption(
      new Option('--target <name>', 'architecture, such as gfx942')
        .argParser(architecture)
        .default(findTarget('sm_80'), 'sm_80'),
    )
    .option('--seconds <number>', 'start no program after this time; default 60', count)
    .option('--programs <number>', 'stop after this many programs', count)
    .option('--seed <number>', 'number of the first program', count, 1)
    .option('--schedules <number>', 'orders of threads that the simulator tries', count, 3)
    .option('--out <folder>', 'where failing programs go', 'fuzz-failures')
    .option('--no-reduce', 'keep failing programs as they are')
    .option('--no-coverage', 'leave out what the programs consisted of');
}

/** Exit status 0: no program failed; 1: one did, or was not valid; 2: the command line is wrong. */
export const fuzzMain = async (args: readonly string[], io: ToolIO): Promise<number> => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const options = command.opts<Options>();
  const compiler = findHostCompiler();
  if ('reason' in compiler) {
    io.writeStderr(`fuzz: error: ${compiler.reason}\n`);
    return 1;
  }
  await loadScheduleReader();
  const { target, seed, schedules, programs, out, reduce } = options;
  const result = fuzz({
    target,
    seed,
    schedules,
    programs,
    seconds: options.seconds ?? (programs === undefined ? 60 : undefined),
    isReducing: reduce,
    onFailure: (failure) => {
      const folder = resolvePath(io, out);
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${target.name}-${failure.seed}.mlir`);
      writeFileSync(path, failureText(failure, target, schedules));
      if (failure.program.schedule.length > 0)
        writeFileSync(
          join(folder, scheduleFile(target, failure.seed)),
          emptySchedule(failure.program.schedule),
        );
      io.writeStdout(`FAILED seed ${failure.seed}: ${failure.category}; see ${path}\n`);
    },
  });
  io.writeStdout(formatResult(result, options));
  return result.failures.length === 0 && result.invalid.size === 0 ? 0 : 1;
};

const scheduleFile = (target: Target, seed: number): string => `${target.name}-${seed}.yaml`;

/** A failing program with how to run it. */
export function failureText(failure: Failure, target: Target, schedules: number): string {
  const { seed, category, detail, program, text } = failure;
  const options = [
    ...(program.isExact ? ['--draw=halves', '--tolerance=0'] : []),
    ...[...sizeValues(program)].map(([name, value]) => `--arg=${name}=${value}`),
    ...[...unnamedShapes(program)].map(([name, shape]) => `--shape=${name}=${shape.join('x')}`),
    ...(program.schedule.length === 0 ? [] : [`--schedule=%S/${scheduleFile(target, seed)}`]),
    ...program.schedule.map((setting) => `'--schedule-set=${setting}'`),
  ];
  const found = detail
    .trimEnd()
    .split('\n')
    .slice(0, 12)
    .map((line) => `// ${line}`.trimEnd());
  return [
    `// RUN: tile-run %s --on=sim --arch=${target.name} --compare=interp --seed=${seed} --schedules=${schedules} ${options.join(' ')}`.trimEnd(),
    `// Program ${seed} of the fuzzer for ${target.name}: ${category}.`,
    ...found,
    '',
    text,
  ].join('\n');
}

function formatResult(result: FuzzResult, { target, seed, schedules, coverage }: Options): string {
  const total = (counts: ReadonlyMap<string, Tally>): number =>
    [...counts.values()].reduce((sum, { count }) => sum + count, 0);
  const table = (title: string, counts: ReadonlyMap<string, Tally>): string[] =>
    counts.size === 0
      ? []
      : [
          `${title}:`,
          ...[...counts]
            .sort(([, a], [, b]) => b.count - a.count)
            .map(
              ([what, { count, seed: first }]) =>
                `  ${`${count}`.padStart(5)}  ${what} (first seed ${first})`,
            ),
        ];
  return [
    `${target.name}: ${result.programs} programs (seeds ${seed} to ${seed + result.programs - 1}), ${schedules} schedules each, ${result.seconds.toFixed(0)} s: ` +
      `${result.equal} equal, ${total(result.refused)} refused, ${total(result.invalid)} invalid, ${result.failures.length} failed`,
    ...table('refused', result.refused),
    ...table('invalid', result.invalid),
    ...(coverage
      ? [
          `coverage (programs that ran equal, of ${result.coverage.size} combinations):`,
          ...result.coverage.lines().map((line) => `  ${line}`),
        ]
      : []),
    '',
  ].join('\n');
}
