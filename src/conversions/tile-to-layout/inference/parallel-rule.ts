/** Parallel loops want each fragment where their iterations run: whole, or the part that an iteration names. */

import {
  TileAtomicOp,
  TileLoadOp,
  TileParallelOp,
  TileStoreOp,
} from '../../../dialects/generated/tile.js';
import type { TileFragmentType } from '../../../dialects/generated/tile.js';
import { BlockArgument, isOp, type Operation, type Value } from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';
import { writtenStorage } from '../../support/neighbour-analysis.js';
import { isFragment, isLocal } from '../../support/tiles.js';
import { storageOf } from '../../support/views.js';
import { projectFragment } from '../projection.js';
import type { Demand, LayoutRule, TileUse } from './rule.js';
import type { Item } from './state.js';

/** An access of a parallel loop to a fragment. */
export interface FragmentAccess {
  readonly op: Operation;
  readonly tile: Value;
  readonly isStore: boolean;
  /**
   * The loop's dimension that each index is, -1 where the tile has one element along that dimension; undefined where
   * an index is anything else, or the loop does not run over the whole of the tile's extent.
   */
  readonly dimensions: readonly number[] | undefined;
}

export function extentsOf(loop: Operation): readonly number[] {
  return new TileParallelOp(loop).extents;
}

/** The loop's dimension that each index of an access is; see {@link FragmentAccess.dimensions}. */
export function accessDimensions(access: Operation, loop: Operation): number[] | undefined {
  const operand = isOp(access, TileLoadOp) ? 0 : 1;
  const { shape } = access.operand(operand).type as TileFragmentType;
  const extents = extentsOf(loop);
  const body = loop.regions[0].entryBlock;
  const dimensions: number[] = [];
  for (const [i, index] of access.operands.slice(operand + 1).entries()) {
    const isOwn = index instanceof BlockArgument && index.owner === body;
    if (isOwn && extents[index.index] === shape[i]) dimensions.push(index.index);
    else if (shape[i] === 1) dimensions.push(-1);
    else return undefined;
  }
  const own = dimensions.filter((dimension) => dimension !== -1);
  return new Set(own).size === own.length ? dimensions : undefined;
}

export function fragmentAccesses(loop: Operation): FragmentAccess[] {
  const accesses: FragmentAccess[] = [];
  loop.walk((op) => {
    const isStore = isOp(op, TileStoreOp);
    if (!isStore && !isOp(op, TileLoadOp)) return;
    const tile = op.operand(isStore ? 1 : 0);
    if (!isFragment(tile.type)) return;
    accesses.push({ op, tile, isStore, dimensions: accessDimensions(op, loop) });
  }, 'pre');
  return accesses;
}

/** Whether an access names each iteration's own element of a tile of the loop's shape. */
export function isWhole(dimensions: readonly number[] | undefined, rank: number): boolean {
  return dimensions?.length === rank && dimensions.every((dimension, i) => dimension === i);
}

/** The distribution of a tile whose elements iterations name by some of their indices. */
export function viewedFragment(
  loop: Fragment,
  dimensions: readonly number[],
): Fragment | undefined {
  return isWhole(dimensions, loop.shape.length) ? loop : projectFragment(loop, dimensions);
}

/** A store that every iteration makes, so that with one for each element nothing of the tile is left as it was. */
function isUnconditional(access: FragmentAccess, loop: Operation): boolean {
  const used = access.dimensions?.filter((dimension) => dimension !== -1).length;
  return access.op.parentOp === loop && used !== undefined;
}

/**
 * Whether exactly one thread must run each iteration: where it asks for what an atomic update found, or changes what it reads
 * in memory, which a copy of it could read too late.
 */
export function runsOnce(loop: Operation): boolean {
  const written = writtenStorage(loop);
  let isOnce = false;
  loop.walk((op) => {
    const isAsked = isOp(op, TileAtomicOp) && op.results.some((result) => result.hasUses);
    const read = op.name.text === 'tile.load' ? op.operand(0) : undefined;
    const isChanged =
      read !== undefined &&
      !isFragment(read.type) &&
      !isLocal(read.type) &&
      written.has(storageOf(read));
    if (isAsked || isChanged) isOnce = true;
  });
  return isOnce;
}

export const parallelRule: LayoutRule = {
  operation: TileParallelOp.opName,

  *follow(op, state): Iterable<[Item, Fragment]> {
    const accesses = fragmentAccesses(op);
    const rank = extentsOf(op).length;
    let loop = state.get(op);
    if (loop === undefined) {
      const known = accesses
        .filter(({ dimensions }) => isWhole(dimensions, rank))
        .flatMap(({ tile }) => state.get(tile) ?? [])
        .filter((layout) => layout.replication === 1 || !runsOnce(op));
      // Where they disagree, cost decides.
      if (known.length === 0 || known.some((other) => !other.isEquivalent(known[0]))) return;
      [loop] = known;
      yield [op, loop];
    }
    for (const { tile, dimensions } of accesses) {
      if (dimensions === undefined || state.has(tile)) continue;
      const layout = viewedFragment(loop, dimensions);
      if (layout !== undefined) yield [tile, layout];
    }
  },

  demands(op, state): Demand[] {
    const loop = state.get(op);
    if (loop === undefined) return [];
    const groups = new Map<string, { wanted: Fragment | 'shared'; accesses: FragmentAccess[] }>();
    const accesses = fragmentAccesses(op).filter(({ tile }) => state.has(tile));
    const numbers = new Map<Value, number>();
    const inMemory = new Set(
      accesses
        .filter((access) => wantedBy(access, loop) === undefined)
        .map((access) => access.tile),
    );
    for (const access of accesses) {
      const { tile } = access;
      // What one iteration stores another access may not miss, so a tile is in memory for the whole loop or not at all.
      const wanted = inMemory.has(tile) ? 'shared' : wantedBy(access, loop)!;
      if (!numbers.has(tile)) numbers.set(tile, numbers.size);
      const key = `${numbers.get(tile)} ${wanted}`;
      const group = groups.get(key) ?? { wanted, accesses: [] };
      group.accesses.push(access);
      groups.set(key, group);
    }
    return [...groups.values()].map(({ wanted, accesses: members }): Demand => {
      const stores = members.filter(({ isStore }) => isStore);
      const isPartial = stores.length > 0 && !stores.some((access) => isUnconditional(access, op));
      return {
        op,
        tile: members[0].tile,
        wanted,
        reason: reasonForMemory(members),
        uses: members.map((access): TileUse => ({
          op: access.op,
          operand: access.isStore ? 1 : 0,
        })),
        isRead: isPartial || members.some(({ isStore }) => !isStore),
        isWritten: stores.length > 0,
      };
    });
  },
};

function reasonForMemory(accesses: readonly FragmentAccess[]): string {
  return accesses.some(({ dimensions }) => dimensions === undefined)
    ? "an index of an access is not one of the loop's own, or runs over a part of the fragment"
    : "the loop's distribution does not keep its dimensions apart";
}

function wantedBy({ dimensions }: FragmentAccess, loop: Fragment): Fragment | undefined {
  return dimensions && viewedFragment(loop, dimensions);
}
