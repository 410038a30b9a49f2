/** Canonicalization of scf: loops and conditions whose course is known, and results that nobody uses. */

import { ScfIndexSwitchOp } from '../../dialects/generated/scf.js';
import {
  BlockArgument,
  DenseArrayAttr,
  i1,
  i32,
  IntegerAttr,
  type Block,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { ifCanonicalization } from './scf-if.js';
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

/** Trip count of a loop dimension, where that is known. */
function tripCount(lower: Value, upper: Value, step: Value): bigint | undefined {
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

const parallelDimensions = pattern(
  'scf.parallel',
  {
    name: 'scf-parallel-dimensions',
    law: 'a dimension that runs once is its lower bound; one that runs no time leaves nothing to do',
  },
  (op, rewriter) => {
    const block = op.regions[0].entryBlock;
    const rank = block.arguments.length;
    const initial = op.operands.slice(3 * rank);
    const counts = block.arguments.map((_, dim) => {
      const [lower, upper, step] = [0, 1, 2].map((part) => op.operand(part * rank + dim));
      return tripCount(lower, upper, step);
    });
    if (counts.includes(0n)) {
      rewriter.replaceOp(op, initial);
      return undefined;
    }
    const isKept = counts.map((count) => count !== 1n);
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'every dimension runs several times');
    // Without any dimension the reductions would have to be computed; one is kept for them.
    if (!isKept.includes(true)) {
      if (initial.length > 0)
        return rewriter.notifyMatchFailure(op, 'the reductions need a dimension');
      const terminator = block.lastOp!;
      rewriter.inlineBlockBefore(block, op, op.operands.slice(0, rank));
      rewriter.erase(terminator);
      rewriter.erase(op);
      return undefined;
    }
    const keep = (_: unknown, index: number): boolean => isKept[index % rank];
    for (let dim = rank - 1; dim >= 0; dim--) {
      if (isKept[dim]) continue;
      rewriter.replaceAllUsesWith(block.arguments[dim], op.operand(dim));
      rewriter.eraseBlockArgument(block, dim);
    }
    const bounds = op.operands.slice(0, 3 * rank).filter(keep);
    rewriter.replaceOpWithNew(op, 'scf.parallel', {
      operands: [...bounds, ...initial],
      resultTypes: op.resultTypes,
      attributes: {
        ...Object.fromEntries(op.attributes.entries()),
        operandSegmentSizes: DenseArrayAttr.get(i32, [
          ...[0, 1, 2].map(() => bounds.length / 3),
          initial.length,
        ]),
      },
      regions: [rewriter.takeRegion(op, 0)],
    });
    return undefined;
  },
);

const whileTruth = pattern(
  'scf.while',
  {
    name: 'scf-while-condition-inside',
    law: 'the condition that is handed on is true in the body',
  },
  (op, rewriter) => {
    const condition = op.regions[0].entryBlock.lastOp!;
    const body = op.regions[1].entryBlock;
    let constant: Value | undefined;
    condition.operands.slice(1).forEach((value, index) => {
      const argument = body.arguments[index];
      if (value !== condition.operand(0) || !argument.hasUses) return;
      constant ??= rewriter.create('arith.constant', {
        attributes: { value: IntegerAttr.bool(true) },
        resultTypes: [i1],
      }).result;
      rewriter.replaceAllUsesWith(argument, constant);
    });
    return constant === undefined
      ? rewriter.notifyMatchFailure(op, 'the condition is not handed on')
      : undefined;
  },
);

const whileUnusedResults = pattern(
  'scf.while',
  {
    name: 'scf-while-unused-results',
    law: 'what neither the body nor anybody behind the loop uses is not handed on',
  },
  (op, rewriter) => {
    const condition = op.regions[0].entryBlock.lastOp!;
    const body = op.regions[1].entryBlock;
    const isKept = op.results.map(
      (result, index) => result.hasUses || body.arguments[index].hasUses,
    );
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'everything handed on is used');
    const keep = (_: unknown, index: number): boolean => isKept[index];
    rewriter.modifyInPlace(condition, () =>
      condition.setOperands([condition.operand(0), ...condition.operands.slice(1).filter(keep)]),
    );
    for (let index = isKept.length - 1; index >= 0; index--)
      if (!isKept[index]) rewriter.eraseBlockArgument(body, index);
    const loop = rewriter.create('scf.while', {
      operands: op.operands,
      resultTypes: op.resultTypes.filter(keep),
      attributes: Object.fromEntries(op.attributes.entries()),
      regions: [rewriter.takeRegion(op, 0), rewriter.takeRegion(op, 1)],
    });
    let next = 0;
    op.results.forEach((result, index) => {
      if (isKept[index]) rewriter.replaceAllUsesWith(result, loop.results[next++]);
    });
    rewriter.erase(op);
    return undefined;
  },
);

const whileInvariant = pattern(
  'scf.while',
  {
    name: 'scf-while-invariant-argument',
    law: 'what a loop carries on as it got it is the initial value throughout',
  },
  (op, rewriter) => {
    const before = op.regions[0].entryBlock;
    const body = op.regions[1].entryBlock;
    const condition = before.lastOp!;
    const terminator = body.lastOp!;
    const invariant = before.arguments.map((argument, index) => {
      const yielded = terminator.operand(index);
      if (yielded === op.operand(index)) return true;
      if (!(yielded instanceof BlockArgument) || yielded.owner !== body) return false;
      return condition.operand(yielded.index + 1) === argument;
    });
    if (!invariant.includes(true))
      return rewriter.notifyMatchFailure(op, 'every carried value changes');
    const keep = (_: unknown, index: number): boolean => !invariant[index];
    const initial = op.operands;
    rewriter.modifyInPlace(terminator, () =>
      terminator.setOperands(terminator.operands.filter(keep)),
    );
    for (let index = invariant.length - 1; index >= 0; index--) {
      if (!invariant[index]) continue;
      rewriter.replaceAllUsesWith(before.arguments[index], initial[index]);
      rewriter.eraseBlockArgument(before, index);
    }
    // What is handed on from outside needs no hand.
    condition.operands.slice(1).forEach((value, index) => {
      if (value.parentBlock?.parentRegion === op.regions[0]) return;
      if (!initial.includes(value)) return;
      rewriter.replaceAllUsesWith(body.arguments[index], value);
      rewriter.replaceAllUsesWith(op.results[index], value);
    });
    rewriter.replaceOpWithNew(op, 'scf.while', {
      operands: initial.filter(keep),
      resultTypes: op.resultTypes,
      attributes: Object.fromEntries(op.attributes.entries()),
      regions: [rewriter.takeRegion(op, 0), rewriter.takeRegion(op, 1)],
    });
    return undefined;
  },
);

/** All canonicalization patterns of scf. */
export const scfCanonicalization: readonly RewritePattern[] = [
  ...ifCanonicalization,
  forOutsideValues,
  executeRegionOnce,
  switchConstant,
  parallelDimensions,
  whileTruth,
  whileUnusedResults,
  whileInvariant,
  ifConstantCondition,
  forTripCount,
  forInvariantArgument,
  forDeadArgument,
];
