/** What rewriting must know of branches: which operands go to the arguments of which successor. */

import { BranchInterface } from '../dialects/interfaces.js';
import type { Operation, OpOperand } from '../ir/index.js';

/** The operands that a terminator forwards to the arguments of a successor; undefined where it does not say. */
export function forwardedOperands(
  op: Operation,
  successor: number,
): readonly OpOperand[] | undefined {
  return op.getInterface(BranchInterface)?.successorOperands(op, successor);
}

/** Whether the operation does nothing but go to its only successor. */
export function isUnconditionalBranch(op: Operation): boolean {
  if (op.successors.length !== 1 || op.results.length > 0 || op.regions.length > 0) return false;
  return op.name.isPure && forwardedOperands(op, 0)?.length === op.operandCount;
}
