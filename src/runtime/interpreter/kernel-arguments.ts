/** The arguments of a kernel: their names, and which of them it reads and writes. */

import { tensorExtents } from '../../dialects/tile/kernel-extents.js';
import type { BlockArgument } from '../../ir/index.js';
import {
  FunctionType,
  isShapedType,
  MemRefType,
  ownEffects,
  symbolName,
  TypeAttr,
  type Operation,
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
}

/** The kernels of a module in order. */
export function findKernels(module: Operation): Operation[] {
  const kernels: Operation[] = [];
  module.walk((op) => {
    if (op.name.text === 'tile.kernel') kernels.push(op);
  });
  return kernels;
}

export function kernelName(kernel: Operation): string {
  return symbolName(kernel) ?? '<unnamed>';
}

/** The arguments of a kernel in order, without the block indices. */
export function kernelArguments(kernel: Operation): KernelArgument[] {
  const type = kernel.getAttribute('function_type');
  const isFunction = type instanceof TypeAttr && type.type instanceof FunctionType;
  const count = isFunction ? (type.type as FunctionType).inputs.length : 0;
  const written = new Map<Value, Access>();
  kernel.walk((op) => {
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
  const nameOf = (argument: BlockArgument): string => argument.name ?? `arg${argument.index}`;
  const extents = tensorExtents(kernel);
  return kernel.regions[0].entryBlock.arguments.slice(0, count).map((value) => {
    const name = nameOf(value);
    const sizes = (extents.get(value) ?? []).map((size) => size && nameOf(size));
    const isTensor = isShapedType(value.type) && value.type instanceof MemRefType;
    const access = written.get(value) ?? 'none';
    return { name, type: value.type, value, kind: isTensor ? 'tensor' : 'scalar', access, sizes };
  });
}
