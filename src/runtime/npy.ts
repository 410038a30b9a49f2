/**
 * NumPy's `.npy` files, versions 1.0 to 3.0 (numpy.lib.format). Types that NumPy lacks are kept as their codes in
 * unsigned integers: bf16 as `<u2`, the 8-bit floats, f6 and f4 (one code a byte) and i4 as `|u1`, tf32 as `<f4`,
 * `index` as `<i8`; whoever reads such a file says which type is meant.
 */

import { FloatType, IndexType, IntegerType, type Type } from '../ir/index.js';
import {
  decodeTensor,
  elementCount,
  encodeTensor,
  formatOf,
  type ElementFormat,
  type Tensor,
} from './numerics/index.js';

/** What is wrong with a file: lower case, without its name. */
export class NpyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NpyError';
  }
}

/** The header of a file and where its elements begin. */
export interface NpyHeader {
  /** As written: `<f2`. */
  readonly descriptor: string;
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataOffset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** Longest header that a reasonable file has. */
const MAX_HEADER = 65535;
/** The format aligns the elements to this many bytes. */
const ALIGNMENT = 64;

/** The descriptor that files of an element type have. */
export function npyDescriptor(type: Type): string {
  if (type instanceof IndexType) return '<i8';
  if (type instanceof FloatType) {
    const own: Partial<Record<string, string>> = {
      f16: '<f2',
      f32: '<f4',
      f64: '<f8',
      tf32: '<f4',
      bf16: '<u2',
    };
    const descriptor = own[type.kind] ?? (type.width <= 8 ? '|u1' : undefined);
    if (descriptor !== undefined) return descriptor;
  }
  if (type instanceof IntegerType && type.width <= 64) {
    const { width } = type;
    if (width === 1) return '|b1';
    // Packed types have a byte each in a file, as their codes.
    if (width < 8) return '|u1';
    const letter = type.signedness === 'unsigned' ? 'u' : 'i';
    const bytes = formatOf(type).storageBits / 8;
    return bytes === 1 ? `|${letter}1` : `<${letter}${bytes}`;
  }
  throw new NpyError(`elements of type '${type}' cannot be kept in a file`);
}

/** Reads the header, refusing whatever the format does not allow. */
export function readNpyHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10 || MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new NpyError('expected a NumPy file, which begins with \\x93NUMPY');
  }
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new NpyError(`expected format version 1.0, 2.0 or 3.0, found ${major}.${minor}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = major === 1 ? 10 : 12;
  if (bytes.length < start) throw new NpyError('the file ends within its header');
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > MAX_HEADER)
    throw new NpyError(`the header claims ${length} bytes; expected at most ${MAX_HEADER}`);
  if (start + length > bytes.length) {
    throw new NpyError(
      `the header claims ${length} bytes, but the file ends ${bytes.length - start} bytes after it begins`,
    );
  }
  const text = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  return { ...parseDictionary(text), dataOffset: start + length };
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`, keys in any order, each once. */
function parseDictionary(text: string): Omit<NpyHeader, 'dataOffset'> {
  const body = /^\{([\s\S]*)\}\s*$/.exec(text.trim())?.[1];
  if (body === undefined) throw new NpyError('expected a dictionary in the header');
  const entry =
    /\s*(['"])(\w+)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([\d,\sL]*\)|\[.*?\])\s*(,|$)/y;
  const entries = new Map<string, string>();
  let end = 0;
  for (let match = entry.exec(body); match !== null; match = entry.exec(body)) {
    if (entries.has(match[2])) throw new NpyError(`the header's key '${match[2]}' appears twice`);
    entries.set(match[2], match[3]);
    end = entry.lastIndex;
  }
  if (body.slice(end).trim() !== '') {
    throw new NpyError(`cannot read the header from '${body.slice(end).trim().slice(0, 40)}' on`);
  }
  const take = (key: string): string => {
    const value = entries.get(key);
    if (value === undefined) throw new NpyError(`expected key '${key}' in the header`);
    entries.delete(key);
    return value;
  };
  const [descr, order, shapeText] = ['descr', 'fortran_order', 'shape'].map(take);
  for (const key of entries.keys()) throw new NpyError(`the header's key '${key}' is not known`);
  if (!/^['"]/.test(descr))
    throw new NpyError('expected a simple element type, found a structured one');
  if (order !== 'True' && order !== 'False') {
    throw new NpyError(`expected True or False for 'fortran_order', found ${order}`);
  }
  return {
    descriptor: descr.slice(1, -1),
    isFortranOrder: order === 'True',
    shape: parseShape(shapeText),
  };
}

function parseShape(text: string): number[] {
  const inside = /^\(\s*((?:\d+\s*,\s*)*\d*)\s*\)$/.exec(text)?.[1];
  if (inside === undefined || /^\d+$/.test(inside)) {
    throw new NpyError(`expected a tuple of extents for 'shape', found ${text}`);
  }
  const shape = inside
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  if (
    shape.some((extent) => !Number.isSafeInteger(extent)) ||
    !Number.isSafeInteger(elementCount(shape))
  ) {
    throw new NpyError(`shape ${text} is too large`);
  }
  return shape;
}

/**
 * The tensor in a file, as one of `elementType`.
 * @throws NpyError where the file is not well formed, its elements are others, or it is longer or shorter than it says.
 */
export function readNpy(bytes: Uint8Array, elementType: Type): Tensor {
  const header = readNpyHeader(bytes);
  const expected = npyDescriptor(elementType);
  const { descriptor, shape } = header;
  const isSame =
    descriptor === expected ||
    (descriptor.slice(1) === expected.slice(1) && expected.endsWith('1'));
  if (!isSame) {
    const codes = isKeptAsCodes(elementType) ? `, its codes in '${expected}',` : '';
    throw new NpyError(
      `expected elements of type '${elementType}'${codes || ` ('${expected}')`} found '${descriptor}'`,
    );
  }
  const format = formatOf(elementType);
  const fileBits = format.storageBits < 8 ? 8 : format.storageBits;
  const size = (elementCount(shape) * fileBits) / 8;
  const data = bytes.subarray(header.dataOffset);
  if (data.length !== size) {
    throw new NpyError(
      `shape (${shape.join(', ')}) takes ${size} bytes, but ${data.length} follow the header`,
    );
  }
  const tensor =
    format.storageBits < 8
      ? decodeUnpacked(elementType, format, shape, data)
      : decodeTensor(elementType, shape, data);
  return header.isFortranOrder ? fromFortranOrder(tensor) : tensor;
}

function isKeptAsCodes(type: Type): boolean {
  return (
    npyDescriptor(type).includes('u') &&
    !(type instanceof IntegerType && type.signedness === 'unsigned')
  );
}

function decodeUnpacked(
  elementType: Type,
  format: ElementFormat,
  shape: readonly number[],
  bytes: Uint8Array,
): Tensor {
  const data = format.allocate(bytes.length);
  bytes.forEach((code, index) => {
    if (code >= 2 ** format.storageBits) {
      throw new NpyError(`code ${code} at element ${index} has more bits than a '${elementType}'`);
    }
    data[index] = format.decode(code) as never;
  });
  return { elementType, shape, data };
}

/** Reorders elements whose first index varies fastest. */
function fromFortranOrder({ elementType, shape, data }: Tensor): Tensor {
  const reordered = formatOf(elementType).allocate(data.length);
  const index = shape.map(() => 0);
  const strides: number[] = [];
  shape.reduce((stride, extent, dim) => ((strides[dim] = stride), stride * extent), 1);
  for (let at = 0; at < data.length; at++) {
    const from = index.reduce((sum, coordinate, dim) => sum + coordinate * strides[dim], 0);
    reordered[at] = data[from] as never;
    for (let dim = shape.length - 1; dim >= 0 && ++index[dim] === shape[dim]; dim--) index[dim] = 0;
  }
  return { elementType, shape, data: reordered };
}

/** A version 1.0 file of a tensor. Undefined elements are written as poison. */
export function writeNpy(tensor: Tensor): Uint8Array {
  const descriptor = npyDescriptor(tensor.elementType);
  const tuple =
    tensor.shape.length === 1 ? `(${tensor.shape[0]},)` : `(${tensor.shape.join(', ')})`;
  let header = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': ${tuple}, }`;
  header = header.padEnd(Math.ceil((header.length + 11) / ALIGNMENT) * ALIGNMENT - 11) + '\n';
  const format = formatOf(tensor.elementType);
  const data =
    format.storageBits < 8
      ? Uint8Array.from(tensor.data as Float32Array, (value) => format.encode(value))
      : encodeTensor(tensor);
  const bytes = new Uint8Array(10 + header.length + data.length);
  bytes.set(MAGIC);
  bytes.set([1, 0, header.length & 0xff, header.length >> 8], 6);
  bytes.set(Buffer.from(header, 'latin1'), 10);
  bytes.set(data, 10 + header.length);
  return bytes;
}
