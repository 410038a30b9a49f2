/** Which integer literals an integer type can hold. */

import { bitWidth, IntegerType, type IndexType } from '../ir/index.js';

/** Whether an integer literal may stand for a constant of the type: signless ones are read either way. */
export function fitsInteger(value: bigint, type: IntegerType | IndexType): boolean {
  const width = bitWidth(type) ?? 64;
  if (width === 0) return value === 0n;
  const signedness = type instanceof IntegerType ? type.signedness : 'signless';
  const limit = 1n << BigInt(width);
  const low = signedness === 'unsigned' ? 0n : -(limit >> 1n);
  const high = signedness === 'signed' ? limit >> 1n : limit;
  return value >= low && value < high;
}
