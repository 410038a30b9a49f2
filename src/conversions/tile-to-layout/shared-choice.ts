/** Chooses where the elements of a shared tile lie, so that no access to it meets a bank conflict. */

import {
  isPowerOfTwo,
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
  type SharedLayoutChoice,
} from '../../layout/index.js';
import { SECTOR_BYTES } from './sectors.js';

export interface SharedChoice {
  readonly layout: Layout | ComposedLayout;
  /** Accesses that still meet conflicts, with their degree. */
  readonly conflicts: readonly { readonly name: string; readonly degree: number }[];
}

/** Elements that one access of a fragment may move: a power of two that divides its vectors and the rows. */
export function accessWidth({ vectorWidth, shape }: Fragment, elementBits: number): number {
  const columns = shape[shape.length - 1];
  let width = 1;
  while (
    2 * width * elementBits <= 128 &&
    vectorWidth % (2 * width) === 0 &&
    columns % (2 * width) === 0
  )
    width *= 2;
  return width;
}

/** Least bytes of an access that is narrowed for a better layout. */
const NARROWEST_BYTES = 8;

/**
 * The layout of a tile whose rows are contiguous. On AMD, where no layout keeps the accesses free of conflicts, threads
 * move fragments in vectors of half the width if that takes fewer cycles: rows may then begin at multiples of 8 bytes, and
 * LDS serves as many bytes per clock. NVIDIA's asynchronous copies keep their 16 bytes, which go around the first cache.
 */
export function chooseRowMajor(
  shape: readonly number[],
  elementBits: number,
  accesses: readonly SharedAccess[],
  model: BankModel,
): SharedChoice {
  let best = chooseSharedLayout({ shape, elementBits, accesses, model });
  if (!best.isConflictFree && model === 'amd') {
    const narrowed = accesses.map((access) => halved(access, elementBits));
    const choice = chooseSharedLayout({ shape, elementBits, accesses: narrowed, model });
    if (cyclesOf(choice) < cyclesOf(best)) best = choice;
  }
  return {
    layout: best.layout,
    conflicts: best.accesses.filter(({ degree }) => degree > 1),
  };
}

/** An access of each thread's registers in vectors of half the width, where they may be narrower. */
function halved(access: SharedAccess, elementBits: number): SharedAccess {
  const isWide =
    access.kind === 'fragment' && (access.width * elementBits) / 8 >= 2 * NARROWEST_BYTES;
  return isWide ? { ...access, width: access.width / 2 } : access;
}

function cyclesOf({ accesses }: SharedLayoutChoice): number {
  return accesses.reduce((sum, { cycles }) => sum + cycles, 0);
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
  // Halves of chunks may trade places where no access is wider.
  for (let bits = 1; bits <= 4; bits++) {
    for (let shift = bits; shift <= 5; shift++) {
      yield new ComposedLayout(new Swizzle(bits, base - 1, shift), 0, plain);
    }
  }
  for (let padding = chunk; padding <= 4 * chunk; padding += chunk) {
    yield new Layout([rows, columns], [columns + padding, 1]);
  }
}

/** A tile with what is accessed in it. */
export interface AccessedTile {
  readonly shape: readonly number[];
  readonly elementBits: number;
  readonly accesses: readonly SharedAccess[];
}

/** A tile that is another one's storage seen otherwise. */
export interface ViewedTile extends AccessedTile {
  /** Its layout for one of the storage; undefined where strides cannot say it. */
  readonly layout: (storage: Layout | ComposedLayout) => Layout | ComposedLayout | undefined;
}

/**
 * The layout of a tile that is also accessed through views: the one chosen for its own accesses, or another, whichever
 * leaves the fewest conflicts among those in which every view has a layout. Rows as they are always do.
 */
export function chooseViewed(
  tile: AccessedTile,
  own: SharedChoice,
  views: readonly ViewedTile[],
  model: BankModel,
): SharedChoice {
  const plain = Layout.rowMajor([...tile.shape]);
  const others =
    tile.shape.length === 2 && isPowerOfTwo(tile.elementBits)
      ? candidates(tile.shape[0], tile.shape[1], tile.elementBits)
      : [plain];
  let best: SharedChoice | undefined;
  let bestDegree = Infinity;
  for (const layout of [own.layout, plain, ...others]) {
    const viewed = views.map((view) => view.layout(layout));
    if (viewed.includes(undefined)) continue;
    const found = [tile, ...views].map(({ shape, elementBits, accesses }, i) =>
      layoutConflicts(i === 0 ? layout : viewed[i - 1]!, shape, elementBits, accesses, model),
    );
    if (layout !== plain && found.includes(undefined)) continue;
    const conflicts = found.flatMap((each) => each ?? []);
    const degree = conflicts.reduce((worst, conflict) => Math.max(worst, conflict.degree), 1);
    if (degree >= bestDegree) continue;
    bestDegree = degree;
    best = { layout, conflicts };
    if (degree === 1) break;
  }
  return best!;
}

/** A tile `[k, n]` that memory holds with contiguous N and shared memory with contiguous K. */
export interface TransposedTile {
  readonly shape: readonly [number, number];
  readonly elementBits: number;
  readonly threads: number;
  /** Most elements along N that one access to memory may move; undefined where no copy from memory fills the tile. */
  readonly maxVector: number | undefined;
  /** Other accesses, in coordinates [n, k]. */
  readonly reads: readonly SharedAccess[];
}

export interface TransposedChoice extends SharedChoice {
  /** How threads fill the tile from memory; undefined where they do not divide it into blocks. */
  readonly copy: TransposingCopy | undefined;
}

/**
 * The layout of a tile that is kept transposed and how threads fill it: the first pair of candidates without conflicts,
 * else the one with the fewest.
 *
 * @returns the layout in the tile's own coordinates, K first.
 */
export function chooseTransposed(tile: TransposedTile, model: BankModel): TransposedChoice {
  const { shape, elementBits, reads } = tile;
  const [k, n] = shape;
  const copies = [...transposingCopies(tile, model)];
  const layouts = [...candidates(n, k, elementBits)].flatMap((layout) => {
    const conflicts = layoutConflicts(layout, [n, k], elementBits, reads, model);
    return conflicts === undefined ? [] : [{ layout, conflicts }];
  });
  let best: TransposedChoice | undefined;
  let bestDegree = Infinity;
  for (const copy of copies.length === 0 ? [undefined] : copies) {
    const writes: SharedAccess[] =
      copy === undefined
        ? []
        : [{ kind: 'fragment', fragment: copy.written, width: copy.deep, name: 'tile.copy' }];
    for (const { layout, conflicts: readConflicts } of layouts) {
      const writeConflicts = layoutConflicts(layout, [n, k], elementBits, writes, model);
      if (writeConflicts === undefined) continue;
      const conflicts = [...readConflicts, ...writeConflicts];
      const degree = conflicts.reduce((worst, conflict) => Math.max(worst, conflict.degree), 1);
      if (degree >= bestDegree) continue;
      bestDegree = degree;
      best = { layout: exchangeModes(layout), conflicts, copy };
      if (degree === 1) return best;
    }
  }
  return best!;
}

/** Conflicts that accesses meet in a layout, with their degree; undefined where it tears a vector apart. */
export function layoutConflicts(
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

/**
 * Divisions of a tile into blocks of powers of two: those that fill whole memory sectors first, then the widest reads, the
 * deepest writes, the longest runs along N. Empty where the threads do not divide the tile.
 */
function transposingCopies(
  { shape: [k, n], threads, maxVector = 0, elementBits }: TransposedTile,
  model: BankModel,
): TransposingCopy[] {
  const warpSize = model === 'nvidia' ? 32 : 64;
  const rowBytes = (n * elementBits) / 8;
  const whole: TransposingCopy[] = [];
  const partial: TransposingCopy[] = [];
  for (let wide = maxVector; wide >= 1; wide /= 2) {
    // A column is written as one vector, which has a power of two of elements whatever the number of a thread's is.
    const most = Math.floor(Math.log2((k * n) / threads / wide));
    for (let deep = 2 ** Math.min(3, most); deep >= 2; deep /= 2) {
      if (deep < Math.min(4, wide) || n % wide !== 0 || k % deep !== 0) continue;
      for (let threadsK = 1; threadsK <= Math.min(k / deep, threads); threadsK *= 2) {
        const threadsN = threads / threadsK;
        if ((k / deep) % threadsK !== 0 || (n / wide) % threadsN !== 0) continue;
        for (let near = threadsK; near >= 1; near /= 2) {
          const lanes = Math.min(threadsN, Math.max(1, warpSize / near));
          const runBytes = (lanes * wide * elementBits) / 8;
          const grid = { near, threadsN, far: threadsK / near };
          const copy = buildTransposingCopy([k, n], grid, [deep, wide]);
          (runBytes >= Math.min(SECTOR_BYTES, rowBytes) ? whole : partial).push(copy);
        }
      }
    }
  }
  return [...whole, ...partial];
}

/** Threads along K next to each other, then along N, then further along K. */
interface ThreadGrid {
  readonly near: number;
  readonly threadsN: number;
  readonly far: number;
}

/** Neighbours go along K first, so that they write one row of the transposed tile. */
function buildTransposingCopy(
  tile: readonly [number, number],
  { near, threadsN, far }: ThreadGrid,
  [deep, wide]: readonly [number, number],
): TransposingCopy {
  const [k, n] = tile;
  const transposed = [n, k];
  const thread: DimensionMode[] = [
    { extent: near, steps: [deep, 0] },
    { extent: threadsN, steps: [0, wide] },
    ...(far > 1 ? [{ extent: far, steps: [deep * near, 0] }] : []),
  ];
  const inner: DimensionMode[] = [
    { extent: wide, steps: [0, 1] },
    { extent: deep, steps: [1, 0] },
  ];
  const outer: DimensionMode[] = [
    { extent: n / wide / threadsN, steps: [0, wide * threadsN] },
    { extent: k / deep / near / far, steps: [deep * near * far, 0] },
  ];
  const exchange = ({ extent, steps }: DimensionMode): DimensionMode => ({
    extent,
    steps: [steps[1], steps[0]],
  });
  return {
    fragment: new Fragment(tile, joinModes(thread, tile), joinModes([...inner, ...outer], tile)),
    written: new Fragment(
      transposed,
      joinModes(thread.map(exchange), transposed),
      joinModes([inner[1], inner[0], ...outer].map(exchange), transposed),
    ),
    deep,
  };
}
