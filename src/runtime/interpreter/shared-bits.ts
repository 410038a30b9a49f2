/** Buffers of different element types over the same bits: what `tile.view` makes. */

import type { ElementArray, ElementFormat } from '../numerics/index.js';

/** One reading of the bits. */
export interface BitReading {
  readonly format: ElementFormat;
  readonly values: ElementArray;
  readonly defined: Uint8Array;
  /** Called when `defined` has changed. */
  readonly countUndefined: () => void;
}

/**
 * Keeps several readings of the same bits in step: one is current, and becomes bits again when another is asked for. Only
 * elements whose value has changed are encoded, so that bits without a value of their own (payloads of NaN) survive.
 */
export class SharedBits {
  private readonly bytes: Uint8Array;
  private readonly definedBytes: Uint8Array;
  private current: BitReading;
  private before: ElementArray;

  constructor(first: BitReading) {
    const size = Math.ceil((first.values.length * first.format.storageBits) / 8);
    this.bytes = new Uint8Array(size);
    this.definedBytes = new Uint8Array(size);
    this.current = first;
    this.before = first.format.allocate(first.values.length);
    this.encode(true);
  }

  /** Makes a reading the current one; to be called before any use of its values. */
  use(reading: BitReading): void {
    if (reading === this.current) return;
    this.encode(false);
    this.current = reading;
    this.decode();
  }

  private encode(isWhole: boolean): void {
    const { format, values, defined } = this.current;
    for (let at = 0; at < values.length; at++) {
      this.markDefined(at, format.storageBits, defined[at]);
      if (!isWhole && Object.is(values[at], this.before[at])) continue;
      this.write(at, format.storageBits, codeOf(format, values[at]));
    }
  }

  private decode(): void {
    const { format, values, defined, countUndefined } = this.current;
    for (let at = 0; at < values.length; at++) {
      values[at] = valueOf(format, this.read(at, format.storageBits)) as never;
      defined[at] = this.isDefined(at, format.storageBits) ? 1 : 0;
    }
    countUndefined();
    this.before = values.slice();
  }

  private markDefined(at: number, bits: number, isDefined: number): void {
    const first = Math.floor((at * bits) / 8);
    // A byte has a value once one of the elements in it has.
    if (isDefined === 0 && (at * bits) % 8 > 0) return;
    this.definedBytes.fill(isDefined, first, first + Math.ceil(bits / 8));
  }

  private isDefined(at: number, bits: number): boolean {
    const first = Math.floor((at * bits) / 8);
    return !this.definedBytes.subarray(first, first + Math.ceil(bits / 8)).includes(0);
  }

  private read(at: number, bits: number): bigint {
    if (bits < 8) {
      const shift = (at * bits) % 8;
      return BigInt((this.bytes[Math.floor((at * bits) / 8)] >> shift) & (2 ** bits - 1));
    }
    let code = 0n;
    for (let byte = bits / 8 - 1; byte >= 0; byte--)
      code = (code << 8n) | BigInt(this.bytes[(at * bits) / 8 + byte]);
    return code;
  }

  private write(at: number, bits: number, code: bigint): void {
    if (bits < 8) {
      const [place, shift] = [Math.floor((at * bits) / 8), (at * bits) % 8];
      const mask = (2 ** bits - 1) << shift;
      this.bytes[place] = (this.bytes[place] & ~mask) | ((Number(code) << shift) & mask);
      return;
    }
    for (let byte = 0; byte < bits / 8; byte++)
      this.bytes[(at * bits) / 8 + byte] = Number((code >> BigInt(8 * byte)) & 0xffn);
  }
}

const wide = new DataView(new ArrayBuffer(8));

/** Codes of wide types are their bits; the formats know only those of up to 32. */
function codeOf(format: ElementFormat, value: number | bigint): bigint {
  if (typeof value === 'bigint') return BigInt.asUintN(64, value);
  if (format.storageBits <= 32)
    return BigInt.asUintN(format.storageBits, BigInt(format.encode(value)));
  wide.setFloat64(0, value);
  return wide.getBigUint64(0);
}

function valueOf(format: ElementFormat, code: bigint): number | bigint {
  if (format.isBig) return format.wrapBig(code);
  if (format.storageBits <= 32) return format.decode(Number(code));
  wide.setBigUint64(0, code);
  return wide.getFloat64(0);
}
