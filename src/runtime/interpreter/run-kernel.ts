/** Runs a kernel block by block, or a host function that launches kernels. */

import { gridExtents, indexParameters, tensorExtents } from '../../dialects/tile/kernel-extents.js';
import {
  evaluateAffine,
  resolveSymbol,
  type Operation,
  type SymbolRefAttr,
} from '../../ir/index.js';
import { argumentNote } from './access.js';
import type { View } from './buffer.js';
import { describe, fail, type Compilation, type Evaluator, type Step } from './compilation.js';
import { kernelArguments } from './kernel-arguments.js';
import { runGpuKernel } from './thread-level/run-gpu-kernel.js';

/** Runs a kernel of the tile or of the thread level, all blocks or those chosen, or a host function whose arguments are bound. */
export function runEntry(entry: Operation, scope: Compilation, chosen?: readonly number[]): void {
  const level = entry.name.text;
  if (level === 'func.func') return scope.block(entry.regions[0].entryBlock).run();
  checkSizes(entry, scope);
  if (level === 'gpu.func') return runGpuKernel(entry, scope, chosen);
  runBlocks(entry, scope, chosen);
}

/** A kernel sees the tensors of the launch's operands themselves. */
export const launch: Evaluator = (op, scope): Step => {
  const kernel = resolveSymbol(op, op.getAttribute('kernel') as SymbolRefAttr);
  if (kernel === undefined) fail(op, 'the kernel does not exist');
  const inner = scope.nested(kernel);
  const sources = op.operands.map((value) => scope.slot(value));
  const targets = kernelArguments(kernel).map(({ value }) => inner.slot(value));
  return () => {
    sources.forEach((source, i) => {
      inner.numbers[targets[i]] = scope.numbers[source];
      inner.objects[targets[i]] = scope.objects[source];
    });
    const before = inner.steps;
    runEntry(kernel, inner);
    scope.countSteps(op, inner.steps - before);
  };
};

/** Tensors have the run-time extents that the arguments say. */
function checkSizes(kernel: Operation, scope: Compilation): void {
  for (const [tensor, extents] of tensorExtents(kernel)) {
    const { shape } = scope.objects[scope.slot(tensor)] as View;
    extents.forEach((size, dimension) => {
      if (size === undefined) return;
      const value = scope.numbers[scope.slot(size)];
      if (value === shape[dimension]) return;
      fail(
        kernel,
        `argument ${describe(tensor)} has extent ${shape[dimension]} in dimension ${dimension}, but ${describe(size)} is ${value}`,
        [argumentNote(tensor, `${describe(tensor)} is declared here`)],
      );
    });
  }
}

/** The grid's extents for the arguments of this run. */
function gridOf(kernel: Operation, scope: Compilation): number[] {
  const sizes = indexParameters(kernel).map((size) => scope.numbers[scope.slot(size)]);
  return gridExtents(kernel).map((extent) =>
    typeof extent === 'number' ? extent : Math.max(0, evaluateAffine(extent, sizes, []) ?? 0),
  );
}

/** Runs the kernel's body for every block of the grid, or for those chosen, the first index fastest. */
function runBlocks(kernel: Operation, scope: Compilation, chosen?: readonly number[]): void {
  const grid = gridOf(kernel, scope);
  const body = kernel.regions[0].entryBlock;
  const indices = body.arguments.slice(body.arguments.length - grid.length);
  const slots = indices.map((argument) => scope.slot(argument));
  const { run } = scope.block(body);
  const count = grid.reduce((a, b) => a * b, 1);
  for (let i = 0; i < (chosen?.length ?? count); i++) {
    const block = chosen?.[i] ?? i;
    scope.countSteps(kernel, 1);
    let rest = block;
    slots.forEach((slot, dim) => {
      scope.numbers[slot] = rest % grid[dim];
      rest = Math.floor(rest / grid[dim]);
    });
    run();
  }
}
