/** `tile.kernel` as a function of a GPU module, with its blocks walked in the order that the author asked for. */

import type { DenseArrayAttr } from '../../ir/index.js';
import {
  Block,
  Builder,
  FunctionType,
  IntegerAttr,
  Region,
  StringAttr,
  UnitAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { TileRasterizeOp } from '../../dialects/generated/tile.js';
import {
  GpuBlockIdOp,
  GpuFuncOp,
  GpuModuleEndOp,
  GpuModuleOp,
} from '../../dialects/generated/gpu.js';
import type { Target } from '../../targets/target.js';
import { IndexBuilder, named, type Index } from '../support/index-builder.js';
import { SHARED_BYTES } from '../tile-to-layout/shared-memory.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Attribute of a lowered kernel: the architecture that it was lowered for. */
export const TARGET_ARCHITECTURE = 'tile.arch';

const DIMENSIONS = ['x', 'y', 'z'] as const;

/** Replaces a kernel by a `gpu.module` with one `gpu.func`. */
export function lowerKernel(kernel: Operation, target: Target): void {
  const name = (kernel.getAttribute('sym_name') as StringAttr).value;
  const grid = (kernel.getAttribute('grid') as DenseArrayAttr).values;
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const body = kernel.regions[0].entryBlock;
  const argumentCount = body.arguments.length - grid.length;

  replaceBlockIndices(kernel, body, argumentCount, grid);

  const builder = Builder.before(kernel);
  const moduleRegion = new Region();
  const inModule = Builder.atEnd(moduleRegion.append(new Block()), kernel.context);
  inModule.location = kernel.location;
  GpuModuleOp.build(builder, { symName: `${name}_module`, bodyRegion: moduleRegion });
  const region = new Region();
  kernel.regions[0].moveBlocksTo(region);
  const toThree = (extents: readonly number[]): number[] => [...extents, 1, 1].slice(0, 3);
  const func = GpuFuncOp.build(inModule, {
    functionType: FunctionType.get(
      body.arguments.map((argument) => argument.type),
      [],
    ),
    knownBlockSize: toThree([threads]),
    knownGridSize: toThree(grid),
    body: region,
  });
  func.op.setAttribute('sym_name', StringAttr.get(name));
  func.op.setAttribute('gpu.kernel', UnitAttr.get());
  func.op.setAttribute(TARGET_ARCHITECTURE, StringAttr.get(target.name));
  func.op.setAttribute(SHARED_BYTES, kernel.getAttribute(SHARED_BYTES) ?? IntegerAttr.get(0));
  GpuModuleEndOp.build(inModule);
  Builder.atEnd(body, kernel.context).create('gpu.return');
  kernel.erase();
}

/** Block arguments that stood for block indices become reads of them. */
function replaceBlockIndices(
  kernel: Operation,
  body: Block,
  argumentCount: number,
  grid: readonly number[],
): void {
  const builder = new Builder(kernel.context);
  builder.setInsertionPointToStart(body);
  builder.location = kernel.location;
  const own = grid.map((_, dimension) => {
    const id = GpuBlockIdOp.build(builder, { dimension: DIMENSIONS[dimension] }).result;
    return named(`block_${DIMENSIONS[dimension]}`, id) as Value;
  });
  let rasterize: Operation | undefined;
  kernel.walk((op) => {
    if (op.name.text === TileRasterizeOp.opName) rasterize = op;
  });
  const indices: Index[] =
    rasterize === undefined
      ? own
      : rasterizedIndices(new IndexBuilder(builder), own, grid, new TileRasterizeOp(rasterize));
  rasterize?.erase();
  for (let dimension = grid.length - 1; dimension >= 0; dimension--) {
    const argument = body.arguments[argumentCount + dimension];
    const index = indices[dimension];
    const value = typeof index === 'number' ? new IndexBuilder(builder).constant(index) : index;
    if (argument.name !== undefined) value.name = argument.name;
    argument.replaceAllUsesWith(value);
    body.eraseArgument(argument.index);
  }
}

/**
 * Blocks in order of their number walk panels of `panel` rows (or columns): within a panel the rows of one column come
 * first, so that blocks that run together share operands. The last panel may have fewer rows.
 */
function rasterizedIndices(
  index: IndexBuilder,
  own: readonly Value[],
  grid: readonly number[],
  rasterize: TileRasterizeOp,
): Index[] {
  if (grid.length < 2) return [...own];
  const isRow = `${(rasterize.op.getAttribute('order') as StringAttr).value}` === 'row';
  const across = isRow ? 1 : 0;
  const along = 1 - across;
  const panel = Math.min((rasterize.op.getAttribute('panel') as IntegerAttr).number, grid[across]);
  const number = index.add(own[0], index.multiply(own[1], grid[0]));
  const perPanel = panel * grid[along];
  const panelNumber = index.divide(number, perPanel);
  const within = index.remainder(number, perPanel);
  const first = index.multiply(panelNumber, panel);
  const rest = grid[across] % panel;
  let position: Index;
  let inPanel: Index;
  if (rest === 0) {
    position = index.divide(within, panel);
    inPanel = index.remainder(within, panel);
  } else {
    const isLast = index.compare('eq', panelNumber, Math.floor(grid[across] / panel));
    position = index.select(isLast, index.divide(within, rest), index.divide(within, panel));
    inPanel = index.select(isLast, index.remainder(within, rest), index.remainder(within, panel));
  }
  const result: Index[] = [...own];
  result[across] = index.add(first, inPanel);
  result[along] = position;
  return result;
}

/** What a lowered program may hold: no operation of the tile level. */
const THREAD_LEVEL = [
  'builtin',
  'func',
  'gpu',
  'memref',
  'vector',
  'scf',
  'cf',
  'arith',
  'math',
  'nv',
  'amd',
];

export const convertTileKernelToGpu = defineKernelPass({
  name: 'convert-tile-kernel-to-gpu',
  summary: 'turn each kernel into a function of a GPU module',
  requires: ['gpu'],
  leaves: THREAD_LEVEL,
  run: lowerKernel,
});
