/** Where the expression of a value may stand at its use instead of in a variable. */

import type { Operation } from '../../ir/index.js';
import { OPERATORS } from './operators.js';

/** Whether a loop lies between a value and its use. */
export function crossesLoop(definition: Operation, user: Operation): boolean {
  for (
    let op: Operation | null = user;
    op !== null && op.parentBlock !== definition.parentBlock;
    op = op.parentOp
  ) {
    if (op.parentOp?.name.text === 'scf.for' || op.parentOp?.name.text === 'scf.while') return true;
  }
  return false;
}

/** Whether nothing is written between a load and the statement that its value ends up in. */
export function reachesUseUnchanged(load: Operation): boolean {
  let user = load.result.firstUse!.owner;
  while (OPERATORS.has(user.name.text) && user.result.hasOneUse && user.result.name === undefined) {
    user = user.result.firstUse!.owner;
  }
  if (user.parentBlock !== load.parentBlock) return false;
  for (let op = load.nextOp; op !== null && op !== user; op = op.nextOp) {
    const isHarmless =
      OPERATORS.has(op.name.text) ||
      op.name.text === 'arith.constant' ||
      op.name.text === 'memref.load';
    if (!isHarmless) return false;
  }
  return true;
}
