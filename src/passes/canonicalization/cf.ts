/** Canonicalization of cf: branches whose way is known. */

import { IntegerAttr } from '../../ir/index.js';
import {
  constantValue,
  forwardedOperands,
  pattern,
  type RewritePattern,
} from '../../rewrite/index.js';

const constantCondition = pattern(
  'cf.cond_br',
  { name: 'cf-cond-br-constant', law: 'cond_br true, ^a, ^b -> br ^a' },
  (op, rewriter) => {
    const condition = constantValue(op.operand(0));
    if (!(condition instanceof IntegerAttr))
      return rewriter.notifyMatchFailure(op, 'the condition is not constant');
    const taken = condition.value === 0n ? 1 : 0;
    const operands = forwardedOperands(op, taken);
    if (operands === undefined)
      return rewriter.notifyMatchFailure(op, 'what the branch forwards is not known');
    rewriter.replaceOpWithNew(op, 'cf.br', {
      operands: operands.map((operand) => operand.value),
      successors: [op.successors[taken].block],
    });
    return undefined;
  },
);

const sameSuccessors = pattern(
  'cf.cond_br',
  { name: 'cf-cond-br-same', law: 'cond_br c, ^a(x), ^a(x) -> br ^a(x)' },
  (op, rewriter) => {
    const [first, second] = [forwardedOperands(op, 0), forwardedOperands(op, 1)];
    if (op.successors[0].block !== op.successors[1].block)
      return rewriter.notifyMatchFailure(op, 'the successors differ');
    if (
      first === undefined ||
      second === undefined ||
      first.some((use, i) => use.value !== second[i].value)
    )
      return rewriter.notifyMatchFailure(op, 'what the branch forwards differs');
    rewriter.replaceOpWithNew(op, 'cf.br', {
      operands: first.map((operand) => operand.value),
      successors: [op.successors[0].block],
    });
    return undefined;
  },
);

/** All canonicalization patterns of cf. */
export const cfCanonicalization: readonly RewritePattern[] = [constantCondition, sameSuccessors];
