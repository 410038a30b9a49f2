/**
 * Extents and strides that are known at run time: those of a kernel's tensors and of its grid. They are arguments of the
 * kernel, of type `index`. The lowered kernel, a `gpu.func`, keeps the same attributes under discardable names.
 */

import type { FunctionType } from '../../ir/index.js';
import {
  AffineMapAttr,
  affineConstant,
  ArrayAttr,
  BlockArgument,
  DenseArrayAttr,
  DYNAMIC,
  IndexType,
  MemRefType,
  StridedLayoutAttr,
  symbolName,
  TypeAttr,
  type AffineExpr,
  type Attribute,
  type Operation,
  type SymbolRefAttr,
  type Type,
  type Value,
} from '../../ir/index.js';

/** Names of the attributes on a `gpu.func`. */
export const LOWERED_TENSOR_EXTENTS = 'tile.tensor_extents';
export const LOWERED_TENSOR_STRIDES = 'tile.tensor_strides';
/** The types of all parameters as the author wrote them, where packed elements became bytes. */
export const LOWERED_TENSOR_TYPES = 'tile.tensor_types';
/** An array of integer sets over the index parameters. */
export const LOWERED_ASSUMPTIONS = 'tile.assumptions';
export const LOWERED_GRID_MAP = 'tile.grid_map';

function attributeOf(kernel: Operation, name: string, lowered: string): Attribute | undefined {
  return kernel.getAttribute(name) ?? kernel.getAttribute(lowered);
}

/** The parameters of a kernel or lowered kernel, without the block indices. */
export function kernelParameters(kernel: Operation): BlockArgument[] {
  const type = kernel.getAttribute('function_type');
  const inputs = type instanceof TypeAttr ? (type.type as FunctionType).inputs : [];
  return kernel.regions[0].entryBlock.arguments.slice(0, inputs.length);
}

/** The type of a parameter for those who call the kernel. */
export function parameterType(parameter: BlockArgument): Type {
  const types = parameter.owner.parentOp?.getAttribute(LOWERED_TENSOR_TYPES);
  const own = types instanceof ArrayAttr ? types.elements[parameter.index] : undefined;
  return own instanceof TypeAttr ? own.type : parameter.type;
}

/** What the dimensions of `grid_map` stand for: the parameters of type `index`, in order. */
export function indexParameters(kernel: Operation): BlockArgument[] {
  return kernelParameters(kernel).filter(({ type }) => type instanceof IndexType);
}

/** The grid's extents: numbers, or expressions of the index parameters. */
export function gridExtents(kernel: Operation): (number | AffineExpr)[] {
  const grid = kernel.getAttribute('grid') ?? kernel.getAttribute('known_grid_size');
  const map = attributeOf(kernel, 'grid_map', LOWERED_GRID_MAP);
  const results = map instanceof AffineMapAttr ? map.map.results : [];
  if (!(grid instanceof DenseArrayAttr))
    return results.map((result) => (result.kind === 'constant' ? result.value : result));
  return grid.values.map((extent, dimension) =>
    extent === DYNAMIC ? (results[dimension] ?? affineConstant(1)) : extent,
  );
}

/** Strides that a tensor's type declares; none where its type is dense. */
export function declaredStrides({ layout }: MemRefType): readonly number[] {
  return layout instanceof StridedLayoutAttr ? layout.strides : [];
}

/** For each parameter that is a tensor, the index parameter behind each dimension that is known at run time. */
export function tensorExtents(kernel: Operation): Map<Value, (BlockArgument | undefined)[]> {
  const numbers = attributeOf(kernel, 'tensor_extents', LOWERED_TENSOR_EXTENTS);
  return runTimeParameters(kernel, numbers, ({ shape }) => shape);
}

/** For each parameter that is a tensor with strides in its type, the index parameter behind each that is known at run time. */
export function tensorStrides(kernel: Operation): Map<Value, (BlockArgument | undefined)[]> {
  const numbers = attributeOf(kernel, 'tensor_strides', LOWERED_TENSOR_STRIDES);
  return runTimeParameters(kernel, numbers, declaredStrides);
}

/** @param attribute the numbers of the parameters behind each `?` among the numbers that a type declares. */
function runTimeParameters(
  kernel: Operation,
  attribute: Attribute | undefined,
  declared: (type: MemRefType) => readonly number[],
): Map<Value, (BlockArgument | undefined)[]> {
  const parameters = kernelParameters(kernel);
  const numbers = attribute instanceof DenseArrayAttr ? attribute.values : [];
  const found = new Map<Value, (BlockArgument | undefined)[]>();
  let next = 0;
  for (const parameter of parameters) {
    const type = parameterType(parameter);
    if (!(type instanceof MemRefType)) continue;
    const own = declared(type).map((number) =>
      number === DYNAMIC ? parameters[numbers[next++] ?? -1] : undefined,
    );
    found.set(parameter, own);
  }
  return found;
}

/** The extent of a dimension: a number, the index parameter that it is, or undefined where it is neither. */
export function tensorExtent(tensor: Value, dimension: number): number | BlockArgument | undefined {
  const extent = (tensor.type as MemRefType).shape[dimension];
  if (extent !== DYNAMIC) return extent;
  const kernel = tensor instanceof BlockArgument ? tensor.owner.parentOp : undefined;
  return kernel ? tensorExtents(kernel).get(tensor)?.[dimension] : undefined;
}

/** A stride that a tensor's type declares: a number, the index parameter that it is, or undefined where it is neither. */
export function tensorStride(tensor: Value, dimension: number): number | BlockArgument | undefined {
  const stride = declaredStrides(tensor.type as MemRefType)[dimension];
  if (stride !== DYNAMIC) return stride;
  const kernel = tensor instanceof BlockArgument ? tensor.owner.parentOp : undefined;
  return kernel ? tensorStrides(kernel).get(tensor)?.[dimension] : undefined;
}

/** The launches of a kernel in its module. */
export function launchesOf(kernel: Operation): Operation[] {
  const launches: Operation[] = [];
  const name = symbolName(kernel);
  kernel.parentOp?.walk((op) => {
    if (op.name.text !== 'tile.launch') return;
    if ((op.getAttribute('kernel') as SymbolRefAttr).leaf === name) launches.push(op);
  });
  return launches;
}
