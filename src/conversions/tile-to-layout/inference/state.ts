/** What layout inference has settled so far: an immutable value, so that a speculative choice is dropped by forgetting it. */

import { enableMapSet, produce } from 'immer';
import type { Operation, Value } from '../../../ir/index.js';
import type { Fragment } from '../../../layout/index.js';

enableMapSet();

/** What has a distribution: a fragment, or a loop whose iterations threads share. */
export type Item = Value | Operation;

export interface Settled {
  readonly layout: Fragment;
  /** Who asked for it. */
  readonly origin: Operation;
}

/** Operations and values are opaque to immer: no class of theirs is draftable. */
type Entries = Map<Item, Settled>;

export class LayoutState {
  static readonly EMPTY = new LayoutState(new Map());

  private constructor(private readonly settled: ReadonlyMap<Item, Settled>) {}

  get(item: Item): Fragment | undefined {
    return this.settled.get(item)?.layout;
  }

  originOf(item: Item): Operation | undefined {
    return this.settled.get(item)?.origin;
  }

  has(item: Item): boolean {
    return this.settled.has(item);
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
      for (const [item, entry] of found) if (!draft.has(item)) draft.set(item, entry);
    });
    return settled === this.settled ? this : new LayoutState(settled);
  }
}
