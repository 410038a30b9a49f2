// Parses a module and runs it in the interpreter with tensors given as numbers.
import { createContext } from '../../src/dialects/index.js';
import { isShapedType, verifyOperation, type Operation, type Type } from '../../src/ir/index.js';
import {
  findAnyKernels,
  interpret,
  kernelArguments,
  kernelName,
  type ArgumentValue,
  type InterpretOptions,
  type InterpretResult,
} from '../../src/runtime/interpreter/index.js';
import { elementCount, formatOf, type Tensor } from '../../src/runtime/numerics/index.js';
import {
  formatPosition,
  renderDiagnostic,
  SourceFile,
  type Diagnostic,
} from '../../src/support/index.js';
import { parseModule } from '../../src/syntax/index.js';

/** The module of a text that is valid. */
export function parse(text: string): Operation {
  const context = createContext();
  const problems: Diagnostic[] = [];
  context.addDiagnosticHandler((diagnostic) => problems.push(diagnostic));
  const module = parseModule(new SourceFile('test.mlir', text), context);
  if (module === undefined || !verifyOperation(module)) {
    throw new Error(problems.map((problem) => renderDiagnostic(problem)).join(''));
  }
  return module;
}

export function tensor(
  elementType: Type,
  shape: readonly number[],
  value: (index: number) => number,
): Tensor {
  const format = formatOf(elementType);
  const data = format.allocate(elementCount(shape));
  for (let i = 0; i < data.length; i++) {
    const rounded = format.round(value(i));
    data[i] = (format.isBig ? BigInt(rounded) : rounded) as never;
  }
  return { elementType, shape, data };
}

/** Numbers without a pattern, about -1 to 1, exact in every float format from f16 up. */
export function noise(seed: number): (index: number) => number {
  return (index) => {
    const bits = Math.imul((index + 1) ^ (seed << 16), 0x9e3779b1) >>> 0;
    return ((bits >>> 24) - 127.5) / 128;
  };
}

/** Runs a kernel: tensors that it does not read and that are not given start undefined. */
export function run(
  text: string | Operation,
  given: Readonly<Record<string, ArgumentValue>> = {},
  options: Partial<InterpretOptions> = {},
): InterpretResult {
  const module = typeof text === 'string' ? parse(text) : text;
  const values = new Map(Object.entries(given));
  const kernel =
    findAnyKernels(module).find((each) => kernelName(each) === options.kernel) ??
    findAnyKernels(module)[0];
  for (const { name, type, access } of kernelArguments(kernel)) {
    if (values.has(name) || access.includes('read') || !isShapedType(type)) continue;
    const count = elementCount(type.shape);
    const data = formatOf(type.elementType).allocate(count);
    values.set(name, {
      elementType: type.elementType,
      shape: type.shape,
      data,
      defined: new Uint8Array(count),
    });
  }
  return interpret(module, { ...options, arguments: values });
}

/** The contents of a tensor after a run that must have succeeded. */
export function output(result: InterpretResult, name: string): (number | bigint)[] {
  if (!result.isOk) throw new Error(result.diagnostics.map((d) => renderDiagnostic(d)).join(''));
  const found = result.tensors.get(name)!;
  if (found.defined !== undefined) throw new Error(`elements of '${name}' were not written`);
  return [...found.data];
}

/** `line:column: message` of the only error, and of its notes. */
export function errorOf(result: InterpretResult): string[] {
  const [error] = result.diagnostics;
  if (error === undefined) return [];
  return [error, ...error.notes].map(
    ({ message, position }) => `${formatPosition(position)?.replace('test.mlir:', '')}: ${message}`,
  );
}
