/** Canonicalization of cf: branches whose way is known, and blocks that only branch on. */

import { CfAssertOp, CfBrOp, CfCondBrOp, CfSwitchOp } from '../../dialects/generated/cf.js';
import {
  BlockArgument,
  DenseElementsAttr,
  i1,
  IntegerAttr,
  VectorType,
  viewAs,
  type Block,
  type IntegerType,
  type Operation,
  type Value,
} from '../../ir/index.js';
import {
  constantValue,
  materializeConstant,
  pattern,
  type Rewriter,
  type RewritePattern,
} from '../../rewrite/index.js';

/** A way that a branch may take: the block and what is handed to it. */
interface Target {
  readonly block: Block;
  readonly operands: readonly Value[];
}

const isSameTarget = (a: Target, b: Target): boolean =>
  a.block === b.block && a.operands.every((operand, index) => operand === b.operands[index]);

/** Where a branch to a block that only branches on leads; undefined where it does more, or goes round in circles. */
function passThrough({ block, operands }: Target): Target | undefined {
  const next = viewAs(block.firstOp, CfBrOp);
  if (next === undefined || next.dest === block) return undefined;
  const isOnlyForwarded = block.arguments.every((argument) =>
    [...argument.users()].every((user) => user === next.op),
  );
  if (!isOnlyForwarded) return undefined;
  return {
    block: next.dest,
    operands: next.destOperands.map((value) =>
      value instanceof BlockArgument && value.owner === block ? operands[value.index] : value,
    ),
  };
}

/** The only block that branches here, through however many edges. */
function uniquePredecessor(block: Block): Block | undefined {
  const predecessors = new Set(block.predecessors());
  return predecessors.size === 1 ? [...predecessors][0] : undefined;
}

/** The block with the only edge that leads here. */
function singlePredecessor(block: Block): Block | undefined {
  const [first, second] = block.predecessors();
  return second === undefined ? first : undefined;
}

const brPassThrough = pattern(
  CfBrOp,
  { name: 'cf-br-pass-through', law: 'br ^a; ^a: br ^b -> br ^b' },
  (op, rewriter) => {
    const target = passThrough({ block: op.dest, operands: op.destOperands });
    if (target === undefined || op.dest === op.op.parentBlock)
      return rewriter.notifyMatchFailure(op.op, 'the block does more than to branch on');
    CfBrOp.build(rewriter, { dest: target.block, destOperands: target.operands });
    rewriter.erase(op.op);
    return undefined;
  },
);

const targetsOf = (op: CfCondBrOp): readonly [Target, Target] => [
  { block: op.trueDest, operands: op.trueDestOperands },
  { block: op.falseDest, operands: op.falseDestOperands },
];

const constantCondition = pattern(
  CfCondBrOp,
  { name: 'cf-cond-br-constant', law: 'cond_br true, ^a, ^b -> br ^a' },
  (op, rewriter) => {
    const condition = constantValue(op.condition);
    if (!(condition instanceof IntegerAttr))
      return rewriter.notifyMatchFailure(op.op, 'the condition is not constant');
    const { block, operands } = targetsOf(op)[condition.value === 0n ? 1 : 0];
    CfBrOp.build(rewriter, { dest: block, destOperands: operands });
    rewriter.erase(op.op);
    return undefined;
  },
);

const condBrPassThrough = pattern(
  CfCondBrOp,
  { name: 'cf-cond-br-pass-through', law: 'cond_br c, ^a, ^b; ^a: br ^x -> cond_br c, ^x, ^b' },
  (op, rewriter) => {
    const targets = targetsOf(op);
    const through = targets.map(passThrough);
    if (through.every((target) => target === undefined))
      return rewriter.notifyMatchFailure(op.op, 'both blocks do more than to branch on');
    const [whenTrue, whenFalse] = targets.map((target, index) => through[index] ?? target);
    CfCondBrOp.build(rewriter, {
      condition: op.condition,
      trueDest: whenTrue.block,
      trueDestOperands: whenTrue.operands,
      falseDest: whenFalse.block,
      falseDestOperands: whenFalse.operands,
    });
    rewriter.erase(op.op);
    return undefined;
  },
);

const sameSuccessors = pattern(
  CfCondBrOp,
  { name: 'cf-cond-br-same', law: 'cond_br c, ^a(x), ^a(y) -> br ^a(c ? x : y)' },
  (op, rewriter) => {
    const [whenTrue, whenFalse] = targetsOf(op);
    if (whenTrue.block !== whenFalse.block)
      return rewriter.notifyMatchFailure(op.op, 'the successors differ');
    const isSame = isSameTarget(whenTrue, whenFalse);
    if (!isSame && uniquePredecessor(whenTrue.block) !== op.op.parentBlock)
      return rewriter.notifyMatchFailure(op.op, 'others branch to the successor too');
    if (!isSame && !op.op.context.dialects.has('arith'))
      return rewriter.notifyMatchFailure(op.op, "dialect 'arith' is not loaded");
    const destOperands = whenTrue.operands.map((value, index) => {
      const other = whenFalse.operands[index];
      if (value === other) return value;
      return rewriter.create('arith.select', {
        operands: [op.condition, value, other],
        resultTypes: [value.type],
      }).result;
    });
    CfBrOp.build(rewriter, { dest: whenTrue.block, destOperands });
    rewriter.erase(op.op);
    return undefined;
  },
);

const sameCondition = pattern(
  CfCondBrOp,
  {
    name: 'cf-cond-br-same-condition',
    law: '^a, reached only where c holds: cond_br c, ^x, ^y -> br ^x',
  },
  (op, rewriter) => {
    const block = op.op.parentBlock!;
    const before = viewAs(singlePredecessor(block)?.lastOp, CfCondBrOp);
    if (before?.condition !== op.condition || before.trueDest === before.falseDest)
      return rewriter.notifyMatchFailure(op.op, 'no branch before it decides the condition');
    const taken = targetsOf(op)[before.trueDest === block ? 0 : 1];
    CfBrOp.build(rewriter, { dest: taken.block, destOperands: taken.operands });
    rewriter.erase(op.op);
    return undefined;
  },
);

const conditionInSuccessors = pattern(
  CfCondBrOp,
  { name: 'cf-cond-br-truth', law: 'where cond_br c, ^a, ^b leads to ^a only, c is true in ^a' },
  (op, rewriter) => {
    const replace = (block: Block, isTrue: boolean): boolean => {
      if (singlePredecessor(block) === undefined) return false;
      const users = new Set([...op.condition.users()].filter((user) => user.parentBlock === block));
      if (users.size === 0) return false;
      const value = IntegerAttr.get(isTrue ? 1 : 0, i1 as IntegerType);
      const constant =
        materializeConstant(op.op, value, i1, op.location) ?? arithTrue(op.op, value);
      if (constant === undefined) return false;
      rewriter.insert(constant);
      rewriter.replaceAllUsesWithIf(op.condition, constant.result, (user) => users.has(user));
      return true;
    };
    const inTrue = replace(op.trueDest, true);
    const inFalse = replace(op.falseDest, false);
    return inTrue || inFalse
      ? undefined
      : rewriter.notifyMatchFailure(op.op, 'no successor that only it leads to uses the condition');
  },
);

/** The condition of a branch is a constant of arith, where that dialect is there. */
function arithTrue(op: Operation, value: IntegerAttr): Operation | undefined {
  return op.context.dialects
    .get('arith')
    ?.materializeConstant?.(value, i1, op.location, op.context);
}

interface SwitchParts {
  readonly fallback: Target;
  readonly cases: readonly { readonly value: bigint; readonly target: Target }[];
}

/** Builds a switch on the value of another one. */
function buildSwitch(op: CfSwitchOp, { fallback, cases }: SwitchParts, rewriter: Rewriter): void {
  CfSwitchOp.build(rewriter, {
    flag: op.flag,
    defaultDestination: fallback.block,
    defaultOperands: fallback.operands,
    caseDestinations: cases.map(({ target }) => target.block),
    caseOperands: cases.map(({ target }) => target.operands),
    caseValues:
      cases.length === 0
        ? undefined
        : DenseElementsAttr.get(
            VectorType.get([cases.length], op.flag.type),
            cases.map(({ value }) => value),
          ),
  });
}

/** A switch taken apart: the default and each case with its value. */
function partsOf(op: CfSwitchOp): SwitchParts {
  const values = op.caseValues;
  const { caseOperands } = op;
  const cases = op.caseDestinations.map((block, index) => ({
    value:
      values instanceof DenseElementsAttr ? BigInt(values.values[values.isSplat ? 0 : index]) : 0n,
    target: { block, operands: caseOperands[index] },
  }));
  return { fallback: { block: op.defaultDestination, operands: op.defaultOperands }, cases };
}

const switchConstant = pattern(
  CfSwitchOp,
  { name: 'cf-switch-constant', law: 'switch 1 [default: ^a, 1: ^b] -> br ^b' },
  (op, rewriter) => {
    const flag = constantValue(op.flag);
    const { fallback, cases } = partsOf(op);
    if (!(flag instanceof IntegerAttr) && cases.length > 0)
      return rewriter.notifyMatchFailure(op.op, 'the value is not constant');
    const taken =
      flag instanceof IntegerAttr
        ? (cases.find(({ value }) => value === flag.value)?.target ?? fallback)
        : fallback;
    CfBrOp.build(rewriter, { dest: taken.block, destOperands: taken.operands });
    rewriter.erase(op.op);
    return undefined;
  },
);

/** A switch behind a switch on the same value, in a block that only one edge of that leads to. */
const switchAgain = pattern(
  CfSwitchOp,
  {
    name: 'cf-switch-again',
    law: 'behind case 1 of a switch its value is 1; behind the default it is none of the cases',
  },
  (op, rewriter) => {
    const block = op.op.parentBlock!;
    const before = viewAs(singlePredecessor(block)?.lastOp, CfSwitchOp);
    if (before === undefined || before.flag !== op.flag)
      return rewriter.notifyMatchFailure(op.op, 'no switch on the same value leads here alone');
    const known = partsOf(before);
    const parts = partsOf(op);
    const taken = known.cases.find(({ target }) => target.block === block);
    if (taken !== undefined) {
      const target =
        parts.cases.find(({ value }) => value === taken.value)?.target ?? parts.fallback;
      CfBrOp.build(rewriter, { dest: target.block, destOperands: target.operands });
      rewriter.erase(op.op);
      return undefined;
    }
    const open = parts.cases.filter((one) => !known.cases.some(({ value }) => value === one.value));
    if (open.length === parts.cases.length)
      return rewriter.notifyMatchFailure(op.op, 'every case is open');
    buildSwitch(op, { fallback: parts.fallback, cases: open }, rewriter);
    rewriter.erase(op.op);
    return undefined;
  },
);

const switchTargets = pattern(
  CfSwitchOp,
  {
    name: 'cf-switch-targets',
    law: 'a case that leads where the default leads is none, and blocks that only branch on are left out',
  },
  (op, rewriter) => {
    const parts = partsOf(op);
    const fallback = passThrough(parts.fallback) ?? parts.fallback;
    const cases = parts.cases
      .map(({ value, target }) => ({ value, target: passThrough(target) ?? target }))
      .filter(({ target }) => !isSameTarget(target, fallback));
    const isUnchanged =
      fallback === parts.fallback &&
      cases.length === parts.cases.length &&
      cases.every(({ target }, index) => target === parts.cases[index].target);
    if (isUnchanged) return rewriter.notifyMatchFailure(op.op, 'every case leads elsewhere');
    buildSwitch(op, { fallback, cases }, rewriter);
    rewriter.erase(op.op);
    return undefined;
  },
);

const assertTrue = pattern(
  CfAssertOp,
  { name: 'cf-assert-true', law: 'assert true -> nothing' },
  (op, rewriter) => {
    const condition = constantValue(op.arg);
    if (!(condition instanceof IntegerAttr) || condition.value === 0n)
      return rewriter.notifyMatchFailure(op.op, 'the condition is not the constant true');
    rewriter.erase(op.op);
    return undefined;
  },
);

/** All canonicalization patterns of cf. */
export const cfCanonicalization: readonly RewritePattern[] = [
  brPassThrough,
  constantCondition,
  condBrPassThrough,
  sameSuccessors,
  sameCondition,
  conditionInSuccessors,
  switchConstant,
  switchTargets,
  switchAgain,
  assertTrue,
];
