/** Runs the kernels of a module on given arguments: the meaning of the tile level. */

import {
  createDiagnostic,
  DiagnosticError,
  didYouMean,
  type Diagnostic,
} from '../../support/index.js';
import { DYNAMIC, formatDimensions, type MemRefType, type Operation } from '../../ir/index.js';
import { elementCount, elementFormat, type Tensor } from '../numerics/index.js';
import { argumentNote } from './access.js';
import { Buffer, viewOf } from './buffer.js';
import { Compilation, fail, type Limits } from './compilation.js';
import { evaluators } from './evaluators.js';
import { runEntry } from './run-kernel.js';
import { groupEvaluators } from './thread-level/group-evaluators.js';
import {
  findAnyKernels,
  findEntries,
  kernelArguments,
  kernelName,
  type KernelArgument,
} from './kernel-arguments.js';

/** A tensor, or the value of a scalar argument. */
export type ArgumentValue = Tensor | number | bigint;

export interface InterpretOptions {
  /** Name of the kernel to run; may be left out where the module has only one. */
  readonly kernel?: string;
  /** By argument name. Tensors are copied, not changed. `defined` marks undefined elements, such as an output's. */
  readonly arguments: ReadonlyMap<string, ArgumentValue>;
  readonly limits?: Partial<Limits>;
  /** Called with what `tile.print` prints, a line each. */
  readonly onPrint?: (line: string) => void;
  /** Numbers of the blocks to run, the first index fastest; default: all. What only others write stays undefined. */
  readonly blocks?: readonly number[];
}

export interface InterpretResult {
  readonly isOk: boolean;
  /** What went wrong: the program reads what was never written, leaves a buffer, does not end, and so on. */
  readonly diagnostics: readonly Diagnostic[];
  /** Every tensor argument after the run (as far as it went), by name; `defined` marks what nobody wrote. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Iterations of all loops. */
  readonly steps: number;
}

/** Loop iterations that a run may take: seconds, not hours. */
export const DEFAULT_LIMITS: Limits = { steps: 2 ** 29, memoryBytes: 2 ** 31 };

/** Runs one kernel of `module`. Never throws for a wrong program or wrong arguments. */
export function interpret(module: Operation, options: InterpretOptions): InterpretResult {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const buffers = new Map<string, Buffer>();
  let steps = 0;
  const diagnostics: Diagnostic[] = [];
  try {
    const kernel = selectKernel(module, options.kernel);
    const scope = new Compilation(kernel, evaluators, limits, options.onPrint);
    try {
      bindArguments(kernel, scope, options.arguments, buffers);
      runEntry(kernel, scope, options.blocks);
    } finally {
      steps = scope.steps;
    }
  } catch (error) {
    if (error instanceof DiagnosticError) diagnostics.push(error.diagnostic);
    // The engine's own limits on stacks and arrays; every other error is a bug of ours.
    else if (error instanceof RangeError) {
      const message = `the program is too large for the interpreter: ${error.message}`;
      diagnostics.push(createDiagnostic('error', module.location.position(), message));
    } else throw error;
  }
  const tensors = new Map<string, Tensor>();
  for (const [name, { format, shape, data, defined, undefinedCount }] of buffers) {
    const marks = undefinedCount > 0 ? { defined } : {};
    tensors.set(name, { elementType: format.type, shape, data, ...marks });
  }
  return { isOk: diagnostics.length === 0, diagnostics, tensors, steps };
}

/** Whether the interpreter gives a meaning to an operation, in programs of blocks or (`withThreads`) of threads. */
export function isInterpreted(name: string, withThreads: boolean): boolean {
  return (withThreads && groupEvaluators.has(name)) || evaluators.has(name);
}

/** The first operation of a kernel that has no meaning to the interpreter: between the levels there are such. */
export function findUninterpreted(kernel: Operation): Operation | undefined {
  const withThreads = kernel.name.text === 'gpu.func';
  let found: Operation | undefined;
  kernel.walk((op) => {
    if (op === kernel || isInterpreted(op.name.text, withThreads) || op.name.isTerminator) return;
    found ??= op;
  }, 'pre');
  return found;
}

/** The kernel of that name, or the only one; reports an error at the module where there is none. */
export function selectKernel(module: Operation, name: string | undefined): Operation {
  const entries = findEntries(module);
  const kernels = entries.length > 0 ? entries : findAnyKernels(module);
  const all = [...new Set([...kernels, ...findAnyKernels(module)])];
  const names = all.map(kernelName);
  if (name !== undefined) {
    const found = all.find((kernel) => kernelName(kernel) === name);
    return (
      found ?? fail(module, `the module has no kernel named '${name}'${didYouMean(name, names)}`)
    );
  }
  if (kernels.length === 1) return kernels[0];
  if (kernels.length === 0) fail(module, `the module has no 'tile.kernel'`);
  fail(
    module,
    `the module has several kernels; expected the name of one of ${names.map((each) => `'${each}'`).join(', ')}`,
  );
}

function bindArguments(
  kernel: Operation,
  scope: Compilation,
  given: ReadonlyMap<string, ArgumentValue>,
  buffers: Map<string, Buffer>,
): void {
  const declared = kernelArguments(kernel);
  // Lowering adds parameters for extents that had no name: they are those of the tensors.
  const extents = new Map<string, number>();
  for (const { name, sizes } of declared) {
    const tensor = given.get(name);
    if (typeof tensor !== 'object') continue;
    sizes.forEach((size, dim) => size !== undefined && extents.set(size, tensor.shape[dim]));
  }
  for (const argument of declared) {
    const value = given.get(argument.name) ?? extents.get(argument.name);
    if (value === undefined) fail(kernel, `no value is given for argument '${argument.name}'`);
    const slot = scope.slot(argument.value);
    if (argument.kind === 'scalar') {
      const scalar = scalarArgument(kernel, argument, value);
      if (typeof scalar === 'bigint') scope.objects[slot] = scalar;
      else scope.numbers[slot] = scalar;
    } else {
      const buffer = tensorArgument(kernel, scope, argument, value);
      buffers.set(argument.name, buffer);
      scope.objects[slot] = viewOf(buffer);
    }
  }
}

function scalarArgument(
  kernel: Operation,
  { name, type }: KernelArgument,
  value: ArgumentValue,
): number | bigint {
  const format = elementFormat(type);
  if (format === undefined)
    fail(kernel, `argument '${name}' of type '${type}' cannot be interpreted`);
  if (typeof value === 'object')
    fail(kernel, `argument '${name}' is a scalar of type '${type}', but a tensor is given`);
  if (format.category === 'float') return format.round(Number(value));
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    fail(kernel, `argument '${name}' has type '${type}', but ${value} is given`);
  }
  return format.isBig ? format.wrapBig(BigInt(value)) : format.round(Number(value));
}

function tensorArgument(
  kernel: Operation,
  scope: Compilation,
  { name, type, value: blockArgument }: KernelArgument,
  value: ArgumentValue,
): Buffer {
  const { shape, elementType } = type as MemRefType;
  if (typeof value !== 'object')
    fail(kernel, `argument '${name}' is a tensor of type '${type}', but a number is given`);
  const fits =
    value.shape.length === shape.length &&
    shape.every((extent, dim) => extent === DYNAMIC || extent === value.shape[dim]);
  if (!fits || value.elementType !== elementType) {
    const found = `${formatDimensions(value.shape)}${value.elementType}`;
    fail(kernel, `argument '${name}' has type '${type}', but a tensor of ${found} is given`);
  }
  const format = scope.format(elementType, kernel);
  const count = elementCount(value.shape);
  if (value.data.length !== count) {
    fail(kernel, `argument '${name}' has ${count} elements, but ${value.data.length} are given`);
  }
  scope.reserve(kernel, blockArgument, value.shape, format, `argument '${name}'`);
  return new Buffer(
    format,
    value.shape,
    () => argumentNote(blockArgument, `argument '${name}' is declared here`),
    value.data.slice(),
    value.defined?.slice(),
  );
}
