/** Finds something that can stand in the place of a value. */

import {
  BlockArgument,
  FloatAttr,
  FloatType,
  IndexType,
  IntegerAttr,
  IntegerType,
  Operation,
  type Block,
  type Type,
  type Value,
} from '../ir/index.js';
import { PLACEHOLDER } from './cost.js';
import type { ReductionEnvironment } from './reduction.js';

/** How many operations in front of a value are looked at. */
const SEARCHED = 200;

/**
 * A value of a type that may be used at `before` and does not come from `excluded`: an operand of it, a value defined
 * further up, or a new constant. Undefined where there is none.
 */
export function findReplacement(
  type: Type,
  before: Operation,
  excluded: Operation | Block,
  environment: ReductionEnvironment,
): Value | undefined {
  const isUsable = (value: Value): boolean =>
    value.type === type &&
    value.definingOp !== excluded &&
    !(value instanceof BlockArgument && value.owner === excluded);
  if (before === excluded) {
    const operand = before.operands.find(isUsable);
    if (operand !== undefined) return operand;
  }
  return valueAbove(before, isUsable) ?? createValue(type, before, environment);
}

/** The nearest value in front of `start` that passes. */
export function valueAbove(
  start: Operation,
  isUsable: (value: Value) => boolean,
): Value | undefined {
  let budget = SEARCHED;
  for (let op: Operation | null = start; op !== null; op = op.parentOp) {
    for (let above = op.previousOp; above !== null && budget > 0; above = above.previousOp) {
      budget--;
      const found = above.results.find(isUsable);
      if (found !== undefined) return found;
    }
    const block = op.parentBlock;
    const argument = block?.arguments.find(isUsable);
    if (argument !== undefined) return argument;
    // The entry block dominates the others.
    const entry = block?.parentRegion?.firstBlock;
    const first = entry === block ? undefined : entry?.arguments.find(isUsable);
    if (first !== undefined) return first;
    if (op.parentOp?.name.definition?.traits.has('IsolatedFromAbove')) return undefined;
  }
  return undefined;
}

/** A zero of the type, or an unregistered operation that gives a value of it. */
function createValue(
  type: Type,
  before: Operation,
  { context, allowsUnregistered }: ReductionEnvironment,
): Value | undefined {
  const zero =
    type instanceof IntegerType || type instanceof IndexType
      ? IntegerAttr.get(0, type)
      : type instanceof FloatType
        ? FloatAttr.get(0, type)
        : undefined;
  const arith = context.dialects.get('arith');
  let op =
    zero === undefined
      ? undefined
      : arith?.materializeConstant?.(zero, type, before.location, context);
  if (op === undefined && allowsUnregistered)
    op = Operation.create({
      name: context.getOperationName(PLACEHOLDER),
      resultTypes: [type],
      location: before.location,
    });
  if (op === undefined) return undefined;
  before.parentBlock!.insertBefore(before, op);
  return op.results[0];
}
