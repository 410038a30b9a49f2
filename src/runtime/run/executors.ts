/** The executors of `tile-run`: each runs one kernel on given arguments and says what it found. */

import type { SourceFile } from '../../support/index.js';
import { createDiagnostic, type Diagnostic, type Position } from '../../support/index.js';
import { MemRefType, type Operation } from '../../ir/index.js';
import { emitKindOf, type CompiledModule, type KernelMetadata } from '../../pipelines/compile.js';
import type { Target } from '../../targets/target.js';
import { interpret, kernelName, type ArgumentValue } from '../interpreter/index.js';
import { decodeTensor, encodeTensor, type Tensor } from '../numerics/index.js';
import {
  simulate,
  type SimulatorArgument,
  type SimulatorProfile,
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
      const result = interpret(module, {
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
      return { diagnostics: [...result.diagnostics, ...unwritten], outputs };
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
  /** Called with the emitted text, once. */
  readonly onText: (text: string) => void;
}

/** The emitted text on the simulator; compiles the module once for all of its kernels. */
export function createSimulator({ target, seed, schedules, onText }: SimulatorOptions): Executor {
  let compiled: CompiledModule | undefined;
  return {
    name: 'sim',
    run: ({ module, source, kernel, inputs }) => {
      if (compiled === undefined) {
        compiled = compileCopy(module, target);
        if (compiled === undefined) {
          throw new RunError(`the module could not be compiled for ${target.name}`);
        }
        onText(compiled.text);
      }
      const metadata = compiled.metadata.kernels.find(({ name }) => name === kernelName(kernel));
      if (metadata === undefined) {
        throw new RunError(`the emitted text has no kernel '${kernelName(kernel)}'`);
      }
      const result = simulate({
        text: compiled.text,
        target: emitKindOf(target),
        waveSize: target.warp_size,
        entry: metadata.entry,
        arguments: simulatorArguments(metadata, inputs),
        seed,
        schedules,
        limits: { sharedBytes: target.shared_bytes_per_block },
      });
      if (result.status === 'unavailable') throw new RunError(result.reason);
      if (result.status === 'rejected') {
        throw new RunError(`the simulator rejected the emitted text: ${result.diagnostics.trim()}`);
      }
      const diagnostics = result.reports.map((report) => reportDiagnostic(report, source));
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

/** The arguments of an emitted kernel as the simulator takes them. */
export function simulatorArguments(
  metadata: KernelMetadata,
  inputs: KernelInputs,
): SimulatorArgument[] {
  return metadata.arguments.map((argument): SimulatorArgument => {
    const value = inputs.values.get(argument.name) as ArgumentValue | undefined;
    const declared = inputs.arguments.find(({ name }) => name === argument.name);
    const extent = value === undefined ? addedExtent(argument.name, metadata, inputs) : undefined;
    if (extent !== undefined)
      return { kind: 'scalar', name: argument.name, type: 'i32', value: extent };
    if (value === undefined || declared === undefined) {
      throw new RunError(
        `the emitted kernel has an argument '${argument.name}' that the program lacks`,
      );
    }
    const { name } = argument;
    if (declared.type instanceof MemRefType && declared.type.layout !== undefined) {
      throw new RunError(
        `argument '${name}' has a layout of its own ('${declared.type}'); the simulator is given dense tensors only`,
      );
    }
    if (typeof value !== 'object') {
      return { kind: 'scalar', name, type: argument.elementType, value };
    }
    // An output whose contents the user gave keeps them where the kernel does not write.
    const access = declared.access === 'none' ? 'read' : declared.access;
    return { kind: 'buffer', name, type: argument.elementType, access, data: encodeTensor(value) };
  });
}

/** The value of an argument that the lowering added for an extent that the program gives no name. */
function addedExtent(
  name: string,
  metadata: KernelMetadata,
  inputs: KernelInputs,
): number | undefined {
  for (const tensor of metadata.arguments) {
    const dimension = tensor.shape.indexOf(name);
    const value = inputs.values.get(tensor.name);
    if (dimension !== -1 && typeof value === 'object') return value.shape[dimension];
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
    tensors.set(name, decodeTensor(elementType, shape, bytes));
  }
  return tensors;
}

/** A report of the simulator at its line of the program, where that is known. */
function reportDiagnostic(report: SimulatorReport, source: SourceFile): Diagnostic {
  let position: Position;
  if (report.line > 0) {
    const text = report.file === source.name ? source.getLine(report.line) : '';
    position = { file: report.file, line: report.line, column: Math.max(1, text.search(/\S/) + 1) };
  }
  const facts: string[] = [report.kind];
  if (report.thread >= 0) {
    facts.push(`block (${report.block.join(', ')}), thread ${report.thread}`);
  }
  if (report.count > 1) facts.push(`${report.count} times`);
  return createDiagnostic('error', position, `${report.message} [${facts.join('; ')}]`);
}
