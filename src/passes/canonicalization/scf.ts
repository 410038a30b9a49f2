/** Canonicalization of scf: loops and conditions whose course is known, and results that nobody uses. */

import { ScfIndexSwitchOp } from '../../dialects/generated/scf.js';
import type { Block, DenseArrayAttr, Operation, Value } from '../../ir/index.js';
import { parallelCanonicalization } from './scf-parallel.js';
import { constantInteger, tripCount } from './scf-trip-count.js';
import { keepArguments, keepOperands, keepResults } from './keep-results.js';
import { ifCanonicalization } from './scf-if.js';
import { whileCanonicalization } from './scf-while.js';
import { FunctionInterface } from '../../dialects/interfaces.js';
import { pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

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

/** Trip count of an `scf.for`, where that is known. */
const constantTripCount = (op: Operation): bigint | undefined =>
  tripCount(op.operand(0), op.operand(1), op.operand(2));

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
    const isKept = op.results.map(
      (result, index) =>
        result.hasUses ||
        [...block.arguments[index + 1].uses()].some(
          ({ owner, index: position }) => owner !== terminator || position !== index,
        ),
    );
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'every carried value is used');
    const initial = op.operands.slice(3);
    keepOperands(terminator, isKept, rewriter);
    isKept.forEach((kept, index) => {
      if (!kept) rewriter.replaceAllUsesWith(block.arguments[index + 1], initial[index]);
    });
    keepArguments(block, isKept, rewriter, 1);
    const operands = [...op.operands.slice(0, 3), ...initial.filter((_, index) => isKept[index])];
    keepResults(op, isKept, rewriter, undefined, operands);
    return undefined;
  },
);

const forOutsideValues = pattern(
  'scf.for',
  {
    name: 'scf-for-outside-values',
    law: 'a loop that runs, and whose body only yields values from outside, is these values',
  },
  (op, rewriter) => {
    const region = op.regions[0];
    const terminator = region.entryBlock.lastOp!;
    if (region.entryBlock.firstOp !== terminator)
      return rewriter.notifyMatchFailure(op, 'the body computes something');
    const values = terminator.operands;
    if (values.some((value) => value.parentBlock === region.entryBlock))
      return rewriter.notifyMatchFailure(op, 'a value is carried on');
    if (values.length > 0 && (constantTripCount(op) ?? 0n) < 1n)
      return rewriter.notifyMatchFailure(op, 'the loop may not run');
    rewriter.replaceOp(op, values);
    return undefined;
  },
);

const executeRegionOnce = pattern(
  'scf.execute_region',
  { name: 'scf-execute-region-one-block', law: 'a region of one block is its operations' },
  (op, rewriter) => {
    if (!op.regions[0].hasOneBlock)
      return rewriter.notifyMatchFailure(op, 'the region has several blocks');
    inlineBody(op, op.regions[0].entryBlock, [], rewriter);
    return undefined;
  },
);

const executeRegionBlocks = pattern(
  'scf.execute_region',
  {
    name: 'scf-execute-region-blocks',
    law: 'where control may branch, the blocks of a region are blocks of what is around it',
  },
  (op, rewriter) => {
    const parent = op.parentOp;
    const mayBranch =
      parent?.getInterface(FunctionInterface) !== undefined ||
      parent?.name.text === 'scf.execute_region';
    const [region] = op.regions;
    if (region.hasOneBlock || !mayBranch || !op.context.dialects.has('cf'))
      return rewriter.notifyMatchFailure(op, 'control may not branch around it');
    const before = op.parentBlock!;
    const after = rewriter.splitBlock(before, op);
    const blocks = [...region.blocks()];
    rewriter.inlineRegion(region, before.parentRegion!, after);
    rewriter.setInsertionPointToEnd(before);
    rewriter.create('cf.br', { successors: [blocks[0]] });
    for (const block of blocks) {
      const { lastOp } = block;
      if (lastOp?.name.text !== 'scf.yield') continue;
      rewriter.setInsertionPointBefore(lastOp);
      rewriter.create('cf.br', { operands: lastOp.operands, successors: [after] });
      rewriter.erase(lastOp);
    }
    const values = op.results.map(({ type, location }) =>
      rewriter.addBlockArgument(after, type, location),
    );
    rewriter.replaceOp(op, values);
    return undefined;
  },
);

const switchConstant = pattern(
  ScfIndexSwitchOp,
  { name: 'scf-index-switch-constant', law: 'switch 2 { case 2 a } -> a' },
  ({ op }, rewriter) => {
    const value = constantInteger(op.operand(0));
    if (value === undefined) return rewriter.notifyMatchFailure(op, 'the value is not constant');
    const cases = (op.getAttribute('cases') as DenseArrayAttr).values;
    const region = op.regions[cases.findIndex((one) => BigInt(one) === value) + 1];
    inlineBody(op, region.entryBlock, [], rewriter);
    return undefined;
  },
);

/** All canonicalization patterns of scf. */
export const scfCanonicalization: readonly RewritePattern[] = [
  ...ifCanonicalization,
  forOutsideValues,
  executeRegionOnce,
  executeRegionBlocks,
  switchConstant,
  ...parallelCanonicalization,
  ...whileCanonicalization,
  ifConstantCondition,
  forTripCount,
  forInvariantArgument,
  forDeadArgument,
];
