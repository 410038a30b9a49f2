/**
 * Brings operands to where their operation works: reductions combine fragments, scans run over shared memory. Other tiles
 * are copied there and back.
 */

import {
  TileCopyOp,
  TileFragmentType,
  TileReduceOp,
  TileScanOp,
  TileSharedType,
} from '../../dialects/generated/tile.js';
import {
  Builder,
  FloatType,
  IntegerType,
  isOp,
  type Operation,
  type ShapedType,
  TypeAttr,
  type Type,
  type Value,
} from '../../ir/index.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { isFragment, isShared, sharesBytes } from '../support/tiles.js';

export function stageOperands(kernel: Operation): void {
  const found: Operation[] = [];
  kernel.walk((op) => {
    if (isOp(op, TileReduceOp) || isOp(op, TileScanOp)) found.push(op);
  });
  for (const op of found) {
    if (isOp(op, TileReduceOp)) stageReduction(new TileReduceOp(op));
    else stageScan(new TileScanOp(op));
  }
}

function stageReduction({ op, source, destination, clear }: TileReduceOp): void {
  if (!isFragment(source.type)) op.setOperand(0, copied(op, source, TileFragmentType, true));
  if (isFragment(destination.type)) return;
  const result = copied(op, destination, TileFragmentType, !clear);
  op.setOperand(1, result);
  copy(Builder.after(op), result, destination);
}

/**
 * A scan of a fragment happens in place, in a tile of its own; so does one of elements that share a byte, where threads would
 * write elements beside those that others read.
 */
function stageScan({ op, source, destination }: TileScanOp): void {
  const isScanned = ({ type }: Value): boolean => isShared(type) && !sharesBytes(type);
  const from = isScanned(source) ? source : copied(op, source, TileSharedType, true);
  op.setOperand(0, from);
  const { elementType } = source.type as ShapedType;
  if (sharesBytes({ elementType }) && elementType instanceof IntegerType)
    op.setAttribute('limits', TypeAttr.get(elementType));
  if (isScanned(destination)) return;
  const to = from === source ? copied(op, destination, TileSharedType, false) : from;
  op.setOperand(1, to);
  copy(Builder.after(op), to, destination);
}

/** A tile of another kind in front of `op`, with the contents of `tile` where those are wanted. */
function copied(
  op: Operation,
  tile: Value,
  kind: typeof TileFragmentType | typeof TileSharedType,
  hasContents: boolean,
): Value {
  const builder = Builder.before(op);
  const { shape, elementType } = tile.type as ShapedType;
  const isWidened = kind === TileSharedType && sharesBytes({ elementType });
  const staged = builder.create('tile.alloc', {
    resultTypes: [kind.get(shape, isWidened ? ownByteType(elementType) : elementType)],
  }).result;
  staged.name = tile.name === undefined ? 'staged' : `${tile.name}_staged`;
  if (hasContents) copy(builder, tile, staged);
  return staged;
}

/** A type in which sums and orders of four-bit elements are the same before they are cut off or rounded. */
function ownByteType(type: Type): Type {
  return type instanceof IntegerType ? IntegerType.get(8, type.signedness) : FloatType.get('f32');
}

function copy(builder: Builder, source: Value, destination: Value): void {
  TileCopyOp.build(builder, { source, sourceIndices: [], destination, destinationIndices: [] });
}

export const tileStageOperands = defineKernelPass({
  name: 'tile-stage-operands',
  summary: 'copy operands of reductions to fragments and those of scans to shared memory',
  run: stageOperands,
});
