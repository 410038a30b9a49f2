/** Affine expressions together with the values they are applied to: composed, and brought to one form. */

import type { AffineMapAttr } from '../../ir/index.js';
import {
  affineBinary,
  affineConstant,
  affineDim,
  affineSymbol,
  IntegerAttr,
  substituteAffine,
  BlockArgument,
  type AffineExpr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { constantValue } from '../../rewrite/index.js';

/** What a map or a set says about its operands. */
export interface AppliedExpressions {
  readonly results: readonly AffineExpr[];
  readonly dims: readonly Value[];
  readonly symbols: readonly Value[];
}

/** Whether a value is the same everywhere in the operation that gives affine symbols their scope. */
function isTopLevel(value: Value): boolean {
  const parent = value instanceof BlockArgument ? value.owner.parentOp : value.definingOp?.parentOp;
  return parent?.name.hasTrait('AffineScope') ?? false;
}

/** Whether a value may be a symbol: constants, values at the top of a scope, and sums of these. */
function isValidSymbol(value: Value): boolean {
  if (isTopLevel(value) || constantValue(value) instanceof IntegerAttr) return true;
  const op = value.definingOp;
  return op?.name.text === 'affine.apply' && op.operands.every(isValidSymbol);
}

/** The `affine.apply` that gives a value. */
function applyOf(value: Value | undefined): Operation | undefined {
  const op = value?.definingOp;
  return op?.name.text === 'affine.apply' ? op : undefined;
}

/** `map(apply inner(x)) -> (map o inner)(x)`, until no operand comes from an `affine.apply`. */
function compose({ results, dims, symbols }: AppliedExpressions): AppliedExpressions {
  // A replaced operand leaves a hole, so that the others keep their numbers.
  const known: (Value | undefined)[][] = [[...dims], [...symbols]];
  const numbered = (values: readonly unknown[], make: (position: number) => AffineExpr) =>
    values.map((_, position) => make(position));
  const spaces = (): AffineExpr[][] => [
    numbered(known[0], affineDim),
    numbered(known[1], affineSymbol),
  ];
  for (;;) {
    const side = known.findIndex((values) => values.some((value) => applyOf(value) !== undefined));
    if (side === -1) break;
    const position = known[side].findIndex((value) => applyOf(value) !== undefined);
    const apply = applyOf(known[side][position])!;
    const { map } = apply.properties.get('map') as AffineMapAttr;
    const inner = substituteAffine(
      map.results[0],
      Array.from({ length: map.dimCount }, (_, index) => affineDim(known[0].length + index)),
      Array.from({ length: map.symbolCount }, (_, index) => affineSymbol(known[1].length + index)),
    );
    const replacements = spaces();
    replacements[side][position] = inner;
    results = results.map((result) => substituteAffine(result, replacements[0], replacements[1]));
    known[side][position] = undefined;
    known[0].push(...apply.operands.slice(0, map.dimCount));
    known[1].push(...apply.operands.slice(map.dimCount));
  }
  const replacements = spaces();
  const kept = known.map((values, side) => {
    const present = values.filter((value) => value !== undefined);
    const make = side === 0 ? affineDim : affineSymbol;
    let next = 0;
    values.forEach((value, position) => {
      if (value !== undefined) replacements[side][position] = make(next++);
    });
    return present;
  });
  return {
    results: results.map((result) => substituteAffine(result, replacements[0], replacements[1])),
    dims: kept[0],
    symbols: kept[1],
  };
}

/** The same with the terms of every sum collected, in the order: dimensions, symbols, other terms, the constant. */
export function collectTerms(expr: AffineExpr): AffineExpr {
  if (expr.kind !== 'binary') return expr;
  const terms = new Map<AffineExpr, number>();
  let constant = 0;
  const add = (term: AffineExpr, factor: number): void => {
    if (term.kind === 'constant') constant += term.value * factor;
    else if (term.kind === 'binary' && term.operator === '+') {
      add(term.lhs, factor);
      add(term.rhs, factor);
    } else if (term.kind === 'binary' && term.operator === '*' && term.rhs.kind === 'constant') {
      add(term.lhs, factor * term.rhs.value);
    } else {
      const key =
        term.kind === 'binary'
          ? affineBinary(term.operator, collectTerms(term.lhs), collectTerms(term.rhs))
          : term;
      if (key !== term) add(key, factor);
      else terms.set(term, (terms.get(term) ?? 0) + factor);
    }
  };
  add(expr, 1);
  const rank = ({ kind }: AffineExpr): number => (kind === 'dim' ? 0 : kind === 'symbol' ? 1 : 2);
  const position = (term: AffineExpr): number => ('position' in term ? term.position : 0);
  const sorted = [...terms]
    .filter(([, factor]) => factor !== 0)
    .sort(([a], [b]) => rank(a) - rank(b) || position(a) - position(b));
  const sum = sorted.reduce<AffineExpr>(
    (total, [term, factor]) =>
      affineBinary('+', total, affineBinary('*', term, affineConstant(factor))),
    affineConstant(0),
  );
  return affineBinary('+', sum, affineConstant(constant));
}

/** Which positions of `kind` the expressions use. */
function usedPositions(results: readonly AffineExpr[], kind: 'dim' | 'symbol'): Set<number> {
  const used = new Set<number>();
  const stack = [...results];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === kind) used.add(next.position);
    else if (next.kind === 'binary') stack.push(next.lhs, next.rhs);
  }
  return used;
}

/**
 * Dimensions that may be symbols become symbols, behind those there are; constants go into the expressions; what is not used
 * is dropped, what is given twice is given once, and the terms of sums are in order.
 */
function normalize({ results, dims, symbols }: AppliedExpressions): AppliedExpressions {
  const used = [usedPositions(results, 'dim'), usedPositions(results, 'symbol')];
  const newDims: Value[] = [];
  const newSymbols: Value[] = [];
  const place = (value: Value, list: Value[], make: (position: number) => AffineExpr) => {
    if (!list.includes(value)) list.push(value);
    return make(list.indexOf(value));
  };
  const placeSymbol = (value: Value): AffineExpr => {
    const constant = constantValue(value);
    return constant instanceof IntegerAttr
      ? affineConstant(constant.number)
      : place(value, newSymbols, affineSymbol);
  };
  const symbolExprs = symbols.map((value, position) =>
    used[1].has(position) ? placeSymbol(value) : affineConstant(0),
  );
  const dimExprs = dims.map((value, position) => {
    if (!used[0].has(position)) return affineConstant(0);
    return isValidSymbol(value) ? placeSymbol(value) : place(value, newDims, affineDim);
  });
  return {
    results: results.map((result) => collectTerms(substituteAffine(result, dimExprs, symbolExprs))),
    dims: newDims,
    symbols: newSymbols,
  };
}

/** The composed and normalized form; undefined where that is what was given. */
export function simplifyApplied(applied: AppliedExpressions): AppliedExpressions | undefined {
  const simplified = normalize(compose(applied));
  const isSame = <T>(a: readonly T[], b: readonly T[]): boolean =>
    a.length === b.length && a.every((value, index) => value === b[index]);
  return isSame(simplified.results, applied.results) &&
    isSame(simplified.dims, applied.dims) &&
    isSame(simplified.symbols, applied.symbols)
    ? undefined
    : simplified;
}
