/** Tiles that are other tiles' storage under another shape or element type. */

import { TileReshapeOp, TileViewOp } from '../../dialects/generated/tile.js';
import { bitWidth, isOp, type Operation, type ShapedType, type Value } from '../../ir/index.js';
import { viewLayout, type ComposedLayout, type Layout } from '../../layout/index.js';

export function isView(op: Operation | undefined): op is Operation {
  return op !== undefined && (isOp(op, TileReshapeOp) || isOp(op, TileViewOp));
}

/** The tile whose storage a value is: itself, or what it is a view of. */
export function storageOf(tile: Value): Value {
  let storage = tile;
  while (isView(storage.definingOp)) storage = storage.definingOp.operand(0);
  return storage;
}

/** All views of a tile, views of views included, each after what it is a view of. */
export function viewsOf(tile: Value): Value[] {
  return [...tile.users()]
    .filter((user) => isView(user))
    .flatMap(({ result }) => [result, ...viewsOf(result)]);
}

/** The layout of a view of a shared tile with a layout; undefined where strides cannot say it. */
export function layoutOfView(
  view: Operation,
  layout: Layout | ComposedLayout,
): Layout | ComposedLayout | undefined {
  const [from, to] = [view.operand(0).type as ShapedType, view.result.type as ShapedType];
  const ratio = bitWidth(from.elementType)! / bitWidth(to.elementType)!;
  return viewLayout(layout, to.shape, ratio);
}
