/** Runs one program on the interpreter and on the simulator and says what became of it. */

import { createContext } from '../../dialects/index.js';
import { cloneOperation, verifyOperation, type Operation } from '../../ir/index.js';
import { PassCrash } from '../../pipelines/pass-manager.js';
import {
  InternalError,
  renderDiagnostic,
  SourceFile,
  type Diagnostic,
} from '../../support/index.js';
import { parseModule } from '../../syntax/index.js';
import type { Target } from '../../targets/target.js';
import { findEntries, kernelName } from '../interpreter/index.js';
import { applySchedule, scheduleReader } from '../../schedule/index.js';
import { compareTensors } from '../run/compare.js';
import { createInterpreter, createSimulator, type Job, type Outcome } from '../run/executors.js';
import { prepareInputs, RunError } from '../run/inputs.js';
import { defaultTolerance } from '../run/tolerance.js';
import { sizeValues, unnamedShapes, type Program } from './program.js';
import { renderProgram } from './render.js';

/** A schedule file without settings, for kernels that a command line has settings for: `kernel.threads=64`. */
export function emptySchedule(settings: readonly string[]): string {
  const kernels = new Set(settings.map((setting) => setting.split('.', 1)[0]));
  return ['kernels:', ...[...kernels].map((name) => `  ${name}: {}`), ''].join('\n');
}

export type Verdict =
  | { readonly kind: 'equal' }
  /** The program itself is wrong: the generator's fault. */
  | { readonly kind: 'invalid'; readonly detail: string }
  /** The compiler says that it cannot lower the program. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** A defect; `category` tells kinds of defects apart. */
  | { readonly kind: 'failed'; readonly category: string; readonly detail: string };

export interface CheckOptions {
  readonly target: Target;
  readonly seed: number;
  readonly schedules: number;
  /** Called with the module where both executors agreed. */
  readonly onEqual?: (module: Operation) => void;
}

const messages = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic) => renderDiagnostic(diagnostic))
    .join('');

export function checkProgram(program: Program, options: CheckOptions): Verdict {
  const source = new SourceFile('fuzzed.mlir', renderProgram(program));
  const context = createContext();
  const reported: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => reported.push(diagnostic));
  const module = parseModule(source, context);
  if (module === undefined || !verifyOperation(module))
    return { kind: 'invalid', detail: messages(reported) };
  const scheduled = withSchedule(module, program.schedule);
  if (scheduled === undefined)
    return { kind: 'refused', detail: `the schedule is refused: ${messages(reported)}` };
  for (const kernel of findEntries(module)) {
    const verdict = checkKernel({ module, scheduled, kernel, source }, reported, program, options);
    if (verdict.kind !== 'equal') return verdict;
  }
  options.onEqual?.(module);
  return { kind: 'equal' };
}

/** A copy of the module with the settings applied; undefined where they are refused. */
function withSchedule(module: Operation, settings: readonly string[]): Operation | undefined {
  if (settings.length === 0) return module;
  const { overrideSpace, readSchedule } = scheduleReader();
  const space = overrideSpace(readSchedule(emptySchedule(settings), 'schedule.yaml'), settings);
  const copy = cloneOperation(module);
  return applySchedule(copy, space.schedule, space.positions) && verifyOperation(copy)
    ? copy
    : undefined;
}

interface Subject {
  readonly module: Operation;
  readonly scheduled: Operation;
  readonly kernel: Operation;
  readonly source: SourceFile;
}

function checkKernel(
  { module, scheduled, kernel, source }: Subject,
  reported: readonly Diagnostic[],
  program: Program,
  { target, seed, schedules }: CheckOptions,
): Verdict {
  const { isExact } = program;
  let inputs;
  try {
    inputs = prepareInputs(kernel, {
      values: new Map([...sizeValues(program)].map(([name, value]) => [name, `${value}`])),
      shapes: unnamedShapes(program),
      seed,
      draw: isExact ? 'halves' : 'reals',
    });
  } catch (error) {
    // Tensors that are too large to run.
    if (error instanceof RunError) return { kind: 'invalid', detail: error.message };
    throw error;
  }
  const job: Job = { module, source, kernel, inputs };
  const expected = createInterpreter({ steps: 2 ** 26 }).run(job);
  if (hasErrors(expected)) return { kind: 'invalid', detail: messages(expected.diagnostics) };
  const simulator = createSimulator({ target, seed, schedules, onText: () => undefined });
  let found: Outcome;
  try {
    found = simulator.run({ ...job, module: scheduled });
  } catch (error) {
    if (error instanceof RunError) {
      const isRefused = reported.some(({ severity }) => severity === 'error');
      if (isRefused) return { kind: 'refused', detail: messages(reported) };
      return { kind: 'failed', category: 'rejected', detail: error.message };
    }
    if (!(error instanceof Error)) throw error;
    const isInternal = error instanceof PassCrash || error instanceof InternalError;
    const category = isInternal ? 'crash of a pass' : 'crash';
    return { kind: 'failed', category, detail: `${error.stack ?? error.message}` };
  }
  if (hasErrors(found)) {
    const first = found.diagnostics.find(({ severity }) => severity === 'error')!;
    const category = /\[([\w-]+)/.exec(first.message.slice(first.message.lastIndexOf('[')))?.[1];
    return {
      kind: 'failed',
      category: `report ${category ?? ''}`.trim(),
      detail: messages(found.diagnostics),
    };
  }
  const tolerance = isExact ? 0 : defaultTolerance(kernel);
  for (const [name, reference] of expected.outputs) {
    const actual = found.outputs.get(name);
    if (actual === undefined)
      return { kind: 'failed', category: 'mismatch', detail: `'${name}' is not written` };
    const { isEqual, first, errorNorm } = compareTensors(actual, reference, tolerance);
    if (isEqual) continue;
    const detail =
      first === undefined
        ? `error norm of '${name}' is ${errorNorm}`
        : `${kernelName(kernel)}: ${name}[${first.coordinates.join(', ')}] is ${first.left}, expected ${first.right} (${first.count} elements differ)`;
    return { kind: 'failed', category: 'mismatch', detail };
  }
  return { kind: 'equal' };
}

function hasErrors({ diagnostics }: Outcome): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
