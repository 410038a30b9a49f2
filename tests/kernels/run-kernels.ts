/** Runs kernels inside the test process: by `tile-run`, whose words are read, or lowered once for many inputs. */

import type { Operation } from '../../src/ir/index.js';
import { findKernels, kernelName } from '../../src/runtime/interpreter/index.js';
import type { Tensor } from '../../src/runtime/numerics/index.js';
import { compareTensors } from '../../src/runtime/run/compare.js';
import { createInterpreter, createSimulator } from '../../src/runtime/run/executors.js';
import { tileRunMain } from '../../src/runtime/run/index.js';
import { prepareInputs } from '../../src/runtime/run/inputs.js';
import { compileCopy } from '../../src/runtime/run/lowering.js';
import { defaultTolerance } from '../../src/runtime/run/tolerance.js';
import type { LineProfile, SimulatorProfile } from '../../src/runtime/sim/index.js';
import { SourceFile } from '../../src/support/index.js';
import { findTarget } from '../../src/targets/target.js';
import { parseProgram } from './kernel-files.js';

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

/** What one run is given: arguments as `--arg` takes them, and the seed of the rest. */
export interface RunInputs {
  readonly values: Readonly<Record<string, string | number>>;
  readonly seed: number;
}

/** What {@link simulateRuns} found. */
export interface RunFindings {
  /** Errors, and what differs from the interpreter. */
  readonly failures: readonly string[];
  /** What the lowering said of its choices. */
  readonly remarks: readonly string[];
}

/** Runs every kernel of a module on several inputs, lowered once, and compares with the interpreter. */
export function simulateRuns(
  text: string,
  arch: string,
  runs: readonly RunInputs[],
  schedules: number,
): RunFindings {
  const source = new SourceFile('program.mlir', text);
  const module = parseProgram(text);
  const failures: string[] = [];
  const remarks: string[] = [];
  module.context.addDiagnosticHandler(
    ({ severity, message }) => void (severity === 'error' ? failures : remarks).push(message),
  );
  const target = findTarget(arch)!;
  const compiled = compileCopy(module, target);
  if (compiled === undefined) return { failures, remarks };
  const interpreter = createInterpreter({});
  for (const { values, seed } of runs) {
    const options = { target, seed, schedules, compiled, onText: () => undefined };
    const simulator = createSimulator(options);
    const given = new Map(Object.entries(values).map(([name, value]) => [name, `${value}`]));
    for (const kernel of findKernels(module)) {
      const inputs = prepareInputs(kernel, { values: given, shapes: new Map(), seed });
      const [found, expected] = [simulator, interpreter].map((executor) =>
        executor.run({ module, source, kernel, inputs }),
      );
      const reported = [...found.diagnostics, ...expected.diagnostics];
      const difference = differenceOf(kernel, found.outputs, expected.outputs);
      failures.push(...reported.map(({ message }) => `${kernelName(kernel)}: ${message}`));
      if (difference !== '') failures.push(`${kernelName(kernel)}: ${difference}`);
    }
  }
  return { failures, remarks };
}

/** How a kernel's outputs differ from those that are expected; empty where they do not. */
export function differenceOf(
  kernel: Operation,
  outputs: ReadonlyMap<string, Tensor>,
  expectedOutputs: ReadonlyMap<string, Tensor>,
): string {
  const tolerance = defaultTolerance(kernel);
  for (const [name, expected] of expectedOutputs) {
    const found = outputs.get(name);
    if (found === undefined) return `'${name}' is not written`;
    const { isEqual, first, errorNorm } = compareTensors(found, expected, tolerance);
    if (isEqual) continue;
    return first === undefined
      ? `error norm of '${name}' is ${errorNorm}`
      : `${name}[${first.coordinates.join(', ')}] is ${first.left}, expected ${first.right} (${first.count} differ)`;
  }
  return '';
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
