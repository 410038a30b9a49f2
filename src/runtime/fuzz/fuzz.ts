/** Differential fuzzing: random programs on the interpreter and on the simulator, until the time is over. */

import type { Target } from '../../targets/target.js';
import { checkProgram, type Verdict } from './check.js';
import { Coverage } from './coverage.js';
import { generateProgram } from './generate.js';
import type { Program } from './program.js';
import { renderProgram } from './render.js';
import { reduceProgram } from './reduce.js';

export interface FuzzOptions {
  readonly target: Target;
  /** Programs are numbered from here; each is determined by its number alone. */
  readonly seed: number;
  readonly schedules: number;
  /** Stop after this many programs, and start none after this many seconds. */
  readonly programs?: number;
  readonly seconds?: number;
  /** Whether failures are made small. Default true. */
  readonly isReducing?: boolean;
  readonly onFailure?: (failure: Failure) => void;
}

export interface Failure {
  readonly seed: number;
  readonly category: string;
  readonly detail: string;
  /** The program, reduced where that was asked for. */
  readonly program: Program;
  readonly text: string;
}

/** Programs of which the same is said: how many, and the first one's seed. */
export interface Tally {
  readonly count: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly programs: number;
  readonly equal: number;
  /** Programs that the compiler cannot lower, by what it says. */
  readonly refused: ReadonlyMap<string, Tally>;
  /** Programs that are wrong themselves, by what the interpreter says. */
  readonly invalid: ReadonlyMap<string, Tally>;
  readonly failures: readonly Failure[];
  readonly coverage: Coverage;
  readonly seconds: number;
}

/** The first line of a diagnostic without what differs from program to program. */
function summary(detail: string): string {
  return detail
    .split('\n', 1)[0]
    .replace(/^[^ ]*:\d+:\d+: error: /, '')
    .replace(/!tile\.\w+<[^>]*>+|memref<[^>]*>/g, 'T')
    .replace(/\d+/g, 'N');
}

export function fuzz(options: FuzzOptions): FuzzResult {
  const { target, schedules, isReducing = true } = options;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const refused = new Map<string, Tally>();
  const invalid = new Map<string, Tally>();
  const failures: Failure[] = [];
  const coverage = new Coverage();
  let programs = 0;
  let equal = 0;
  const isOver = (): boolean =>
    programs >= (options.programs ?? Infinity) || seconds() >= (options.seconds ?? Infinity);
  for (let seed = options.seed; !isOver(); seed++, programs++) {
    const check = (program: Program, isCounted = false): Verdict =>
      checkProgram(program, {
        target,
        seed,
        schedules,
        onEqual: isCounted ? (module) => coverage.add(module) : undefined,
      });
    const program = generateProgram(seed, target);
    const verdict = check(program, true);
    if (verdict.kind === 'equal') equal++;
    else if (verdict.kind === 'failed') {
      const { category } = verdict;
      const stillFails = (candidate: Program): boolean => {
        const again = check(candidate);
        return again.kind === 'failed' && again.category === category;
      };
      const smallest = isReducing ? reduceProgram(program, stillFails) : program;
      const last = check(smallest);
      const failure: Failure = {
        seed,
        category,
        detail: last.kind === 'failed' ? last.detail : verdict.detail,
        program: smallest,
        text: renderProgram(smallest),
      };
      failures.push(failure);
      options.onFailure?.(failure);
    } else {
      const counts = verdict.kind === 'refused' ? refused : invalid;
      const key = summary(verdict.detail);
      const known = counts.get(key);
      counts.set(key, { count: (known?.count ?? 0) + 1, seed: known?.seed ?? seed });
    }
  }
  return { programs, equal, refused, invalid, failures, coverage, seconds: seconds() };
}
