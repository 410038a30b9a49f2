/** The executors of `tile-run`: each runs one kernel on given arguments and says what it found. */

import type { SourceFile } from '../../support/index.js';
import {
  createDiagnostic,
  formatPosition,
  type Diagnostic,
  type Position,
} from '../../support/index.js';
import type { Operation } from '../../ir/index.js';
import { emitKindOf, type CompiledModule, type FunctionMetadata } from '../../pipelines/compile.js';
import type { Target } from '../../targets/target.js';
import { interpret, kernelName, type ArgumentValue } from '../interpreter/index.js';
import {
  decodeTensor,
  encodeTensor,
  gatherBytes,
  placeBytes,
  type Tensor,
} from '../numerics/index.js';
import {
  simulate,
  type SimulatorArgument,
  type SimulatorProfile,
  reportFacts,
  type SimulatorReport,
} from '../sim/index.js';
import type { KernelBench } from './hardware-executor.js';
import { RunError, type KernelInputs } from './inputs.js';
import { compileCopy } from './lowering.js';

export const executorNames = ['interp', 'sim', 'cuda', 'hip'] as const;
export type ExecutorName = (typeof executorNames)[number];

/** One kernel to run. */
export interface Job {
  readonly module: Operation;
  readonly source: SourceFile;
  readonly kernel: Operation;
  readonly inputs: KernelInputs;
}

export interface Outcome {
  /** Errors and warnings, in order; the run failed if there is an error. */
  readonly diagnostics: readonly Diagnostic[];
  /** Tensors that the kernel writes, after the run. Incomplete where it failed. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Lines that the program printed. */
  readonly printed?: readonly string[];
  readonly profile?: SimulatorProfile;
  readonly bench?: KernelBench;
}

export interface Executor {
  readonly name: ExecutorName;
  /** @throws RunError where it cannot run at all. */
  run(job: Job): Outcome;
}

/** The interpreter. */
export function createInterpreter(options: { readonly steps?: number }): Executor {
  return {
    name: 'interp',
    run: ({ module, kernel, inputs }) => {
      const limits = options.steps === undefined ? {} : { steps: options.steps };
      const printed: string[] = [];
      const result = interpret(module, {
        onPrint: (line) => void printed.push(line),
        kernel: kernelName(kernel),
        arguments: inputs.values,
        limits,
      });
      const outputs = new Map(
        [...result.tensors].filter(([name]) =>
          inputs.arguments.some(
            (argument) => argument.name === name && argument.access.includes('write'),
          ),
        ),
      );
      const unwritten = result.isOk
        ? [...outputs].flatMap(([name, tensor]) => reportUnwritten(kernel, name, tensor))
        : [];
      return { diagnostics: [...result.diagnostics, ...unwritten], outputs, printed };
    },
  };
}

/** Says which elements of an output nobody wrote. */
export function reportUnwritten(kernel: Operation, name: string, tensor: Tensor): Diagnostic[] {
  const { defined, shape } = tensor;
  if (defined === undefined) return [];
  const missing = defined.reduce((count, flag) => count + (flag === 0 ? 1 : 0), 0);
  if (missing === 0) return [];
  const first = defined.indexOf(0);
  const coordinates: number[] = [];
  for (let dim = shape.length - 1, rest = first; dim >= 0; dim--) {
    coordinates.unshift(rest % shape[dim]);
    rest = Math.floor(rest / shape[dim]);
  }
  return [
    createDiagnostic(
      'error',
      kernel.location.position(),
      `${missing} of the ${defined.length} elements of output '${name}' were never written, the first at [${coordinates.join(', ')}]`,
      [
        createDiagnostic(
          'note',
          undefined,
          `give its initial contents with --arg=${name}=file.npy if that is meant`,
        ),
      ],
    ),
  ];
}

export interface SimulatorOptions {
  readonly target: Target;
  readonly seed: number;
  /** Orders of threads to try. */
  readonly schedules: number;
  /** Runs instead of the emitted text: what `onText` was given once, changed by hand. */
  readonly text?: string;
  /** Operations of all threads after which the run ends with a report; the simulator's own limit where left out. */
  readonly steps?: number;
  /** The module's text, where it was compiled before. */
  readonly compiled?: CompiledModule;
  /** Whether the host compiler need not optimize: the text runs once on little data. */
  readonly isQuickBuild?: boolean;
  /** Called with the emitted text, once. */
  readonly onText: (text: string) => void;
}

/** The emitted text on the simulator; compiles the module once for all of its kernels. */
export function createSimulator({
  target,
  seed,
  schedules,
  text,
  steps,
  isQuickBuild,
  onText,
  ...options
}: SimulatorOptions): Executor {
  let { compiled } = options;
  return {
    name: 'sim',
    run: (job) => {
      const { module, kernel, inputs } = job;
      if (compiled === undefined) {
        compiled = compileCopy(module, target);
        if (compiled === undefined) {
          throw new RunError(`the module could not be compiled for ${target.name}`);
        }
        onText(compiled.text);
      }
      const { kernels, functions = [] } = compiled.metadata;
      const isNamed = ({ name }: FunctionMetadata): boolean => name === kernelName(kernel);
      const launched = kernels.find(isNamed);
      const metadata: FunctionMetadata | undefined = launched ?? functions.find(isNamed);
      if (metadata === undefined) {
        throw new RunError(`the emitted text has no kernel '${kernelName(kernel)}'`);
      }
      const result = simulate({
        text: text ?? compiled.text,
        target: emitKindOf(target),
        waveSize: target.warp_size,
        entry: metadata.entry,
        arguments: simulatorArguments(metadata, inputs),
        seed,
        schedules,
        // Kernels of one function lay their shared memory out differently.
        sharedTiles: launched?.sharedTiles,
        isQuickBuild,
        limits: { sharedBytes: target.shared_bytes_per_block, steps },
      });
      if (result.status === 'unavailable') throw new RunError(result.reason);
      if (result.status === 'rejected') {
        throw new RunError(`the simulator rejected the emitted text: ${result.diagnostics.trim()}`);
      }
      const diagnostics = result.reports.map((report) => reportDiagnostic(report, job));
      if (result.launcherResult !== 0) {
        diagnostics.push(
          createDiagnostic(
            'error',
            kernel.location.position(),
            launchFailure(result.launcherResult),
          ),
        );
      }
      return {
        diagnostics,
        outputs: decodeOutputs(inputs, result.outputs),
        printed: result.printed,
        profile: result.profile,
      };
    },
  };
}

/** What a launcher's status says; the negative ones are its own. */
function launchFailure(status: number): string {
  const reasons: Readonly<Record<number, string>> = {
    [-1]: 'a tensor does not start at a multiple of 16 bytes',
    [-2]: 'an extent is too large or negative, or an assumption about arguments does not hold',
  };
  const reason = reasons[status];
  if (reason !== undefined) return `the launcher refuses the arguments: ${reason}`;
  return `launching the kernel failed with status ${status}`;
}

/** The arguments of an emitted kernel as the simulator takes them, in order. */
export function simulatorArguments(
  metadata: FunctionMetadata,
  inputs: KernelInputs,
): SimulatorArgument[] {
  return metadata.arguments.map((argument): SimulatorArgument => {
    const value = inputs.values.get(argument.name) as ArgumentValue | undefined;
    const declared = inputs.arguments.find(({ name }) => name === argument.name);
    const size = value === undefined ? addedSize(argument.name, metadata, inputs) : undefined;
    if (size !== undefined)
      return { kind: 'scalar', name: argument.name, type: 'i32', value: size };
    if (value === undefined || declared === undefined) {
      throw new RunError(
        `the emitted kernel has an argument '${argument.name}' that the program lacks`,
      );
    }
    const { name } = argument;
    if (typeof value !== 'object') {
      return { kind: 'scalar', name, type: argument.elementType, value };
    }
    // An output whose contents the user gave keeps them where the kernel does not write.
    const access = declared.access === 'none' ? 'read' : declared.access;
    const dense = encodeTensor(value);
    const placement = inputs.placements.get(name);
    const buffer = { kind: 'buffer', name, type: argument.elementType, access } as const;
    if (placement === undefined) return { ...buffer, data: dense };
    if (argument.strides.includes('?')) {
      throw new RunError(
        `argument '${name}' has run-time strides, which only kernels can be given: choose one with --kernel`,
      );
    }
    const { shape } = value;
    return { ...buffer, data: placeBytes(dense, shape, placement), place: { shape, ...placement } };
  });
}

/** The value of an argument that the lowering added for an extent or a stride that the program gives no name. */
function addedSize(
  name: string,
  metadata: FunctionMetadata,
  inputs: KernelInputs,
): number | undefined {
  for (const tensor of metadata.arguments) {
    const dimension = tensor.shape.indexOf(name);
    const value = inputs.values.get(tensor.name);
    if (dimension !== -1 && typeof value === 'object') return value.shape[dimension];
    const strides = inputs.placements.get(tensor.name)?.strides ?? [];
    const stride = strides[tensor.strides.indexOf(name)] as number | undefined;
    if (stride !== undefined) return stride;
  }
  return undefined;
}

/** The tensors that a run of the simulator wrote. */
export function decodeOutputs(
  inputs: KernelInputs,
  outputs: ReadonlyMap<string, Uint8Array>,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, bytes] of outputs) {
    const { elementType, shape } = inputs.values.get(name) as Tensor;
    const placement = inputs.placements.get(name);
    const dense = placement === undefined ? bytes : gatherBytes(bytes, shape, placement);
    tensors.set(name, decodeTensor(elementType, shape, dense));
  }
  return tensors;
}

/** A report of the simulator at its line of the program, with the operation there, where that is known. */
function reportDiagnostic(report: SimulatorReport, { module, source, kernel }: Job): Diagnostic {
  const positionOf = ({ file, line }: { file: string; line: number }): Position => {
    if (line <= 0) return kernel.location.position();
    const text = file === source.name ? source.getLine(line) : '';
    return { file, line, column: Math.max(1, text.search(/\S/) + 1) };
  };
  const name = operationAt(module, report);
  const subject = name === undefined ? '' : `'${name}' op `;
  const notes = report.notes.map((note) => {
    const other = operationAt(module, note);
    const of = other === undefined ? '' : `, of '${other}'`;
    return createDiagnostic(
      'note',
      positionOf(note.line > 0 ? note : report),
      `${note.message}${of}`,
    );
  });
  const message = `${subject}${report.message} [${reportFacts(report)}]`;
  return createDiagnostic('error', positionOf(report), message, notes);
}

/** The name of the operation that begins on a line, the outermost where there are several. */
function operationAt(
  module: Operation,
  { file, line }: { file: string; line: number },
): string | undefined {
  if (line <= 0) return undefined;
  let found: string | undefined;
  module.walk((op) => {
    if (formatPosition(op.location.position())?.startsWith(`${file}:${line}:`) === true)
      found ??= op.name.text;
  }, 'pre');
  return found;
}
