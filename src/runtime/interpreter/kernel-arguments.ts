/** The arguments of a kernel: their names, and which of them it reads and writes. */

import {
  launchesOf,
  parameterType,
  tensorExtents,
  tensorStrides,
} from '../../dialects/tile/kernel-extents.js';
import type { BlockArgument } from '../../ir/index.js';
import {
  FunctionType,
  isShapedType,
  MemRefType,
  ownEffects,
  resolveSymbol,
  symbolName,
  TypeAttr,
  type Operation,
  type SymbolRefAttr,
  type Type,
  type Value,
} from '../../ir/index.js';

export type Access = 'none' | 'read' | 'write' | 'readwrite';

export interface KernelArgument {
  readonly name: string;
  readonly type: Type;
  readonly value: BlockArgument;
  readonly kind: 'tensor' | 'scalar';
  /** Of a tensor. A tensor that is written but never read is an output without initial contents. */
  readonly access: Access;
  /** Names of the arguments that are a tensor's run-time extents, by dimension. */
  readonly sizes: readonly (string | undefined)[];
  /** Names of the arguments that are its run-time strides, by dimension. */
  readonly strides: readonly (string | undefined)[];
}

/** The kernels of a module in order. */
export function findKernels(module: Operation): Operation[] {
  const kernels: Operation[] = [];
  module.walk((op) => {
    if (op.name.text === 'tile.kernel') kernels.push(op);
  });
  return kernels;
}

/** Kernels of the tile level, and lowered ones. */
export function findAnyKernels(module: Operation): Operation[] {
  const kernels: Operation[] = [];
  module.walk((op) => {
    const isLowered = op.name.text === 'gpu.func' && op.hasAttribute('gpu.kernel');
    if (op.name.text === 'tile.kernel' || isLowered) kernels.push(op);
  });
  return kernels;
}

/** What can be run: functions that launch kernels, and the kernels that none launches. */
export function findEntries(module: Operation): Operation[] {
  const hosts = new Set<Operation>();
  module.walk((op) => {
    const host = op.name.text === 'tile.launch' ? op.getParentOfName('func.func') : undefined;
    if (host !== undefined) hosts.add(host);
  });
  return [...findKernels(module).filter((kernel) => launchesOf(kernel).length === 0), ...hosts];
}

/** A kernel accesses the operands of a launch; what one writes first has no contents before. */
function noteLaunch(launch: Operation, accesses: Map<Value, Access>): void {
  const kernel = resolveSymbol(launch, launch.getAttribute('kernel') as SymbolRefAttr);
  if (kernel === undefined) return;
  for (const [i, { access }] of kernelArguments(kernel).entries()) {
    const operand = launch.operands[i];
    const known = accesses.get(operand);
    if (known === undefined || known === 'none') accesses.set(operand, access);
    else if (known === 'read' && access.includes('write')) accesses.set(operand, 'readwrite');
  }
}

export function kernelName(kernel: Operation): string {
  return symbolName(kernel) ?? '<unnamed>';
}

/** The name by which a kernel's argument is given a value. */
export function argumentName(argument: BlockArgument): string {
  return argument.name ?? `arg${argument.index}`;
}

/** The arguments of a kernel in order, without the block indices. */
export function kernelArguments(kernel: Operation): KernelArgument[] {
  const type = kernel.getAttribute('function_type');
  const isFunction = type instanceof TypeAttr && type.type instanceof FunctionType;
  const count = isFunction ? (type.type as FunctionType).inputs.length : 0;
  const written = new Map<Value, Access>();
  kernel.walk((op) => {
    if (op.name.text === 'tile.launch') noteLaunch(op, written);
    for (const effect of ownEffects(op) ?? []) {
      if (effect.value === undefined || (effect.kind !== 'read' && effect.kind !== 'write'))
        continue;
      const known = written.get(effect.value);
      written.set(
        effect.value,
        known === undefined || known === effect.kind ? effect.kind : 'readwrite',
      );
    }
  });
  const extents = tensorExtents(kernel);
  const strideParameters = tensorStrides(kernel);
  return kernel.regions[0].entryBlock.arguments.slice(0, count).map((value) => {
    const name = argumentName(value);
    const [sizes, strides] = [extents, strideParameters].map((parameters) =>
      (parameters.get(value) ?? []).map((parameter) => parameter && argumentName(parameter)),
    );
    const type = parameterType(value);
    const isTensor = isShapedType(type) && type instanceof MemRefType;
    const access = written.get(value) ?? 'none';
    return {
      name,
      type,
      value,
      kind: isTensor ? 'tensor' : 'scalar',
      access,
      sizes,
      strides,
    };
  });
}
