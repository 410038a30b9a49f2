/** How a kernel accesses its shared tiles: what bank conflicts are counted for. */

import { TileSharedType } from '../dialects/generated/tile.js';
import { LayoutFragmentAttr, LayoutSharedAttr } from '../dialects/generated/layout.js';
import { bitWidth, type Operation, type Value } from '../ir/index.js';
import {
  Fragment,
  joinModes,
  Layout,
  splitModes,
  vectorWidth,
  type ComposedLayout,
  type DimensionMode,
  type PictureAccess,
  type SharedTile,
} from '../layout/index.js';
import { hasSharedOperands, planProducts } from '../conversions/tile-to-layout/gemm-demands.js';
import { operandAccess } from '../conversions/tile-to-layout/operand-reads.js';
import { copyParts } from '../schedule/index.js';
import type { Target } from '../targets/target.js';

/** Widest access of one lane, in bits. */
const WIDEST = 128;

/**
 * The shared tiles of a kernel after layout inference, each with its layout and the accesses of copies and products.
 * Element accesses of loops are not among them: they may be anywhere.
 */
export function sharedTiles(kernel: Operation, target: Target): Map<Value, SharedTile> {
  const tiles = new Map<Value, SharedTile>();
  kernel.walk((op) => {
    if (op.name.text !== 'tile.alloc') return;
    for (const tile of op.results) {
      if (!(tile.type instanceof TileSharedType)) continue;
      if (!(tile.type.layout instanceof LayoutSharedAttr)) continue;
      const layout = tile.type.layout.layout as Layout | ComposedLayout;
      const { shape, elementType } = tile.type;
      const elementBits = bitWidth(elementType) ?? 32;
      const isTransposed = isKeptTransposed(layout, shape);
      const accesses = copyAccesses(tile, layout, elementBits, isTransposed);
      tiles.set(tile, { layout, shape, elementBits, model: target.vendor, accesses });
    }
  }, 'pre');
  for (const product of planProducts(kernel, target)) {
    const { gemm, problem, plan, grid } = product;
    for (const operand of ['A', 'B'] as const) {
      const value = operand === 'A' ? gemm.a : gemm.b;
      const tile = tiles.get(value);
      if (tile === undefined) continue;
      const isKContiguous = operand === 'A' ? !gemm.transposeA : gemm.transposeB;
      const isTransposed = target.vendor === 'amd' && isKeptTransposed(tile.layout, tile.shape);
      const use = {
        problem,
        plan,
        grid,
        operand,
        isKContiguous,
        isPacked: hasSharedOperands(product),
      };
      const access = operandAccess(use, tile.elementBits, target, isTransposed);
      if (access === undefined) continue;
      const how = access.kind === 'ldmatrix' ? ' with ldmatrix' : '';
      const isExchanged = isTransposed && access.kind === 'operand';
      const found = { name: `tile.gemm reads${how}`, access, isTransposed: isExchanged };
      tiles.set(value, { ...tile, accesses: distinct([...tile.accesses, found]) });
    }
  }
  return tiles;
}

/** Whether the first of two dimensions is the contiguous one. */
function isKeptTransposed(layout: Layout | ComposedLayout, shape: readonly number[]): boolean {
  if (shape.length !== 2 || shape[0] === 1) return false;
  const inner = layout instanceof Layout ? layout : layout.layout;
  const [first, last] = inner.modes.map((mode) => mode.strides[0]);
  return first === 1 && last !== 1;
}

function copyAccesses(
  tile: Value,
  layout: Layout | ComposedLayout,
  elementBits: number,
  isTransposed: boolean,
): PictureAccess[] {
  const accesses: PictureAccess[] = [];
  for (const op of [...tile.users()].reverse()) {
    if (op.name.text !== 'tile.copy') continue;
    const attribute = op.getAttribute('layout');
    if (!(attribute instanceof LayoutFragmentAttr)) continue;
    const given = attribute.fragment as Fragment;
    if (given.shape.join() !== (tile.type as TileSharedType).shape.join()) continue;
    const name = `tile.copy ${copyParts(op).destination === tile ? 'writes' : 'reads'}`;
    const fragment = isTransposed ? exchangeFragment(given) : given;
    if (fragment === undefined) continue;
    const widest = vectorWidth(layout, { elementBits, dimension: isTransposed ? 0 : undefined });
    const width = Math.min(fragment.vectorWidth, widest, WIDEST / elementBits);
    // A width that does not divide the registers' runs is used in parts.
    const whole = divisorUpTo(fragment.vectorWidth, width);
    accesses.push({ name, access: { kind: 'fragment', fragment, width: whole }, isTransposed });
  }
  return distinct(accesses);
}

function divisorUpTo(number: number, limit: number): number {
  let divisor = Math.min(number, limit);
  while (number % divisor !== 0 || (divisor & (divisor - 1)) !== 0) divisor--;
  return divisor;
}

/** The same distribution of the exchanged tile, registers along its last dimension first. */
function exchangeFragment(fragment: Fragment): Fragment | undefined {
  const shape = [...fragment.shape].reverse();
  const [thread, value] = [fragment.thread, fragment.value].map((layout) =>
    splitModes(layout, fragment.shape),
  );
  if (typeof thread === 'string' || typeof value === 'string') return undefined;
  const exchange = ({ extent, steps }: DimensionMode): DimensionMode => ({
    extent,
    steps: [...steps].reverse(),
  });
  const isAlong = ({ steps }: DimensionMode): boolean => steps[0] === 0 && steps[1] === 1;
  const registers = value.map(exchange);
  const ordered = [...registers.filter(isAlong), ...registers.filter((mode) => !isAlong(mode))];
  return new Fragment(shape, joinModes(thread.map(exchange), shape), joinModes(ordered, shape));
}

/** Copies of a loop's prologue access a tile as those inside do: one line is enough. */
function distinct(accesses: readonly PictureAccess[]): PictureAccess[] {
  const seen = new Set<string>();
  return accesses.filter(({ name, access }) => {
    const key = `${name} ${access.kind} ${'fragment' in access ? `${access.fragment} ${access.width}` : ''}`;
    return seen.size !== seen.add(key).size;
  });
}
