/**
 * Bounds of integer values. Ranges are kept signed and unsigned; whatever may wrap around is unknown, so that every
 * conclusion holds for the wrapping arithmetic of `arith`.
 */

import {
  InferIntRangeInterface,
  LoopLikeInterface,
  type IntegerRange as Range,
  type KnownIntegerRanges as KnownRanges,
} from '../../dialects/interfaces.js';
import {
  IndexType,
  IntegerAttr,
  IntegerType,
  i1,
  type BlockArgument,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import type { Lattice } from './solver.js';
import { SparseForwardAnalysis } from './sparse-forward.js';

/** Both readings of a value of a width in bits; the width is 0 for values that are no integers. */
export interface IntegerRanges {
  readonly width: number;
  readonly signed: Range;
  readonly unsigned: Range;
}
type Ranges = IntegerRanges;

/** Whether ranges are kept for values of a type. */
export function hasIntegerRange(type: Type): boolean {
  return (
    type instanceof IndexType || (type instanceof IntegerType && type.signedness === 'signless')
  );
}

function widthOf(type: Type): number {
  return type instanceof IntegerType ? type.width : 64;
}

function fullSigned(width: number): Range {
  const half = 1n << BigInt(Math.max(width, 1) - 1);
  return { min: -half, max: half - 1n };
}

function fullUnsigned(width: number): Range {
  return { min: 0n, max: (1n << BigInt(width)) - 1n };
}

function isWithin(inner: Range, outer: Range): boolean {
  return inner.min >= outer.min && inner.max <= outer.max;
}

/** Both readings, from the one or two that are known; where a reading may wrap, the other one decides. */
function ranges(width: number, known: KnownRanges): Ranges {
  const allSigned = fullSigned(width);
  const allUnsigned = fullUnsigned(width);
  let signed =
    known.signed !== undefined && isWithin(known.signed, allSigned) ? known.signed : undefined;
  let unsigned =
    known.unsigned !== undefined && isWithin(known.unsigned, allUnsigned)
      ? known.unsigned
      : undefined;
  // Values without the sign bit read the same both ways.
  if (signed === undefined && unsigned !== undefined && unsigned.max <= allSigned.max)
    signed = unsigned;
  if (unsigned === undefined && signed !== undefined && signed.min >= 0n) unsigned = signed;
  if (signed !== undefined && signed.min === signed.max) {
    const bits = BigInt.asUintN(width, signed.min);
    unsigned = { min: bits, max: bits };
  }
  return { width, signed: signed ?? allSigned, unsigned: unsigned ?? allUnsigned };
}

const least = (...values: bigint[]): bigint => values.reduce((a, b) => (b < a ? b : a));
const greatest = (...values: bigint[]): bigint => values.reduce((a, b) => (b > a ? b : a));

function corners(a: Range, b: Range, apply: (x: bigint, y: bigint) => bigint): Range {
  const all = [apply(a.min, b.min), apply(a.min, b.max), apply(a.max, b.min), apply(a.max, b.max)];
  return { min: least(...all), max: greatest(...all) };
}

const union = (a: Range, b: Range): Range => ({
  min: least(a.min, b.min),
  max: greatest(a.max, b.max),
});

type Rule = (a: Ranges, b: Ranges) => KnownRanges;

const both =
  (apply: (x: bigint, y: bigint) => bigint): Rule =>
  (a, b) => ({
    signed: corners(a.signed, b.signed, apply),
    unsigned: corners(a.unsigned, b.unsigned, apply),
  });

/** The bits that differ among the values of a range: all from the first one on in which its ends differ. */
function freeBits({ min, max }: Range): bigint {
  let free = 0n;
  for (let differing = min ^ max; differing > 0n; differing >>= 1n) free = (free << 1n) | 1n;
  return free;
}

const withBits = (known: bigint, free: bigint): Range => ({
  min: known & ~free,
  max: known | free,
});

/** Of `x & y` and `x | y` each bit grows with those of the operands: extreme is what has extreme bits on both sides. */
const growingBits =
  (apply: (x: bigint, y: bigint) => bigint): Rule =>
  ({ unsigned: a }, { unsigned: b }) => {
    const [x, y] = [withBits(a.min, freeBits(a)), withBits(b.min, freeBits(b))];
    return { unsigned: { min: apply(x.min, y.min), max: apply(x.max, y.max) } };
  };

const isShift = ({ width, unsigned }: Ranges): boolean => unsigned.max < BigInt(width);
const floorDiv = (x: bigint, y: bigint): bigint => (x - (((x % y) + y) % y)) / y;

/** How ranges of operands become those of the result. */
const RULES: Readonly<Record<string, Rule>> = {
  'arith.addi': both((x, y) => x + y),
  'arith.subi': (a, b) => ({
    signed: { min: a.signed.min - b.signed.max, max: a.signed.max - b.signed.min },
    unsigned: { min: a.unsigned.min - b.unsigned.max, max: a.unsigned.max - b.unsigned.min },
  }),
  'arith.muli': both((x, y) => x * y),
  'arith.minsi': (a, b) => ({
    signed: { min: least(a.signed.min, b.signed.min), max: least(a.signed.max, b.signed.max) },
  }),
  'arith.maxsi': (a, b) => ({
    signed: {
      min: greatest(a.signed.min, b.signed.min),
      max: greatest(a.signed.max, b.signed.max),
    },
  }),
  'arith.minui': (a, b) => ({
    unsigned: {
      min: least(a.unsigned.min, b.unsigned.min),
      max: least(a.unsigned.max, b.unsigned.max),
    },
  }),
  'arith.maxui': (a, b) => ({
    unsigned: {
      min: greatest(a.unsigned.min, b.unsigned.min),
      max: greatest(a.unsigned.max, b.unsigned.max),
    },
  }),
  'arith.andi': growingBits((x, y) => x & y),
  'arith.ori': growingBits((x, y) => x | y),
  // A bit is free where it is free on either side; LLVM 19 forgets those that are free on one side only.
  'arith.xori': ({ unsigned: a }, { unsigned: b }) => ({
    unsigned: withBits(a.min ^ b.min, freeBits(a) | freeBits(b)),
  }),
  'arith.divui': (a, b) =>
    b.unsigned.min === 0n ? {} : { unsigned: corners(a.unsigned, b.unsigned, (x, y) => x / y) },
  'arith.divsi': (a, b) =>
    b.signed.min <= 0n ? {} : { signed: corners(a.signed, b.signed, (x, y) => x / y) },
  'arith.remui': (a, b) =>
    b.unsigned.min === 0n
      ? {}
      : { unsigned: { min: 0n, max: least(a.unsigned.max, b.unsigned.max - 1n) } },
  'arith.remsi': (a, b) => {
    if (b.signed.min <= 0n) return {};
    const most = b.signed.max - 1n;
    return {
      signed: {
        min: a.signed.min >= 0n ? 0n : greatest(-most, a.signed.min),
        max: a.signed.max <= 0n ? 0n : least(most, a.signed.max),
      },
    };
  },
  'arith.ceildivui': (a, b) =>
    b.unsigned.min === 0n
      ? {}
      : { unsigned: corners(a.unsigned, b.unsigned, (x, y) => (x + y - 1n) / y) },
  'arith.ceildivsi': (a, b) =>
    b.signed.min <= 0n ? {} : { signed: corners(a.signed, b.signed, (x, y) => -floorDiv(-x, y)) },
  'arith.floordivsi': (a, b) =>
    b.signed.min <= 0n ? {} : { signed: corners(a.signed, b.signed, floorDiv) },
  'arith.shli': (a, b) =>
    isShift(b)
      ? {
          signed: corners(a.signed, b.unsigned, (x, y) => x << y),
          unsigned: corners(a.unsigned, b.unsigned, (x, y) => x << y),
        }
      : {},
  'arith.shrui': (a, b) =>
    isShift(b)
      ? { unsigned: corners(a.unsigned, b.unsigned, (x, y) => x >> y) }
      : { unsigned: { min: 0n, max: a.unsigned.max } },
  'arith.shrsi': (a, b) =>
    isShift(b) ? { signed: corners(a.signed, b.unsigned, (x, y) => x >> y) } : {},
};

/** Predicates of `arith.cmpi` by number: whether they hold for all, for none, or neither. */
const PREDICATES: readonly ((a: Ranges, b: Ranges) => boolean | undefined)[] = [
  (a, b) => equality(a, b),
  (a, b) => not(equality(a, b)),
  (a, b) => lessThan(a.signed, b.signed),
  (a, b) => not(lessThan(b.signed, a.signed)),
  (a, b) => lessThan(b.signed, a.signed),
  (a, b) => not(lessThan(a.signed, b.signed)),
  (a, b) => lessThan(a.unsigned, b.unsigned),
  (a, b) => not(lessThan(b.unsigned, a.unsigned)),
  (a, b) => lessThan(b.unsigned, a.unsigned),
  (a, b) => not(lessThan(a.unsigned, b.unsigned)),
];

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function lessThan(a: Range, b: Range): boolean | undefined {
  if (a.max < b.min) return true;
  return a.min >= b.max ? false : undefined;
}

function equality(a: Ranges, b: Ranges): boolean | undefined {
  if (a.signed.max < b.signed.min || b.signed.max < a.signed.min) return false;
  if (a.unsigned.max < b.unsigned.min || b.unsigned.max < a.unsigned.min) return false;
  return a.signed.min === a.signed.max && b.signed.min === b.signed.max ? true : undefined;
}

const NONE: Range = { min: 0n, max: 0n };
const NOT_AN_INTEGER: Ranges = { width: 0, signed: NONE, unsigned: NONE };

const lattice: Lattice<Ranges> = {
  join: (a, b) =>
    isWithin(b.signed, a.signed) && isWithin(b.unsigned, a.unsigned)
      ? a
      : {
          width: a.width,
          signed: union(a.signed, b.signed),
          unsigned: union(a.unsigned, b.unsigned),
        },
  // A bound that keeps moving goes to the end at once.
  widen: (previous, next) => {
    const widened = (before: Range, after: Range, all: Range): Range => ({
      min: after.min < before.min ? all.min : after.min,
      max: after.max > before.max ? all.max : after.max,
    });
    return {
      width: next.width,
      signed: widened(previous.signed, next.signed, fullSigned(next.width)),
      unsigned: widened(previous.unsigned, next.unsigned, fullUnsigned(next.width)),
    };
  },
};

export class IntegerRangeAnalysis extends SparseForwardAnalysis<Ranges> {
  protected readonly lattice = lattice;

  protected entryFact({ type }: Value): Ranges {
    return hasIntegerRange(type) ? ranges(widthOf(type), {}) : NOT_AN_INTEGER;
  }

  protected transfer(op: Operation, operands: readonly Ranges[]): readonly Ranges[] {
    const known = op.results.some(({ type }) => hasIntegerRange(type))
      ? rangesOfResults(op, operands)
      : [];
    return op.results.map(({ type }, index) =>
      hasIntegerRange(type) ? ranges(widthOf(type), known[index] ?? {}) : NOT_AN_INTEGER,
    );
  }

  /** Induction variables run from the lower to the upper bound. */
  protected override argumentFact(
    argument: BlockArgument,
    op: Operation,
    factOf: (value: Value) => Ranges | undefined,
  ): Ranges | undefined {
    const loop = op.getInterface(LoopLikeInterface);
    const position = loop?.inductionVariables(op).indexOf(argument) ?? -1;
    const bounds = position < 0 ? undefined : loop?.bounds?.(op);
    if (bounds === undefined || !hasIntegerRange(argument.type)) return this.entryFact(argument);
    const lower = factOf(bounds.lower[position]);
    const upper = factOf(bounds.upper[position]);
    const step = factOf(bounds.step[position]);
    if (lower === undefined || upper === undefined || step === undefined) return undefined;
    const last = greatest(upper.signed.max - 1n, lower.signed.min);
    // With a constant start and step the last value that is taken is known.
    const isExact =
      lower.signed.min === lower.signed.max &&
      step.signed.min === step.signed.max &&
      step.signed.min > 0n;
    const max = isExact
      ? lower.signed.min + ((last - lower.signed.min) / step.signed.min) * step.signed.min
      : last;
    return ranges(widthOf(argument.type), { signed: { min: lower.signed.min, max } });
  }
}

function rangesOfResults(
  op: Operation,
  operands: readonly Ranges[],
): readonly (KnownRanges | undefined)[] {
  const declared = op.getInterface(InferIntRangeInterface);
  if (declared !== undefined) return declared.inferResultRanges(op, operands);
  const [a, b] = operands;
  const rule = RULES[op.name.text];
  if (rule !== undefined) return [rule(a, b)];
  return [rangesOfResult(op, operands)];
}

function rangesOfResult(op: Operation, [a, b, c]: readonly Ranges[]): KnownRanges {
  switch (op.name.text) {
    case 'arith.constant': {
      const attribute = op.getAttribute('value');
      if (!(attribute instanceof IntegerAttr)) return {};
      const width = widthOf(op.results[0].type);
      const signed = BigInt.asIntN(width, attribute.value);
      const bits = BigInt.asUintN(width, attribute.value);
      return { signed: { min: signed, max: signed }, unsigned: { min: bits, max: bits } };
    }
    case 'arith.cmpi': {
      const predicate = op.getAttribute('predicate');
      if (a.width === 0 || !(predicate instanceof IntegerAttr)) return {};
      const holds = PREDICATES[predicate.number]?.(a, b);
      if (holds === undefined) return {};
      const bit = holds ? 1n : 0n;
      return { signed: { min: -bit, max: -bit }, unsigned: { min: bit, max: bit } };
    }
    case 'arith.extui':
    case 'arith.index_castui':
      return { unsigned: a.unsigned };
    case 'arith.extsi':
    case 'arith.index_cast':
    case 'arith.trunci':
      return { signed: a.signed };
    case 'arith.select':
      if (op.operand(0).type === i1) {
        if (a.unsigned.min === 1n) return b;
        if (a.unsigned.max === 0n) return c;
      }
      return { signed: union(b.signed, c.signed), unsigned: union(b.unsigned, c.unsigned) };
    case 'gpu.thread_id':
    case 'gpu.lane_id':
      return { unsigned: { min: 0n, max: 1023n } };
    case 'gpu.block_id':
      return { unsigned: { min: 0n, max: 0x7ffffffen } };
    case 'gpu.block_dim':
      return { unsigned: { min: 1n, max: 1024n } };
    case 'gpu.grid_dim':
      return { unsigned: { min: 1n, max: 0x7fffffffn } };
    default:
      return {};
  }
}
