/** Makes every run-time extent and stride of a kernel's tensors an argument, so that all below speaks of values. */

import {
  declaredStrides,
  kernelParameters,
  launchesOf,
  tensorExtents,
  tensorStrides,
} from '../../dialects/tile/kernel-extents.js';
import type { MemRefType } from '../../ir/index.js';
import {
  AffineMap,
  AffineMapAttr,
  Builder,
  DenseArrayAttr,
  DYNAMIC,
  FunctionType,
  i64,
  indexType,
  IntegerAttr,
  TypeAttr,
  type BlockArgument,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { IndexBuilder } from '../support/index-builder.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Appends an argument for each extent and stride without a name, and replaces reads of extents by the arguments. */
export function bindExtents(kernel: Operation): boolean {
  const extents = tensorExtents(kernel);
  const strides = tensorStrides(kernel);
  const body = kernel.regions[0].entryBlock;
  const parameters: BlockArgument[] = kernelParameters(kernel);
  const launches = launchesOf(kernel);
  const append = (tensor: Value, name: string): BlockArgument => {
    const added = body.insertArgument(parameters.length, indexType, tensor.location);
    added.name = `${tensor.name ?? 'tensor'}_${name}`;
    parameters.push(added);
    return added;
  };
  for (const [tensor, own] of extents) {
    (tensor.type as MemRefType).shape.forEach((extent, dimension) => {
      if (extent !== DYNAMIC || own[dimension] !== undefined) return;
      for (const launch of launches) passExtent(launch, tensor as BlockArgument, dimension);
      own[dimension] = append(tensor, `extent${dimension}`);
    });
  }
  for (const [tensor, own] of strides) {
    for (const [dimension, stride] of declaredStrides(tensor.type as MemRefType).entries()) {
      if (stride !== DYNAMIC || own[dimension] !== undefined) continue;
      if (launches.length > 0) {
        return kernel.emitOpError(
          `is launched by a function, which needs a name for each run-time stride: expected strides(...) behind '${tensor.type}'`,
          [launches[0].note('it is launched here')],
        );
      }
      own[dimension] = append(tensor, `stride${dimension}`);
    }
  }
  const isBound = [
    setNumbers(kernel, 'tensor_extents', extents),
    setNumbers(kernel, 'tensor_strides', strides),
  ].includes(true);
  if (!isBound) return true;
  const map = kernel.getAttribute('grid_map');
  if (map instanceof AffineMapAttr) {
    // The map's dimensions are the arguments of type index, of which there may be more now.
    const count = parameters.filter(({ type }) => type === indexType).length;
    kernel.setAttribute('grid_map', AffineMapAttr.get(AffineMap.get(count, 0, map.map.results)));
  }
  const inputs = parameters.map(({ type }) => type);
  kernel.setAttribute('function_type', TypeAttr.get(FunctionType.get(inputs, [])));
  readExtents(kernel, extents);
  return true;
}

/** Keeps which arguments the extents or strides are; returns whether there are any. */
function setNumbers(
  kernel: Operation,
  name: string,
  bound: ReadonlyMap<Value, readonly (BlockArgument | undefined)[]>,
): boolean {
  const numbers = [...bound.values()].flatMap((own) =>
    own.filter((argument) => argument !== undefined).map((argument) => argument.index),
  );
  if (numbers.length > 0) kernel.setAttribute(name, DenseArrayAttr.get(i64, numbers));
  return numbers.length > 0;
}

/** Hands the extent of a tensor to a kernel as one more argument. */
function passExtent(launch: Operation, tensor: BlockArgument, dimension: number): void {
  const index = new IndexBuilder(Builder.before(launch));
  const extent = index.builder.create('memref.dim', {
    operands: [launch.operand(tensor.index), index.constant(dimension)],
    resultTypes: [indexType],
  }).result;
  launch.setOperands([...launch.operands, extent]);
}

/** `memref.dim %tensor, c` is the argument behind dimension c. */
function readExtents(
  kernel: Operation,
  extents: ReadonlyMap<Value, readonly (BlockArgument | undefined)[]>,
): void {
  const reads: Operation[] = [];
  kernel.walk((op) => {
    if (op.name.text === 'memref.dim') reads.push(op);
  });
  for (const read of reads) {
    const dimension = read.operand(1).definingOp?.getAttribute('value');
    if (!(dimension instanceof IntegerAttr)) continue;
    const argument = extents.get(read.operand(0))?.[dimension.number];
    if (argument === undefined) continue;
    read.result.replaceAllUsesWith(argument);
    read.erase();
  }
}

export const tileBindExtents = defineKernelPass({
  name: 'tile-bind-extents',
  summary: "make the run-time extents and strides of a kernel's tensors arguments of it",
  run: bindExtents,
});
