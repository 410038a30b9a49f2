/** Canonicalization of scf: loops and conditions whose course is known, and results that nobody uses. */

import { IntegerAttr, type Block, type Operation, type Value } from '../../ir/index.js';
import { constantValue, pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

function constantInteger(value: Value): bigint | undefined {
  const constant = constantValue(value);
  return constant instanceof IntegerAttr ? constant.value : undefined;
}

/** Puts the operations of a block in place of the operation around it; its yield gives the results. */
function inlineBody(
  op: Operation,
  block: Block,
  argumentValues: readonly Value[],
  rewriter: Rewriter,
): void {
  const terminator = block.lastOp!;
  rewriter.inlineBlockBefore(block, op, argumentValues);
  rewriter.replaceOp(op, terminator.operands);
  rewriter.erase(terminator);
}

const ifConstantCondition = pattern(
  'scf.if',
  { name: 'scf-if-constant', law: 'if true { a } else { b } -> a' },
  (op, rewriter) => {
    const condition = constantInteger(op.operand(0));
    if (condition === undefined)
      return rewriter.notifyMatchFailure(op, 'the condition is not constant');
    const region = op.regions[condition === 0n ? 1 : 0];
    if (region.isEmpty) rewriter.erase(op);
    else inlineBody(op, region.entryBlock, [], rewriter);
    return undefined;
  },
);

/** Trip count of an `scf.for` with constant bounds. */
function constantTripCount(op: Operation): bigint | undefined {
  const [lower, upper, step] = [0, 1, 2].map((index) => constantInteger(op.operand(index)));
  if (op.operand(0) === op.operand(1)) return 0n;
  if (lower === undefined || upper === undefined) return undefined;
  if (upper <= lower) return 0n;
  if (step === undefined || step <= 0n) return undefined;
  return (upper - lower + step - 1n) / step;
}

const forTripCount = pattern(
  'scf.for',
  {
    name: 'scf-for-trip-count',
    law: 'a loop that runs no times is its initial values, one that runs once is its body',
  },
  (op, rewriter) => {
    const count = constantTripCount(op);
    const initial = op.operands.slice(3);
    if (count === 0n) {
      rewriter.replaceOp(op, initial);
      return undefined;
    }
    if (count !== 1n)
      return rewriter.notifyMatchFailure(op, 'the trip count is not known to be zero or one');
    inlineBody(op, op.regions[0].entryBlock, [op.operand(0), ...initial], rewriter);
    return undefined;
  },
);

const forInvariantArgument = pattern(
  'scf.for',
  {
    name: 'scf-for-invariant-argument',
    law: 'what a loop yields as it got it is the initial value throughout',
  },
  (op, rewriter) => {
    const block = op.regions[0].entryBlock;
    const { lastOp } = block;
    let hasChanged = false;
    op.results.forEach((result, index) => {
      const argument = block.arguments[index + 1];
      const initial = op.operand(index + 3);
      const yielded = lastOp!.operand(index);
      if (yielded !== argument && yielded !== initial) return;
      for (const value of [argument, result]) {
        if (!value.hasUses) continue;
        // The yield itself may keep its use; the argument goes with the next pattern.
        const isOnlyYield =
          value === argument && [...value.users()].every((user) => user === lastOp);
        if (isOnlyYield) continue;
        rewriter.replaceAllUsesWithIf(value, initial, (user) => user !== lastOp);
        hasChanged = true;
      }
    });
    return hasChanged
      ? undefined
      : rewriter.notifyMatchFailure(op, 'every carried value changes, or is not used');
  },
);

const forDeadArgument = pattern(
  'scf.for',
  {
    name: 'scf-for-dead-argument',
    law: 'a carried value that neither the body nor anybody behind the loop uses is not carried',
  },
  (op, rewriter) => {
    const block = op.regions[0].entryBlock;
    const terminator = block.lastOp!;
    const dead = op.results
      .map((result, index) => ({ result, index }))
      .filter(({ result, index }) => {
        const argument = block.arguments[index + 1];
        const users = [...argument.uses()];
        return (
          !result.hasUses &&
          users.every(({ owner, index: position }) => owner === terminator && position === index)
        );
      })
      .map(({ index }) => index);
    if (dead.length === 0) return rewriter.notifyMatchFailure(op, 'every carried value is used');
    const isKept = (_: unknown, index: number): boolean => !dead.includes(index);
    const initial = op.operands.slice(3);
    rewriter.modifyInPlace(terminator, () =>
      terminator.setOperands(terminator.operands.filter(isKept)),
    );
    for (const index of [...dead].reverse()) {
      rewriter.replaceAllUsesWith(block.arguments[index + 1], initial[index]);
      rewriter.eraseBlockArgument(block, index + 1);
    }
    const loop = rewriter.create('scf.for', {
      operands: [...op.operands.slice(0, 3), ...initial.filter(isKept)],
      resultTypes: op.resultTypes.filter(isKept),
      attributes: Object.fromEntries([...op.properties.entries(), ...op.attributes.entries()]),
      regions: [rewriter.takeRegion(op, 0)],
    });
    let next = 0;
    rewriter.replaceOp(
      op,
      op.results.map((_, index) => (isKept(_, index) ? loop.results[next++] : initial[index])),
    );
    return undefined;
  },
);

/** All canonicalization patterns of scf. */
export const scfCanonicalization: readonly RewritePattern[] = [
  ifConstantCondition,
  forTripCount,
  forInvariantArgument,
  forDeadArgument,
];
