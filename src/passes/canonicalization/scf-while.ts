/** Canonicalization of `scf.while`: what is carried and handed on for nobody, and conditions that are known inside. */

import {
  attributeRecord,
  BlockArgument,
  i1,
  IntegerAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { NEGATED_PREDICATES } from './arith.js';
import { keepArguments, keepOperands, keepResults, type Replacement } from './keep-results.js';
import { pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

/** What the condition hands on to the body, and behind the loop, becomes less. */
function handOnLess(
  op: Operation,
  isKept: readonly boolean[],
  rewriter: Rewriter,
  replacement?: Replacement,
): void {
  const body = op.regions[1].entryBlock;
  const values = [...body.arguments];
  values.forEach((argument, index) => {
    if (!isKept[index] && argument.hasUses)
      rewriter.replaceAllUsesWith(argument, replacement!(index, values));
  });
  keepArguments(body, isKept, rewriter);
  keepOperands(op.regions[0].entryBlock.lastOp!, isKept, rewriter, 1);
  keepResults(op, isKept, rewriter, replacement);
}

/** What the loop carries becomes less; the condition does not use the rest. */
function carryLess(op: Operation, isKept: readonly boolean[], rewriter: Rewriter): void {
  keepOperands(op.regions[1].entryBlock.lastOp!, isKept, rewriter);
  keepArguments(op.regions[0].entryBlock, isKept, rewriter);
  rewriter.replaceOpWithNew(op, 'scf.while', {
    operands: op.operands.filter((_, index) => isKept[index]),
    resultTypes: op.resultTypes,
    attributes: attributeRecord(op),
    regions: [rewriter.takeRegion(op, 0), rewriter.takeRegion(op, 1)],
  });
}

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
    const body = op.regions[1].entryBlock;
    const isKept = op.results.map(
      (result, index) => result.hasUses || body.arguments[index].hasUses,
    );
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'everything handed on is used');
    handOnLess(op, isKept, rewriter);
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
    invariant.forEach((isInvariant, index) => {
      if (isInvariant) rewriter.replaceAllUsesWith(before.arguments[index], op.operand(index));
    });
    carryLess(
      op,
      invariant.map((isInvariant) => !isInvariant),
      rewriter,
    );
    return undefined;
  },
);

const whileSameCompare = pattern(
  'scf.while',
  {
    name: 'scf-while-compare-inside',
    law: 'the comparison that keeps a loop running holds in the body',
  },
  (op, rewriter) => {
    const condition = op.regions[0].entryBlock.lastOp!;
    const compare = condition.operand(0).definingOp;
    if (compare?.name.text !== 'arith.cmpi')
      return rewriter.notifyMatchFailure(op, 'the condition is no comparison of integers');
    const predicate = (one: Operation): number =>
      (one.properties.get('predicate') as IntegerAttr).number;
    const holds = predicate(compare);
    let hasChanged = false;
    op.regions[1].entryBlock.arguments.forEach((argument, position) => {
      for (const side of [0, 1]) {
        if (condition.operand(position + 1) !== compare.operand(side)) continue;
        const again = [...argument.users()].filter(
          (user) =>
            user.name.text === 'arith.cmpi' &&
            user.operand(side) === argument &&
            user.operand(1 - side) === compare.operand(1 - side) &&
            [holds, NEGATED_PREDICATES[holds]].includes(predicate(user)),
        );
        for (const user of again) {
          rewriter.setInsertionPointBefore(user);
          rewriter.replaceOpWithNew(user, 'arith.constant', {
            attributes: { value: IntegerAttr.bool(predicate(user) === holds) },
            resultTypes: [i1],
          });
          hasChanged = true;
        }
      }
    });
    return hasChanged
      ? undefined
      : rewriter.notifyMatchFailure(op, 'the body does not compare that again');
  },
);

const whileDuplicates = pattern(
  'scf.while',
  {
    name: 'scf-while-duplicate-results',
    law: 'what is handed on twice is handed on once',
  },
  (op, rewriter) => {
    const handedOn = op.regions[0].entryBlock.lastOp!.operands.slice(1);
    const first = handedOn.map((value) => handedOn.indexOf(value));
    if (first.every((position, index) => position === index))
      return rewriter.notifyMatchFailure(op, 'nothing is handed on twice');
    const isKept = first.map((position, index) => position === index);
    handOnLess(op, isKept, rewriter, (index, values) => values[first[index]]);
    return undefined;
  },
);

const whileOutsideValues = pattern(
  'scf.while',
  {
    name: 'scf-while-outside-values',
    law: 'what is handed on from outside of a loop is known inside and behind it',
  },
  (op, rewriter) => {
    const handedOn = op.regions[0].entryBlock.lastOp!.operands.slice(1);
    const isKept = handedOn.map(({ parentBlock }) => parentBlock?.parentRegion === op.regions[0]);
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'everything handed on is of the loop');
    handOnLess(op, isKept, rewriter, (index) => handedOn[index]);
    return undefined;
  },
);

const whileUnusedArguments = pattern(
  'scf.while',
  {
    name: 'scf-while-unused-arguments',
    law: 'what the condition of a loop does not use is not carried',
  },
  (op, rewriter) => {
    const before = op.regions[0].entryBlock;
    const isKept = before.arguments.map((argument) => argument.hasUses);
    if (isKept.every((kept) => kept))
      return rewriter.notifyMatchFailure(op, 'everything carried is used');
    carryLess(op, isKept, rewriter);
    return undefined;
  },
);

/** The canonicalization patterns of `scf.while`. */
export const whileCanonicalization: readonly RewritePattern[] = [
  whileTruth,
  whileSameCompare,
  whileUnusedResults,
  whileInvariant,
  whileOutsideValues,
  whileDuplicates,
  whileUnusedArguments,
];
