/** `affine.apply`, `affine.min` and `affine.max` as integer arithmetic. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { AffineApplyOp, AffineMaxOp, AffineMinOp } from '../../dialects/generated/affine.js';
import type { AffineMapAttr } from '../../ir/index.js';
import { isOp, type Operation, type Value } from '../../ir/index.js';
import { definePass } from '../../passes/index.js';
import { pattern, walkAndApplyPatterns, type RewritePattern } from '../../rewrite/index.js';
import { expandAffine } from '../support/affine-expansion.js';
import { IndexBuilder } from '../support/index-builder.js';

export const lowerAffine = definePass({
  name: 'lower-affine',
  summary: 'turn affine expressions of indices into integer arithmetic',
  requires: ['arith'],
  run: (root) => {
    const analysis = new IntegerAnalysis();
    // What comes of an expression has no affine operations, so one walk sees all of them.
    walkAndApplyPatterns(
      root,
      [AffineApplyOp, AffineMinOp, AffineMaxOp].map(({ opName }) => expansion(opName, analysis)),
    );
  },
});

/** Expands the affine operation of that name with what is known of its operands. */
function expansion(opName: string, analysis: IntegerAnalysis): RewritePattern {
  const info = { name: `lower-${opName.replace('.', '-')}` };
  return pattern(opName, info, (op, rewriter) => {
    const value = expandMapped(new IndexBuilder(rewriter), analysis, op);
    value.name ??= op.result.name;
    rewriter.replaceOp(op, [value]);
  });
}

function expandMapped(index: IndexBuilder, analysis: IntegerAnalysis, op: Operation): Value {
  const { map } = op.getAttribute('map') as AffineMapAttr;
  const dims = op.operands.slice(0, map.dimCount);
  const symbols = op.operands.slice(map.dimCount);
  const results = map.results.map((result) => expandAffine(index, analysis, result, dims, symbols));
  const isMaximum = isOp(op, AffineMaxOp);
  const chosen = results.reduce((best, next) => {
    if (typeof best === 'number' && typeof next === 'number')
      return isMaximum ? Math.max(best, next) : Math.min(best, next);
    return index.signed(isMaximum ? 'arith.maxsi' : 'arith.minsi', best, next);
  });
  return index.value(chosen);
}
