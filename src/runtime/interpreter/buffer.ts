/** Storage that programs read and write, with what is known of each element: whether it is defined, who touched it. */

import type { Diagnostic } from '../../support/index.js';
import {
  coordinatesOf,
  elementCount,
  type ElementArray,
  type ElementFormat,
} from '../numerics/index.js';

/** Who read and wrote the elements of a buffer during one `tile.parallel`: numbers of iterations. */
interface AccessRecord {
  /** Numbers of the running loop's iterations are greater than this one. */
  base: number;
  readonly writers: Float64Array;
  /** The one reading iteration, or its negative where there are several. */
  readonly readers: Float64Array;
}

/** What goes wrong between two iterations at an element. */
export interface AccessConflict {
  readonly kind: 'write-write' | 'write-read';
  /** Number of the other iteration; 0 where it is not known which of several. */
  readonly other: number;
}

/** One allocation: a tile or an argument. */
export class Buffer {
  readonly data: ElementArray;
  readonly defined: Uint8Array;
  undefinedCount: number;
  private record: AccessRecord | undefined;
  /** Whether accesses are recorded at the moment. */
  isTracked = false;

  constructor(
    readonly format: ElementFormat,
    readonly shape: readonly number[],
    /** Points at the allocation, for messages. */
    readonly origin: () => Diagnostic,
    data?: ElementArray,
    defined?: Uint8Array,
  ) {
    const size = elementCount(shape);
    this.data = data ?? format.allocate(size);
    this.defined = defined ?? new Uint8Array(size).fill(data === undefined ? 0 : 1);
    let undefinedCount = 0;
    for (let i = 0; i < size; i++) if (this.defined[i] === 0) undefinedCount++;
    this.undefinedCount = undefinedCount;
  }

  /** Notes that an element has a value now. */
  define(offset: number): void {
    if (this.undefinedCount > 0 && this.defined[offset] === 0) {
      this.defined[offset] = 1;
      this.undefinedCount--;
    }
  }

  /** Notes that a stretch of elements has values now. */
  defineRange(start: number, length: number): void {
    if (this.undefinedCount === 0) return;
    for (let at = start; at < start + length; at++) this.define(at);
  }

  /** The first undefined offset of a stretch, or -1. */
  findUndefined(start: number, length: number): number {
    if (this.undefinedCount === 0) return -1;
    const at = this.defined.indexOf(0, start);
    return at !== -1 && at < start + length ? at : -1;
  }

  /** Starts recording accesses of the loop whose iterations have numbers above `base`. */
  track(base: number): void {
    this.isTracked = true;
    if (this.record !== undefined) {
      this.record.base = base;
      return;
    }
    const size = this.data.length;
    this.record = { base, writers: new Float64Array(size), readers: new Float64Array(size) };
  }

  recordWrite(offset: number, iteration: number): AccessConflict | undefined {
    const { base, writers, readers } = this.record!;
    const writer = writers[offset];
    if (writer > base && writer !== iteration) return { kind: 'write-write', other: writer };
    writers[offset] = iteration;
    const reader = readers[offset];
    if (reader > base && reader !== iteration) return { kind: 'write-read', other: reader };
    return -reader > base ? { kind: 'write-read', other: 0 } : undefined;
  }

  recordRead(offset: number, iteration: number): AccessConflict | undefined {
    const { base, writers, readers } = this.record!;
    const writer = writers[offset];
    if (writer > base && writer !== iteration) return { kind: 'write-read', other: writer };
    const reader = readers[offset];
    if (Math.abs(reader) <= base) readers[offset] = iteration;
    else if (reader > 0 && reader !== iteration) readers[offset] = -iteration;
    return undefined;
  }
}

/** A whole buffer or one of several versions in it: consecutive elements from `offset`. */
export interface View {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly size: number;
}

export function viewOf(buffer: Buffer, offset = 0, shape = buffer.shape): View {
  return { buffer, offset, shape, strides: rowMajorStrides(shape), size: elementCount(shape) };
}

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride;
    stride *= shape[dim];
  }
  return strides;
}

/** `[3, 4]`: the coordinates of an element of a view, given its offset in the buffer. */
export function formatCoordinates(view: View, offset: number): string {
  return `[${coordinatesOf(offset - view.offset, view.shape).join(', ')}]`;
}
