/** Chooses where the elements of a shared tile lie, so that no access to it meets a bank conflict. */

import {
  chooseSharedLayout,
  ComposedLayout,
  joinModes,
  Layout,
  LayoutError,
  sharedAccessConflicts,
  Swizzle,
  type BankModel,
  type DimensionMode,
  Fragment,
  type SharedAccess,
} from '../../layout/index.js';

export interface SharedChoice {
  readonly layout: Layout | ComposedLayout;
  /** Accesses that still meet conflicts, with their degree. */
  readonly conflicts: readonly { readonly name: string; readonly degree: number }[];
}

/** The layout of a tile whose rows are contiguous. */
export function chooseRowMajor(
  shape: readonly number[],
  elementBits: number,
  accesses: readonly SharedAccess[],
  model: BankModel,
): SharedChoice {
  const choice = chooseSharedLayout({ shape, elementBits, accesses, model });
  return {
    layout: choice.layout,
    conflicts: choice.accesses.filter(({ degree }) => degree > 1),
  };
}

/** XOR swizzles that keep 16-byte chunks of 16-bit elements whole, and paddings of the row, cheapest first. */
function* candidates(
  rows: number,
  columns: number,
  elementBits: number,
): Generator<Layout | ComposedLayout> {
  const chunk = 128 / elementBits;
  const plain = new Layout([rows, columns], [columns, 1]);
  yield plain;
  const base = Math.log2(chunk);
  for (let bits = 1; bits <= 3; bits++) {
    for (let shift = bits; shift <= 5; shift++) {
      yield new ComposedLayout(new Swizzle(bits, base, shift), 0, plain);
    }
  }
  for (let padding = chunk; padding <= 4 * chunk; padding += chunk) {
    yield new Layout([rows, columns], [columns + padding, 1]);
  }
}

/**
 * The layout of a tile `[k, n]` that is kept transposed, its K contiguous, and written by `copy`: the first of the
 * candidates without conflicts, else the one with the fewest.
 *
 * @returns the layout in the tile's own coordinates, K first.
 */
export function chooseTransposed(
  [k, n]: readonly [number, number],
  elementBits: number,
  accesses: readonly SharedAccess[],
  model: BankModel,
): SharedChoice {
  let best: SharedChoice | undefined;
  let bestDegree = Infinity;
  for (const layout of candidates(n, k, elementBits)) {
    const conflicts = tryConflicts(layout, [n, k], elementBits, accesses, model);
    if (conflicts === undefined) continue;
    const degree = conflicts.reduce((worst, conflict) => Math.max(worst, conflict.degree), 1);
    if (degree < bestDegree) {
      bestDegree = degree;
      best = { layout: exchangeModes(layout), conflicts };
    }
    if (degree === 1) break;
  }
  return best!;
}

/** Undefined where the layout tears a vector apart. */
function tryConflicts(
  layout: Layout | ComposedLayout,
  shape: readonly number[],
  elementBits: number,
  accesses: readonly SharedAccess[],
  model: BankModel,
): { name: string; degree: number }[] | undefined {
  try {
    return accesses
      .map((access) => sharedAccessConflicts(layout, shape, elementBits, access, model))
      .filter(({ degree }) => degree > 1);
  } catch (error) {
    if (error instanceof LayoutError) return undefined;
    throw error;
  }
}

function exchangeModes(layout: Layout | ComposedLayout): Layout | ComposedLayout {
  if (layout instanceof ComposedLayout) {
    return new ComposedLayout(
      layout.swizzle,
      layout.offset,
      exchangeModes(layout.layout) as Layout,
    );
  }
  return Layout.concatenate(...[...layout.modes].reverse());
}

/**
 * How threads move a tile `[k, n]` from memory with contiguous N to memory with contiguous K: each thread takes blocks
 * of `deep` x `wide` elements, reads rows of `wide` and writes columns of `deep`.
 */
export interface TransposingCopy {
  /** In the tile's coordinates [k, n]; the fastest value mode runs along N. */
  readonly fragment: Fragment;
  /** The same elements in coordinates [n, k], with the mode along K fastest: what shared memory sees. */
  readonly written: Fragment;
  /** Elements of one write. */
  readonly deep: number;
}

/** @returns undefined where the threads do not divide the tile into such blocks. */
export function transposingCopy(
  [k, n]: readonly [number, number],
  threads: number,
  maxVector: number,
): TransposingCopy | undefined {
  const perThread = (k * n) / threads;
  for (let wide = maxVector; wide >= 1; wide /= 2) {
    for (let deep = Math.min(8, perThread / wide); deep >= 2; deep /= 2) {
      if (!Number.isInteger(deep) || deep < Math.min(4, wide) || n % wide !== 0 || k % deep !== 0)
        continue;
      const alongN = n / wide;
      const alongK = k / deep;
      const blocks = alongN * alongK;
      if (blocks % threads !== 0) continue;
      // Threads go along K first, so that one write covers whole rows of the transposed tile.
      const threadsK = Math.min(alongK, threads);
      const threadsN = threads / threadsK;
      if (alongK % threadsK !== 0 || alongN % threadsN !== 0) continue;
      const thread: DimensionMode[] = [
        { extent: threadsK, steps: [deep, 0] },
        { extent: threadsN, steps: [0, wide] },
      ];
      const inner: DimensionMode[] = [
        { extent: wide, steps: [0, 1] },
        { extent: deep, steps: [1, 0] },
      ];
      const outer: DimensionMode[] = [
        { extent: alongN / threadsN, steps: [0, wide * threadsN] },
        { extent: alongK / threadsK, steps: [deep * threadsK, 0] },
      ];
      const exchange = ({ extent, steps }: DimensionMode): DimensionMode => ({
        extent,
        steps: [steps[1], steps[0]],
      });
      const tile = [k, n];
      const transposed = [n, k];
      return {
        fragment: new Fragment(
          tile,
          joinModes(thread, tile),
          joinModes([...inner, ...outer], tile),
        ),
        written: new Fragment(
          transposed,
          joinModes(thread.map(exchange), transposed),
          joinModes([inner[1], inner[0], ...outer].map(exchange), transposed),
        ),
        deep,
      };
    }
  }
  return undefined;
}
