/** A whole file of CUDA or HIP text: preamble with the wrappers in use, kernels, host launchers, launch metadata. */

import type {
  ArrayAttr,
  Attribute,
  DictionaryAttr,
  StringAttr,
  SymbolRefAttr,
} from '../../ir/index.js';
import {
  DenseArrayAttr,
  IndexType,
  IntegerAttr,
  MemRefType,
  SourceLocation,
  type BlockArgument,
  type Operation,
  type Value,
} from '../../ir/index.js';
import {
  kernelParameters,
  parameterType,
  tensorExtents,
  tensorStrides,
} from '../../dialects/tile/kernel-extents.js';
import { GpuLaunchFuncOp } from '../../dialects/generated/gpu.js';
import { isReservedName } from '../reserved-names.js';
import type { Target } from '../target.js';
import { loadWrappers, selectWrappers, type WrapperLibrary } from '../wrappers.js';
import { FunctionEmitter } from './function-emitter.js';
import type { EmitKind } from './instructions.js';
import { launchConditions, launchGrid, parameterName } from './launch-conditions.js';
import {
  describeShape,
  type FunctionMetadata,
  type KernelArgument,
  type KernelMetadata,
  type LaunchMetadata,
  type LaunchStep,
  type SharedTile,
} from './launch-metadata.js';
import { emitLauncher, parameterText } from './launcher.js';
import { UnsupportedOperation } from './statement-writer.js';
import { TextWriter } from './text-writer.js';
import { scalarType } from './types.js';

export interface EmitOptions {
  readonly target: Target;
  /** `#line` in front of every statement. Default false. */
  readonly lineDirectives?: boolean;
}

export interface EmittedModule {
  readonly text: string;
  readonly metadata: LaunchMetadata;
}

/** Tensors start at multiples of this many bytes: the widest access that kernels make. */
const POINTER_ALIGNMENT = 16;

/** Emits every kernel of a module. Reports operations that have no text and returns undefined. */
export function emitModule(
  module: Operation,
  kind: EmitKind,
  options: EmitOptions,
): EmittedModule | undefined {
  const functions: Operation[] = [];
  module.walk((op) => {
    if (op.name.text === 'gpu.func' && op.hasAttribute('gpu.kernel')) functions.push(op);
  }, 'pre');
  if (functions.length === 0) {
    const isTileLevel = !module.walk((op) =>
      op.name.dialect === 'tile' ? 'interrupt' : 'advance',
    );
    const hint = isTileLevel ? `; lower it first: tile-opt --tile-to-${kind}` : '';
    module.emitError(
      `the module has no kernel to emit: expected a gpu.func with attribute gpu.kernel${hint}`,
    );
    return undefined;
  }
  const hosts = hostFunctions(module);
  for (const func of [...functions, ...hosts]) {
    const { value } = func.getAttribute('sym_name') as StringAttr;
    if (!isReservedName(value)) continue;
    func.emitError(
      `no kernel can be called '${value}' in emitted text, where that name has a meaning of its own`,
    );
    return undefined;
  }
  const library = loadWrappers(kind);
  const kernels = functions.map(describeKernel);
  const bodies: string[] = [];
  for (const [i, func] of functions.entries()) {
    const body = emitKernel(func, kernels[i], kind, options);
    if (body === undefined) return undefined;
    bodies.push(body);
  }
  const described = hosts.map((host) => describeHost(host, kernels));
  const launched: string[] = [];
  for (const [i, host] of hosts.entries()) {
    const body = emitHost(host, described[i], kind, options);
    if (body === undefined) return undefined;
    launched.push(body);
  }
  const metadata: LaunchMetadata = {
    version: 1,
    language: kind,
    arch: options.target.name,
    kernels,
    ...(described.length > 0 && { functions: described }),
  };
  const device = bodies.join('\n');
  const launchers = [...kernels.map(emitLauncher), ...launched].join('\n');
  const runtimeMacro = kind === 'cuda' ? '__CUDACC_RTC__' : '__HIPCC_RTC__';
  const text = [
    `// ${kernels.map((kernel) => kernel.name).join(', ')}: for ${options.target.name} (${options.target.summary}).`,
    `// launch metadata: ${JSON.stringify(metadata)}`,
    '#ifdef TILEWRIGHT_SIMULATOR',
    '#include "tilewright/simulator.h"',
    '#else',
    selectWrappers(library, wrappersIn(device + launchers, library)).trimEnd(),
    '#endif',
    '',
    device,
    `#if !defined(${runtimeMacro})`,
    launchers.trimEnd(),
    '#endif',
    '',
  ].join('\n');
  return { text, metadata };
}

/** Names of the wrappers that a text calls. Those that every file needs come with `launch` and `types`. */
function wrappersIn(text: string, library: WrapperLibrary): Set<string> {
  const names = new Set(['types', 'launch']);
  for (const [word] of text.matchAll(/\b[A-Za-z_]\w*\b/g)) {
    if (library.wrappers.has(word)) names.add(word);
    else if (word.startsWith('f8E')) names.add('f8');
  }
  return names;
}

function describeKernel(func: Operation): KernelMetadata {
  const name = (func.getAttribute('sym_name') as StringAttr).value;
  const block = func.getAttribute('known_block_size');
  const shared = func.getAttribute('tile.shared_bytes');
  const tiles = func.getAttribute('tile.shared_tiles') as ArrayAttr | undefined;
  const extents = tensorExtents(func);
  const strides = tensorStrides(func);
  const conditions = launchConditions(func);
  // Emitted kernels number their threads along x alone.
  const threads = block instanceof DenseArrayAttr ? block.values.reduce((a, b) => a * b, 1) : 1;
  return {
    name,
    entry: `launch_${name}`,
    grid: launchGrid(func),
    ...(conditions.length > 0 && { conditions }),
    block: [threads, 1, 1],
    sharedBytes: shared instanceof IntegerAttr ? shared.number : 0,
    ...(tiles !== undefined && { sharedTiles: tiles.elements.map(describeTile) }),
    launchBounds: { threads },
    arguments: kernelParameters(func).map((argument) =>
      describeArgument(argument, extents.get(argument), strides.get(argument)),
    ),
  };
}

function describeTile(attribute: Attribute): SharedTile {
  const tile = attribute as DictionaryAttr;
  const [offset, bytes] = ['offset', 'bytes'].map((key) => (tile.get(key) as IntegerAttr).number);
  return { name: (tile.get('name') as StringAttr).value, offset, bytes };
}

function describeArgument(
  argument: BlockArgument,
  extents: readonly (BlockArgument | undefined)[] = [],
  strides: readonly (BlockArgument | undefined)[] = [],
): KernelArgument {
  const type = parameterType(argument);
  const name = parameterName(argument);
  const namesOf = (sizes: typeof extents): (string | undefined)[] =>
    sizes.map((size) => size && parameterName(size));
  if (!(type instanceof MemRefType)) {
    // Emitted text counts in `int`.
    const elementType = type instanceof IndexType ? 'i32' : `${type}`;
    const kind = 'scalar';
    return { name, kind, elementType, shape: [], strides: [], alignment: 0, access: 'read' };
  }
  return {
    name,
    kind: 'tensor',
    elementType: `${type.elementType}`,
    ...describeShape(type, namesOf(extents), namesOf(strides)),
    alignment: POINTER_ALIGNMENT,
    access: accessOf(argument),
  };
}

/** Operations that write one of their operands, by its position. */
const WRITTEN_OPERAND: ReadonlyMap<string, number> = new Map([
  ['memref.store', 1],
  ['vector.store', 1],
  ['packed.store', 2],
]);

/** Operations that read and write the tensor that they name. */
const UPDATES: ReadonlySet<string> = new Set([
  'memref.atomic_rmw',
  'nv.atomic_add_pair',
  'amd.atomic_add_pair',
]);

function accessOf(tensor: Value): KernelArgument['access'] {
  let [isRead, isWritten] = [false, false];
  for (const use of tensor.uses()) {
    const isStored = WRITTEN_OPERAND.get(use.owner.name.text) === use.index;
    const isUpdated = UPDATES.has(use.owner.name.text);
    if (isStored || isUpdated) isWritten = true;
    if (!isStored) isRead = true;
  }
  if (isRead) return isWritten ? 'readwrite' : 'read';
  return isWritten ? 'write' : 'read';
}

/** The functions of a module that launch kernels. */
function hostFunctions(module: Operation): Operation[] {
  const hosts = new Set<Operation>();
  module.walk((op) => {
    const host = op.name.text === 'gpu.launch_func' ? op.getParentOfName('func.func') : undefined;
    if (host !== undefined) hosts.add(host);
  }, 'pre');
  return [...hosts];
}

/** What the first kernel that gets a tensor writes has no contents before; any that writes makes it no input alone. */
function describeHost(host: Operation, kernels: readonly KernelMetadata[]): FunctionMetadata {
  const name = (host.getAttribute('sym_name') as StringAttr).value;
  const accesses = new Map<Value, KernelArgument['access']>();
  host.walk((op) => {
    if (op.name.text !== 'gpu.launch_func') return;
    const { leaf } = op.getAttribute('kernel') as SymbolRefAttr;
    const kernel = kernels.find((each) => each.name === leaf);
    new GpuLaunchFuncOp(op).kernelOperands.forEach((operand, i) => {
      const access = kernel?.arguments[i]?.access ?? 'readwrite';
      const known = accesses.get(operand);
      if (known === undefined) accesses.set(operand, access);
      else if (known === 'read' && access !== 'read') accesses.set(operand, 'readwrite');
    });
  });
  const parameters = host.regions[0].entryBlock.arguments.map((argument) => ({
    ...describeArgument(argument),
    access: accesses.get(argument) ?? ('read' as const),
  }));
  const launches = describeLaunches(host, parameters);
  return { name, entry: `launch_${name}`, arguments: parameters, ...(launches && { launches }) };
}

/** The launches of a function that does nothing else, on its own arguments. */
function describeLaunches(
  host: Operation,
  parameters: readonly KernelArgument[],
): LaunchStep[] | undefined {
  const launches: LaunchStep[] = [];
  const block = host.regions[0].entryBlock;
  for (const op of block.operations()) {
    // Grids are computed from what the kernels' own descriptions say as well.
    if (op.isTerminator || op.name.isPure) continue;
    if (op.name.text !== 'gpu.launch_func') return undefined;
    const operands = new GpuLaunchFuncOp(op).kernelOperands.map((operand) =>
      block.arguments.findIndex((argument) => argument === operand),
    );
    if (operands.includes(-1)) return undefined;
    const { leaf } = op.getAttribute('kernel') as SymbolRefAttr;
    launches.push({ kernel: leaf, operands: operands.map((i) => parameters[i].name) });
  }
  return launches;
}

function emitHost(
  host: Operation,
  { entry, arguments: parameters }: FunctionMetadata,
  kind: EmitKind,
  options: EmitOptions,
): string | undefined {
  const writer = new TextWriter();
  const emitter = new FunctionEmitter(writer, {
    kind,
    target: options.target,
    lineDirectives: false,
  });
  const block = host.regions[0].entryBlock;
  const texts = parameters.map((argument, i) => {
    const name = emitter.declareAs(block.arguments[i], argument.name);
    return parameterText({ ...argument, name }, false);
  });
  writer.line(`extern "C" int ${entry}(${[...texts, 'stream_t stream'].join(', ')}) {`);
  const isEmitted = reportingUnsupported(() => writer.indented(() => emitter.emitBlock(block)));
  if (!isEmitted) return undefined;
  writer.line('  return 0;');
  writer.line('}');
  writer.line(`TILEWRIGHT_ENTRY(${entry})`);
  return writer.toString();
}

/** Runs `emit`; reports an operation that has no text and returns false. */
function reportingUnsupported(emit: () => void): boolean {
  try {
    emit();
    return true;
  } catch (error) {
    if (!(error instanceof UnsupportedOperation)) throw error;
    return error.op.emitOpError('has no spelling in emitted text; lower it first');
  }
}

function emitKernel(
  func: Operation,
  kernel: KernelMetadata,
  kind: EmitKind,
  options: EmitOptions,
): string | undefined {
  const writer = new TextWriter();
  const lineDirectives = options.lineDirectives ?? false;
  const emitter = new FunctionEmitter(writer, { kind, target: options.target, lineDirectives });
  const entry = func.regions[0].entryBlock;
  const parameters = kernel.arguments.map((argument, i) => {
    const name = emitter.declareAs(entry.arguments[i], argument.name);
    const { type } = entry.arguments[i];
    const elementType = scalarType(type instanceof MemRefType ? type.elementType : type);
    return parameterText({ ...argument, name, elementType }, true);
  });
  if (lineDirectives && func.location instanceof SourceLocation) {
    const { source, offset } = func.location;
    writer.directive(`#line ${source.getLineColumn(offset).line} ${JSON.stringify(source.name)}`);
  }
  writer.line(`extern "C" __global__ void __launch_bounds__(${kernel.launchBounds.threads})`);
  writer.line(`${kernel.name}(${parameters.join(', ')}) {`);
  if (!reportingUnsupported(() => writer.indented(() => emitter.emitBlock(entry))))
    return undefined;
  writer.line('}');
  return writer.toString();
}
