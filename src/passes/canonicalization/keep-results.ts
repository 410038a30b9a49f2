/** Rebuilding operations that hand on, or carry, less than before. */

import type { Block, Operation, Value } from '../../ir/index.js';
import { attributeRecord } from '../../ir/index.js';
import type { Rewriter } from '../../rewrite/index.js';

/** The value in place of the one at a position; `values` are those at the positions before it. */
export type Replacement = (index: number, values: readonly Value[]) => Value;

/** Drops operands of a terminator, `isKept` telling of those behind the first `leading`. */
export function keepOperands(
  terminator: Operation,
  isKept: readonly boolean[],
  rewriter: Rewriter,
  leading = 0,
): void {
  const kept = terminator.operands.filter((_, index) => index < leading || isKept[index - leading]);
  rewriter.modifyInPlace(terminator, () => terminator.setOperands(kept));
}

/** Drops arguments of a block, `isKept` telling of those behind the first `leading`; they have no uses. */
export function keepArguments(
  block: Block,
  isKept: readonly boolean[],
  rewriter: Rewriter,
  leading = 0,
): void {
  for (let index = isKept.length - 1; index >= 0; index--)
    if (!isKept[index]) rewriter.eraseBlockArgument(block, leading + index);
}

/**
 * Builds an operation again with the same regions, without some of its results; their terminators are the caller's to
 * change.
 * @param replacement of results that are dropped and have uses
 */
export function keepResults(
  op: Operation,
  isKept: readonly boolean[],
  rewriter: Rewriter,
  replacement?: Replacement,
  operands: readonly Value[] = op.operands,
): void {
  const kept = rewriter.create(op.name.text, {
    operands,
    resultTypes: op.resultTypes.filter((_, index) => isKept[index]),
    attributes: attributeRecord(op),
    regions: op.regions.map((_, index) => rewriter.takeRegion(op, index)),
  });
  let next = 0;
  const values: Value[] = [];
  op.results.forEach((result, index) => {
    if (isKept[index]) values.push(kept.results[next++]);
    else values.push(result.hasUses ? replacement!(index, values) : result);
    if (values[index] !== result) rewriter.replaceAllUsesWith(result, values[index]);
  });
  rewriter.erase(op);
}
