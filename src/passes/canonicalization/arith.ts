/** Canonicalization of arith: laws that combine constants of neighbouring operations, as data. */

import { compareFloatPatterns } from './arith-compare-floats.js';
import { extendedPatterns } from './arith-extended.js';
import { arithLaws } from './arith-laws.js';
import { commonOverflowFlags } from './arith-overflow.js';
import { patternFunctions } from '../../dialects/pattern-functions.js';
import { IntegerAttr, i1 } from '../../ir/index.js';
import {
  declarePattern,
  pattern,
  type AttributeRewrite,
  type DeclarativeFunctions,
  type DeclarativePattern,
  type OpMatch,
  type OpRewrite,
  type RewritePattern,
  type ValueRewrite,
} from '../../rewrite/index.js';

const { predicates, calls } = patternFunctions();
const functions: DeclarativeFunctions = {
  predicates: {
    ...predicates,
    'minus one': (value) => value instanceof IntegerAttr && value.value === -1n,
  },
  calls: { ...calls, 'common flags': commonOverflowFlags },
};

const x = '$x';
const c0 = { constant: '$c0' } as const;
const c1 = { constant: '$c1' } as const;
const add = (
  a: OpMatch | '$x' | typeof c0,
  b: OpMatch | '$x' | typeof c0 | typeof c1,
): OpMatch => ({
  op: 'arith.addi',
  operands: [a, b],
});
const sub = (
  a: OpMatch | '$x' | typeof c0 | typeof c1,
  b: OpMatch | '$x' | typeof c0 | typeof c1,
): OpMatch => ({ op: 'arith.subi', operands: [a, b] });
const constant = (call: string, a: AttributeRewrite, b: AttributeRewrite): ValueRewrite => ({
  op: 'arith.constant',
  attributes: { value: { call, arguments: [a, b] } },
});
const plus = (a: ValueRewrite, b: ValueRewrite): ValueRewrite => ({
  op: 'arith.addi',
  operands: [a, b],
});
const minus = (a: ValueRewrite, b: ValueRewrite): ValueRewrite => ({
  op: 'arith.subi',
  operands: [a, b],
});

/** Keeps the promises on overflow that a sum and the sum in it both make. */
function keepFlags({ match, rewrite, ...info }: DeclarativePattern): DeclarativePattern {
  const [first, second] = match.operands as readonly (OpMatch | typeof c1)[];
  const withFlags = (op: OpMatch, overflowFlags: '$outer' | '$inner'): OpMatch => ({
    ...op,
    attributes: { overflowFlags },
  });
  const inside = (value: OpMatch | typeof c1): OpMatch | typeof c1 =>
    'op' in value ? withFlags(value, '$inner') : value;
  return {
    ...info,
    match: withFlags({ ...match, operands: [inside(first), inside(second)] }, '$outer'),
    rewrite: {
      ...(rewrite as OpRewrite),
      attributes: { overflowFlags: { call: 'common flags', arguments: ['$outer', '$inner'] } },
    },
  };
}

/** Two constants in a sum or difference become one. */
const SUMS: readonly DeclarativePattern[] = [
  {
    name: 'arith-add-add-constant',
    law: '(x + c0) + c1 -> x + (c0 + c1)',
    match: add(add(x, c0), c1),
    rewrite: plus(x, constant('add', '$c0', '$c1')),
  },
  {
    name: 'arith-add-sub-constant-right',
    law: '(x - c0) + c1 -> x + (c1 - c0)',
    match: add(sub(x, c0), c1),
    rewrite: plus(x, constant('subtract', '$c1', '$c0')),
  },
  {
    name: 'arith-add-sub-constant-left',
    law: '(c0 - x) + c1 -> (c0 + c1) - x',
    match: add(sub(c0, x), c1),
    rewrite: minus(constant('add', '$c0', '$c1'), x),
  },
  {
    name: 'arith-sub-constant-add',
    law: 'c1 - (x + c0) -> (c1 - c0) - x',
    match: sub(c1, add(x, c0)),
    rewrite: minus(constant('subtract', '$c1', '$c0'), x),
  },
  {
    name: 'arith-sub-constant-sub-right',
    law: 'c1 - (x - c0) -> (c0 + c1) - x',
    match: sub(c1, sub(x, c0)),
    rewrite: minus(constant('add', '$c0', '$c1'), x),
  },
  {
    name: 'arith-sub-constant-sub-left',
    law: 'c1 - (c0 - x) -> x + (c1 - c0)',
    match: sub(c1, sub(c0, x)),
    rewrite: plus(x, constant('subtract', '$c1', '$c0')),
  },
  {
    name: 'arith-sub-sub-constant-right',
    law: '(x - c0) - c1 -> x - (c0 + c1)',
    match: sub(sub(x, c0), c1),
    rewrite: minus(x, constant('add', '$c0', '$c1')),
  },
  {
    name: 'arith-sub-sub-constant-left',
    law: '(c0 - x) - c1 -> (c0 - c1) - x',
    match: sub(sub(c0, x), c1),
    rewrite: minus(constant('subtract', '$c0', '$c1'), x),
  },
];

const OTHERS: readonly DeclarativePattern[] = [
  keepFlags({
    name: 'arith-mul-mul-constant',
    law: '(x * c0) * c1 -> x * (c0 * c1)',
    match: {
      op: 'arith.muli',
      operands: [{ op: 'arith.muli', operands: [x, c0] }, c1],
    },
    rewrite: { op: 'arith.muli', operands: [x, constant('multiply', '$c0', '$c1')] },
  }),
  // x + (c0 - c1) may overflow where neither operation did.
  {
    name: 'arith-sub-add-constant',
    law: '(x + c0) - c1 -> x + (c0 - c1)',
    match: sub(add(x, c0), c1),
    rewrite: plus(x, constant('subtract', '$c0', '$c1')),
  },
  {
    name: 'arith-add-mul-minus-one',
    law: 'x + (y * -1) -> x - y',
    match: {
      op: 'arith.addi',
      operands: {
        either: [{ op: 'arith.muli', operands: ['$y', { constant: { is: 'minus one' } }] }, x],
      },
    },
    rewrite: minus(x, '$y'),
  },
];

/** Casts that follow each other. */
const cast = (outer: string, inner: string, result: string, law: string): DeclarativePattern => ({
  name: `arith-${outer}-of-${inner}`,
  law,
  match: {
    op: `arith.${outer}`,
    operands: [{ op: `arith.${inner}`, operands: [x] }],
  },
  rewrite: { op: `arith.${result}`, operands: [x] },
});

const CASTS: readonly DeclarativePattern[] = [
  cast(
    'extsi',
    'extui',
    'extui',
    'sext(zext(x)) -> zext(x): the upper bits of zext(x) are zero, its sign too',
  ),
];

/** The other outcome of each comparison, by the predicate's number: eq ne slt sle sgt sge ult ule ugt uge. */
export const NEGATED_PREDICATES: readonly number[] = [1, 0, 5, 4, 3, 2, 9, 8, 7, 6];

const xorNotCompare = pattern(
  'arith.xori',
  { name: 'arith-not-compare', law: 'not (a < b) -> a >= b', benefit: 2 },
  (op, rewriter) => {
    const [left, right] = op.operands;
    const constantOp = right.definingOp;
    const value = constantOp?.name.isConstantLike ? constantOp.getAttribute('value') : undefined;
    if (right.type !== i1 || !(value instanceof IntegerAttr) || value.value !== 1n)
      return rewriter.notifyMatchFailure(op, 'rhs is not the constant true');
    const compare = left.definingOp;
    if (compare?.name.text !== 'arith.cmpi')
      return rewriter.notifyMatchFailure(op, "lhs is not an 'arith.cmpi'");
    const predicate = compare.getAttribute('predicate') as IntegerAttr;
    rewriter.replaceOpWithNew(op, 'arith.cmpi', {
      operands: compare.operands,
      resultTypes: op.resultTypes,
      attributes: {
        predicate: IntegerAttr.get(NEGATED_PREDICATES[predicate.number], predicate.type),
      },
    });
    return undefined;
  },
);

/** `select` on booleans that is the condition itself, its negation, or a logical operation. */
const selectOfBooleans = pattern(
  'arith.select',
  { name: 'arith-select-not', law: 'c ? false : true -> c xor true' },
  (op, rewriter) => {
    const [condition, whenTrue, whenFalse] = op.operands;
    const booleanOf = (one: typeof condition): bigint | undefined => {
      const value = one.definingOp?.name.isConstantLike
        ? one.definingOp.getAttribute('value')
        : undefined;
      return one.type === i1 && value instanceof IntegerAttr ? value.value : undefined;
    };
    if (booleanOf(whenTrue) !== 0n || booleanOf(whenFalse) !== 1n)
      return rewriter.notifyMatchFailure(op, 'the values are not false and true');
    rewriter.replaceOpWithNew(op, 'arith.xori', {
      operands: [condition, whenFalse],
      resultTypes: op.resultTypes,
    });
    return undefined;
  },
);

/** All canonicalization patterns of arith. */
export const arithCanonicalization: readonly RewritePattern[] = [
  ...[...SUMS.map(keepFlags), ...OTHERS, ...CASTS].map((one) => declarePattern(one, functions)),
  ...arithLaws,
  ...extendedPatterns,
  ...compareFloatPatterns,
  xorNotCompare,
  selectOfBooleans,
];
