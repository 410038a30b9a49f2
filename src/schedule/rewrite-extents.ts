/** Writes the new extent of a tile dimension down, once it is known to be sound. */

import { TileFragmentType, TileSharedType } from '../dialects/generated/tile.js';
import {
  affineBinary,
  affineConstant,
  affineDim,
  AffineMap,
  AffineMapAttr,
  Builder,
  DenseArrayAttr,
  indexType,
  IntegerAttr,
  type AffineExpr,
  type Operation,
  type Value,
} from '../ir/index.js';
import { neededOf, type Division } from './division.js';
import type { TileDimension, TileDimensions } from './tile-dimensions.js';

/** Changes types, loops, grid and factors of a class to a new extent. */
export function rewriteExtents(
  dimensions: TileDimensions,
  { slots, extent: old }: TileDimension,
  division: Division,
  extent: number,
): void {
  const { kernel } = dimensions;
  if (division.kind === 'blocks') {
    const covered = dimensions.grid[division.gridDimension] * old;
    const dimension = dimensions.at(division.index, 0)!;
    const blocks = Math.ceil(neededOf(dimension, covered) / extent);
    const grid = dimensions.grid.map((count, i) => (i === division.gridDimension ? blocks : count));
    const { elementType } = kernel.getAttribute('grid') as DenseArrayAttr;
    kernel.setAttribute('grid', DenseArrayAttr.get(elementType, grid));
    for (const user of [...division.index.users()]) rescale(user, division.index, extent);
  } else division.loops.forEach((loop) => setStep(loop, extent));
  for (const { owner, dimension, kind } of slots) {
    if (kind === 'parallel') {
      const loop = owner as Operation;
      const { elementType, values } = loop.getAttribute('extents') as DenseArrayAttr;
      loop.setAttribute(
        'extents',
        DenseArrayAttr.get(elementType, replaced(values, dimension, extent)),
      );
    } else if (kind === 'tile') {
      const tile = owner as Value;
      const type = tile.type as TileSharedType | TileFragmentType;
      const shape = replaced(type.shape, dimension, extent);
      tile.type =
        type instanceof TileSharedType
          ? TileSharedType.get(shape, type.elementType)
          : TileFragmentType.get(shape, type.elementType);
    }
  }
  // A promise about bounds was made for the old extents.
  kernel.walk((op) => {
    if (op.name.text === 'tile.copy') op.setAttribute('in_bounds', undefined);
  });
}

function replaced(values: readonly number[], at: number, value: number): number[] {
  return values.map((old, i) => (i === at ? value : old));
}

function constantBefore(op: Operation, value: number): Value {
  return Builder.before(op).create('arith.constant', {
    resultTypes: [indexType],
    attributes: { value: IntegerAttr.get(value, indexType) },
  }).result;
}

function setStep(loop: Operation, step: number): void {
  if (loop.name.text === 'scf.for') loop.setOperand(2, constantBefore(loop, step));
  else if (loop.hasAttribute('step')) loop.setAttribute('step', IntegerAttr.get(step, indexType));
  else loop.setOperand(loop.operandCount - 1, constantBefore(loop, step));
}

function rescale(op: Operation, index: Value, extent: number): void {
  if (op.name.text === 'arith.muli') {
    op.setOperand(op.operand(0) === index ? 1 : 0, constantBefore(op, extent));
    return;
  }
  const attribute = op.getAttribute('map');
  if (op.name.text !== 'affine.apply' || !(attribute instanceof AffineMapAttr)) return;
  const { map } = attribute;
  const position = op.operands.indexOf(index);
  const { dimCount, symbolCount } = map;
  // The other terms as they are, then the block index with its new factor.
  const rest = withoutDim(map.results[0], position);
  const scaled = affineBinary('*', affineDim(position), affineConstant(extent));
  const result = affineBinary('+', scaled, rest);
  op.setAttribute('map', AffineMapAttr.get(AffineMap.get(dimCount, symbolCount, [result])));
}

/** The expression for dimension `position` at zero. */
function withoutDim(expr: AffineExpr, position: number): AffineExpr {
  if (expr.kind === 'dim') return expr.position === position ? affineConstant(0) : expr;
  if (expr.kind !== 'binary') return expr;
  return affineBinary(
    expr.operator,
    withoutDim(expr.lhs, position),
    withoutDim(expr.rhs, position),
  );
}
