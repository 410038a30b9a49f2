/** What dataflow analyses ask of operations that direct control: calls, branches, regions and their terminators. */

import {
  CallableInterface,
  CallInterface,
  RegionBranchInterface,
  RegionBranchTerminatorInterface,
  type RegionBranch,
  type RegionSuccessor,
} from '../../dialects/interfaces.js';
import {
  resolveSymbol,
  SymbolRefAttr,
  type Attribute,
  type Block,
  type OpOperand,
  type Operation,
  type Region,
} from '../../ir/index.js';

/** The operation that a call goes to, where that is known, with or without a body. */
export function calleeOf(call: Operation): Operation | undefined {
  const callee = call.getInterface(CallInterface)?.callee(call);
  return callee instanceof SymbolRefAttr ? resolveSymbol(call, callee) : undefined;
}

/** The body of something callable that is defined here. */
export function callableBody(op: Operation): Region | undefined {
  const body = op.getInterface(CallableInterface)?.body(op);
  return body === undefined || body.isEmpty ? undefined : body;
}

/** The operation of a region's terminator, where its regions branch to each other in a known way. */
export function regionBranchAround(op: Operation): Operation | undefined {
  const { parentOp } = op;
  const isLast = op.successors.length === 0 && op.parentBlock?.lastOp === op && op.isTerminator;
  return isLast && parentOp?.getInterface(RegionBranchInterface) !== undefined
    ? parentOp
    : undefined;
}

/** The callable that an operation returns from. */
export function callableAround(op: Operation): Operation | undefined {
  const { parentOp } = op;
  if (parentOp === null || op.successors.length > 0 || op.parentBlock?.lastOp !== op)
    return undefined;
  return parentOp.getInterface(CallableInterface) !== undefined ? parentOp : undefined;
}

/**
 * Where control goes from `op`: an operation whose regions branch, or the terminator of one of its regions. `constants`
 * are the operands of `op` that are known to be constant.
 */
export function regionSuccessors(
  branch: Operation,
  op: Operation,
  constants?: readonly (Attribute | undefined)[],
): readonly RegionSuccessor[] {
  const behavior = branch.getInterface(RegionBranchInterface)!;
  if (op === branch) return behavior.successors(branch, undefined, constants);
  const all = behavior.successors(branch, op.parentRegion!);
  const terminator = op.getInterface(RegionBranchTerminatorInterface);
  return terminator?.successors?.(op, all, constants) ?? all;
}

/** The operands that `op` hands on to a successor; undefined where that is not known. */
export function forwardedToRegion(
  branch: Operation,
  op: Operation,
  successor: RegionSuccessor,
): readonly OpOperand[] | undefined {
  const behavior: RegionBranch = branch.getInterface(RegionBranchInterface)!;
  if (op === branch) return behavior.entryOperands(branch, successor);
  const terminator = op.getInterface(RegionBranchTerminatorInterface);
  if (terminator !== undefined) return terminator.forwarded(op, successor);
  return op.name.hasTrait('ReturnLike') ? op.opOperands : undefined;
}

/** The successor of `op` that is the region of a block, or, for `parent`, the operation itself. */
export function successorTo(
  branch: Operation,
  op: Operation,
  target: Region | 'parent',
): RegionSuccessor | undefined {
  return regionSuccessors(branch, op).find((one) =>
    one.kind === 'parent' ? target === 'parent' : one.region === target,
  );
}

/** Every operation below `root`, and every block, for the first visit of an analysis. */
export function forEachPoint(root: Operation, visit: (point: Operation | Block) => void): void {
  root.walk((op) => {
    if (op !== root) visit(op);
    for (const region of op.regions) for (const block of region.blocks()) visit(block);
  }, 'pre');
}
