/** Atomic updates as calls of wrappers. */

/** On a `memref.atomic_rmw`: its memory order where that is not relaxed. */
export const MEMORY_ORDER = 'tile.order';

/** Kinds of `memref.atomic_rmw`, by their numbers, with the wrapper that is the update. */
export const ATOMIC_WRAPPERS: ReadonlyMap<number, string> = new Map([
  [0, 'atomic_add'],
  [1, 'atomic_add'],
  [4, 'atomic_max'],
  [7, 'atomic_min'],
  [11, 'atomic_or'],
  [13, 'atomic_max'],
  [14, 'atomic_min'],
]);
