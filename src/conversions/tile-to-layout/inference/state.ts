/** What layout inference has settled so far: an immutable value, so that a speculative choice is dropped by forgetting it. */

import { enableMapSet, produce } from 'immer';
import type { Operation, ShapedType, Value } from '../../../ir/index.js';
import { reshapeFragment, type Fragment } from '../../../layout/index.js';
import { storageOf } from '../../support/views.js';

enableMapSet();

/** What has a distribution: a fragment, or a loop whose iterations threads share. */
export type Item = Value | Operation;

export interface Settled {
  readonly layout: Fragment;
  /** Who asked for it. */
  readonly origin: Operation;
}

function ownerOf(item: Item): Item {
  return 'type' in item ? storageOf(item) : item;
}

function shapeOf(tile: Value): readonly number[] {
  return (tile.type as ShapedType).shape;
}

/** Operations and values are opaque to immer: no class of theirs is draftable. */
type Entries = Map<Item, Settled>;

export class LayoutState {
  static readonly EMPTY = new LayoutState(new Map());

  private constructor(private readonly settled: ReadonlyMap<Item, Settled>) {}

  /** A view lies as the tile whose registers it is. */
  get(item: Item): Fragment | undefined {
    const layout = this.settled.get(ownerOf(item))?.layout;
    return layout && 'type' in item ? reshapeFragment(layout, shapeOf(item)) : layout;
  }

  originOf(item: Item): Operation | undefined {
    return this.settled.get(ownerOf(item))?.origin;
  }

  has(item: Item): boolean {
    return this.settled.has(ownerOf(item));
  }

  get size(): number {
    return this.settled.size;
  }

  entries(): Iterable<readonly [Item, Settled]> {
    return this.settled.entries();
  }

  /** With layouts for items that have none yet; those that have one keep it. */
  with(found: Iterable<readonly [Item, Settled]>): LayoutState {
    const settled = produce(this.settled as Entries, (draft: Entries) => {
      for (const [item, { layout, origin }] of found) {
        const owner = ownerOf(item);
        if (draft.has(owner)) continue;
        const own = 'type' in owner ? reshapeFragment(layout, shapeOf(owner)) : layout;
        draft.set(owner, { layout: own, origin });
      }
    });
    return settled === this.settled ? this : new LayoutState(settled);
  }
}
