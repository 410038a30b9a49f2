/**
 * Integer ranges: what the bounds of values decide is decided. Ranges are kept signed and unsigned; whatever may wrap
 * around is unknown, so that every conclusion holds for the wrapping arithmetic of `arith`.
 */

import {
  BlockArgument,
  IndexType,
  IntegerAttr,
  IntegerType,
  i1,
  type Operation,
  type Type,
  type Value,
} from '../ir/index.js';
import { materializeConstant, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

/** Inclusive bounds of one reading of the bits. */
interface Range {
  readonly min: bigint;
  readonly max: bigint;
}

/** Both readings of a value. */
interface Ranges {
  readonly signed: Range;
  readonly unsigned: Range;
}

export const intRangeOptimizationsPass = definePass({
  name: 'int-range-optimizations',
  title: 'IntRangeOptimizations',
  summary: 'Do optimizations based on integer range analysis',
  description:
    'Comparisons that the ranges of their operands decide become constants, so do all other values with one possible value, and remainders of what is smaller than the divisor become the dividend.',
  requires: ['arith'],
  statistics: { 'num-replaced': 'Number of values replaced' },
  run(root, { context, statistics }) {
    const rewriter = new Rewriter(context);
    const analysis = new RangeAnalysis();
    const found: (readonly [Operation, Ranges | undefined])[] = [];
    root.walk((op) => {
      if (
        op.results.length === 1 &&
        op.name.dialect === 'arith' &&
        op.name.text !== 'arith.constant'
      )
        found.push([op, analysis.of(op.results[0])]);
    });
    for (const [op, ranges] of found) {
      const [result] = op.results;
      if (!result.hasUses || !isInteger(result.type)) continue;
      const { type } = result;
      if (ranges !== undefined && ranges.signed.min === ranges.signed.max) {
        const attribute = IntegerAttr.get(ranges.signed.min, type as IntegerType | IndexType);
        const constant = materializeConstant(op, attribute, type, op.location);
        if (constant === undefined) continue;
        rewriter.setInsertionPointBefore(op);
        rewriter.replaceAllUsesWith(result, rewriter.insert(constant).result);
      } else if (isRedundantRemainder(op, analysis)) {
        rewriter.replaceAllUsesWith(result, op.operand(0));
      } else continue;
      rewriter.erase(op);
      statistics['num-replaced']++;
    }
  },
});

function isInteger(type: Type): boolean {
  return (
    type instanceof IndexType || (type instanceof IntegerType && type.signedness === 'signless')
  );
}

/** `x mod n` for 0 <= x < n. */
function isRedundantRemainder(op: Operation, analysis: RangeAnalysis): boolean {
  const name = op.name.text;
  if (name !== 'arith.remui' && name !== 'arith.remsi') return false;
  const [value, divisor] = op.operands.map((operand) => analysis.of(operand));
  if (value === undefined || divisor === undefined) return false;
  if (name === 'arith.remui') return value.unsigned.max < divisor.unsigned.min;
  return value.signed.min >= 0n && value.signed.max < divisor.signed.min;
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
function ranges(
  width: number,
  known: { readonly signed?: Range; readonly unsigned?: Range },
): Ranges {
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
  return { signed: signed ?? allSigned, unsigned: unsigned ?? allUnsigned };
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

type Rule = (a: Ranges, b: Ranges) => { readonly signed?: Range; readonly unsigned?: Range };

const both =
  (apply: (x: bigint, y: bigint) => bigint): Rule =>
  (a, b) => ({
    signed: corners(a.signed, b.signed, apply),
    unsigned: corners(a.unsigned, b.unsigned, apply),
  });

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
  'arith.andi': (a, b) => ({
    unsigned: { min: 0n, max: least(a.unsigned.max, b.unsigned.max) },
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
  'arith.shrui': (a, b) =>
    b.unsigned.min === b.unsigned.max && b.unsigned.min < 64n
      ? {
          unsigned: {
            min: a.unsigned.min >> b.unsigned.min,
            max: a.unsigned.max >> b.unsigned.min,
          },
        }
      : { unsigned: { min: 0n, max: a.unsigned.max } },
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

class RangeAnalysis {
  private readonly known = new Map<Value, Ranges>();

  /** Undefined for values that are no integers. */
  of(value: Value): Ranges | undefined {
    if (!isInteger(value.type)) return undefined;
    let found = this.known.get(value);
    if (found === undefined) {
      const width = widthOf(value.type);
      // What depends on itself is unknown while it is computed.
      this.known.set(value, ranges(width, {}));
      found = ranges(
        width,
        value instanceof BlockArgument ? this.ofArgument(value) : this.ofResult(value),
      );
      this.known.set(value, found);
    }
    return found;
  }

  private ofResult(value: Value): { readonly signed?: Range; readonly unsigned?: Range } {
    const op = value.definingOp!;
    const rule = RULES[op.name.text];
    const operands = (): (Ranges | undefined)[] => op.operands.map((operand) => this.of(operand));
    if (rule !== undefined) {
      const [a, b] = operands();
      return a === undefined || b === undefined ? {} : rule(a, b);
    }
    switch (op.name.text) {
      case 'arith.constant': {
        const attribute = op.getAttribute('value');
        if (!(attribute instanceof IntegerAttr)) return {};
        const width = widthOf(value.type);
        const signed = BigInt.asIntN(width, attribute.value);
        const bits = BigInt.asUintN(width, attribute.value);
        return { signed: { min: signed, max: signed }, unsigned: { min: bits, max: bits } };
      }
      case 'arith.cmpi': {
        const [a, b] = operands();
        const predicate = op.getAttribute('predicate');
        if (a === undefined || b === undefined || !(predicate instanceof IntegerAttr)) return {};
        const holds = PREDICATES[predicate.number]?.(a, b);
        if (holds === undefined) return {};
        const bit = holds ? 1n : 0n;
        return { signed: { min: -bit, max: -bit }, unsigned: { min: bit, max: bit } };
      }
      case 'arith.extui':
        return { unsigned: this.of(op.operand(0))?.unsigned };
      case 'arith.extsi':
        return { signed: this.of(op.operand(0))?.signed };
      case 'arith.index_cast':
      case 'arith.trunci':
        return { signed: this.of(op.operand(0))?.signed };
      case 'arith.index_castui':
        return { unsigned: this.of(op.operand(0))?.unsigned };
      case 'arith.select': {
        const [condition, a, b] = operands();
        if (a === undefined || b === undefined) return {};
        if (condition !== undefined && op.operand(0).type === i1) {
          if (condition.unsigned.min === 1n) return a;
          if (condition.unsigned.max === 0n) return b;
        }
        return { signed: union(a.signed, b.signed), unsigned: union(a.unsigned, b.unsigned) };
      }
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

  private ofArgument(argument: BlockArgument): {
    readonly signed?: Range;
    readonly unsigned?: Range;
  } {
    const loop = argument.owner.parentOp;
    if (loop?.name.text !== 'scf.for' || argument.index > 0) return {};
    const [lower, upper, step] = loop.operands.slice(0, 3).map((operand) => this.of(operand));
    if (lower === undefined || upper === undefined || step === undefined) return {};
    const last = greatest(upper.signed.max - 1n, lower.signed.min);
    // With a constant start and step the last value that is taken is known.
    const isExact =
      lower.signed.min === lower.signed.max &&
      step.signed.min === step.signed.max &&
      step.signed.min > 0n;
    const max = isExact
      ? lower.signed.min + ((last - lower.signed.min) / step.signed.min) * step.signed.min
      : last;
    return { signed: { min: lower.signed.min, max } };
  }
}
