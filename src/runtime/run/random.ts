/** Input values drawn from a seed: the same on every machine, and never zero, which would hide wrong indexing. */

import type { Type } from '../../ir/index.js';
import {
  elementCount,
  formatOf,
  integerRange,
  type ElementFormat,
  type Tensor,
} from '../numerics/index.js';

/** Numbers in [0, 1) with 32 random bits: Weyl sequence with a mixing function of two multiplications. */
export type RandomSource = () => number;

/** 32 bits that depend on every bit of `value`. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

/** A source of its own for each name, so that one argument's values do not depend on the others'. */
export function createRandom(seed: number, name: string): RandomSource {
  let state = mix(seed);
  for (const character of name) state = mix(state ^ character.codePointAt(0)!);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix(state) / 2 ** 32;
  };
}

/** Standard deviation of drawn floats: sums of thousands of products stay far below f16's largest number. */
const DEVIATION = 0.3;
/** The narrowest formats have few numbers below one. */
const NARROW_DEVIATION = 2;

/** Near-normal: the sum of four uniform numbers, scaled to deviation one; at most 3.5. */
function nearNormal(random: RandomSource): number {
  return (random() + random() + random() + random() - 2) * Math.sqrt(3);
}

function floatSource(format: ElementFormat, random: RandomSource): () => number {
  const deviation =
    format.storageBits < 8 || /^f[46]/.test(String(format.type)) ? NARROW_DEVIATION : DEVIATION;
  // One half is a number of every format.
  return () => format.round(nearNormal(random) * deviation) || (random() < 0.5 ? -0.5 : 0.5);
}

/** Small integers other than zero, so that products of many do not overflow; booleans are either. */
function integerSource(format: ElementFormat, random: RandomSource): () => number {
  const [low, high] = integerRange(format).map(Number);
  if (format.isUnsigned && high === 1) return () => (random() < 0.5 ? 0 : 1);
  const limit = Math.max(1, Math.min(high, format.isUnsigned ? 15 : 7));
  return () => {
    const magnitude = 1 + Math.floor(random() * limit);
    return low < 0 && random() < 0.5 ? -magnitude : Math.min(magnitude, high);
  };
}

export const draws = ['reals', 'halves'] as const;
/** `reals`: floats without a pattern; `halves`: -2, -1.5, ... 2 without zero, whose sums of products are exact in f32. */
export type Draw = (typeof draws)[number];

/** A multiple of one half from -2 to 2, but not zero: a number of every float format. */
function drawHalf(random: RandomSource): number {
  const magnitude = (1 + Math.floor(random() * 4)) / 2;
  return random() < 0.5 ? -magnitude : magnitude;
}

export function randomTensor(
  elementType: Type,
  shape: readonly number[],
  random: RandomSource,
  draw: Draw = 'reals',
): Tensor {
  const format = formatOf(elementType);
  const data = format.allocate(elementCount(shape));
  const next =
    format.category !== 'float'
      ? integerSource(format, random)
      : draw === 'halves'
        ? () => format.round(drawHalf(random))
        : floatSource(format, random);
  for (let i = 0; i < data.length; i++) data[i] = (format.isBig ? BigInt(next()) : next()) as never;
  return { elementType, shape, data };
}

/** A scalar argument: a float, or an integer from 1 to 8. */
export function randomScalar(elementType: Type, random: RandomSource): number {
  const format = formatOf(elementType);
  if (format.category === 'float') return floatSource(format, random)();
  return format.isUnsigned && format.storageBits === 8 && integerRange(format)[1] === 1n
    ? 1
    : Math.min(1 + Math.floor(random() * 8), Number(integerRange(format)[1]));
}
