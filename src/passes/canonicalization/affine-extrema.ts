/** Canonicalization of `affine.min` and `affine.max`: one in another, and the order of their results. */

import {
  affineDim,
  AffineMap,
  AffineMapAttr,
  affineSymbol,
  substituteAffine,
  type AffineExpr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';

/** Factors of the dimensions and symbols and the constant of a sum; undefined where the expression is none. */
function coefficients(
  expr: AffineExpr,
  dimCount: number,
  symbolCount: number,
): readonly number[] | undefined {
  const values = Array.from({ length: dimCount + symbolCount + 1 }, () => 0);
  switch (expr.kind) {
    case 'dim':
      values[expr.position] = 1;
      return values;
    case 'symbol':
      values[dimCount + expr.position] = 1;
      return values;
    case 'constant':
      values[dimCount + symbolCount] = expr.value;
      return values;
    case 'binary': {
      const lhs = coefficients(expr.lhs, dimCount, symbolCount);
      const rhs = coefficients(expr.rhs, dimCount, symbolCount);
      if (lhs === undefined || rhs === undefined) return undefined;
      if (expr.operator === '+') return lhs.map((value, index) => value + rhs[index]);
      if (expr.operator !== '*' || expr.rhs.kind !== 'constant') return undefined;
      const factor = expr.rhs.value;
      return lhs.map((value) => value * factor);
    }
  }
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at] - b[at];
}

const mapOf = (op: Operation): AffineMap => (op.properties.get('map') as AffineMapAttr).map;

const nested = (name: 'min' | 'max'): RewritePattern =>
  pattern(
    `affine.${name}`,
    { name: `affine-${name}-nested`, law: `${name}(${name}(a, b), c) -> ${name}(c, a, b)` },
    (op, rewriter) => {
      const map = mapOf(op);
      const dims: Value[] = op.operands.slice(0, map.dimCount);
      const symbols: Value[] = op.operands.slice(map.dimCount);
      const inner: Operation[] = [];
      const results = map.results.filter((expr) => {
        const value =
          expr.kind === 'dim'
            ? dims[expr.position]
            : expr.kind === 'symbol'
              ? symbols[expr.position]
              : undefined;
        const maker = value?.definingOp;
        if (maker?.name !== op.name) return true;
        inner.push(maker);
        return false;
      });
      if (inner.length === 0) return rewriter.notifyMatchFailure(op, `no result is a ${name}`);
      for (const maker of inner) {
        const own = mapOf(maker);
        const [firstDim, firstSymbol] = [dims.length, symbols.length];
        results.push(
          ...own.results.map((expr) =>
            substituteAffine(
              expr,
              Array.from({ length: own.dimCount }, (_, index) => affineDim(firstDim + index)),
              Array.from({ length: own.symbolCount }, (_, index) =>
                affineSymbol(firstSymbol + index),
              ),
            ),
          ),
        );
        dims.push(...maker.operands.slice(0, own.dimCount));
        symbols.push(...maker.operands.slice(own.dimCount));
      }
      rewriter.modifyInPlace(op, () => {
        op.setOperands([...dims, ...symbols]);
        op.setAttribute(
          'map',
          AffineMapAttr.get(AffineMap.get(dims.length, symbols.length, results)),
        );
      });
      return undefined;
    },
  );

const inOrder = (name: 'min' | 'max'): RewritePattern =>
  pattern(
    `affine.${name}`,
    { name: `affine-${name}-order`, law: 'results that are sums are ordered by their factors' },
    (op, rewriter) => {
      const { dimCount, symbolCount, results } = mapOf(op);
      const keys: { readonly expr: AffineExpr; readonly key: readonly number[] }[] = [];
      for (const expr of results) {
        const key = coefficients(expr, dimCount, symbolCount);
        if (key === undefined) return rewriter.notifyMatchFailure(op, 'a result is no sum');
        keys.push({ expr, key });
      }
      const sorted = [...keys].sort((a, b) => compareLists(a.key, b.key));
      if (sorted.every((one, index) => one === keys[index]))
        return rewriter.notifyMatchFailure(op, 'the results are in order');
      const map = AffineMap.get(
        dimCount,
        symbolCount,
        sorted.map(({ expr }) => expr),
      );
      rewriter.modifyInPlace(op, () => op.setAttribute('map', AffineMapAttr.get(map)));
      return undefined;
    },
  );

/** One in another; to be tried before operands are simplified, which gives them other numbers. */
export const nestedExtrema: readonly RewritePattern[] = [nested('min'), nested('max')];
/** The order of results. */
export const orderedExtrema: readonly RewritePattern[] = [inOrder('min'), inOrder('max')];
