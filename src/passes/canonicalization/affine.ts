/** Canonicalization of affine: branches that do nothing. */

import { pattern, type RewritePattern } from '../../rewrite/index.js';

const ifEmptyElse = pattern(
  'affine.if',
  { name: 'affine-if-empty-else', law: 'if c { a } else { } -> if c { a }' },
  (op, rewriter) => {
    const [, otherwise] = op.regions;
    const isEmpty =
      !otherwise.isEmpty && otherwise.entryBlock.firstOp === otherwise.entryBlock.lastOp;
    if (op.results.length > 0 || !isEmpty)
      return rewriter.notifyMatchFailure(op, 'the other branch does something');
    rewriter.eraseBlock(otherwise.entryBlock);
    return undefined;
  },
);

/** All canonicalization patterns of affine. */
export const affineCanonicalization: readonly RewritePattern[] = [ifEmptyElse];
