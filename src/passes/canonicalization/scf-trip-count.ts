/** How often loops of scf run, where that is known. */

import { IntegerAttr, type Value } from '../../ir/index.js';
import { constantValue } from '../../rewrite/index.js';

/** The integer that a value is known to be. */
export function constantInteger(value: Value): bigint | undefined {
  const constant = constantValue(value);
  return constant instanceof IntegerAttr ? constant.value : undefined;
}

/** Trip count of a loop dimension, where that is known. */
export function tripCount(lower: Value, upper: Value, step: Value): bigint | undefined {
  if (lower === upper) return 0n;
  const [from, to, by] = [lower, upper, step].map(constantInteger);
  if (by !== undefined && by > 0n) {
    // From a to a + distance.
    const sum = upper.definingOp;
    const distance =
      sum?.name.text === 'arith.addi' && sum.operand(0) === lower
        ? constantInteger(sum.operand(1))
        : undefined;
    if (distance !== undefined && distance > 0n && distance <= by) return 1n;
  }
  if (from === undefined || to === undefined) return undefined;
  if (to <= from) return 0n;
  return by === undefined || by <= 0n ? undefined : (to - from + by - 1n) / by;
}
