/** Decides what the bounds of values decide. */

import {
  ConstantPropagation,
  DataFlowSolver,
  hasIntegerRange,
  IntegerRangeAnalysis,
} from '../analysis/index.js';
import {
  IntegerAttr,
  type IndexType,
  type IntegerType,
  type Operation,
  type Value,
} from '../ir/index.js';
import {
  applyPatternsGreedily,
  materializeConstant,
  pattern,
  type Rewriter,
  type RewritePattern,
} from '../rewrite/index.js';
import { definePass } from './pass.js';

export const intRangeOptimizationsPass = definePass({
  name: 'int-range-optimizations',
  title: 'IntRangeOptimizations',
  summary: 'Do optimizations based on integer range analysis',
  description:
    'Values with one possible value become constants, results and block arguments alike, and remainders of what is smaller than the divisor become the dividend. Ranges go through loops, branches and private functions. What these replacements make simpler is folded.',
  requires: ['arith'],
  statistics: { 'num-replaced': 'Number of values replaced' },
  run(root, { statistics }) {
    const solver = new DataFlowSolver();
    solver.load(ConstantPropagation);
    const analysis = solver.load(IntegerRangeAnalysis);
    solver.run(root);
    const onReplace = (): void => void statistics['num-replaced']++;
    applyPatternsGreedily(
      root,
      [
        knownValues(analysis, onReplace),
        redundantRemainder('arith.remui', analysis, onReplace),
        redundantRemainder('arith.remsi', analysis, onReplace),
      ],
      { regionSimplification: 'aggressive' },
    );
  },
});

/** Puts a constant in place of a value that can have one value only; returns whether it did. */
function replaceKnown(
  value: Value,
  user: Operation,
  analysis: IntegerRangeAnalysis,
  rewriter: Rewriter,
): boolean {
  const { type } = value;
  const ranges = analysis.lookup(value);
  if (!value.hasUses || ranges === undefined || !hasIntegerRange(type)) return false;
  if (ranges.signed.min !== ranges.signed.max) return false;
  const attribute = IntegerAttr.get(ranges.signed.min, type as IntegerType | IndexType);
  const own = materializeConstant(user, attribute, type, user.location);
  const constant =
    own === undefined
      ? rewriter.create('arith.constant', { attributes: { value: attribute }, resultTypes: [type] })
      : rewriter.insert(own);
  rewriter.replaceAllUsesWith(value, constant.result);
  return true;
}

function knownValues(analysis: IntegerRangeAnalysis, onReplace: () => void): RewritePattern {
  return pattern(
    'any',
    { name: 'int-range-known-value', law: 'a value that can only be c is c' },
    (op, rewriter) => {
      if (op.name.isConstantLike) return rewriter.notifyMatchFailure(op, 'it is a constant');
      let hasChanged = false;
      for (const region of op.regions) {
        for (const block of region.blocks()) {
          for (const argument of block.arguments) {
            rewriter.setInsertionPointToStart(block);
            if (!replaceKnown(argument, op, analysis, rewriter)) continue;
            onReplace();
            hasChanged = true;
          }
        }
      }
      rewriter.setInsertionPointBefore(op);
      for (const result of op.results) {
        if (!replaceKnown(result, op, analysis, rewriter)) continue;
        onReplace();
        hasChanged = true;
      }
      return hasChanged ? undefined : rewriter.notifyMatchFailure(op, 'no value of it is known');
    },
  );
}

function redundantRemainder(
  name: string,
  analysis: IntegerRangeAnalysis,
  onReplace: () => void,
): RewritePattern {
  return pattern(
    name,
    { name: `int-range-${name.replace('.', '-')}`, law: 'x mod n -> x for 0 <= x < n' },
    (op, rewriter) => {
      if (!isRedundantRemainder(op, analysis))
        return rewriter.notifyMatchFailure(op, 'the dividend may reach the divisor');
      rewriter.replaceOp(op, [op.operand(0)]);
      onReplace();
      return undefined;
    },
  );
}

/** `x mod n` for 0 <= x < n. */
function isRedundantRemainder(op: Operation, analysis: IntegerRangeAnalysis): boolean {
  const [value, divisor] = op.operands.map((operand) => analysis.lookup(operand));
  if (value === undefined || divisor === undefined) return false;
  if (op.name.text === 'arith.remui') return value.unsigned.max < divisor.unsigned.min;
  return value.signed.min >= 0n && value.signed.max < divisor.signed.min;
}
