/** Runs `tile-run` inside the test process and reads what it says. */

import { tileRunMain } from '../../src/runtime/run/index.js';
import type { LineProfile, SimulatorProfile } from '../../src/runtime/sim/index.js';

export interface KernelRun {
  readonly status: number;
  /** Everything that went to standard error. */
  readonly errors: string;
  /** What the simulator counted for each kernel that ran, by name. */
  readonly profiles: ReadonlyMap<string, SimulatorProfile>;
}

/** Runs every kernel of a module on the simulator and compares with the interpreter. */
export function simulateModule(
  text: string,
  arch: string,
  options: {
    readonly schedules?: number;
    readonly seed?: number;
    /** Further flags of `tile-run`. */
    readonly flags?: readonly string[];
  } = {},
): KernelRun {
  let [output, errors] = ['', ''];
  const args = [
    '-',
    '--on=sim',
    `--arch=${arch}`,
    '--compare=interp',
    '--profile=json',
    `--schedules=${options.schedules ?? 8}`,
    `--seed=${options.seed ?? 1}`,
    ...(options.flags ?? []),
  ];
  const status = tileRunMain(args, {
    readStdin: () => text,
    writeStdout: (part) => void (output += part),
    writeStderr: (part) => void (errors += part),
    cwd: process.cwd(),
    env: process.env,
    isTerminal: false,
  }) as number;
  const profiles = new Map(
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as SimulatorProfile & { kernel: string })
      .map((profile) => [profile.kernel, profile]),
  );
  return { status, errors, profiles };
}

/** The lines of a program, by number from 1, from one that contains `from` to the next that is just `to`. */
export function lineRange(text: string, from: string, to: string): [number, number] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.includes(from));
  const last = lines.findIndex((line, i) => i > first && line.trim() === to);
  return [first + 1, last + 1];
}

export function linesWithin(
  profile: SimulatorProfile,
  [first, last]: readonly [number, number],
): LineProfile[] {
  return profile.lines.filter(({ line }) => line >= first && line <= last);
}
