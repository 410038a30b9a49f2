/** Tensors as the executors exchange them, and their bytes as memory holds them. */

import type { Type } from '../../ir/index.js';
import { elementFormat, type ElementArray, type ElementFormat } from './element-format.js';

/** A dense row-major tensor. `data` holds numbers (bigints beyond 32-bit integers), never codes. */
export interface Tensor {
  readonly elementType: Type;
  readonly shape: readonly number[];
  readonly data: ElementArray;
  /** One byte for each element, 0 where its value is undefined; absent where all are defined. */
  readonly defined?: Uint8Array;
}

/** What fills the bytes of undefined elements. */
export const POISON_BYTE = 0xdb;

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The format of an element type that is known to have one. */
export function formatOf(type: Type): ElementFormat {
  const format = elementFormat(type);
  if (format === undefined) throw new TypeError(`elements of type '${type}' are not supported`);
  return format;
}

/** Bytes that a dense tensor takes in memory; elements narrower than a byte are packed. */
export function byteLength(elementType: Type, shape: readonly number[]): number {
  return Math.ceil((elementCount(shape) * formatOf(elementType).storageBits) / 8);
}

/** The tensor as memory holds it, little endian; the low bits of a byte come first. Undefined elements are poison. */
export function encodeTensor(tensor: Tensor): Uint8Array {
  const format = formatOf(tensor.elementType);
  const bytes = new Uint8Array(byteLength(tensor.elementType, tensor.shape));
  const view = new DataView(bytes.buffer);
  const { data, defined } = tensor;
  const width = format.storageBits;
  const write = elementWriter(format, view);
  if (defined === undefined) {
    for (let index = 0; index < data.length; index++) write(index, data[index]);
    return bytes;
  }
  // Bytes of whole elements are poison all at once, before what is defined goes over it.
  if (width >= 8) bytes.fill(POISON_BYTE);
  for (let index = 0; index < data.length; index++) {
    if (defined[index] !== 0) write(index, data[index]);
    else if (width < 8) poisonPacked(bytes, index, width);
  }
  return bytes;
}

function poisonPacked(bytes: Uint8Array, index: number, width: number): void {
  const { at, shift, mask } = packedPlace(index, width);
  bytes[at] |= (POISON_BYTE & (mask << shift)) >>> 0;
}

function packedPlace(index: number, width: number): { at: number; shift: number; mask: number } {
  const perByte = Math.floor(8 / width);
  return {
    at: Math.floor(index / perByte),
    shift: (index % perByte) * width,
    mask: 2 ** width - 1,
  };
}

function elementWriter(
  format: ElementFormat,
  view: DataView,
): (index: number, value: number | bigint) => void {
  const { encode } = format;
  switch (format.storageBits) {
    case 64:
      if (format.category === 'float') return (i, v) => view.setFloat64(i * 8, v as number, true);
      return (i, v) => view.setBigInt64(i * 8, BigInt.asIntN(64, BigInt(v)), true);
    case 32:
      return (i, v) => view.setUint32(i * 4, encode(v as number), true);
    case 16:
      return (i, v) => view.setUint16(i * 2, encode(v as number), true);
    case 8:
      return (i, v) => view.setUint8(i, encode(v as number));
    default:
      return (i, v) => {
        const { at, shift } = packedPlace(i, format.storageBits);
        view.setUint8(at, view.getUint8(at) | (encode(v as number) << shift));
      };
  }
}

/**
 * The tensor whose memory `bytes` is.
 * @throws RangeError if the number of bytes is not that of the shape.
 */
export function decodeTensor(
  elementType: Type,
  shape: readonly number[],
  bytes: Uint8Array,
): Tensor {
  const format = formatOf(elementType);
  const expected = byteLength(elementType, shape);
  if (bytes.length !== expected) {
    throw new RangeError(`expected ${expected} bytes, found ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = elementCount(shape);
  const data = format.allocate(count);
  const { decode, storageBits } = format;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < count; i++) data[i] = format.wrapBig(view.getBigInt64(i * 8, true));
    return { elementType, shape, data };
  }
  for (let i = 0; i < count; i++) {
    if (storageBits === 64) {
      data[i] =
        format.category === 'float'
          ? view.getFloat64(i * 8, true)
          : Number(view.getBigInt64(i * 8, true));
    } else if (storageBits === 32) data[i] = decode(view.getUint32(i * 4, true));
    else if (storageBits === 16) data[i] = decode(view.getUint16(i * 2, true));
    else if (storageBits === 8) data[i] = decode(view.getUint8(i));
    else {
      const { at, shift, mask } = packedPlace(i, storageBits);
      data[i] = decode((view.getUint8(at) >>> shift) & mask);
    }
  }
  return { elementType, shape, data };
}

/** For each element, 0 where its bytes are still poison. Packed elements count as written. */
export function findPoison(
  elementType: Type,
  bytes: Uint8Array,
  count: number,
  poisonByte = POISON_BYTE,
): Uint8Array {
  const width = formatOf(elementType).storageBits / 8;
  const defined = new Uint8Array(count).fill(1);
  if (width < 1) return defined;
  for (let index = 0; index < count; index++) {
    let isPoison = true;
    for (let at = index * width; at < (index + 1) * width && isPoison; at++) {
      isPoison = bytes[at] === poisonByte;
    }
    if (isPoison) defined[index] = 0;
  }
  return defined;
}

/** The coordinates of the element at a row-major offset. */
export function coordinatesOf(offset: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length);
  let rest = offset;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    coordinates[dim] = rest % shape[dim];
    rest = Math.floor(rest / shape[dim]);
  }
  return coordinates;
}
