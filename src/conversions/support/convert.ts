/** Applies a family of lowering patterns and demands that nothing they should lower is left. */

import type { Operation } from '../../ir/index.js';
import { applyPatternsGreedily, type RewritePattern } from '../../rewrite/index.js';

/** Runs patterns over a kernel; reports each operation for which `isHandled` that survived, with the reasons. */
export function convertWithPatterns(
  kernel: Operation,
  patterns: readonly RewritePattern[],
  isHandled: (op: Operation) => boolean,
): boolean {
  const reasons = new Map<Operation, string>();
  applyPatternsGreedily(kernel, patterns, {
    regionSimplification: 'disabled',
    fold: false,
    listener: {
      onMatchFailure: (op, reason) => void reasons.set(op, reason),
    },
  });
  let isComplete = true;
  kernel.walk((op) => {
    if (op === kernel || !isHandled(op)) return;
    const reason = reasons.get(op);
    isComplete = op.emitError(
      `failed to legalize operation '${op.name}'${reason === undefined ? '' : `: ${reason}`}`,
    );
  });
  return isComplete;
}
