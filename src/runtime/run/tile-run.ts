/** `tile-run`: runs the kernels of a module on one executor, and compares with another. */

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { parseCommandLine } from '../../support/command-line.js';
import {
  createDiagnostic,
  DiagnosticError,
  renderDiagnostic,
  resolvePath,
  SourceFile,
  type Diagnostic,
  type ToolIO,
  type ToolMain,
} from '../../support/index.js';
import { createContext } from '../../dialects/index.js';
import { cloneOperation, FloatType, verifyOperation, type Operation } from '../../ir/index.js';
import {
  applySchedule,
  chosenSchedule,
  loadScheduleReader,
  scheduleReader,
} from '../../schedule/index.js';
import { PassCrash } from '../../pipelines/pass-manager.js';
import { parseModule } from '../../syntax/index.js';
import { findEntries, kernelArguments, kernelName, selectKernel } from '../interpreter/index.js';
import type { Tensor } from '../numerics/index.js';
import { NpyError, writeNpy } from '../npy.js';
import { compareTensors, type Comparison } from './compare.js';
import { formatBench } from '../hardware/bench.js';
import {
  createInterpreter,
  createSimulator,
  type Executor,
  type ExecutorName,
  type Job,
  type Outcome,
} from './executors.js';
import { createHardware } from './hardware-executor.js';
import { prepareInputs, reasonOf, RunError } from './inputs.js';
import { createCommand, type RunOptions } from './options.js';
import { formatProfile, roofline } from './profile.js';
import { profilePage } from './profile-page.js';
import { defaultTolerance } from './tolerance.js';

/** Exit status 0: everything asked for was executed and equal; 1: it was not; 2: the command line is wrong. */
export const tileRunMain: ToolMain = (args, io) => {
  const command = createCommand();
  const status = parseCommandLine(command, args, io);
  if (status !== undefined) return status;
  const [file] = command.args;
  const options = command.opts<RunOptions>();
  if (options.schedule === undefined) return runFile(file, options, io);
  return loadScheduleReader().then(() => runFile(file, options, io));
};

function runFile(file: string, options: RunOptions, io: ToolIO): number {
  let source: SourceFile | undefined;
  let hasFailed = false;
  const remarks = new Set<string>();
  const report = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') hasFailed = true;
    // Remarks of a category are for who asks tile-opt for them.
    if (diagnostic.severity === 'remark' && diagnostic.code !== undefined) return;
    const findSource = (name: string) => (name === source?.name ? source : undefined);
    const text = renderDiagnostic(diagnostic, { color: io.isTerminal, findSource });
    // Each executor and the estimate lower the program anew.
    if (diagnostic.severity === 'remark' && remarks.has(text)) return;
    remarks.add(text);
    io.writeStderr(text);
  };
  try {
    source = readSource(file, io);
    const module = parse(source, report);
    if (module === undefined) return 1;
    const isOk = runModule(module, source, options, io, report);
    return isOk && !hasFailed ? 0 : 1;
  } catch (error) {
    if (error instanceof RunError) io.writeStderr(`tile-run: error: ${error.message}\n`);
    else if (error instanceof DiagnosticError) report(error.diagnostic);
    else if (error instanceof PassCrash)
      io.writeStderr(
        `tile-run: error: internal error in pass '${error.pass.name}': ${error.message}; 'tile-opt ${file}' with the lowering for this architecture writes a reproducer\n`,
      );
    else throw error;
    return 1;
  }
}

function readSource(file: string, io: ToolIO): SourceFile {
  if (file === '-') return new SourceFile('<stdin>', io.readStdin());
  try {
    return new SourceFile(file, readFileSync(resolvePath(io, file), 'utf8'));
  } catch (error) {
    throw new RunError(`cannot read '${file}': ${reasonOf(error)}`);
  }
}

/** The module, verified; undefined where it is not valid, which is reported. */
function parse(
  source: SourceFile,
  report: (diagnostic: Diagnostic) => void,
): Operation | undefined {
  const context = createContext();
  context.addDiagnosticHandler(report);
  const module = parseModule(source, context);
  return module !== undefined && verifyOperation(module) ? module : undefined;
}

function runModule(
  module: Operation,
  source: SourceFile,
  options: RunOptions,
  io: ToolIO,
  report: (diagnostic: Diagnostic) => void,
): boolean {
  const kernels =
    options.kernel === undefined ? findEntries(module) : [selectKernel(module, options.kernel)];
  if (kernels.length === 0) throw new RunError(`the module has no 'tile.kernel' to run`);
  checkNames(kernels, options);
  if (options.profile !== undefined && options.on !== 'sim') {
    throw new RunError(`--profile needs --on=sim: only the simulator counts`);
  }
  if (options.profile === 'html' && kernels.length > 1) {
    throw new RunError(`--profile=html is a page for one kernel; choose one with --kernel`);
  }
  if (options.bench !== undefined && options.on !== 'cuda' && options.on !== 'hip') {
    throw new RunError(`--bench needs --on=cuda or --on=hip: only hardware has times`);
  }
  const executor = createExecutor(options.on, options, io);
  const reference = options.compare && createExecutor(options.compare, options, io);
  const scheduled = applyScheduleFile(module, options, io, report);
  if (scheduled === undefined) return false;
  let isOk = true;
  for (const kernel of kernels) {
    const inputs = prepareInputs(
      kernel,
      { values: options.arg, shapes: options.shape, seed: options.seed, draw: options.draw },
      io,
    );
    const job: Job = { module, source, kernel, inputs };
    const changed = selectKernel(scheduled, kernelName(kernel));
    const outcome = execute(executor, { ...job, module: scheduled, kernel: changed }, report);
    const expected = reference && execute(reference, job, report);
    if (!printsDocument(options))
      for (const line of outcome.printed ?? []) io.writeStdout(`${line}\n`);
    isOk = isOk && outcome.isOk && expected?.isOk !== false;
    if (outcome.profile !== undefined)
      printProfile(kernelName(kernel), outcome.profile, source, options, io);
    if (outcome.bench !== undefined) printBench(kernelName(kernel), outcome.bench, options, io);
    if (!outcome.isOk || expected?.isOk === false) continue;
    if (expected === undefined) {
      if (!printsDocument(options))
        io.writeStdout(`${kernelName(kernel)}: executed by ${executor.name}\n`);
    } else if (
      !compareOutcomes(kernel, [executor.name, outcome], [reference!.name, expected], options, io)
    ) {
      isOk = false;
      continue;
    }
    saveOutputs(outcome, options, kernel, io);
  }
  return isOk;
}

/** The module with the schedule of the command line applied to a copy; undefined where something was reported. */
function applyScheduleFile(
  module: Operation,
  { schedule, schedulePoint: point, scheduleSet }: RunOptions,
  io: ToolIO,
  report: (diagnostic: Diagnostic) => void,
): Operation | undefined {
  if (schedule === undefined) {
    if (point === undefined && scheduleSet.length === 0) return module;
    throw new RunError('--schedule-point and --schedule-set need --schedule=FILE');
  }
  const { text } = readSource(schedule, io);
  const { overrideSpace, readSchedule } = scheduleReader();
  const space = overrideSpace(readSchedule(text, schedule, report), scheduleSet);
  const chosen = chosenSchedule(space, point, (number) => `--schedule-point=${number}`);
  const copy = cloneOperation(module);
  return applySchedule(copy, chosen, space.positions) && verifyOperation(copy) ? copy : undefined;
}

type CheckedOutcome = Outcome & { readonly isOk: boolean };

function execute(
  executor: Executor,
  job: Job,
  report: (diagnostic: Diagnostic) => void,
): CheckedOutcome {
  const outcome = executor.run(job);
  outcome.diagnostics.forEach(report);
  return { ...outcome, isOk: outcome.diagnostics.every(({ severity }) => severity !== 'error') };
}

function createExecutor(name: ExecutorName, options: RunOptions, io: ToolIO): Executor {
  if (name === 'interp') return createInterpreter({ steps: options.stepLimit });
  const { arch, seed, schedules, saveText, text: textFile } = options;
  const onText = (text: string): void => {
    if (saveText !== undefined) save(saveText, text, io);
  };
  if (name !== 'sim') {
    const { device, benchRepeats: repeats, benchWarmUp: warmUp, benchFlush: flush } = options;
    const bench = options.bench && name === options.on ? { repeats, warmUp, flush } : undefined;
    const { timeLimit } = options;
    return createHardware({ vendor: name, target: arch, device, timeLimit, onText, bench });
  }
  if (arch === undefined)
    throw new RunError(`the simulator needs --arch=NAME, such as --arch=sm_80`);
  const text = textFile === undefined ? undefined : readSource(textFile, io).text;
  return createSimulator({ target: arch, seed, schedules, text, steps: options.stepLimit, onText });
}

/** Every name given for an argument must be one of a kernel that runs. */
function checkNames(kernels: readonly Operation[], options: RunOptions): void {
  const known = kernels.map((kernel) => kernelArguments(kernel));
  const tensors = known.flat().filter(({ kind }) => kind === 'tensor');
  for (const [option, names, candidates] of [
    ['--arg', options.arg, known.flat()],
    ['--shape', options.shape, tensors],
    ['--out', options.out, tensors],
  ] as const) {
    const available = candidates.map(({ name }) => name);
    for (const name of names.keys()) {
      if (available.includes(name)) continue;
      const what = option === '--arg' ? 'argument' : 'tensor argument';
      const expected =
        available.length === 0 ? '' : `; there are ${[...new Set(available)].join(', ')}`;
      throw new RunError(`${option}: no ${what} is named '${name}'${expected}`);
    }
  }
  for (const name of options.out.keys()) {
    const owners = kernels.filter((_, index) =>
      known[index].some((argument) => argument.name === name),
    );
    if (owners.length > 1) {
      throw new RunError(
        `--out: several kernels have an argument '${name}'; choose one with --kernel`,
      );
    }
  }
}

function saveOutputs(outcome: Outcome, { out }: RunOptions, kernel: Operation, io: ToolIO): void {
  const names = new Set(kernelArguments(kernel).map(({ name }) => name));
  for (const [name, path] of out) {
    if (!names.has(name)) continue;
    const tensor: Tensor | undefined = outcome.outputs.get(name);
    if (tensor === undefined)
      throw new RunError(`--out: kernel '${kernelName(kernel)}' does not write '${name}'`);
    try {
      save(path, writeNpy(tensor), io);
    } catch (error) {
      if (error instanceof NpyError) throw new RunError(`--out: ${error.message}`);
      throw error;
    }
  }
}

/** Writes a file that is complete or, where that fails, what it was before. */
function save(path: string, contents: string | Uint8Array, io: ToolIO): void {
  const target = resolvePath(io, path);
  const isDevice = statSync(target, { throwIfNoEntry: false })?.isFile() === false;
  const temporary = isDevice ? target : `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, contents);
    if (!isDevice) renameSync(temporary, target);
  } catch (error) {
    if (!isDevice) rmSync(temporary, { force: true });
    throw new RunError(`cannot write '${path}': ${reasonOf(error)}`);
  }
}

function printProfile(
  kernel: string,
  profile: NonNullable<Outcome['profile']>,
  source: SourceFile,
  options: RunOptions,
  io: ToolIO,
): void {
  if (options.profile === undefined || options.arch === undefined) return;
  if (options.profile === 'text') io.writeStdout(formatProfile(kernel, profile, options.arch));
  else if (options.profile === 'html')
    io.writeStdout(profilePage(kernel, profile, options.arch, source));
  else {
    const facts = {
      kernel,
      arch: options.arch.name,
      ...profile,
      roofline: roofline(profile.totals, options.arch),
    };
    io.writeStdout(`${JSON.stringify(facts)}\n`);
  }
}

/** Whether standard output is JSON, one value a line, or a page, and nothing else. */
function printsDocument({ profile, bench }: RunOptions): boolean {
  return profile === 'json' || profile === 'html' || bench === 'json';
}

function printBench(
  kernel: string,
  bench: NonNullable<Outcome['bench']>,
  options: RunOptions,
  io: ToolIO,
): void {
  if (options.bench === 'json') {
    io.writeStdout(`${JSON.stringify({ kernel, ...bench })}\n`);
    return;
  }
  const { device, arch, registers, localBytes } = bench;
  io.writeStdout(
    `${formatBench(kernel, bench)}${kernel}: for ${arch} on ${device.name} (${device.arch}): ` +
      `${registers} registers, ${localBytes} bytes of local memory per thread\n`,
  );
}

/** Compares what two executors wrote and says so; returns whether all of it agrees. */
function compareOutcomes(
  kernel: Operation,
  [name, outcome]: readonly [string, Outcome],
  [referenceName, reference]: readonly [string, Outcome],
  options: RunOptions,
  io: ToolIO,
): boolean {
  const bound = defaultTolerance(kernel);
  let isEqual = true;
  for (const [output, expected] of reference.outputs) {
    const found = outcome.outputs.get(output);
    if (found === undefined) continue;
    const isFloat = expected.elementType instanceof FloatType;
    const tolerance = options.tolerance ?? (isFloat ? bound : 0);
    const comparison = compareTensors(found, expected, tolerance);
    const bounds = `error norm ${comparison.errorNorm.toPrecision(3)}, tolerance ${tolerance.toPrecision(3)}`;
    if (comparison.isEqual) {
      const line = `${kernelName(kernel)}: ${output}: ${name} equals ${referenceName} (${bounds})\n`;
      if (!printsDocument(options)) io.writeStdout(line);
      continue;
    }
    isEqual = false;
    const message = `output '${output}' differs: ${describeDifference(comparison, expected, name, referenceName)}; ${bounds}`;
    const diagnostic = createDiagnostic('error', kernel.location.position(), message);
    io.writeStderr(renderDiagnostic(diagnostic, { color: io.isTerminal }));
  }
  return isEqual;
}

function describeDifference(
  { first }: Comparison,
  { data }: Tensor,
  name: string,
  referenceName: string,
): string {
  if (first === undefined) return 'no single element is far off';
  const show = (value: number | bigint | undefined): string =>
    value === undefined ? 'nothing' : `${value}`;
  return (
    `at [${first.coordinates.join(', ')}] ${name} has ${show(first.left)} and ${referenceName} has ${show(first.right)}` +
    ` (first of ${first.count} of ${data.length} elements)`
  );
}
