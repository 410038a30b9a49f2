/** What is known of overflow where two operations become one. */

import { ArithOverflowAttr, type ArithOverflow } from '../../dialects/generated/arith.js';
import type { Attribute } from '../../ir/index.js';

/** The promises that both operations make; undefined where one is no attribute of such flags. */
export function commonOverflowFlags(
  a: Attribute | undefined,
  b: Attribute | undefined,
): ArithOverflowAttr | undefined {
  if (!(a instanceof ArithOverflowAttr && b instanceof ArithOverflowAttr)) return undefined;
  const others = b.value.split(', ');
  const common = a.value.split(', ').filter((flag) => others.includes(flag));
  return ArithOverflowAttr.get((common.join(', ') || 'none') as ArithOverflow);
}
