/** Canonicalization of arith: an integer as a float, compared with a constant, is compared as an integer. */

import { canRoundTo, precisionOf } from '../../dialects/arith/rounding.js';
import { FloatAttr, i1, i64, IntegerAttr, IntegerType } from '../../ir/index.js';
import { constantValue, pattern, type RewritePattern } from '../../rewrite/index.js';

type Order = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** The order that a predicate of `cmpf` asks for; integers are never NaN. */
const ORDERS: Readonly<Record<number, Order>> = {
  1: 'eq',
  2: 'gt',
  3: 'ge',
  4: 'lt',
  5: 'le',
  6: 'ne',
  8: 'eq',
  9: 'gt',
  10: 'ge',
  11: 'lt',
  12: 'le',
  13: 'ne',
};
const ORDERED = 7;
const UNORDERED = 14;
/** Numbers of the predicates of `cmpi`, signed and unsigned. */
const SIGNED: Readonly<Record<Order, number>> = { eq: 0, ne: 1, lt: 2, le: 3, gt: 4, ge: 5 };
const UNSIGNED: Readonly<Record<Order, number>> = { eq: 0, ne: 1, lt: 6, le: 7, gt: 8, ge: 9 };

/** What a comparison comes to: an outcome, or another order and bound. */
type Decision = boolean | { readonly order: Order; readonly bound: bigint };

/** Decides the comparison of an integer between `min` and `max` with a number. */
function decide(order: Order, value: number, min: bigint, max: bigint): Decision {
  // Comparisons of numbers with bigints are exact.
  if (max < value) return order === 'ne' || order === 'lt' || order === 'le';
  if (min > value) return order === 'ne' || order === 'gt' || order === 'ge';
  const bound = BigInt(Math.trunc(value));
  if (Number(bound) === value) return { order, bound };
  if (order === 'eq' || order === 'ne') return order === 'ne';
  // The bound lies towards zero from the value: `x < 4.4` is `x <= 4`, and `x < -4.4` is `x < -4`.
  const isLess = order === 'lt' || order === 'le';
  if (value > 0) return { order: isLess ? 'le' : 'gt', bound };
  return { order: isLess ? 'lt' : 'ge', bound };
}

const compareConverted = pattern(
  'arith.cmpf',
  {
    name: 'arith-compare-converted-integer',
    law: 'float(n) < c -> n < c as integers, where the conversion loses nothing that matters',
  },
  (op, rewriter) => {
    const conversion = op.operand(0).definingOp;
    const isUnsigned = conversion?.name.text === 'arith.uitofp';
    if (!isUnsigned && conversion?.name.text !== 'arith.sitofp')
      return rewriter.notifyMatchFailure(op, 'lhs is no converted integer');
    const constant = constantValue(op.operand(1));
    const integer = conversion.operand(0);
    const floatType = op.operand(0).type;
    if (
      !(constant instanceof FloatAttr && integer.type instanceof IntegerType) ||
      !canRoundTo(floatType) ||
      Number.isNaN(constant.value)
    )
      return rewriter.notifyMatchFailure(op, 'rhs is no constant number');
    const { value } = constant;
    const { width } = integer.type;
    const valueBits = isUnsigned ? width : width - 1;
    const { precision, maxExponent } = precisionOf(floatType);
    if (width > precision) {
      const exponent = value === 0 ? -Infinity : Math.floor(Math.log2(Math.abs(value)));
      const isLossy = Number.isFinite(value)
        ? precision <= exponent && exponent <= valueBits
        : maxExponent < valueBits;
      if (isLossy) return rewriter.notifyMatchFailure(op, 'the conversion may round');
    }
    const predicate = (op.properties.get('predicate') as IntegerAttr).number;
    const order = ORDERS[predicate];
    const isOrdering = predicate === ORDERED || predicate === UNORDERED;
    if (order === undefined && !isOrdering)
      return rewriter.notifyMatchFailure(op, 'the predicate compares nothing');
    const bits = BigInt(valueBits);
    const decision = isOrdering
      ? predicate === ORDERED
      : decide(order, value, isUnsigned ? 0n : -(1n << bits), (1n << bits) - 1n);
    const materialize = (attribute: IntegerAttr): ReturnType<typeof rewriter.create> =>
      rewriter.create('arith.constant', {
        attributes: { value: attribute },
        resultTypes: [attribute.type],
      });
    if (typeof decision === 'boolean') {
      rewriter.replaceOp(op, [materialize(IntegerAttr.get(decision ? 1 : 0, i1)).result]);
      return undefined;
    }
    const bound = materialize(IntegerAttr.get(decision.bound, integer.type));
    rewriter.replaceOpWithNew(op, 'arith.cmpi', {
      operands: [integer, bound.result],
      resultTypes: op.resultTypes,
      attributes: {
        predicate: IntegerAttr.get((isUnsigned ? UNSIGNED : SIGNED)[decision.order], i64),
      },
    });
    return undefined;
  },
);

/** Patterns on comparisons of floats. */
export const compareFloatPatterns: readonly RewritePattern[] = [compareConverted];
