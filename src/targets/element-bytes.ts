/** Sizes of element types as emitted text spells them. */

/** Bytes of one element in memory, by IR name of the type; `i1` is a byte. */
export const elementBytes: Readonly<Record<string, number>> = {
  i1: 1,
  i8: 1,
  u8: 1,
  f8E4M3FN: 1,
  f8E5M2: 1,
  f8E4M3FNUZ: 1,
  f8E5M2FNUZ: 1,
  i16: 2,
  u16: 2,
  f16: 2,
  bf16: 2,
  i32: 4,
  u32: 4,
  f32: 4,
  i64: 8,
  u64: 8,
  f64: 8,
};

/** Elements that share a byte, by IR name of the type. */
const elementsPerByte: Readonly<Record<string, number>> = { i4: 2, f4E2M1FN: 2 };

/** Memory holds integers alike, whatever their type says of a sign. */
function signless(type: string): string {
  return type.replace(/^[us](?=i\d)/, '');
}

/** Bytes of so many elements in a row; undefined for a type that emitted text has no memory of. */
export function bytesOf(type: string, count: number): number | undefined {
  const plain = signless(type);
  const shared = elementsPerByte[plain];
  if (shared !== undefined) return Math.ceil(count / shared);
  const bytes = elementBytes[plain];
  return bytes === undefined ? undefined : count * bytes;
}

/** The type that emitted text reads and writes elements in: bytes for packed ones, integers without a sign. */
export function storageType(type: string): string {
  const plain = signless(type);
  return plain in elementsPerByte ? 'i8' : plain;
}
