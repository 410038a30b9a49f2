/** Storage that programs read and write, with what is known of each element: whether it is defined, who touched it. */

import type { Diagnostic } from '../../support/index.js';
import {
  coordinatesOf,
  elementCount,
  type ElementArray,
  type ElementFormat,
} from '../numerics/index.js';
import { SharedBits, type BitReading } from './shared-bits.js';

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
  private readonly values: ElementArray;
  readonly defined: Uint8Array;
  undefinedCount: number;
  /** Where the same bits are read with several element types. */
  private bits: SharedBits | undefined;
  private ownReading: BitReading | undefined;
  private readings: Map<ElementFormat['type'], Buffer> | undefined;
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
    this.values = data ?? format.allocate(size);
    this.defined = defined ?? new Uint8Array(size).fill(data === undefined ? 0 : 1);
    this.undefinedCount = 0;
    this.countUndefined();
  }

  private get reading(): BitReading {
    return (this.ownReading ??= {
      format: this.format,
      values: this.values,
      defined: this.defined,
      countUndefined: () => this.countUndefined(),
    });
  }

  get data(): ElementArray {
    this.bits?.use(this.reading);
    return this.values;
  }

  private countUndefined(): void {
    let count = 0;
    for (const isDefined of this.defined) if (isDefined === 0) count++;
    this.undefinedCount = count;
  }

  /** The same bits as elements of another type; what is written to either is read from both. */
  readAs(format: ElementFormat): Buffer {
    if (format.type === this.format.type) return this;
    this.readings ??= new Map([[this.format.type, this as Buffer]]);
    this.bits ??= new SharedBits(this.reading);
    let reading = this.readings.get(format.type);
    if (reading === undefined) {
      const bits = Math.ceil((this.values.length * this.format.storageBits) / 8) * 8;
      const count = Math.floor(bits / format.storageBits);
      reading = new Buffer(format, [count], this.origin);
      reading.bits = this.bits;
      reading.readings = this.readings;
      this.readings.set(format.type, reading);
    }
    return reading;
  }

  /** Whether nobody has written the element. */
  isUndefined(offset: number): boolean {
    // What was written through another reading of the bits counts.
    this.bits?.use(this.reading);
    return this.undefinedCount > 0 && this.defined[offset] === 0;
  }

  /** Notes that an element has a value now. */
  define(offset: number): void {
    this.bits?.use(this.reading);
    if (this.undefinedCount > 0 && this.defined[offset] === 0) {
      this.defined[offset] = 1;
      this.undefinedCount--;
    }
  }

  /** Notes that a stretch of elements has values now. */
  defineRange(start: number, length: number): void {
    this.bits?.use(this.reading);
    if (this.undefinedCount === 0) return;
    for (let at = start; at < start + length; at++) this.define(at);
  }

  /** The first undefined offset of a stretch, or -1. */
  findUndefined(start: number, length: number): number {
    this.bits?.use(this.reading);
    if (this.undefinedCount === 0) return -1;
    const at = this.defined.indexOf(0, start);
    return at !== -1 && at < start + length ? at : -1;
  }

  /** Keeps what all elements are. Returns what makes them so again. */
  save(): () => void {
    const data = this.data.slice();
    const defined = this.defined.slice();
    const { undefinedCount } = this;
    return () => {
      (this.data as Float64Array).set(data as Float64Array);
      this.defined.set(defined);
      this.undefinedCount = undefinedCount;
    };
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
