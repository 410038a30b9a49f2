/** `--sweep-schedules`: every combination of the values that a schedule lists, each checked, estimated and run. */

import { estimateModule, formatSeconds, type KernelEstimate } from '../estimate/index.js';
import { verifyOperation, type Operation } from '../ir/index.js';
import { PassCrash } from '../pipelines/index.js';
import {
  applySchedule,
  formatPath,
  formatSetting,
  kernelSchedule,
  pointCount,
  schedulePoint,
  tileKernels,
  type SchedulePoint,
  type ScheduleSpace,
} from '../schedule/index.js';
import { readSchedule } from '../schedule/schedule-file.js';
import {
  InternalError,
  renderDiagnostic,
  type Diagnostic,
  type SourceFile,
} from '../support/index.js';
import { parseModule } from '../syntax/index.js';
import type { Target } from '../targets/target.js';
import { kernelName } from '../runtime/interpreter/index.js';
import { compareTensors } from '../runtime/run/compare.js';
import {
  createInterpreter,
  createSimulator,
  type Job,
  type Outcome,
} from '../runtime/run/executors.js';
import { prepareInputs, RunError, type KernelInputs } from '../runtime/run/inputs.js';
import { defaultTolerance } from '../runtime/run/tolerance.js';
import { targetsOf, type Inspection } from './inspect.js';
import { ToolError, type ToolSession } from './tool-session.js';

/** One kernel at one point for one architecture. */
interface Row {
  readonly point: number;
  readonly arch: string;
  readonly kernel: string;
  readonly choices: Readonly<Record<string, string>>;
  readonly isValid: boolean;
  readonly estimate?: KernelEstimate;
  /** What the simulator found, where it was asked. */
  readonly verdict?: string;
  /** Why the point is not valid: the first error. */
  readonly error?: string;
}

/** A table, or JSON with `--estimate=json`. */
export function sweepInspection(session: ToolSession): Inspection {
  const { options } = session;
  const targets = targetsOf(options);
  const format = options.choice('estimate', ['', 'text', 'json'], 'text');
  const isRun = options.flag('run');
  const path = options.value('sweep-schedules')!;
  const space = readSchedule(session.readInput(path), path, (d) => session.output.report(d));
  return (root, source) => {
    const sweep = new Sweep(root, source, space, isRun);
    const rows = targets.flatMap((target) => sweep.rows(target));
    if (rows.length === 0) {
      root.emitError(`the schedule '${path}' names no kernel of this module`);
      return undefined;
    }
    return format === 'json'
      ? `${JSON.stringify(rows, null, 2)}\n`
      : formatRows(rows, space, isRun);
  };
}

class Sweep {
  /** Results of the program as written, by kernel. */
  private readonly references = new Map<string, { inputs: KernelInputs; outcome: Outcome }>();
  private readonly names: readonly string[];

  constructor(
    private readonly root: Operation,
    private readonly source: SourceFile,
    private readonly space: ScheduleSpace,
    private readonly isRun: boolean,
  ) {
    this.names = tileKernels(root)
      .map(kernelName)
      .filter((name) => kernelSchedule(space.schedule, name) !== undefined);
  }

  rows(target: Target): Row[] {
    const rows: Row[] = [];
    for (let number = 0; number < pointCount(this.space); number++)
      rows.push(...this.rowsOf(schedulePoint(this.space, number), target));
    return rows;
  }

  private rowsOf(point: SchedulePoint, target: Target): Row[] {
    const errors: Diagnostic[] = [];
    // Every point has a context of its own, so that its errors are its own too.
    const context = this.root.context.fork();
    context.addDiagnosticHandler(
      (found) => void (found.severity === 'error' && errors.push(found)),
    );
    const module = parseModule(this.source, context);
    if (module === undefined) throw new InternalError('the program no longer parses');
    const isApplied =
      applySchedule(module, point.schedule, this.space.positions) && verifyOperation(module);
    let estimates: readonly KernelEstimate[] | undefined;
    if (isApplied) {
      try {
        estimates = estimateModule(module, target);
      } catch (error) {
        if (!(error instanceof PassCrash)) throw error;
        return this.failed(
          point,
          target,
          `internal error in '${error.pass.name}': ${error.message}`,
        );
      }
    }
    if (estimates === undefined) return this.failed(point, target, describeErrors(errors));
    return this.names.map((kernel) => {
      const estimate = estimates.find((one) => one.kernel === kernel);
      const verdict = this.isRun ? this.judge(module, kernel, target) : undefined;
      return { ...this.base(point, target, kernel), isValid: true, estimate, verdict };
    });
  }

  private base(point: SchedulePoint, target: Target, kernel: string) {
    const choices = Object.fromEntries(
      this.space.choices.map(({ path }, i) => [
        formatPath(path.slice(1)),
        formatSetting(point.values[i]),
      ]),
    );
    return { point: point.number, arch: target.name, kernel, choices };
  }

  private failed(point: SchedulePoint, target: Target, error: string): Row[] {
    return this.names.map((kernel) => ({
      ...this.base(point, target, kernel),
      isValid: false,
      error,
    }));
  }

  /** The scheduled program on the simulator against the program as written on the interpreter. */
  private judge(module: Operation, name: string, target: Target): string {
    const kernel = findKernel(module, name);
    try {
      const { inputs, outcome: expected } = this.reference(name);
      const [problem] = expected.diagnostics.filter(({ severity }) => severity === 'error');
      if (problem !== undefined) return `not compared: ${problem.message}`;
      const simulator = createSimulator({ target, seed: 1, schedules: 1, onText: () => undefined });
      const found = simulator.run({ module, source: this.source, kernel, inputs });
      const [report] = found.diagnostics.filter(({ severity }) => severity === 'error');
      if (report !== undefined) return `wrong: ${report.message}`;
      return compareOutcomes(kernel, found, expected);
    } catch (error) {
      if (error instanceof RunError) return `not run: ${error.message}`;
      throw error;
    }
  }

  private reference(name: string): { inputs: KernelInputs; outcome: Outcome } {
    let found = this.references.get(name);
    if (found === undefined) {
      const kernel = findKernel(this.root, name);
      const inputs = prepareInputs(kernel, { values: new Map(), shapes: new Map(), seed: 1 });
      const job: Job = { module: this.root, source: this.source, kernel, inputs };
      found = { inputs, outcome: createInterpreter({}).run(job) };
      this.references.set(name, found);
    }
    return found;
  }
}

function findKernel(module: Operation, name: string): Operation {
  const kernel = tileKernels(module).find((one) => kernelName(one) === name);
  if (kernel === undefined) throw new ToolError(`the module has no kernel named '${name}'`);
  return kernel;
}

function compareOutcomes(kernel: Operation, found: Outcome, expected: Outcome): string {
  const tolerance = defaultTolerance(kernel);
  for (const [name, reference] of expected.outputs) {
    const actual = found.outputs.get(name);
    if (actual === undefined) return `wrong: '${name}' is not written`;
    const { isEqual, first, errorNorm } = compareTensors(actual, reference, tolerance);
    if (isEqual) continue;
    const where = first === undefined ? '' : ` at [${first.coordinates.join(', ')}]`;
    return `wrong: '${name}' differs${where}, error norm ${errorNorm.toPrecision(3)}`;
  }
  return 'equal';
}

function describeErrors([first]: readonly Diagnostic[]): string {
  return first === undefined
    ? 'the program could not be lowered'
    : renderDiagnostic(first).trimEnd();
}

function formatRows(rows: readonly Row[], space: ScheduleSpace, isRun: boolean): string {
  const settings = space.choices.map(({ path }) => formatPath(path.slice(1)));
  const hasArchitectures = new Set(rows.map(({ arch }) => arch)).size > 1;
  const hasKernels = new Set(rows.map(({ kernel }) => kernel)).size > 1;
  // The kernel's name says nothing where there is one only.
  const short = (setting: string): string =>
    hasKernels ? setting : setting.split('.').slice(1).join('.');
  const header = [
    'point',
    ...(hasArchitectures ? ['arch'] : []),
    ...(hasKernels ? ['kernel'] : []),
    ...settings.map(short),
    'registers',
    'shared',
    'blocks/SM',
    'occupancy',
    'limited by',
    'waves',
    'roofline',
    'no reuse',
    ...(isRun ? ['simulator'] : []),
  ];
  const table = rows.map((row) => [
    String(row.point),
    ...(hasArchitectures ? [row.arch] : []),
    ...(hasKernels ? [row.kernel] : []),
    ...settings.map((setting) => row.choices[setting]),
    ...(row.estimate === undefined
      ? ['unsound', ...Array.from({ length: 7 + (isRun ? 1 : 0) }, () => '-')]
      : [...cells(row.estimate), ...(isRun ? [row.verdict ?? '-'] : [])]),
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...table.map((line) => line[i].length)),
  );
  const line = (parts: readonly string[]): string =>
    parts
      .map((part, i) =>
        /^[\d.]+( %| [µu]s| ms)?$/.test(part) ? part.padStart(widths[i]) : part.padEnd(widths[i]),
      )
      .join('  ')
      .trimEnd();
  // Points that fail for one reason are one line.
  const failures = new Map<string, string[]>();
  for (const { error, point, arch } of rows) {
    if (error === undefined) continue;
    const points = failures.get(error) ?? [];
    points.push(hasArchitectures ? `${point} on ${arch}` : `${point}`);
    failures.set(error, points);
  }
  const reasons = [...failures].map(([error, points]) => {
    const distinct = [...new Set(points)];
    return `point${distinct.length === 1 ? '' : 's'} ${distinct.join(', ')}: ${error}`;
  });
  const wrong = rows.filter(({ verdict }) => verdict?.startsWith('wrong')).length;
  const valid = rows.filter(({ isValid }) => isValid).length;
  const runs = isRun
    ? `, ${rows.filter(({ verdict }) => verdict === 'equal').length} equal, ${wrong} wrong`
    : '';
  return `${[line(header), ...table.map(line)].join('\n')}\n${rows.length} points, ${valid} sound${runs}\n${reasons.map((reason) => `\n${reason}\n`).join('')}`;
}

function cells({ registers, sharedBytes, occupancy, waves, time }: KernelEstimate): string[] {
  return [
    `${registers.expected}${registers.spills ? ' (spills)' : ''}`,
    String(sharedBytes),
    String(occupancy.blocks),
    `${Math.round(occupancy.fraction * 100)} %`,
    occupancy.limitedBy,
    String(waves.count),
    formatSeconds(time.roofline),
    formatSeconds(time.memoryWithoutReuse),
  ];
}
