/** The command line of `tile-run`. */

import { Command, InvalidArgumentError, Option } from 'commander';
import { findTarget, unknownTargetMessage, type Target } from '../../targets/target.js';
import { defaultBench } from '../hardware/bench.js';
import { TIME_LIMIT } from '../hardware/driver.js';
import { draws, type Draw } from './random.js';
import { executorNames, type ExecutorName } from './executors.js';

/** `name=value` pairs. */
export type NamedValues = ReadonlyMap<string, string>;

export interface RunOptions {
  readonly on: ExecutorName;
  readonly arch?: Target;
  readonly kernel?: string;
  readonly arg: NamedValues;
  readonly shape: ReadonlyMap<string, readonly number[]>;
  readonly out: NamedValues;
  readonly seed: number;
  readonly draw: Draw;
  readonly schedules: number;
  /** A schedule file for the program that `on` runs; what it is compared with runs as written. */
  readonly schedule?: string;
  readonly schedulePoint?: number;
  readonly scheduleSet: readonly string[];
  readonly compare?: ExecutorName;
  readonly tolerance?: number;
  readonly profile?: 'json' | 'text' | 'html';
  readonly bench?: 'json' | 'text';
  readonly benchRepeats: number;
  readonly benchWarmUp: number;
  /** False with `--no-bench-flush`. */
  readonly benchFlush: boolean;
  /** Number of the GPU. */
  readonly device: number;
  /** Seconds that a kernel may take on a GPU. */
  readonly timeLimit: number;
  readonly saveText?: string;
  readonly text?: string;
  readonly stepLimit?: number;
}

function named(what: string) {
  return (text: string, all: NamedValues): NamedValues => {
    const at = text.indexOf('=');
    if (at <= 0 || at === text.length - 1) throw new InvalidArgumentError(`expected ${what}`);
    const name = text.slice(0, at);
    if (all.has(name)) throw new InvalidArgumentError(`'${name}' is given twice`);
    return new Map(all).set(name, text.slice(at + 1));
  };
}

function shapes(text: string, all: RunOptions['shape']): RunOptions['shape'] {
  const [[name, value]] = named('NAME=EXTENTS, such as A=17x32')(text, new Map());
  if (!/^\d+(x\d+)*$/.test(value))
    throw new InvalidArgumentError('expected NAME=EXTENTS, such as A=17x32');
  return new Map(all).set(name, value.split('x').map(Number));
}

/** A number in decimal, at least `least`. */
function integer(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > 2 ** 53) {
      throw new InvalidArgumentError(`expected an integer of at least ${least}`);
    }
    return value;
  };
}

function tolerance(text: string): number {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!(value >= 0)) throw new InvalidArgumentError('expected a number of at least 0');
  return value;
}

function architecture(name: string): Target {
  const target = findTarget(name);
  if (target === undefined) throw new InvalidArgumentError(unknownTargetMessage(name));
  return target;
}

export function createCommand(): Command {
  return new Command('tile-run')
    .description('Run the kernels of a tile-level module and compare executors.')
    .argument('<file>', 'the module; - for standard input')
    .addOption(
      new Option('--on <executor>', 'what runs the kernels')
        .choices(executorNames)
        .default('interp'),
    )
    .option('--arch <name>', 'target architecture, such as sm_80', architecture)
    .option('--kernel <name>', 'the kernel to run; all in order where it is left out')
    .option(
      '--arg <name=value>',
      'a .npy file for a tensor, a number for a scalar',
      named('NAME=VALUE'),
      new Map(),
    )
    .option('--shape <name=extents>', 'shape of a tensor with run-time extents', shapes, new Map())
    .option(
      '--out <name=file>',
      'save a tensor after the run as .npy',
      named('NAME=FILE'),
      new Map(),
    )
    .option('--seed <number>', 'seed of inputs that are not given and of schedules', integer(0), 1)
    .addOption(
      new Option(
        '--draw <numbers>',
        'floats of inputs that are not given: without a pattern, or multiples of a half whose sums are exact',
      )
        .choices(draws)
        .default('reals'),
    )
    .option(
      '--schedule <file>',
      'apply a schedule file to the program; what it is compared with runs as written',
    )
    .option(
      '--schedule-point <number>',
      'which combination of the values that the schedule lists, from 0',
      integer(0),
    )
    .option(
      '--schedule-set <setting>',
      'replace a setting of the schedule, such as gemm.threads=256; may be repeated',
      (text: string, all: readonly string[]) => [...all, text],
      [],
    )
    .option('--schedules <number>', 'orders of threads that the simulator tries', integer(1), 1)
    .addOption(
      new Option('--compare <executor>', 'run this one too and compare').choices(executorNames),
    )
    .option(
      '--tolerance <number>',
      'largest error, relative; default: by the types that are rounded to',
      tolerance,
    )
    .addOption(
      new Option('--profile [format]', 'print what the simulator counted')
        .choices(['json', 'text', 'html'])
        .preset('text'),
    )
    .addOption(
      new Option('--bench [format]', 'time the kernels on the GPU and print rates')
        .choices(['json', 'text'])
        .preset('text'),
    )
    .option('--bench-repeats <number>', 'launches that are timed', integer(1), defaultBench.repeats)
    .option('--bench-warm-up <number>', 'launches before them', integer(0), defaultBench.warmUp)
    .option('--no-bench-flush', 'do not overwrite the caches before each timed launch')
    .option('--device <number>', 'which GPU of several', integer(0), 0)
    .option('--time-limit <seconds>', 'how long a kernel may run on a GPU', integer(1), TIME_LIMIT)
    .option('--save-text <file>', 'save the emitted CUDA or HIP text')
    .option(
      '--text <file>',
      'simulate this text instead of what is emitted: saved by --save-text and changed by hand',
    )
    .option(
      '--step-limit <number>',
      'loop iterations that the interpreter, or operations that the simulator runs at most',
      integer(1),
    );
}
