/** The sweep over products, outside of the tests: judges the points that are asked for and prints a table of verdicts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { parseCommandLine } from '../../src/support/command-line.js';
import { clangVersion, nvccVersion } from '../../src/runtime/compile/index.js';
import { contentHash } from '../../src/runtime/process.js';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { resolvePath, type ToolIO, type ToolMain } from '../../src/support/index.js';
import { cacheRoot } from '../../src/support/package-root.js';
import {
  judgePoints,
  problemsOf,
  recallPoints,
  tableOfOperands,
  tableOfTypes,
  type JudgedPoint,
} from './gemm-tiles-report.js';
import {
  sweepTargets,
  quickestFirst,
  sweepTypes,
  tilePoints,
  type SweepTypes,
  type TargetPoint,
} from './gemm-tiles.js';
import { KernelJudge } from './judge-kernels.js';
import { namesOf } from './sweep-options.js';
import { SweepStore } from './sweep-store.js';

type SweepTarget = TargetPoint['target'];
type Strength = 2 | 3 | 'all';

interface Options {
  readonly target: readonly SweepTarget[];
  readonly types: readonly SweepTypes[];
  readonly sample?: Strength;
  readonly shard: readonly [number, number];
  readonly state: string;
  readonly compile: boolean;
  readonly recall: boolean;
}

function strength(text: string): Strength {
  if (text === 'all') return text;
  if (text === '2' || text === '3') return Number(text) as 2 | 3;
  throw new InvalidArgumentError(`expected 2, 3 or all, found '${text}'`);
}

function shard(text: string): readonly [number, number] {
  const [, number, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (number >= 1 && number <= count) return [number, count];
  throw new InvalidArgumentError(`expected NUMBER/COUNT such as 1/2, found '${text}'`);
}

const allTypes = Object.keys(sweepTypes) as SweepTypes[];

function createCommand(): Command {
  return new Command('sweep-gemm')
    .description(
      'Compile matrix products of every tile, thread count, operand and element type, run them on the simulator and ' +
        'compare with the interpreter. Prints a table.',
    )
    .option('--target <names>', 'architectures', namesOf(sweepTargets), sweepTargets)
    .option('--types <names>', 'element types', namesOf(allTypes), allTypes)
    .option(
      '--sample <strength>',
      'points in which every 2 or 3 values meet, or all; default all of f16 and 3 of the rest',
      strength,
    )
    .option(
      '--shard <number/count>',
      'only every COUNT-th batch, to divide the work',
      shard,
      [1, 1],
    )
    .option(
      '--state <file>',
      'verdicts of earlier runs, which are taken where the emitted text is the same',
      join(cacheRoot(), 'sweeps', 'gemm-tiles.jsonl'),
    )
    .option('--no-compile', 'only simulate')
    .option('--recall', 'judge nothing more, and print the table of what was judged so far', false);
}

/** Points of one batch: what is judged between two lines of progress. */
const PER_BATCH = 96;

/** This program, which the lowering is a part of. */
const loweringVersion = contentHash(readFileSync(fileURLToPath(import.meta.url), 'utf8'));

function judgeAll(options: Options, io: ToolIO): JudgedPoint[] {
  const store = new SweepStore(resolvePath(io, options.state));
  const judged: JudgedPoint[] = [];
  const [number, count] = options.shard;
  for (const target of options.target) {
    const version = target.startsWith('sm_') ? nvccVersion() : clangVersion();
    if (version === undefined) io.writeStderr(`sweep-gemm: no compiler for ${target} was found\n`);
    const judge = new KernelJudge(target, {
      store,
      lowering: loweringVersion,
      compiler: version,
      isCompiling: options.compile,
    });
    const points = options.types.flatMap((types): TargetPoint[] =>
      quickestFirst(tilePoints(options.sample ?? (types === 'f16' ? 'all' : 3))).map((point) => ({
        ...point,
        types,
        target,
      })),
    );
    if (options.recall) {
      judged.push(...recallPoints(judge, points));
      continue;
    }
    for (let start = 0; start < points.length; start += PER_BATCH) {
      if ((start / PER_BATCH) % count !== number - 1) continue;
      judged.push(...judgePoints(judge, points.slice(start, start + PER_BATCH)));
      const done = Math.min(start + PER_BATCH, points.length);
      const failed = judged.filter((each) => problemsOf(each).length > 0).length;
      io.writeStderr(`${target}: ${done} of ${points.length}, ${failed} failed\n`);
    }
  }
  return judged;
}

/** Exit status 0: every point was equal or refused for a documented reason; 1: not; 2: the command line is wrong. */
export const sweepGemmMain: ToolMain = (args, io) => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const compiler = findHostCompiler();
  if ('reason' in compiler) {
    io.writeStderr(`sweep-gemm: error: ${compiler.reason}\n`);
    return 1;
  }
  const judged = judgeAll(command.opts<Options>(), io);
  io.writeStdout(`${tableOfTypes(judged)}\n${tableOfOperands(judged)}`);
  const problems = judged.flatMap(problemsOf);
  for (const problem of problems) io.writeStdout(`- ${problem}\n`);
  return problems.length === 0 ? 0 : 1;
};
