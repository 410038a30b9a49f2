/** Which thread accesses which element of a shared tile: whether threads meet only what they accessed themselves. */

import {
  TileCopyOp,
  TileLoadOp,
  TileStoreOp,
  type TileSharedType,
} from '../../dialects/generated/tile.js';
import { isOp, StringAttr, type Operation, type Value } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { fragmentOf, isFragment, layoutAttribute, sharesBytes } from '../support/tiles.js';
import { isView } from '../support/views.js';
import { accessDimensions, isWhole } from './inference/parallel-rule.js';
import { hasCopies } from './tensor-regions.js';

/** A distribution of a whole tile over threads, each of which accesses its elements itself. */
export interface SharedOwners {
  readonly type: TileSharedType;
  readonly fragment: Fragment;
}

/** How `op` distributes its accesses to a shared tile; undefined where a thread may access what it does not own. */
export function sharedOwners(op: Operation, tile: Value): SharedOwners | undefined {
  // Elements of a view have other coordinates than those of its storage.
  if (isView(tile.definingOp)) return undefined;
  if (sharesBytes(tile.type as TileSharedType)) return undefined;
  const fragment = isOp(op, TileCopyOp) ? ownersOfCopy(op) : ownersOfIteration(op);
  if (fragment === undefined || hasCopies(fragment)) return undefined;
  return { type: tile.type as TileSharedType, fragment };
}

function ownersOfCopy(op: Operation): Fragment | undefined {
  // Hardware writes behind the thread's back.
  if (op.getAttribute('mode') === StringAttr.get('async')) return undefined;
  const { source, destination } = new TileCopyOp(op);
  if (isFragment(source.type)) return fragmentOf(source.type);
  return isFragment(destination.type) ? fragmentOf(destination.type) : layoutAttribute(op);
}

/** Of an access in a parallel loop, to the iteration's own element of a tile of the loop's shape. */
function ownersOfIteration(op: Operation): Fragment | undefined {
  const loop = op.getParentOfName('tile.parallel');
  if (loop === undefined || !(isOp(op, TileLoadOp) || isOp(op, TileStoreOp))) return undefined;
  const fragment = layoutAttribute(loop);
  if (fragment === undefined) return undefined;
  return isWhole(accessDimensions(op, loop), fragment.shape.length) ? fragment : undefined;
}

/** Whether two accesses to one allocation give each element to the same thread; its versions are distributed alike. */
export function areSameOwners(a: SharedOwners | undefined, b: SharedOwners | undefined): boolean {
  if (a === undefined || b === undefined || a.type !== b.type) return false;
  return a.fragment.isEquivalent(b.fragment) || haveSameThreads(a.fragment, b.fragment);
}

/** Whether the one thread that holds an element is the same in both; in which register does not matter. */
function haveSameThreads(a: Fragment, b: Fragment): boolean {
  for (let element = 0; element < a.size; element++) {
    const threads = [a, b].flatMap((fragment) =>
      fragment.ownersOf(element).map(({ thread }) => thread),
    );
    if (threads.some((thread) => thread !== threads[0])) return false;
  }
  return true;
}
