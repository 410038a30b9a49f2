/** Decides what the bounds of values decide. */

import {
  ConstantPropagation,
  DataFlowSolver,
  hasIntegerRange,
  IntegerRangeAnalysis,
} from '../analysis/index.js';
import { IntegerAttr, type IndexType, type IntegerType, type Operation } from '../ir/index.js';
import { materializeConstant, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const intRangeOptimizationsPass = definePass({
  name: 'int-range-optimizations',
  title: 'IntRangeOptimizations',
  summary: 'Do optimizations based on integer range analysis',
  description:
    'Comparisons that the ranges of their operands decide become constants, so do all other values with one possible value, and remainders of what is smaller than the divisor become the dividend. Ranges go through loops, branches and private functions.',
  requires: ['arith'],
  statistics: { 'num-replaced': 'Number of values replaced' },
  run(root, { context, statistics }) {
    const rewriter = new Rewriter(context);
    const solver = new DataFlowSolver();
    solver.load(ConstantPropagation);
    const analysis = solver.load(IntegerRangeAnalysis);
    solver.run(root);
    const candidates: Operation[] = [];
    root.walk((op) => {
      const isArithmetic = op.name.dialect === 'arith' && !op.name.isConstantLike;
      if (isArithmetic && op.results.length === 1) candidates.push(op);
    });
    for (const op of candidates) {
      const [result] = op.results;
      const ranges = analysis.lookup(result);
      if (!result.hasUses || ranges === undefined || !hasIntegerRange(result.type)) continue;
      const { type } = result;
      if (ranges.signed.min === ranges.signed.max) {
        const attribute = IntegerAttr.get(ranges.signed.min, type as IntegerType | IndexType);
        const constant = materializeConstant(op, attribute, type, op.location);
        if (constant === undefined) continue;
        rewriter.setInsertionPointBefore(op);
        rewriter.replaceAllUsesWith(result, rewriter.insert(constant).result);
      } else if (isRedundantRemainder(op, analysis)) {
        rewriter.replaceAllUsesWith(result, op.operand(0));
      } else continue;
      rewriter.erase(op);
      statistics['num-replaced']++;
    }
  },
});

/** `x mod n` for 0 <= x < n. */
function isRedundantRemainder(op: Operation, analysis: IntegerRangeAnalysis): boolean {
  const name = op.name.text;
  if (name !== 'arith.remui' && name !== 'arith.remsi') return false;
  const [value, divisor] = op.operands.map((operand) => analysis.lookup(operand));
  if (value === undefined || divisor === undefined) return false;
  if (name === 'arith.remui') return value.unsigned.max < divisor.unsigned.min;
  return value.signed.min >= 0n && value.signed.max < divisor.signed.min;
}
