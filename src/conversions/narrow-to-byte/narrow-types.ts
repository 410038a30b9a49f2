/** Types of elements that share a byte, and the types of bytes that stand for them. */

import {
  DYNAMIC,
  type FloatType,
  i8,
  IntegerType,
  MemRefType,
  VectorType,
  type Type,
} from '../../ir/index.js';
import { isNarrow, NARROW_BITS } from '../support/narrow-elements.js';

/** Elements of one byte; the first is in the low bits. */
export const PER_BYTE = 8 / NARROW_BITS;

/** The four-bit type that a type is, or holds elements of. */
export function narrowElement(type: Type): IntegerType | FloatType | undefined {
  const element =
    type instanceof MemRefType || type instanceof VectorType ? type.elementType : type;
  return isNarrow(element) ? element : undefined;
}

/**
 * How the elements of a memref lie in bytes.
 * - `rows`: the last dimension counts bytes; all others stay.
 * - `flat`: one dimension of bytes, as rows begin in the middle of one.
 * - `single`: each element has a byte or more, as in private arrays whose rows are odd.
 */
export type Packing = 'rows' | 'flat' | 'single';

export function packingOf({ shape, elementType, memorySpace }: MemRefType): Packing {
  if (!isNarrow(elementType)) return 'single';
  const last = shape.at(-1);
  if (last !== undefined && last !== DYNAMIC && last % PER_BYTE === 0) return 'rows';
  return `${memorySpace}`.includes('private') ? 'single' : 'flat';
}

/**
 * The type that stands for a type that operations of `arith` and instructions do not have: bytes for four-bit elements,
 * integers without a sign for those with one. Undefined for all other types.
 */
export function plainType(type: Type): Type | undefined {
  if (isNarrow(type)) return i8;
  if (narrowElement(type) === undefined) return signlessType(type);
  if (type instanceof VectorType) return VectorType.get(halved(type.shape), i8);
  if (!(type instanceof MemRefType)) return undefined;
  const { shape, memorySpace } = type;
  switch (packingOf(type)) {
    case 'rows':
      return MemRefType.get(halved(shape), i8, undefined, memorySpace);
    case 'single':
      return MemRefType.get(shape, i8, undefined, memorySpace);
    case 'flat':
      return MemRefType.get([flatBytes(shape)], i8, undefined, memorySpace);
  }
}

function signlessType(type: Type): Type | undefined {
  const element =
    type instanceof MemRefType || type instanceof VectorType ? type.elementType : type;
  if (!(element instanceof IntegerType) || element.signedness === 'signless') return undefined;
  const plain = IntegerType.get(element.width);
  if (type instanceof VectorType) return VectorType.get(type.shape, plain);
  if (!(type instanceof MemRefType)) return plain;
  return MemRefType.get(type.shape, plain, type.layout, type.memorySpace);
}

/** Vectors of odd length are those of `single` memory. */
function halved(shape: readonly number[]): readonly number[] {
  const last = shape[shape.length - 1];
  return last % PER_BYTE === 0 ? [...shape.slice(0, -1), last / PER_BYTE] : shape;
}

function flatBytes(shape: readonly number[]): number {
  if (shape.includes(DYNAMIC)) return DYNAMIC;
  return Math.ceil(shape.reduce((a, b) => a * b, 1) / PER_BYTE);
}
