/** Hierarchical `(shape):(stride)` layouts: functions from coordinates to offsets, and the questions about one layout. */

import {
  areCongruent,
  formatTuple,
  LayoutError,
  leavesOf,
  rowMajorStrides,
  unflatten,
  type IntTuple,
} from './int-tuple.js';

/** Domains above this are not walked element by element; the question is refused instead. */
const ENUMERATION_LIMIT = 1 << 26;

/**
 * An immutable function from coordinates to non-negative offsets, after NVIDIA's CuTe: a nested tuple of extents and a
 * tuple of strides of the same nesting. The offset is the sum of digit times stride. A flat integer coordinate counts
 * colexicographically: the leftmost mode is the fastest.
 *
 * Law: `at(i) = sum over leaves k of (floor(i / prod(s_0 .. s_{k-1})) mod s_k) * d_k`.
 * An index past the end continues in the last mode that has more than one element (its digit is not reduced), so that
 * equal layouts continue equally whatever their form.
 */
export class Layout {
  /** Extents of the leaves, fastest first. */
  readonly shapes: readonly number[];
  /** Strides of the leaves, in the order of `shapes`. */
  readonly strides: readonly number[];
  /** Number of elements of the domain. */
  readonly size: number;
  /** Largest offset plus one. */
  readonly cosize: number;
  /** `shapes` and `strides` without the modes of extent 1: what evaluation walks. */
  private readonly activeShapes: readonly number[];
  private readonly activeStrides: readonly number[];
  private text: string | undefined;
  private table: Int32Array | undefined;
  private injective: boolean | undefined;

  /** @throws LayoutError when nestings differ, an extent is under 1, or a stride is negative or no integer. */
  constructor(
    readonly shape: IntTuple,
    readonly stride: IntTuple,
  ) {
    if (!areCongruent(shape, stride)) {
      throw new LayoutError(
        `expected a stride nested like the shape ${formatTuple(shape)}, found ${formatTuple(stride)}`,
      );
    }
    this.shapes = leavesOf(shape);
    this.strides = leavesOf(stride);
    const activeShapes: number[] = [];
    const activeStrides: number[] = [];
    let size = 1;
    let last = 0;
    for (let leaf = 0; leaf < this.shapes.length; leaf += 1) {
      const extent = this.shapes[leaf];
      const step = this.strides[leaf];
      if (!Number.isSafeInteger(extent) || extent < 1) {
        throw new LayoutError(`expected a positive extent, found ${extent}`);
      }
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new LayoutError(`expected a non-negative stride, found ${step}`);
      }
      size *= extent;
      last += (extent - 1) * step;
      if (extent > 1) {
        activeShapes.push(extent);
        activeStrides.push(step);
      }
    }
    if (!Number.isSafeInteger(size) || !Number.isSafeInteger(last)) {
      throw new LayoutError(`layout ${formatTuple(shape)}:${formatTuple(stride)} is too large`);
    }
    this.size = size;
    this.cosize = last + 1;
    this.activeShapes = activeShapes;
    this.activeStrides = activeStrides;
  }

  /** Compact layout whose leftmost mode is contiguous (CuTe's default). */
  static columnMajor(shape: IntTuple): Layout {
    let stride = 1;
    const strides = leavesOf(shape).map((extent) => {
      const own = stride;
      stride *= extent;
      return own;
    });
    return new Layout(shape, unflatten(strides, shape));
  }

  /** Compact layout whose rightmost mode is contiguous. */
  static rowMajor(shape: IntTuple): Layout {
    return new Layout(shape, unflatten(rowMajorStrides(leavesOf(shape)), shape));
  }

  /** The layout whose top-level modes are the given layouts. */
  static concatenate(...modes: readonly Layout[]): Layout {
    return new Layout(
      modes.map((mode) => mode.shape),
      modes.map((mode) => mode.stride),
    );
  }

  /** Number of top-level modes; 1 for a layout that is a single integer. */
  get rank(): number {
    return typeof this.shape === 'number' ? 1 : this.shape.length;
  }

  /** The top-level modes. */
  get modes(): readonly Layout[] {
    if (typeof this.shape === 'number') return [this];
    const stride = this.stride as readonly IntTuple[];
    return this.shape.map((shape, index) => new Layout(shape, stride[index]));
  }

  /** One top-level mode. */
  mode(index: number): Layout {
    if (index < 0 || index >= this.rank) {
      throw new LayoutError(`expected a mode under ${this.rank}, found ${index}`);
    }
    return typeof this.shape === 'number'
      ? this
      : new Layout(this.shape[index], (this.stride as readonly IntTuple[])[index]);
  }

  /**
   * Offset of a coordinate: a flat index, or a tuple of at most the shape's nesting (each integer in it is a flat
   * index into the part of the shape that it stands for).
   */
  at(coordinate: IntTuple): number {
    if (typeof coordinate === 'number') return this.atIndex(coordinate);
    return evaluate(coordinate, this.shape, this.stride);
  }

  /** {@link at} of a flat index, without allocation. */
  atIndex(index: number): number {
    const last = this.activeShapes.length - 1;
    let rest = index;
    let offset = 0;
    for (let mode = 0; mode < last; mode += 1) {
      const extent = this.activeShapes[mode];
      const quotient = Math.floor(rest / extent);
      offset += (rest - quotient * extent) * this.activeStrides[mode];
      rest = quotient;
    }
    return last < 0 ? 0 : offset + rest * this.activeStrides[last];
  }

  /** Digits of a flat index, one per leaf (those of extent 1 are 0). */
  digitsOf(index: number): number[] {
    let rest = index;
    return this.shapes.map((extent) => {
      const digit = rest % extent;
      rest = Math.floor(rest / extent);
      return digit;
    });
  }

  /** Offsets of all flat indices; kept, do not write to it. @throws LayoutError for more than 2^26 elements. */
  toTable(): Int32Array {
    if (this.table !== undefined) return this.table;
    if (this.size > ENUMERATION_LIMIT || this.cosize > 2 ** 31) {
      throw new LayoutError(`layout ${this.toString()} is too large to enumerate`);
    }
    const table = new Int32Array(this.size);
    let filled = 1;
    for (let mode = 0; mode < this.activeShapes.length; mode += 1) {
      const extent = this.activeShapes[mode];
      const step = this.activeStrides[mode];
      for (let digit = 1; digit < extent; digit += 1) {
        const base = digit * filled;
        const shift = digit * step;
        for (let index = 0; index < filled; index += 1) table[base + index] = table[index] + shift;
      }
      filled *= extent;
    }
    this.table = table;
    return table;
  }

  /** No two coordinates share an offset: `at(i) = at(j)` only when `i = j`. */
  get isInjective(): boolean {
    return (this.injective ??= this.decideInjective());
  }

  /** A permutation of `0 .. size-1`: injective, and `cosize = size`. */
  get isBijective(): boolean {
    return this.cosize === this.size && this.isInjective;
  }

  private decideInjective(): boolean {
    if (this.activeStrides.includes(0)) return false;
    if (this.size > this.cosize) return false;
    // When every stride exceeds all that the smaller ones can add up to, digits can be read off the offset.
    const order = this.activeStrides.map((_, mode) => mode);
    order.sort((a, b) => this.activeStrides[a] - this.activeStrides[b]);
    let reach = 0;
    let nested = true;
    for (const mode of order) {
      if (this.activeStrides[mode] <= reach) nested = false;
      reach += (this.activeShapes[mode] - 1) * this.activeStrides[mode];
    }
    if (nested) return true;
    const offsets = this.toTable();
    if (this.cosize > ENUMERATION_LIMIT) return new Set(offsets).size === this.size;
    const seen = new Uint8Array(this.cosize);
    for (let index = 0; index < offsets.length; index += 1) {
      if (seen[offsets[index]] === 1) return false;
      seen[offsets[index]] = 1;
    }
    return true;
  }

  /** Same form: equal nested shape and equal strides. Law: implies {@link isEquivalent}. */
  equals(other: Layout): boolean {
    return this === other || this.toString() === other.toString();
  }

  /** Same function: equal size, and `at(i) = other.at(i)` for every flat `i`. */
  isEquivalent(other: Layout): boolean {
    if (this.size !== other.size) return false;
    const [a, b] = [mergeModes(this), mergeModes(other)];
    return (
      a.shapes.length === b.shapes.length &&
      a.shapes.every((extent, mode) => extent === b.shapes[mode]) &&
      a.strides.every((stride, mode) => stride === b.strides[mode])
    );
  }

  /** The text form `(shape):(stride)`. Law: `parseLayout(x.toString())` equals `x`. */
  toString(): string {
    return (this.text ??= `${formatTuple(this.shape)}:${formatTuple(this.stride)}`);
  }
}

/**
 * The fewest leaf modes with the same function, fastest first: extent 1 dropped, neighbours whose strides continue
 * each other merged. The result is unique, so it decides equality of functions.
 */
export function mergeModes(layout: Layout): { shapes: number[]; strides: number[] } {
  const shapes: number[] = [];
  const strides: number[] = [];
  for (let leaf = 0; leaf < layout.shapes.length; leaf += 1) {
    const extent = layout.shapes[leaf];
    const stride = layout.strides[leaf];
    if (extent === 1) continue;
    const top = shapes.length - 1;
    if (top >= 0 && stride === shapes[top] * strides[top]) shapes[top] *= extent;
    else {
      shapes.push(extent);
      strides.push(stride);
    }
  }
  return { shapes, strides };
}

/** A layout of leaf modes: a single integer for one, `1:0` for none. */
export function layoutOfModes(shapes: readonly number[], strides: readonly number[]): Layout {
  if (shapes.length === 0) return new Layout(1, 0);
  if (shapes.length === 1) return new Layout(shapes[0], strides[0]);
  return new Layout([...shapes], [...strides]);
}

function evaluate(coordinate: IntTuple, shape: IntTuple, stride: IntTuple): number {
  if (typeof coordinate === 'number') {
    if (typeof shape === 'number') return coordinate * (stride as number);
    return new Layout(shape, stride).atIndex(coordinate);
  }
  if (typeof shape === 'number' || coordinate.length !== shape.length) {
    throw new LayoutError(
      `expected a coordinate of shape ${formatTuple(shape)}, found ${formatTuple(coordinate)}`,
    );
  }
  let offset = 0;
  for (let mode = 0; mode < shape.length; mode += 1) {
    offset += evaluate(coordinate[mode], shape[mode], (stride as readonly IntTuple[])[mode]);
  }
  return offset;
}
