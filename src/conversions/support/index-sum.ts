/**
 * Index expressions as sums of scaled digits with known ranges. Knowing which bits each term can set lets a swizzle be
 * applied only to the terms that it touches, so that the others stay plain additions (and become immediate offsets).
 */

import { BlockArgument } from '../../ir/index.js';
import type { ComposedLayout } from '../../layout/index.js';
import { Layout } from '../../layout/index.js';
import { named, type Index, type IndexBuilder } from './index-builder.js';

/** `coefficient * value`, with `value` in `[0, extent)`. */
export interface IndexTerm {
  readonly value: Index;
  readonly coefficient: number;
  readonly extent: number;
}

/** The sum of some terms. */
export type IndexSum = readonly IndexTerm[];

export function constantTerm(value: number): IndexTerm {
  return { value: 1, coefficient: value, extent: 2 };
}

export function scaleSum(sum: IndexSum, factor: number): IndexTerm[] {
  return sum.map((term) => ({ ...term, coefficient: term.coefficient * factor }));
}

export function buildSum(index: IndexBuilder, sum: IndexSum): Index {
  return index.sum(sum.map(({ value, coefficient }) => index.multiply(value, coefficient)));
}

/** Largest value that a sum can have. */
function maximum(sum: IndexSum): number {
  return sum.reduce((total, { coefficient, extent }) => total + coefficient * (extent - 1), 0);
}

/** A sum as quotient and remainder by `divisor`; by arithmetic on the whole where its terms do not fall apart. */
function divideSum(
  index: IndexBuilder,
  sum: IndexSum,
  divisor: number,
  extent: number,
): [IndexTerm[], IndexTerm[]] {
  const high = sum.filter(({ coefficient }) => coefficient % divisor === 0);
  const low = sum.filter(({ coefficient }) => coefficient % divisor !== 0);
  if (maximum(low) < divisor) {
    return [high.map((term) => ({ ...term, coefficient: term.coefficient / divisor })), low];
  }
  const whole = buildSum(index, sum);
  return [
    [{ value: index.divide(whole, divisor), coefficient: 1, extent }],
    [{ value: index.remainder(whole, divisor), coefficient: 1, extent: divisor }],
  ];
}

/** The bits that a term can set; undefined where it is no run of whole bits. */
function bitsOf({ coefficient, extent }: IndexTerm): { low: number; high: number } | undefined {
  const low = Math.log2(coefficient);
  if (!Number.isInteger(low)) return undefined;
  return { low, high: low + Math.ceil(Math.log2(extent)) };
}

function haveDisjointBits(sum: IndexSum): boolean {
  // A term of extent 1 is zero and sets no bit.
  const ranges = sum.filter(({ extent }) => extent > 1).map(bitsOf);
  if (ranges.includes(undefined)) return false;
  const sorted = (ranges as { low: number; high: number }[]).sort((a, b) => a.low - b.low);
  return sorted.every((range, i) => i === 0 || sorted[i - 1].high <= range.low);
}

/** Offset in elements of the element at some coordinates of a tile. */
export function buildOffset(
  index: IndexBuilder,
  layout: Layout | ComposedLayout,
  coordinates: readonly IndexSum[],
): Index {
  const inner = layout instanceof Layout ? layout : layout.layout;
  const sum = inner.modes.flatMap((mode, dimension) =>
    throughMode(index, mode, coordinates[dimension]),
  );
  if (layout instanceof Layout) return buildSum(index, sum);
  if (layout.offset !== 0) sum.push(constantTerm(layout.offset));
  return buildSwizzled(index, layout.swizzle, sum);
}

/**
 * The part of a term below bit `bit` and that from it on. Taken apart only where the term is a run of whole bits that
 * crosses the bit.
 */
function splitAtBit(index: IndexBuilder, term: IndexTerm, bit: number): IndexTerm[] {
  const range = bitsOf(term)!;
  if (bit <= range.low || range.high <= bit) return [term];
  const { value, coefficient, extent } = term;
  const count = 2 ** (bit - range.low);
  return [
    { value: index.remainder(value, count), coefficient, extent: count },
    {
      value: index.divide(value, count),
      coefficient: coefficient * count,
      extent: Math.ceil(extent / count),
    },
  ];
}

/**
 * `x ^ (x >> shift & mask)`, computed only on the terms that it touches. A loop's variable that sets no bit of the mask's
 * source comes last, `swizzled ^ step % 4 * 16`: what is before it is computed once, outside the loop. Its bits that the
 * XOR leaves alone are added, `+ step / 4 * 64`, so that iterations which differ in them alone share an address.
 */
function buildSwizzled(
  index: IndexBuilder,
  { bits, base, shift }: ComposedLayout['swizzle'],
  sum: IndexSum,
): Index {
  const source = (value: Index): Index =>
    index.multiply(index.remainder(index.divide(value, 2 ** (base + shift)), 2 ** bits), 2 ** base);
  const swizzle = (value: Index): Index => index.xor(value, source(value));
  if (!haveDisjointBits(sum)) return swizzle(named('offset', buildSum(index, sum)));
  const moving = sum.filter(({ extent }) => extent > 1);
  const meets = (term: IndexTerm, low: number): boolean => {
    const range = bitsOf(term)!;
    return range.low < low + bits && low < range.high;
  };
  const isSource = (term: IndexTerm): boolean => meets(term, base + shift);
  const isLate = (term: IndexTerm): boolean =>
    !isSource(term) && meets(term, base) && term.value instanceof BlockArgument;
  const isEarly = (term: IndexTerm): boolean =>
    isSource(term) || (meets(term, base) && !isLate(term));
  const isPlain = (term: IndexTerm): boolean => !isSource(term) && !meets(term, base);
  const late = moving.filter(isLate).flatMap((term) => splitAtBit(index, term, base + bits));
  const swizzled = late
    .filter((term) => !isPlain(term))
    .reduce<Index>(
      (value, term) => index.xor(value, index.multiply(term.value, term.coefficient)),
      swizzle(named('offset', buildSum(index, moving.filter(isEarly)))),
    );
  const plain = [...moving, ...late].filter((term) => isPlain(term));
  return index.sum([swizzled, buildSum(index, plain)]);
}

/** Applies one mode, possibly nested, to a coordinate. */
function throughMode(index: IndexBuilder, mode: Layout, coordinate: IndexSum): IndexTerm[] {
  const terms: IndexTerm[] = [];
  let rest: IndexSum = coordinate;
  mode.shapes.forEach((extent, leaf) => {
    const isLast = leaf === mode.shapes.length - 1;
    const remaining = mode.shapes.slice(leaf + 1).reduce((product, other) => product * other, 1);
    const [quotient, remainder] = isLast ? [[], rest] : divideSum(index, rest, extent, remaining);
    terms.push(...scaleSum(remainder, mode.strides[leaf]));
    rest = quotient;
  });
  return terms.filter(({ coefficient }) => coefficient !== 0);
}
