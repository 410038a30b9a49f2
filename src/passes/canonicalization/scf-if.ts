/** Canonicalization of `scf.if`: results that need no branch, conditions that are known, branches that belong together. */

import { ScfIfOp } from '../../dialects/generated/scf.js';
import { type Block, i1, IntegerAttr, Region, type Operation, type Value } from '../../ir/index.js';
import { keepOperands, keepResults, type Replacement } from './keep-results.js';
import { constantValue, pattern, type Rewriter, type RewritePattern } from '../../rewrite/index.js';

const yieldOf = (region: Region): Operation => region.entryBlock.lastOp!;

/** Whether a block holds nothing but its terminator. */
const isOnlyYield = (region: Region): boolean =>
  region.isEmpty || region.entryBlock.firstOp === region.entryBlock.lastOp;

function isBoolean(value: Value, wanted: bigint): boolean {
  const constant = constantValue(value);
  return (
    value.type === i1 &&
    constant instanceof IntegerAttr &&
    BigInt.asUintN(1, constant.value) === wanted
  );
}

/** Drops results, and what the branches yield for them. */
function yieldLess(
  op: Operation,
  isKept: readonly boolean[],
  rewriter: Rewriter,
  replacement?: Replacement,
): void {
  for (const region of op.regions)
    if (!region.isEmpty) keepOperands(yieldOf(region), isKept, rewriter);
  keepResults(op, isKept, rewriter, replacement);
}

const unusedResults = pattern(
  ScfIfOp,
  { name: 'scf-if-unused-results', law: 'a result that nobody uses is not yielded' },
  ({ op }, rewriter) => {
    const isUsed = op.results.map((result) => result.hasUses);
    if (isUsed.every((used) => used))
      return rewriter.notifyMatchFailure(op, 'every result is used');
    yieldLess(op, isUsed, rewriter);
    return undefined;
  },
);

const toSelect = pattern(
  ScfIfOp,
  {
    name: 'scf-if-to-select',
    law: 'a result that both branches take from outside is a choice: if c { a } else { b } -> c ? a : b',
  },
  ({ op }, rewriter) => {
    const [then, otherwise] = op.regions;
    if (op.results.length === 0 || otherwise.isEmpty)
      return rewriter.notifyMatchFailure(op, 'there are no results');
    if (!op.context.dialects.has('arith'))
      return rewriter.notifyMatchFailure(op, "dialect 'arith' is not loaded");
    const isOutside = (value: Value): boolean => {
      const home = value.parentBlock?.parentRegion;
      return home !== then && home !== otherwise;
    };
    const [thenYield, elseYield] = [yieldOf(then), yieldOf(otherwise)];
    const chosen = op.results.map((_, index) => {
      const pair = [thenYield.operand(index), elseYield.operand(index)] as const;
      return pair.every(isOutside) ? pair : undefined;
    });
    if (!chosen.some((pair) => pair !== undefined))
      return rewriter.notifyMatchFailure(op, 'every result needs a branch');
    const [condition] = op.operands;
    const replacements = chosen.map((pair) => {
      if (pair === undefined || pair[0] === pair[1]) return pair?.[0];
      return rewriter.create('arith.select', {
        operands: [condition, ...pair],
        resultTypes: [pair[0].type],
      }).result;
    });
    yieldLess(
      op,
      replacements.map((value) => value === undefined),
      rewriter,
      (index) => replacements[index]!,
    );
    return undefined;
  },
);

const conditionInside = pattern(
  ScfIfOp,
  { name: 'scf-if-condition-inside', law: 'c is true in the branch of c, and false in the other' },
  ({ op }, rewriter) => {
    const [condition] = op.operands;
    if (constantValue(condition) !== undefined || !op.context.dialects.has('arith'))
      return rewriter.notifyMatchFailure(op, 'the condition is constant');
    let hasChanged = false;
    for (const index of [1, 0]) {
      const region = op.regions[index];
      const users = new Set(
        [...condition.users()].filter(
          (user) => user.parentRegion !== null && region.isAncestorOf(user.parentRegion),
        ),
      );
      if (users.size === 0) continue;
      const constant = rewriter.create('arith.constant', {
        attributes: { value: IntegerAttr.bool(index === 0) },
        resultTypes: [i1],
      });
      rewriter.replaceAllUsesWithIf(condition, constant.result, (user) => users.has(user));
      hasChanged = true;
    }
    return hasChanged ? undefined : rewriter.notifyMatchFailure(op, 'no branch uses the condition');
  },
);

const ofNot = pattern(
  ScfIfOp,
  { name: 'scf-if-of-not', law: 'if not c { a } else { b } -> if c { b } else { a }' },
  ({ op }, rewriter) => {
    const not = op.operand(0).definingOp;
    if (not?.name.text !== 'arith.xori' || !isBoolean(not.operand(1), 1n))
      return rewriter.notifyMatchFailure(op, 'the condition is not a negation');
    const [then, otherwise] = op.regions;
    if (otherwise.isEmpty || (op.results.length === 0 && isOnlyYield(otherwise)))
      return rewriter.notifyMatchFailure(op, 'there is no other branch');
    const [whenTrue, whenFalse] = [
      rewriter.takeRegion(op, op.regions.indexOf(otherwise)),
      rewriter.takeRegion(op, op.regions.indexOf(then)),
    ];
    rewriter.replaceOpWithNew(op, 'scf.if', {
      operands: [not.operand(0)],
      resultTypes: op.resultTypes,
      attributes: Object.fromEntries(op.attributes.entries()),
      regions: [whenTrue, whenFalse],
    });
    return undefined;
  },
);

const emptyElse = pattern(
  ScfIfOp,
  { name: 'scf-if-empty-else', law: 'if c { a } else { } -> if c { a }' },
  ({ op }, rewriter) => {
    const [, otherwise] = op.regions;
    if (op.results.length > 0 || otherwise.isEmpty || !isOnlyYield(otherwise))
      return rewriter.notifyMatchFailure(op, 'the other branch does something');
    rewriter.eraseBlock(otherwise.entryBlock);
    return undefined;
  },
);

const constantResults = pattern(
  ScfIfOp,
  { name: 'scf-if-boolean-results', law: 'if c { true } else { false } -> c' },
  ({ op }, rewriter) => {
    const [then, otherwise] = op.regions;
    if (op.results.length === 0 || otherwise.isEmpty)
      return rewriter.notifyMatchFailure(op, 'there are no results');
    const [condition] = op.operands;
    let hasChanged = false;
    op.results.forEach((result, index) => {
      const [a, b] = [yieldOf(then).operand(index), yieldOf(otherwise).operand(index)];
      if (!result.hasUses || !isBoolean(a, 1n) || !isBoolean(b, 0n)) return;
      rewriter.replaceAllUsesWith(result, condition);
      hasChanged = true;
    });
    return hasChanged
      ? undefined
      : rewriter.notifyMatchFailure(op, 'no result is the condition itself');
  },
);

const nestedIf = pattern(
  ScfIfOp,
  {
    name: 'scf-if-nested',
    law: 'if a { if b { x } else { y } } else { y } -> if a and b { x } else { y }',
  },
  ({ op }, rewriter) => {
    const [then, otherwise] = op.regions;
    const inner = then.entryBlock.firstOp!;
    if (inner.name.text !== 'scf.if' || inner.nextOp !== then.entryBlock.lastOp)
      return rewriter.notifyMatchFailure(op, 'the branch is not one condition alone');
    if (!isOnlyYield(otherwise) || !isOnlyYield(inner.regions[1]))
      return rewriter.notifyMatchFailure(op, 'there is another branch');
    if (!op.context.dialects.has('arith'))
      return rewriter.notifyMatchFailure(op, "dialect 'arith' is not loaded");
    const thenValues = [...yieldOf(then).operands];
    const elseValues = otherwise.isEmpty ? [] : [...yieldOf(otherwise).operands];
    const chosen: number[] = [];
    for (const [index, value] of thenValues.entries()) {
      const position = inner.results.findIndex((result) => result === value);
      if (position < 0) {
        if (value !== elseValues[index]) chosen.push(index);
      } else if (yieldOf(inner.regions[1]).operand(position) === elseValues[index]) {
        thenValues[index] = yieldOf(inner.regions[0]).operand(position);
      } else {
        return rewriter.notifyMatchFailure(op, 'the two other branches give different values');
      }
    }
    const [condition] = op.operands;
    const both = rewriter.create('arith.andi', {
      operands: [condition, inner.operand(0)],
      resultTypes: [i1],
    }).result;
    for (const index of chosen) {
      elseValues[index] = rewriter.create('arith.select', {
        operands: [condition, thenValues[index], elseValues[index]],
        resultTypes: [elseValues[index].type],
      }).result;
    }
    const setYield = (region: Region, values: readonly Value[]): Region => {
      const terminator = yieldOf(region);
      rewriter.modifyInPlace(terminator, () => terminator.setOperands(values));
      return region;
    };
    rewriter.replaceOpWithNew(op, 'scf.if', {
      operands: [both],
      resultTypes: op.resultTypes,
      attributes: Object.fromEntries(op.attributes.entries()),
      regions: [
        setYield(rewriter.takeRegion(inner, 0), thenValues),
        elseValues.length === 0 ? new Region() : setYield(rewriter.takeRegion(op, 1), elseValues),
      ],
    });
    return undefined;
  },
);

/** Whether two conditions are the same, or one is the negation of the other. */
function relate(first: Value, second: Value): 'same' | 'opposite' | undefined {
  if (first === second) return 'same';
  const isNegation = (value: Value, of: Value): boolean => {
    const not = value.definingOp;
    return (
      not?.name.text === 'arith.xori' && not.operand(0) === of && isBoolean(not.operand(1), 1n)
    );
  };
  return isNegation(first, second) || isNegation(second, first) ? 'opposite' : undefined;
}

const consecutive = pattern(
  ScfIfOp,
  {
    name: 'scf-if-consecutive',
    law: 'if c { a } else { b }; if c { x } else { y } -> if c { a; x } else { b; y }',
  },
  ({ op }, rewriter) => {
    const earlier = op.previousOp;
    const relation =
      earlier?.name.text === 'scf.if' ? relate(earlier.operand(0), op.operand(0)) : undefined;
    if (earlier === null || relation === undefined)
      return rewriter.notifyMatchFailure(op, 'what comes before is no branch of this condition');
    const later = (index: number): number => (relation === 'same' ? index : 1 - index);
    // What the later one uses of the earlier one is at hand in the same branch.
    const regions = [0, 1].map((index) => {
      const [first, second] = [earlier.regions[index], op.regions[later(index)]];
      const yielded = first.isEmpty ? [] : yieldOf(first).operands;
      if (!second.isEmpty) {
        earlier.results.forEach((result, position) =>
          rewriter.replaceAllUsesWithIf(result, yielded[position], (user) => {
            const home = user.parentRegion;
            return home !== null && second.isAncestorOf(home);
          }),
        );
      }
      return { first, second };
    });
    const merged = regions.map(({ first, second }, index) => {
      if (first.isEmpty && second.isEmpty) return new Region();
      if (first.isEmpty) return rewriter.takeRegion(op, later(index));
      if (second.isEmpty) return rewriter.takeRegion(earlier, index);
      const region = rewriter.takeRegion(earlier, index);
      const block: Block = region.entryBlock;
      const before = block.lastOp!;
      const tail = second.entryBlock;
      const after = tail.lastOp!;
      const values = [...before.operands, ...after.operands];
      rewriter.erase(before);
      rewriter.mergeBlocks(tail, block, []);
      rewriter.modifyInPlace(after, () => after.setOperands(values));
      return region;
    });
    rewriter.setInsertionPointBefore(op);
    const both = rewriter.create('scf.if', {
      operands: earlier.operands,
      resultTypes: [...earlier.resultTypes, ...op.resultTypes],
      attributes: Object.fromEntries(earlier.attributes.entries()),
      regions: merged,
    });
    const split = earlier.results.length;
    rewriter.replaceOp(op, both.results.slice(split));
    rewriter.replaceOp(earlier, both.results.slice(0, split));
    return undefined;
  },
);

/** The canonicalization patterns of `scf.if`. */
export const ifCanonicalization: readonly RewritePattern[] = [
  unusedResults,
  toSelect,
  conditionInside,
  ofNot,
  emptyElse,
  constantResults,
  nestedIf,
  consecutive,
];
