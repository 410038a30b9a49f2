/** Runs a lowered kernel, a `gpu.func`: block after block, the threads of a block in step. */

import {
  gridExtents,
  indexParameters,
  kernelParameters,
  parameterType,
} from '../../../dialects/tile/kernel-extents.js';
import {
  DenseArrayAttr,
  DYNAMIC,
  evaluateAffine,
  IntegerAttr,
  IntegerType,
  StringAttr,
  type MemRefType,
  type Operation,
} from '../../../ir/index.js';
import { findTarget } from '../../../targets/target.js';
import { elementFormat } from '../../numerics/index.js';
import { Buffer, viewOf, type View } from '../buffer.js';
import { fail, type Compilation } from '../compilation.js';
import { groupEvaluators } from './group-evaluators.js';
import { ThreadGroup } from './thread-group.js';

/** `scope` has the kernel's arguments; `chosen` numbers the blocks to run, the first index fastest. */
export function runGpuKernel(
  kernel: Operation,
  scope: Compilation,
  chosen?: readonly number[],
): void {
  const block = kernel.getAttribute('known_block_size');
  if (!(block instanceof DenseArrayAttr)) fail(kernel, `expected a kernel with 'known_block_size'`);
  const blockExtents = block.values;
  const sizes = indexParameters(kernel).map((size) => scope.numbers[scope.slot(size)]);
  const extents = gridExtents(kernel).map((extent) =>
    typeof extent === 'number' ? extent : Math.max(0, evaluateAffine(extent, sizes, []) ?? 0),
  );
  if (extents.length === 0) fail(kernel, `expected a kernel with 'known_grid_size' or a grid map`);
  const grid = [...extents, 1, 1].slice(0, 3);
  const count = blockExtents.reduce((a, b) => a * b, 1);
  readPackedTensors(kernel, scope);
  const scopes = [scope, ...Array.from({ length: count - 1 }, () => scope.forThread())];
  const launch = { blockExtents, gridExtents: grid, subgroupSize: subgroupSize(kernel) };
  const group = new ThreadGroup(scopes, launch, groupEvaluators);
  const { run } = group.block(kernel.regions[0].entryBlock);
  const blocks = chosen?.length ?? grid.reduce((a, b) => a * b, 1);
  for (let i = 0; i < blocks; i++) {
    const number = chosen?.[i] ?? i;
    scope.countSteps(kernel, 1);
    group.blockIndex = [
      number % grid[0],
      Math.floor(number / grid[0]) % grid[1],
      Math.floor(number / (grid[0] * grid[1])),
    ];
    group.sharedMemory = sharedMemory(kernel);
    run(group.all);
  }
}

/** Tensors of elements that share a byte are bytes to the kernel. */
function readPackedTensors(kernel: Operation, scope: Compilation): void {
  for (const parameter of kernelParameters(kernel)) {
    if (parameterType(parameter) === parameter.type) continue;
    const slot = scope.slot(parameter);
    const { buffer } = scope.objects[slot] as View;
    const bytes = buffer.readAs(scope.elementFormat(parameter.type, kernel));
    const { shape } = parameter.type as MemRefType;
    scope.objects[slot] = viewOf(bytes, 0, shape.includes(DYNAMIC) ? bytes.shape : shape);
  }
}

function subgroupSize(kernel: Operation): number {
  const arch = kernel.getAttribute('tile.arch');
  const target = arch instanceof StringAttr ? findTarget(arch.value) : undefined;
  return target?.warp_size ?? 32;
}

/** Of a block: bytes, all undefined. */
function sharedMemory(kernel: Operation): Buffer | undefined {
  const bytes = kernel.getAttribute('tile.shared_bytes');
  if (!(bytes instanceof IntegerAttr)) return undefined;
  const format = elementFormat(IntegerType.get(8))!;
  return new Buffer(format, [bytes.number], () => kernel.note("the block's shared memory"));
}
