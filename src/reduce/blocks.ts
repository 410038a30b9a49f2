/** Reductions of control flow: fewer successors, fewer blocks. */

import { Block, Operation, type Value } from '../ir/index.js';
import { eraseUnreachableBlocks } from './operations.js';
import { isAttached, operationsIn, reductionOver, type Reduction } from './reduction.js';

/** The operands that a branch gives to a successor. */
function forwardedOperands(op: Operation, index: number): readonly Value[] | undefined {
  const { block } = op.successors[index];
  const wanted = block.arguments.map(({ type }) => type);
  if (wanted.length === 0) return [];
  const { operands } = op;
  // The operands of successors are consecutive: those of the last one are at the end, of the first one in front of them.
  const after = op.successors
    .slice(index + 1)
    .reduce((sum, next) => sum + next.block.arguments.length, 0);
  const end = operands.length - after;
  const found = operands.slice(Math.max(0, end - wanted.length), end);
  return found.length === wanted.length && found.every(({ type }, at) => type === wanted[at])
    ? found
    : undefined;
}

/** `cf.cond_br %c, ^a, ^b` to `cf.br ^a`: a branch to one of several successors. */
function keepSuccessor(name: string, choose: (count: number) => number): Reduction {
  return {
    name,
    countSites: (root) => branches(root).length,
    apply: (root, { from, to }, { context }) => {
      let isChanged = false;
      for (const op of branches(root).slice(from, to)) {
        if (!isAttached(op, root)) continue;
        const index = choose(op.successors.length);
        const operands = forwardedOperands(op, index);
        if (operands === undefined) continue;
        const branch = Operation.create({
          name: context.getOperationName('cf.br'),
          operands,
          successors: [op.successors[index].block],
          location: op.location,
        });
        op.parentBlock!.insertBefore(op, branch);
        op.erase();
        isChanged = true;
      }
      if (isChanged) eraseUnreachableBlocks(root);
      return isChanged ? root : undefined;
    },
  };
}

function branches(root: Operation): Operation[] {
  return operationsIn(root).filter((op) => op.successors.length > 1 && op.results.length === 0);
}

export const keepFirstSuccessor = keepSuccessor('keep-first-successor', () => 0);
export const keepLastSuccessor = keepSuccessor('keep-last-successor', (count) => count - 1);

/** Blocks that nothing reaches go all at once. */
export const dropUnreachableBlocks: Reduction = {
  name: 'drop-unreachable-blocks',
  countSites: () => 1,
  apply: (root) => (eraseUnreachableBlocks(root) ? root : undefined),
};

/** A block that only one unconditional branch leads to becomes the branch's continuation. */
export const mergeBlocks = reductionOver(
  'merge-blocks',
  (root) =>
    operationsIn(root)
      .filter((op) => op.successors.length === 1 && op.nextOp === null)
      .map((op) => ({ op, root })),
  ({ op, root }) => {
    if (!isAttached(op, root)) return false;
    const { block } = op.successors[0];
    const source = op.parentBlock!;
    const predecessors = [...block.predecessors()];
    if (block === source || block.isEntryBlock || predecessors.length !== 1) return false;
    const operands = op.operands.slice(op.operandCount - block.arguments.length);
    if (block.arguments.some(({ type }, index) => operands[index]?.type !== type)) return false;
    block.arguments.forEach((argument, index) => argument.replaceAllUsesWith(operands[index]));
    op.erase();
    if (block.firstOp !== null) Block.moveTail(block.firstOp, source);
    block.parentRegion!.remove(block);
    return true;
  },
);
