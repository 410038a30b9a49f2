/** The arguments of a run: from files and the command line, or drawn from the seed; outputs start undefined. */

import { readFileSync } from 'node:fs';
import { resolvePath, type ToolIO } from '../../support/index.js';
import { DYNAMIC, formatDimensions, type MemRefType, type Operation } from '../../ir/index.js';
import {
  DEFAULT_LIMITS,
  kernelArguments,
  type ArgumentValue,
  type KernelArgument,
} from '../interpreter/index.js';
import {
  elementCount,
  elementFormat,
  integerRange,
  placedCount,
  type Placement,
  type Tensor,
} from '../numerics/index.js';
import { NpyError, readNpy } from '../npy.js';
import { RunError } from './run-error.js';
import { placeTensors } from './strides.js';
import { createRandom, randomScalar, randomTensor, type Draw } from './random.js';

export { RunError };

/** What the command line says about arguments, by name. */
export interface InputOptions {
  /** A file for a tensor, a number for a scalar. */
  readonly values: ReadonlyMap<string, string>;
  /** Shapes of tensors with run-time extents that no file is given for. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly seed: number;
  /** How tensors that are not given are drawn. Default: `reals`. */
  readonly draw?: Draw;
}

/** Values for all arguments of a kernel, with `access` as the run has it: an output with given contents is also read. */
export interface KernelInputs {
  readonly arguments: readonly KernelArgument[];
  readonly values: ReadonlyMap<string, ArgumentValue>;
  /** Where tensors with strides of their own lie in memory, by name; others are dense. */
  readonly placements: ReadonlyMap<string, Placement>;
}

/** @param io where relative paths start; only needed where files are given. */
export function prepareInputs(kernel: Operation, options: InputOptions, io?: ToolIO): KernelInputs {
  const values = new Map<string, ArgumentValue>();
  let bytes = 0;
  const declared = kernelArguments(kernel);
  const files = readTensors(declared, options, io);
  const sizes = bindSizes(declared, files, options);
  const shapes = new Map<string, readonly number[]>();
  for (const argument of declared) {
    if (argument.kind !== 'tensor') continue;
    const { name } = argument;
    shapes.set(name, files.get(name)?.shape ?? shapeOf(argument, options, sizes));
  }
  const { strides, placements } = placeTensors(declared, shapes, options);
  const used = declared.map((argument): KernelArgument => {
    const { name, kind } = argument;
    const given = options.values.get(name);
    if (kind === 'scalar') {
      const known = sizes.get(name) ?? strides.get(name);
      values.set(name, known ?? scalarValue(argument, given, options));
      return argument;
    }
    const shape = shapes.get(name)!;
    if (given === undefined) {
      const placement = placements.get(name);
      bytes += 5 * (placement ? placedCount(shape, placement) : elementCount(shape));
      if (bytes > DEFAULT_LIMITS.memoryBytes) {
        throw new RunError(
          `argument '${name}' of shape ${shape.join('x')} is too large to run: all arguments together would take more than ${DEFAULT_LIMITS.memoryBytes} bytes`,
        );
      }
    }
    const isOutput = argument.access === 'write' && given === undefined;
    const value = isOutput
      ? undefinedTensor(argument, shape)
      : given === undefined
        ? drawTensor(argument, shape, options)
        : files.get(name)!;
    values.set(name, value);
    return argument.access === 'write' && !isOutput
      ? { ...argument, access: 'readwrite' }
      : argument;
  });
  return { arguments: used, values, placements };
}

/** The tensors that files are given for. */
function readTensors(
  declared: readonly KernelArgument[],
  { values }: InputOptions,
  io: ToolIO | undefined,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const argument of declared) {
    const given = values.get(argument.name);
    if (argument.kind === 'tensor' && given !== undefined)
      tensors.set(argument.name, readTensor(argument, given, io!));
  }
  return tensors;
}

/** Arguments that are extents of tensors: as given, else as the tensors that are given have them. */
function bindSizes(
  declared: readonly KernelArgument[],
  files: ReadonlyMap<string, Tensor>,
  options: InputOptions,
): Map<string, number> {
  const sizes = new Map<string, number>();
  const users = new Map<string, string>();
  for (const { name, sizes: own } of declared) {
    const shape = files.get(name)?.shape ?? options.shapes.get(name);
    own.forEach((size, dimension) => {
      if (size === undefined) return;
      users.set(size, name);
      const known = sizes.get(size);
      const found = shape?.[dimension];
      if (known !== undefined && found !== undefined && known !== found) {
        throw new RunError(
          `'${size}' is ${known}, but dimension ${dimension} of '${name}', which it is the extent of, has extent ${found}`,
        );
      }
      if (found !== undefined) sizes.set(size, found);
    });
  }
  for (const [size, tensor] of users) {
    const argument = declared.find(({ name }) => name === size)!;
    const given = options.values.get(size);
    if (given !== undefined) {
      const value = Number(scalarValue(argument, given, options));
      if (value < 0)
        throw new RunError(
          `'${size}' is an extent of '${tensor}', expected at least 0, found ${value}`,
        );
      sizes.set(size, value);
    } else if (!sizes.has(size)) {
      throw new RunError(
        `argument '${size}' is an extent of '${tensor}': expected --arg=${size}=NUMBER, --shape=${tensor}=... or --arg=${tensor}=file.npy`,
      );
    }
  }
  return sizes;
}

function formatFor({ name, type }: KernelArgument): NonNullable<ReturnType<typeof elementFormat>> {
  const elementType = 'elementType' in type ? (type as MemRefType).elementType : type;
  const format = elementFormat(elementType);
  if (format === undefined)
    throw new RunError(`argument '${name}' of type '${type}' cannot be given a value`);
  return format;
}

function shapeOf(
  { name, type, sizes }: KernelArgument,
  { shapes }: InputOptions,
  known: ReadonlyMap<string, number>,
): readonly number[] {
  const declared = (type as MemRefType).shape.map((extent, dimension) => {
    const size = sizes[dimension];
    return size === undefined ? extent : known.get(size)!;
  });
  const given = shapes.get(name);
  if (given === undefined) {
    if (!declared.includes(DYNAMIC)) return declared;
    throw new RunError(
      `argument '${name}' has run-time extents ('${type}'): expected --shape=${name}=... or --arg=${name}=file.npy`,
    );
  }
  const fits =
    given.length === declared.length &&
    given.every((extent, dim) => declared[dim] === DYNAMIC || declared[dim] === extent);
  if (!fits)
    throw new RunError(`--shape of '${name}' is ${given.join('x')}, which does not fit '${type}'`);
  return given;
}

function undefinedTensor(argument: KernelArgument, shape: readonly number[]): Tensor {
  const format = formatFor(argument);
  const count = elementCount(shape);
  return {
    elementType: format.type,
    shape,
    data: format.allocate(count),
    defined: new Uint8Array(count),
  };
}

function drawTensor(
  argument: KernelArgument,
  shape: readonly number[],
  { seed, draw }: InputOptions,
): Tensor {
  const { type } = formatFor(argument);
  return randomTensor(type, shape, createRandom(seed, argument.name), draw);
}

/** Reads a tensor of an argument's type from a `.npy` file. */
function readTensor(argument: KernelArgument, path: string, io: ToolIO): Tensor {
  const { type } = formatFor(argument);
  const declared = (argument.type as MemRefType).shape;
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolvePath(io, path));
  } catch (error) {
    throw new RunError(`cannot read '${path}' for argument '${argument.name}': ${reasonOf(error)}`);
  }
  let tensor: Tensor;
  try {
    tensor = readNpy(bytes, type);
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    throw new RunError(`'${path}' for argument '${argument.name}': ${error.message}`);
  }
  const { shape } = tensor;
  if (shape.length !== declared.length) {
    throw new RunError(
      `'${path}' for argument '${argument.name}': expected rank ${declared.length} ('${argument.type}'), found rank ${shape.length}`,
    );
  }
  if (!declared.every((extent, dim) => extent === DYNAMIC || extent === shape[dim])) {
    throw new RunError(
      `'${path}' for argument '${argument.name}': expected '${argument.type}', found ${formatDimensions(shape)}${type}`,
    );
  }
  return tensor;
}

/** Why the operating system refused a file, in a few words. */
export function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    ENOENT: 'no such file or directory',
    EISDIR: 'it is a directory',
    EACCES: 'permission denied',
    ENOTDIR: 'a part of the path is no directory',
  };
  const { code, message } = error as NodeJS.ErrnoException;
  return reasons[code ?? ''] ?? message;
}

function scalarValue(
  argument: KernelArgument,
  given: string | undefined,
  { seed }: InputOptions,
): number | bigint {
  const format = formatFor(argument);
  const { name, type } = argument;
  if (given === undefined) return randomScalar(format.type, createRandom(seed, name));
  if (format.category === 'float') {
    const special: Record<string, number> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
    const value = special[given.toLowerCase()] ?? (given.trim() === '' ? NaN : Number(given));
    if (Number.isNaN(value) && given.toLowerCase() !== 'nan') {
      throw new RunError(
        `expected a number for argument '${name}' of type '${type}', found '${given}'`,
      );
    }
    return value;
  }
  if (!/^[+-]?(\d+|0x[0-9a-fA-F]+)$/.test(given)) {
    throw new RunError(
      `expected an integer for argument '${name}' of type '${type}', found '${given}'`,
    );
  }
  const value = given.startsWith('-') ? -BigInt(given.slice(1)) : BigInt(given.replace('+', ''));
  const [low, high] = integerRange(format);
  if (value < low || value > high) {
    throw new RunError(
      `${given} for argument '${name}' is out of the range of '${type}', ${low} to ${high}`,
    );
  }
  return format.isBig ? value : Number(value);
}
