/** Fragments: which thread holds which element of a tile, in which of its registers (thread-value layouts). */

import { LayoutError, rowMajorStrides } from './int-tuple.js';
import { Layout, layoutOfModes } from './layout.js';

/** One holder of an element. */
export interface Owner {
  readonly thread: number;
  readonly register: number;
}

/** How the registers of all threads cover the tile. */
export interface Coverage {
  /** Every element is held by somebody. */
  readonly isComplete: boolean;
  /** Complete, and every element is held by the same number of (thread, register) pairs. */
  readonly isExact: boolean;
  readonly fewestOwners: number;
  readonly mostOwners: number;
  /** Pairs whose index is past the tile: they hold nothing and must be guarded by `index < size`. */
  readonly maskedPositions: number;
  /** The first element that nobody holds. */
  readonly firstMissing: number | undefined;
}

/**
 * An immutable distribution of a tile over the registers of a block. The tile's elements are numbered row-major (last
 * dimension fastest); element number = `thread.at(t) + value.at(r)`. A stride-0 mode in `thread` replicates: threads
 * that differ only there hold the same elements. A pair whose number is not under the tile's size holds nothing: the
 * tail of an uneven distribution, for which `isMasked` is set and `number < size` is the predicate.
 *
 * The modes of both layouts stay as their author gave them: lowering makes one register array dimension of each leaf of
 * `value`, the slowest first.
 */
export class Fragment {
  /** Extents of the tile. */
  readonly shape: readonly number[];
  /** Elements of the tile. */
  readonly size: number;
  /** Threads that take part. */
  readonly threads: number;
  /** Registers (elements) per thread. */
  readonly registers: number;
  /** Strides of the element number per dimension. */
  readonly strides: readonly number[];
  private readonly threadOffsets: Int32Array;
  private readonly valueOffsets: Int32Array;
  private text: string | undefined;
  private coverage: Coverage | undefined;
  private index: OwnerIndex | undefined;
  private vector: number | undefined;
  private run: number | undefined;

  /** @throws LayoutError for an empty shape or one with extents under 1. */
  constructor(
    shape: readonly number[],
    readonly thread: Layout,
    readonly value: Layout,
  ) {
    if (shape.length === 0) throw new LayoutError('expected a tile of at least one dimension');
    for (const extent of shape) {
      if (!Number.isSafeInteger(extent) || extent < 1) {
        throw new LayoutError(`expected a positive extent, found ${extent}`);
      }
    }
    this.shape = [...shape];
    this.strides = rowMajorStrides(shape);
    this.size = shape.reduce((product, extent) => product * extent, 1);
    this.threads = thread.size;
    this.registers = value.size;
    this.threadOffsets = thread.toTable();
    this.valueOffsets = value.toTable();
  }

  /** Some pairs hold nothing. */
  get isMasked(): boolean {
    return this.thread.cosize + this.value.cosize - 1 > this.size;
  }

  /** Threads that hold the same elements because of stride-0 thread modes. */
  get replication(): number {
    let product = 1;
    for (let leaf = 0; leaf < this.thread.shapes.length; leaf += 1) {
      if (this.thread.strides[leaf] === 0) product *= this.thread.shapes[leaf];
    }
    return product;
  }

  /** Dimensions of the register array, slowest first: the leaves of `value` reversed. */
  get registerDimensions(): readonly number[] {
    return [...this.value.shapes].reverse();
  }

  /** Element number that a pair holds; at least `size` where it holds nothing. */
  elementAt(thread: number, register: number): number {
    return this.threadOffsets[thread] + this.valueOffsets[register];
  }

  /** Tile coordinates that a pair holds, or undefined where it holds nothing. */
  coordinatesAt(thread: number, register: number): number[] | undefined {
    if (thread < 0 || thread >= this.threads || register < 0 || register >= this.registers) {
      throw new LayoutError(
        `expected a thread under ${this.threads} and a register under ${this.registers}, found ${thread} and ${register}`,
      );
    }
    const element = this.elementAt(thread, register);
    return element < this.size ? this.coordinatesOf(element) : undefined;
  }

  /** Tile coordinates of an element number. */
  coordinatesOf(element: number): number[] {
    return this.strides.map(
      (stride, dimension) => Math.floor(element / stride) % this.shape[dimension],
    );
  }

  /** Number of the element at these coordinates. */
  elementOf(coordinates: readonly number[]): number {
    let element = 0;
    for (let dimension = 0; dimension < this.shape.length; dimension += 1) {
      element += coordinates[dimension] * this.strides[dimension];
    }
    return element;
  }

  /** All holders of an element, by thread and then by register. */
  ownersOf(element: number | readonly number[]): Owner[] {
    const number = typeof element === 'number' ? element : this.elementOf(element);
    const { starts, pairs } = this.getOwnerIndex();
    const owners: Owner[] = [];
    for (let at = starts[number]; at < starts[number + 1]; at += 1) {
      const thread = Math.floor(pairs[at] / this.registers);
      owners.push({ thread, register: pairs[at] - thread * this.registers });
    }
    return owners;
  }

  /**
   * The owners of element `e` are `pairs[starts[e] .. starts[e + 1] - 1]`, each `thread * registers + register`,
   * ascending. Kept; do not write to it.
   */
  getOwnerIndex(): OwnerIndex {
    return (this.index ??= this.indexOwners());
  }

  /** Exact, by proof or by looking at every pair. Law: valid for reading and writing each element once iff `isExact`. */
  getCoverage(): Coverage {
    return (this.coverage ??= this.countOwners());
  }

  /** Every element is held, and by as many pairs as every other. */
  get isCover(): boolean {
    return this.getCoverage().isExact;
  }

  /**
   * Longest run of registers that always are neighbours along the last dimension.
   *
   * Law: the largest divisor `n` of `registers` such that for every thread and every `k` the registers
   * `n*k .. n*k + n-1` hold consecutive elements of one row.
   */
  get contiguousRun(): number {
    return (this.run ??= this.findRun(false));
  }

  /**
   * The vector width in elements: {@link contiguousRun} for rows of a multiple of `n`, each run starting at a multiple
   * of `n` in its row, so that it is aligned in any memory whose rows are.
   */
  get vectorWidth(): number {
    return (this.vector ??= this.findRun(true));
  }

  /** Same tile, threads and registers, and the same element in each pair; the form of the modes may differ. */
  isEquivalent(other: Fragment): boolean {
    if (this === other) return true;
    return (
      this.shape.length === other.shape.length &&
      this.shape.every((extent, dimension) => extent === other.shape[dimension]) &&
      this.thread.isEquivalent(other.thread) &&
      this.value.isEquivalent(other.value)
    );
  }

  /** Same form, hence also the same register array. */
  equals(other: Fragment): boolean {
    return this === other || this.toString() === other.toString();
  }

  /** `[128, 128], thread = (4,8):(2,128), value = 2:1`. Law: `parseFragment` is its inverse. */
  toString(): string {
    return (this.text ??= `[${this.shape.join(', ')}], thread = ${this.thread}, value = ${this.value}`);
  }

  private countOwners(): Coverage {
    return this.proveCover() ?? this.walkOwners();
  }

  /** The usual case without a walk: the modes that move are together a permutation of the tile. */
  private proveCover(): Coverage | undefined {
    const both = Layout.concatenate(this.thread, this.value);
    const moving = both.shapes.map((_, leaf) => leaf).filter((leaf) => both.strides[leaf] !== 0);
    const permutation = layoutOfModes(
      moving.map((leaf) => both.shapes[leaf]),
      moving.map((leaf) => both.strides[leaf]),
    );
    if (permutation.size !== this.size || !permutation.isBijective) return undefined;
    const owners = both.size / this.size;
    return {
      isComplete: true,
      isExact: true,
      fewestOwners: owners,
      mostOwners: owners,
      maskedPositions: 0,
      firstMissing: undefined,
    };
  }

  private walkOwners(): Coverage {
    const counts = this.count();
    let [fewest, most, masked] = [Infinity, 0, this.threads * this.registers];
    let missing = -1;
    for (let element = 0; element < this.size; element += 1) {
      const owners = counts[element];
      if (owners < fewest) fewest = owners;
      if (owners > most) most = owners;
      if (owners === 0 && missing < 0) missing = element;
      masked -= owners;
    }
    return {
      isComplete: fewest > 0,
      isExact: fewest > 0 && fewest === most,
      fewestOwners: fewest,
      mostOwners: most,
      maskedPositions: masked,
      firstMissing: missing < 0 ? undefined : missing,
    };
  }

  private count(): Int32Array {
    const { threadOffsets, valueOffsets, size } = this;
    const counts = new Int32Array(size);
    for (let thread = 0; thread < threadOffsets.length; thread += 1) {
      const base = threadOffsets[thread];
      for (let register = 0; register < valueOffsets.length; register += 1) {
        const element = base + valueOffsets[register];
        if (element < size) counts[element] += 1;
      }
    }
    return counts;
  }

  private indexOwners(): OwnerIndex {
    const counts = this.count();
    const starts = new Int32Array(this.size + 1);
    for (let element = 0; element < this.size; element += 1) {
      starts[element + 1] = starts[element] + counts[element];
    }
    const next = starts.slice();
    const pairs = new Int32Array(starts[this.size]);
    for (let thread = 0, pair = 0; thread < this.threads; thread += 1) {
      const base = this.threadOffsets[thread];
      for (let register = 0; register < this.registers; register += 1, pair += 1) {
        const element = base + this.valueOffsets[register];
        if (element < this.size) {
          pairs[next[element]] = pair;
          next[element] += 1;
        }
      }
    }
    return { starts, pairs };
  }

  private findRun(aligned: boolean): number {
    const columns = this.shape[this.shape.length - 1];
    let step = 1;
    while (step < this.registers && this.valueOffsets[step] === step) step += 1;
    for (let width = Math.min(step, columns); width > 1; width -= 1) {
      if (this.registers % width !== 0 || (aligned && columns % width !== 0)) continue;
      if (this.isRun(width, columns, aligned)) return width;
    }
    return 1;
  }

  private isRun(width: number, columns: number, aligned: boolean): boolean {
    for (let register = 0; register < this.registers; register += 1) {
      const inside = register % width;
      if (this.valueOffsets[register] - this.valueOffsets[register - inside] !== inside)
        return false;
    }
    // Adding two multiples of the width keeps alignment, so threads and registers are looked at apart.
    if (aligned) {
      const isMultiple = (offset: number): boolean => offset % width === 0;
      if (this.threadOffsets.every(isMultiple)) {
        for (let register = 0; register < this.registers; register += width) {
          if (this.valueOffsets[register] % width !== 0) return false;
        }
        return true;
      }
      return false;
    }
    for (const base of this.threadOffsets) {
      for (let register = 0; register < this.registers; register += width) {
        if (((base + this.valueOffsets[register]) % columns) + width > columns) return false;
      }
    }
    return true;
  }
}

/** See {@link Fragment.getOwnerIndex}. */
export interface OwnerIndex {
  readonly starts: Int32Array;
  readonly pairs: Int32Array;
}
