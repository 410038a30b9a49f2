/** Facts about tiles that every step below the tile level asks for. */

import { TileFragmentType, TileLocalType, TileSharedType } from '../../dialects/generated/tile.js';
import { LayoutFragmentAttr, LayoutSharedAttr } from '../../dialects/generated/layout.js';
import { bitWidth, type Operation, type Type, type Value } from '../../ir/index.js';
import { InternalError } from '../../support/index.js';
import { isNarrow } from './narrow-elements.js';
import { storageOf } from './views.js';
import {
  copyFragment,
  type ComposedLayout,
  type Fragment,
  type Layout,
} from '../../layout/index.js';

export type TileType = TileSharedType | TileFragmentType;

export function isShared(type: Type): type is TileSharedType {
  return type instanceof TileSharedType;
}

export function isFragment(type: Type): type is TileFragmentType {
  return type instanceof TileFragmentType;
}

export function isLocal(type: Type): type is TileLocalType {
  return type instanceof TileLocalType;
}

export function isTile(type: Type): type is TileType {
  return isShared(type) || isFragment(type);
}

/** Bits of one element; an internal error for types without a fixed width, which verification has refused. */
export function elementBits(type: { readonly elementType: Type }): number {
  const bits = bitWidth(type.elementType);
  if (bits === undefined) throw new InternalError(`'${type.elementType}' has no fixed width`);
  return bits;
}

/** Whether elements share a byte of memory, where a thread that reads its own meets one that writes another. */
export function sharesBytes({ elementType }: { readonly elementType: Type }): boolean {
  return isNarrow(elementType);
}

/** The layout of a shared tile; an internal error before inference. */
export function sharedLayoutOf(type: TileSharedType): Layout | ComposedLayout {
  if (!(type.layout instanceof LayoutSharedAttr))
    throw new InternalError(`'${type}' has no layout yet`);
  return type.layout.layout as Layout | ComposedLayout;
}

/** The distribution of a fragment; an internal error before inference. */
export function fragmentOf(type: TileFragmentType): Fragment {
  if (!(type.layout instanceof LayoutFragmentAttr))
    throw new InternalError(`'${type}' has no layout yet`);
  return type.layout.fragment as Fragment;
}

/** The fragment that a copy, parallel or fill was annotated with, if any. */
export function layoutAttribute(op: Operation): Fragment | undefined {
  const attribute = op.getAttribute('layout');
  return attribute instanceof LayoutFragmentAttr ? (attribute.fragment as Fragment) : undefined;
}

/** How a block's threads share out a shared tile that they fill with one value. */
export function fillDistribution(type: TileSharedType, threads: number): Fragment {
  return copyFragment(type.shape, threads, 128 / elementBits(type));
}

/** The kernel around an operation. */
export function kernelOf(op: Operation): Operation {
  const kernel = op.name.text === 'tile.kernel' ? op : op.getParentOfName('tile.kernel');
  if (kernel === undefined) throw new InternalError(`'${op.name}' is outside of any kernel`);
  return kernel;
}

/** The allocation that a shared tile is a slice or a view of, or the tile itself. */
export function allocationOf(tile: Value): Value {
  const storage = storageOf(tile);
  const definition = storage.definingOp;
  return definition?.name.text === 'tile.slice' ? definition.operand(0) : storage;
}
