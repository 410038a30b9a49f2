/** Canonicalization of affine: maps composed with those that give their operands, bounds without repetition, loops and branches that do nothing. */

import type { IntegerAttr } from '../../ir/index.js';
import {
  AffineMap,
  AffineMapAttr,
  BlockArgument,
  DenseArrayAttr,
  i32,
  IntegerSet,
  IntegerSetAttr,
  affineConstant,
  type AffineExpr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';
import { nestedExtrema, orderedExtrema } from './affine-extrema.js';
import { simplifyApplied } from './affine-operands.js';

/** A map and its operands, simplified; undefined where nothing changes. */
function simplifyMap(
  map: AffineMap,
  operands: readonly Value[],
  isBound = false,
): { readonly map: AffineMap; readonly operands: readonly Value[] } | undefined {
  const { dimCount } = map;
  const applied = {
    results: map.results,
    dims: operands.slice(0, dimCount),
    symbols: operands.slice(dimCount),
  };
  const simplified = simplifyApplied(applied) ?? applied;
  const results = isBound ? [...new Set(simplified.results)] : simplified.results;
  if (simplified === applied && results.length === map.results.length) return undefined;
  return {
    map: AffineMap.get(simplified.dims.length, simplified.symbols.length, results),
    operands: [...simplified.dims, ...simplified.symbols],
  };
}

/** For operations with one map over the operands from `first` on. */
function composed(name: string, first: number, isBound = false): RewritePattern {
  return pattern(
    `affine.${name}`,
    {
      name: `affine-${name}-compose`,
      law: `${name} map(apply inner(x), c) -> ${name} simplified(x)`,
    },
    (op, rewriter) => {
      const { map } = op.properties.get('map') as AffineMapAttr;
      const simplified = simplifyMap(map, op.operands.slice(first), isBound);
      if (simplified === undefined)
        return rewriter.notifyMatchFailure(
          op,
          'the map and its operands are as simple as they get',
        );
      rewriter.modifyInPlace(op, () => {
        op.setOperands([...op.operands.slice(0, first), ...simplified.operands]);
        op.setAttribute('map', AffineMapAttr.get(simplified.map));
      });
      return undefined;
    },
  );
}

/** `min (x) -> apply (x)` of one result, `max` likewise. */
function single(name: 'min' | 'max'): RewritePattern {
  return pattern(
    `affine.${name}`,
    { name: `affine-${name}-single`, law: `${name} (d0) -> (e) (x) -> apply (d0) -> (e) (x)` },
    (op, rewriter) => {
      const map = op.properties.get('map') as AffineMapAttr;
      if (map.map.results.length !== 1)
        return rewriter.notifyMatchFailure(op, 'the map has several results');
      rewriter.replaceOpWithNew(op, 'affine.apply', {
        operands: op.operands,
        resultTypes: op.resultTypes,
        attributes: { map },
      });
      return undefined;
    },
  );
}

interface Bounds {
  readonly lower: AffineMap;
  readonly upper: AffineMap;
  readonly lowerOperands: readonly Value[];
  readonly upperOperands: readonly Value[];
  readonly initial: readonly Value[];
}

function boundsOf(op: Operation): Bounds {
  const [lowers, uppers] = (op.properties.get('operandSegmentSizes') as DenseArrayAttr).values;
  return {
    lower: (op.properties.get('lowerBoundMap') as AffineMapAttr).map,
    upper: (op.properties.get('upperBoundMap') as AffineMapAttr).map,
    lowerOperands: op.operands.slice(0, lowers),
    upperOperands: op.operands.slice(lowers, lowers + uppers),
    initial: op.operands.slice(lowers + uppers),
  };
}

/** A bound whose results are all constants is the constant that decides. */
function constantBound(
  map: AffineMap,
  simplified: ReturnType<typeof simplifyMap>,
  choose: (...values: number[]) => number,
): ReturnType<typeof simplifyMap> {
  const { results } = simplified?.map ?? map;
  const values = results.flatMap((expr) => (expr.kind === 'constant' ? [expr.value] : []));
  if (results.length < 2 || values.length < results.length) return simplified;
  return { map: AffineMap.get(0, 0, [affineConstant(choose(...values))]), operands: [] };
}

const forBounds = pattern(
  'affine.for',
  { name: 'affine-for-bounds', law: 'for i = max(apply inner(x), e, e) -> for i = max(e, f(x))' },
  (op, rewriter) => {
    const { lower, upper, lowerOperands, upperOperands, initial } = boundsOf(op);
    const newLower = constantBound(lower, simplifyMap(lower, lowerOperands, true), Math.max);
    const newUpper = constantBound(upper, simplifyMap(upper, upperOperands, true), Math.min);
    if (newLower === undefined && newUpper === undefined)
      return rewriter.notifyMatchFailure(op, 'the bounds are as simple as they get');
    const first = newLower ?? { map: lower, operands: lowerOperands };
    const second = newUpper ?? { map: upper, operands: upperOperands };
    rewriter.modifyInPlace(op, () => {
      op.setOperands([...first.operands, ...second.operands, ...initial]);
      op.setAttribute('lowerBoundMap', AffineMapAttr.get(first.map));
      op.setAttribute('upperBoundMap', AffineMapAttr.get(second.map));
      op.setAttribute(
        'operandSegmentSizes',
        DenseArrayAttr.get(i32, [first.operands.length, second.operands.length, initial.length]),
      );
    });
    return undefined;
  },
);

/** How often a loop with constant bounds runs. */
function tripCount(op: Operation): number | undefined {
  const { lower, upper } = boundsOf(op);
  const constants = (map: AffineMap): number[] | undefined => {
    const values = map.results.flatMap((expr) => (expr.kind === 'constant' ? [expr.value] : []));
    return values.length === map.results.length ? values : undefined;
  };
  const [from, to] = [constants(lower), constants(upper)];
  if (from === undefined || to === undefined) return undefined;
  const step = Number((op.properties.get('step') as IntegerAttr).value);
  return Math.max(0, Math.ceil((Math.min(...to) - Math.max(...from)) / step));
}

const forNeverRuns = pattern(
  'affine.for',
  { name: 'affine-for-never-runs', law: 'for i = a to b iter_args(x) -> x where b <= a' },
  (op, rewriter) => {
    if (tripCount(op) !== 0) return rewriter.notifyMatchFailure(op, 'it may run');
    rewriter.replaceOp(op, boundsOf(op).initial);
    return undefined;
  },
);

const forEmptyBody = pattern(
  'affine.for',
  { name: 'affine-for-empty-body', law: 'for i iter_args(x) { yield y } -> y' },
  (op, rewriter) => {
    const body = op.regions[0].entryBlock;
    if (body.firstOp !== body.lastOp)
      return rewriter.notifyMatchFailure(op, 'the body does something');
    const { initial } = boundsOf(op);
    const count = tripCount(op);
    const values: Value[] = [];
    for (const [index, value] of body.lastOp!.operands.entries()) {
      const isOwn = value instanceof BlockArgument && value.owner === body;
      if (!isOwn) {
        if (count === undefined || count === 0)
          return rewriter.notifyMatchFailure(op, 'it may not run, and then gives other values');
        values.push(value);
      } else if (value.index === 0) {
        return rewriter.notifyMatchFailure(op, 'it gives its counter');
      } else {
        if (value.index - 1 !== index && count !== 1)
          return rewriter.notifyMatchFailure(op, 'each iteration exchanges values');
        values.push(initial[value.index - 1]);
      }
    }
    rewriter.replaceOp(op, values);
    return undefined;
  },
);

const ifCondition = pattern(
  'affine.if',
  { name: 'affine-if-compose', law: 'if set(apply inner(x), c) -> if simplified(x)' },
  (op, rewriter) => {
    const { set } = op.getAttribute('condition') as IntegerSetAttr;
    const simplified = simplifyApplied({
      results: set.constraints,
      dims: op.operands.slice(0, set.dimCount),
      symbols: op.operands.slice(set.dimCount),
    });
    if (simplified === undefined)
      return rewriter.notifyMatchFailure(op, 'the set and its operands are as simple as they get');
    const { results, dims, symbols } = simplified;
    rewriter.modifyInPlace(op, () => {
      op.setOperands([...dims, ...symbols]);
      op.setAttribute(
        'condition',
        IntegerSetAttr.get(IntegerSet.get(dims.length, symbols.length, results, set.isEquality)),
      );
    });
    return undefined;
  },
);

/** Whether a set of constant constraints holds; undefined where one is not constant. */
function truthOf(set: IntegerSet): boolean | undefined {
  const holds = (expr: AffineExpr, index: number): boolean | undefined => {
    if (expr.kind !== 'constant') return undefined;
    return set.isEquality[index] ? expr.value === 0 : expr.value >= 0;
  };
  const truths = set.constraints.map(holds);
  if (truths.includes(false)) return false;
  return truths.every((truth) => truth === true) ? true : undefined;
}

function inlineBranch(op: Operation, index: number, rewriter: Rewriter): void {
  const block = op.regions[index].entryBlock;
  const terminator = block.lastOp!;
  rewriter.inlineBlockBefore(block, op);
  rewriter.replaceOp(op, terminator.operands);
  rewriter.erase(terminator);
}

const ifDecided = pattern(
  'affine.if',
  { name: 'affine-if-decided', law: 'if (0 == 0) { a } else { b } -> a' },
  (op, rewriter) => {
    const truth = truthOf((op.getAttribute('condition') as IntegerSetAttr).set);
    if (truth === undefined) return rewriter.notifyMatchFailure(op, 'the condition is not known');
    if (truth) inlineBranch(op, 0, rewriter);
    else if (!op.regions[1].isEmpty) inlineBranch(op, 1, rewriter);
    else rewriter.erase(op);
    return undefined;
  },
);

const ifEmptyElse = pattern(
  'affine.if',
  { name: 'affine-if-empty-else', law: 'if c { a } else { } -> if c { a }' },
  (op, rewriter) => {
    const [, otherwise] = op.regions;
    const isEmpty =
      !otherwise.isEmpty && otherwise.entryBlock.firstOp === otherwise.entryBlock.lastOp;
    if (op.results.length > 0 || !isEmpty)
      return rewriter.notifyMatchFailure(op, 'the other branch does something');
    rewriter.eraseBlock(otherwise.entryBlock);
    return undefined;
  },
);

/** All canonicalization patterns of affine. */
export const affineCanonicalization: readonly RewritePattern[] = [
  ...nestedExtrema,
  composed('apply', 0),
  composed('min', 0, true),
  composed('max', 0, true),
  composed('load', 1),
  composed('store', 2),
  single('min'),
  single('max'),
  ...orderedExtrema,
  forBounds,
  forNeverRuns,
  forEmptyBody,
  ifCondition,
  ifDecided,
  ifEmptyElse,
];
