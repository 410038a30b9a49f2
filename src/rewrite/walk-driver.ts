/** The walk driver: tries patterns on each operation once, inner ones first. */

import type { Operation } from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { actionSink } from './actions.js';
import { debugCounters } from './debug-counters.js';
import type { RewriteListener } from './listener.js';
import { MatchFailure } from './match-failure.js';
import { isHopeless, PatternSet, type RewritePattern } from './pattern.js';
import { Rewriter } from './rewriter.js';

export interface WalkConfig {
  readonly listener?: RewriteListener;
}

/**
 * Walks everything nested in `root` once, in post-order, and applies to each operation the first pattern that matches.
 * Nothing is folded, nothing is removed for being dead, and neither what patterns build nor what they change is looked
 * at again: it takes one attempt per operation where the greedy driver takes as many as it needs. Returns whether
 * anything changed.
 */
export function walkAndApplyPatterns(
  root: Operation,
  patterns: PatternSet | readonly RewritePattern[],
  config: WalkConfig = {},
): boolean {
  const set = patterns instanceof PatternSet ? patterns : new PatternSet(patterns);
  const erased = new Set<Operation>();
  let reason: string | undefined;
  const listeners: RewriteListener[] = [{ onErased: (op) => void erased.add(op) }];
  if (config.listener !== undefined) listeners.push(config.listener);
  const actions = actionSink(root.context);
  if (actions !== undefined)
    listeners.push({ onMatchFailure: (_, found) => void (reason = found) });
  const counters = debugCounters(root.context);
  const rewriter = new Rewriter(root.context, ...listeners);

  const apply = (candidate: RewritePattern, op: Operation): boolean => {
    const { name: pattern } = candidate;
    const opName = op.name.text;
    if (counters?.mayExecute(pattern) === false) return false;
    actions?.({ kind: 'apply-pattern', phase: 'begin', pattern, op });
    reason = undefined;
    const before = rewriter.changeCount;
    rewriter.setInsertionPointBefore(op);
    rewriter.location = op.location;
    const isSuccess =
      !isHopeless(candidate, op, rewriter) &&
      !(candidate.rewrite(op, rewriter) instanceof MatchFailure);
    if (isSuccess !== (rewriter.changeCount !== before)) {
      throw new InternalError(
        isSuccess
          ? `pattern '${pattern}' succeeded on '${opName}' but changed nothing`
          : `pattern '${pattern}' failed on '${opName}' after changing the IR`,
      );
    }
    actions?.({ kind: 'apply-pattern', phase: 'end', pattern, opName, isSuccess, reason });
    return isSuccess;
  };

  const ops: Operation[] = [];
  root.walk((op) => {
    if (op !== root && set.for(op.name).length > 0) ops.push(op);
  }, 'post');
  for (const op of ops) {
    if (erased.has(op)) continue;
    for (const candidate of set.for(op.name)) if (apply(candidate, op)) break;
  }
  return rewriter.changeCount > 0;
}
