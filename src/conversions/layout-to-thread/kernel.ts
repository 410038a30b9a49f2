/** `tile.kernel` as a function of a GPU module, with its blocks walked in the order that the author asked for. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import {
  affineConstant,
  affineDim,
  AffineMap,
  AffineMapAttr,
  ArrayAttr,
  Block,
  Builder,
  FunctionType,
  IntegerAttr,
  IntegerSet,
  IntegerSetAttr,
  Region,
  StringAttr,
  substituteAffine,
  SymbolRefAttr,
  UnitAttr,
  type AffineExpr,
  type BlockArgument,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { TileAssumeOp, TileRasterizeOp } from '../../dialects/generated/tile.js';
import {
  gridExtents,
  indexParameters,
  launchesOf,
  LOWERED_ASSUMPTIONS,
  LOWERED_GRID_MAP,
  LOWERED_TENSOR_EXTENTS,
  LOWERED_TENSOR_STRIDES,
} from '../../dialects/tile/kernel-extents.js';
import {
  GpuBlockIdOp,
  GpuFuncOp,
  GpuLaunchFuncOp,
  GpuModuleEndOp,
  GpuModuleOp,
} from '../../dialects/generated/gpu.js';
import type { Target } from '../../targets/target.js';
import { expandAffine } from '../support/affine-expansion.js';
import { IndexBuilder, named, type Index } from '../support/index-builder.js';
import { gridValues, rasterizedIndices } from '../support/rasterization.js';
import { SHARED_BYTES, SHARED_TILES } from '../tile-to-layout/shared-memory.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Attribute of a lowered kernel: the architecture that it was lowered for. */
export const TARGET_ARCHITECTURE = 'tile.arch';

const DIMENSIONS = ['x', 'y', 'z'] as const;

/** Replaces a kernel by a `gpu.module` with one `gpu.func`. */
export function lowerKernel(kernel: Operation, target: Target): void {
  const name = (kernel.getAttribute('sym_name') as StringAttr).value;
  const grid = gridExtents(kernel);
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const body = kernel.regions[0].entryBlock;
  const argumentCount = body.arguments.length - grid.length;

  for (const launch of launchesOf(kernel)) lowerLaunch(launch, kernel);
  replaceBlockIndices(kernel, body, argumentCount, grid);
  const assumptions = takeAssumptions(kernel);
  const sizeCount = indexParameters(kernel).length;

  const builder = Builder.before(kernel);
  const moduleRegion = new Region();
  const inModule = Builder.atEnd(moduleRegion.append(new Block()), kernel.context);
  inModule.location = kernel.location;
  GpuModuleOp.build(builder, { symName: `${name}_module`, bodyRegion: moduleRegion });
  const region = new Region();
  kernel.regions[0].moveBlocksTo(region);
  const toThree = <Extent>(extents: readonly Extent[], one: Extent): Extent[] =>
    [...extents, one, one].slice(0, 3);
  const isStatic = grid.every((extent) => typeof extent === 'number');
  const func = GpuFuncOp.build(inModule, {
    functionType: FunctionType.get(
      body.arguments.map((argument) => argument.type),
      [],
    ),
    knownBlockSize: toThree([threads], 1),
    knownGridSize: isStatic ? toThree(grid as number[], 1) : undefined,
    body: region,
  });
  func.op.setAttribute('sym_name', StringAttr.get(name));
  func.op.setAttribute('gpu.kernel', UnitAttr.get());
  func.op.setAttribute(TARGET_ARCHITECTURE, StringAttr.get(target.name));
  func.op.setAttribute(SHARED_BYTES, kernel.getAttribute(SHARED_BYTES) ?? IntegerAttr.get(0));
  const tiles = kernel.getAttribute(SHARED_TILES);
  if (tiles !== undefined) func.op.setAttribute(SHARED_TILES, tiles);
  if (!isStatic) {
    const results = toThree<number | AffineExpr>(grid, 1).map((extent) =>
      typeof extent === 'number' ? affineConstant(extent) : extent,
    );
    const map = AffineMap.get(sizeCount, 0, results);
    func.op.setAttribute(LOWERED_GRID_MAP, AffineMapAttr.get(map));
  }
  const extents = kernel.getAttribute('tensor_extents');
  if (extents !== undefined) func.op.setAttribute(LOWERED_TENSOR_EXTENTS, extents);
  const strides = kernel.getAttribute('tensor_strides');
  if (strides !== undefined) func.op.setAttribute(LOWERED_TENSOR_STRIDES, strides);
  if (assumptions.length > 0) func.op.setAttribute(LOWERED_ASSUMPTIONS, ArrayAttr.get(assumptions));
  GpuModuleEndOp.build(inModule);
  Builder.atEnd(body, kernel.context).create('gpu.return');
  kernel.erase();
}

/** `tile.launch` as `gpu.launch_func`, with the grid computed from the arguments. */
function lowerLaunch(launch: Operation, kernel: Operation): void {
  const builder = Builder.before(launch);
  const index = new IndexBuilder(builder);
  const sizes = indexParameters(kernel).map(({ index: number }) => launch.operand(number));
  const grid = gridExtents(kernel).map((extent) =>
    typeof extent === 'number' ? extent : expandAffine(index, new IntegerAnalysis(), extent, sizes),
  );
  const [x, y, z] = index.values([...grid, 1, 1].slice(0, 3));
  const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  const [blockX, blockY, blockZ] = index.values([threads, 1, 1]);
  const name = (kernel.getAttribute('sym_name') as StringAttr).value;
  builder.location = launch.location;
  GpuLaunchFuncOp.build(builder, {
    asyncDependencies: [],
    kernel: SymbolRefAttr.get(`${name}_module`, name),
    gridSizeX: x,
    gridSizeY: y,
    gridSizeZ: z,
    blockSizeX: blockX,
    blockSizeY: blockY,
    blockSizeZ: blockZ,
    kernelOperands: launch.operands,
  });
  launch.getParentOfName('builtin.module')?.setAttribute('gpu.container_module', UnitAttr.get());
  launch.erase();
}

/**
 * Removes what the author assumes, which has done its work.
 * @returns what is assumed of index parameters alone, as sets over all of them: a launch checks that.
 */
function takeAssumptions(kernel: Operation): IntegerSetAttr[] {
  const parameters = indexParameters(kernel);
  const assumptions: Operation[] = [];
  kernel.walk((op) => {
    if (op.name.text === TileAssumeOp.opName) assumptions.push(op);
  });
  return assumptions.flatMap((op) => {
    const { set } = op.getAttribute('condition') as IntegerSetAttr;
    const places = op.operands.map((operand) => parameters.indexOf(operand as BlockArgument));
    const isChecked = op.parentOp === kernel && !places.includes(-1);
    op.erase();
    if (!isChecked) return [];
    const dims = places.slice(0, set.dimCount).map(affineDim);
    const symbols = places.slice(set.dimCount).map(affineDim);
    const constraints = set.constraints.map((expr) => substituteAffine(expr, dims, symbols));
    return [IntegerSetAttr.get(IntegerSet.get(parameters.length, 0, constraints, set.isEquality))];
  });
}

/** Block arguments that stood for block indices become reads of them. */
function replaceBlockIndices(
  kernel: Operation,
  body: Block,
  argumentCount: number,
  grid: readonly (number | AffineExpr)[],
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
      : rasterizedIndices(
          new IndexBuilder(builder),
          own,
          gridValues(kernel, new IndexBuilder(builder)),
          rasterize,
        );
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
  'packed',
];

export const convertTileKernelToGpu = defineKernelPass({
  name: 'convert-tile-kernel-to-gpu',
  summary: 'turn each kernel into a function of a GPU module',
  requires: ['gpu'],
  leaves: THREAD_LEVEL,
  run: lowerKernel,
});
