/** Folds of the affine dialect, each with its law. */

import {
  IntegerAttr,
  indexType,
  type AffineMapAttr,
  type Attribute,
  type FoldOutcome,
  type Operation,
} from '../../ir/index.js';

/** The results of the operation's map at constant operands; undefined where one is not constant. */
function evaluate(
  op: Operation,
  operands: readonly (Attribute | undefined)[],
): number[] | undefined {
  const { map } = op.properties.get('map') as AffineMapAttr;
  const values: number[] = [];
  for (const operand of operands) {
    if (!(operand instanceof IntegerAttr)) return undefined;
    values.push(operand.number);
  }
  return map.evaluate(values);
}

/** `apply map(constants) -> map's value`; `apply (d0) -> (d0) (x) -> x`; `apply () -> (c) -> c` */
export function foldApply(
  op: Operation,
  operands: readonly (Attribute | undefined)[],
): FoldOutcome {
  const { map } = op.properties.get('map') as AffineMapAttr;
  const [expr] = map.results;
  if (expr.kind === 'dim') return [op.operand(expr.position)];
  if (expr.kind === 'symbol') return [op.operand(map.dimCount + expr.position)];
  if (expr.kind === 'constant') return [IntegerAttr.get(expr.value, indexType)];
  const values = evaluate(op, operands);
  return values === undefined ? undefined : [IntegerAttr.get(values[0], indexType)];
}

/** `min map(constants) -> the smallest result`, `max` likewise; one result alone is `apply` */
export function foldExtremum(
  op: Operation,
  operands: readonly (Attribute | undefined)[],
  choose: (...values: number[]) => number,
): FoldOutcome {
  const { map } = op.properties.get('map') as AffineMapAttr;
  if (map.results.length === 1) return foldApply(op, operands);
  const values = evaluate(op, operands);
  return values === undefined ? undefined : [IntegerAttr.get(choose(...values), indexType)];
}
