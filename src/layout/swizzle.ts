/** XOR swizzles of offsets, and layouts that end in one. */

import { LayoutError, type IntTuple } from './int-tuple.js';
import type { Layout } from './layout.js';

/**
 * `swizzle<B,M,S>`: XORs the `bits` (B) bits of an offset that start at bit `base + shift` (M + S) into those that
 * start at bit `base` (M). Blocks of `2^M` consecutive offsets stay whole.
 *
 * Law: an involution (`apply(apply(x)) = x`), hence a bijection; it maps every aligned block of `2^(M+S+B)` to itself.
 */
export class Swizzle {
  private readonly period: number;
  private readonly mask: number;

  /** @throws LayoutError unless all are non-negative integers with `shift >= bits` and `bits + base + shift <= 30`. */
  constructor(
    readonly bits: number,
    readonly base: number,
    readonly shift: number,
  ) {
    const valid = [bits, base, shift].every((field) => Number.isInteger(field) && field >= 0);
    if (!valid || shift < bits || bits + base + shift > 30) {
      throw new LayoutError(
        `expected swizzle<bits, base, shift> with shift at least bits and a sum of at most 30, found swizzle<${bits},${base},${shift}>`,
      );
    }
    this.period = 2 ** (bits + base + shift);
    this.mask = 2 ** bits - 1;
  }

  apply(offset: number): number {
    const low = offset % this.period;
    return offset - low + (low ^ (((low >> (this.base + this.shift)) & this.mask) << this.base));
  }

  get isIdentity(): boolean {
    return this.bits === 0;
  }

  toString(): string {
    return `swizzle<${this.bits},${this.base},${this.shift}>`;
  }
}

/** The swizzle modes of the tensor memory accelerator, which ldmatrix and wgmma descriptors share. */
export type SwizzleMode = 'none' | '32B' | '64B' | '128B';

/**
 * How each mode permutes byte addresses, in chunks of 16 bytes: bits 4.. are XORed with bits 7.. of the address.
 * Law (128B): `a ^ (((a >> 7) & 7) << 4)`; 64B and 32B use the low 2 and 1 of these bits.
 */
export const SWIZZLE_MODES: Readonly<Record<SwizzleMode, Swizzle>> = {
  none: new Swizzle(0, 4, 3),
  '32B': new Swizzle(1, 4, 3),
  '64B': new Swizzle(2, 4, 3),
  '128B': new Swizzle(3, 4, 3),
};

/**
 * A mode's swizzle on element offsets. Law: `apply(x) * bits / 8` is the byte swizzle of `x * bits / 8`.
 *
 * @param elementBits - a power of two from 4 to 128.
 */
export function elementSwizzle(mode: SwizzleMode, elementBits: number): Swizzle {
  const bytes = SWIZZLE_MODES[mode];
  return new Swizzle(bytes.bits, bytes.base - byteShift(elementBits), bytes.shift);
}

/** log2 of the bytes per element; negative below one byte. */
export function byteShift(elementBits: number): number {
  const shift = Math.log2(elementBits) - 3;
  if (!Number.isInteger(shift) || elementBits < 1 || elementBits > 128) {
    throw new LayoutError(
      `expected an element of 1, 2, 4, 8, 16, 32, 64 or 128 bits, found ${elementBits}`,
    );
  }
  return shift;
}

/** The mode whose element swizzle this is, or undefined. */
export function swizzleModeOf(swizzle: Swizzle, elementBits: number): SwizzleMode | undefined {
  if (swizzle.bits === 0) return 'none';
  const [base, shift] = [swizzle.base + byteShift(elementBits), swizzle.shift];
  const modes: SwizzleMode[] = ['32B', '64B', '128B'];
  return modes.find(
    (mode) =>
      SWIZZLE_MODES[mode].bits === swizzle.bits &&
      SWIZZLE_MODES[mode].base === base &&
      SWIZZLE_MODES[mode].shift === shift,
  );
}

/**
 * `swizzle o offset o layout`. Law: `at(c) = swizzle.apply(offset + layout.at(c))`.
 *
 * Immutable, with the questions of a {@link Layout} that make sense for it.
 */
export class ComposedLayout {
  private table: Int32Array | undefined;

  constructor(
    readonly swizzle: Swizzle,
    readonly offset: number,
    readonly layout: Layout,
  ) {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new LayoutError(`expected a non-negative offset, found ${offset}`);
    }
  }

  get shape(): IntTuple {
    return this.layout.shape;
  }

  get size(): number {
    return this.layout.size;
  }

  get rank(): number {
    return this.layout.rank;
  }

  /** Largest offset plus one. */
  get cosize(): number {
    let largest = 0;
    for (const offset of this.toTable()) largest = Math.max(largest, offset);
    return largest + 1;
  }

  at(coordinate: IntTuple): number {
    return this.swizzle.apply(this.offset + this.layout.at(coordinate));
  }

  atIndex(index: number): number {
    return this.swizzle.apply(this.offset + this.layout.atIndex(index));
  }

  /** Offsets of all flat indices; kept, do not write to it. */
  toTable(): Int32Array {
    if (this.table !== undefined) return this.table;
    const offsets = this.layout.toTable();
    const table = new Int32Array(offsets.length);
    for (let index = 0; index < table.length; index += 1) {
      table[index] = this.swizzle.apply(this.offset + offsets[index]);
    }
    this.table = table;
    return table;
  }

  /** The swizzle is a bijection, so this is the inner layout's answer. */
  get isInjective(): boolean {
    return this.layout.isInjective;
  }

  /** A permutation of `0 .. size-1`. */
  get isBijective(): boolean {
    return this.isInjective && this.cosize === this.size;
  }

  equals(other: ComposedLayout): boolean {
    return this.toString() === other.toString();
  }

  /** The text form `swizzle<B,M,S> o offset o (shape):(stride)`. */
  toString(): string {
    return `${this.swizzle} o ${this.offset} o ${this.layout}`;
  }
}
