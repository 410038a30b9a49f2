/** The greedy driver: folds, removes dead operations and applies patterns until nothing changes. */

import { wouldBeDead, type Operation, type Value } from '../ir/index.js';
import { InternalError } from '../support/index.js';
import { actionSink, type ActionHandler } from './actions.js';
import { debugCounters, type DebugCounters } from './debug-counters.js';
import { CycleDetector, type RewriteCycle } from './cycle-detector.js';
import { ConstantPool, constantOf, tryFold } from './fold.js';
import type { RewriteListener } from './listener.js';
import { MatchFailure } from './match-failure.js';
import { isHopeless, PatternSet, type RewritePattern } from './pattern.js';
import { simplifyRegions } from './region-simplification.js';
import { Rewriter } from './rewriter.js';
import { Worklist } from './worklist.js';

export type RegionSimplification = 'disabled' | 'normal' | 'aggressive';

/** Which operations a driver may rewrite. */
export type StrictMode = 'any-op' | 'existing-and-new-ops' | 'existing-ops';

export interface GreedyConfig {
  /** Start at the top of the program; otherwise inner and later operations come first. Default true. */
  readonly useTopDownTraversal?: boolean;
  /** Default `normal`. */
  readonly regionSimplification?: RegionSimplification;
  /** Rounds over the whole scope; -1 for no limit. Default 10. */
  readonly maxIterations?: number;
  /** Applications of patterns in one round; -1 for no limit. Default -1. */
  readonly maxNumRewrites?: number;
  /** Default `any-op`. */
  readonly strictMode?: StrictMode;
  /** Whether operations are folded. Default true. */
  readonly fold?: boolean;
  /** Whether equal constants become one at the front of the isolated region. Default true. */
  readonly uniqueConstants?: boolean;
  readonly listener?: RewriteListener;
}

export interface GreedyResult {
  /** Whether a fixpoint was reached within the limits. */
  readonly converged: boolean;
  readonly changed: boolean;
  /** Set when rewriting was stopped because it would not end. */
  readonly cycle?: RewriteCycle;
}

/** Applies patterns to everything nested in `root` (never to `root` itself) until a fixpoint. */
export function applyPatternsGreedily(
  root: Operation,
  patterns: PatternSet | readonly RewritePattern[],
  config: GreedyConfig = {},
): GreedyResult {
  return new GreedyDriver(root, asSet(patterns), config).runOnRegions();
}

/** Applies patterns to the given operations, and to others as far as the strict mode lets it. */
export function applyPatternsToOps(
  ops: readonly Operation[],
  patterns: PatternSet | readonly RewritePattern[],
  config: GreedyConfig = {},
): GreedyResult {
  if (ops.length === 0) return { converged: true, changed: false };
  let root = ops[0];
  while (root.parentOp !== null) root = root.parentOp;
  return new GreedyDriver(root, asSet(patterns), config).runOnOps(ops);
}

function asSet(patterns: PatternSet | readonly RewritePattern[]): PatternSet {
  return patterns instanceof PatternSet ? patterns : new PatternSet(patterns);
}

class GreedyDriver implements RewriteListener {
  private readonly worklist = new Worklist();
  private readonly pool = new ConstantPool();
  private readonly rewriter: Rewriter;
  private readonly actions: ActionHandler | undefined;
  private readonly counters: DebugCounters | undefined;
  private readonly strictOps: Set<Operation> | undefined;
  private cycles: CycleDetector | undefined;
  private cycle: RewriteCycle | undefined;
  private failureReason: string | undefined;
  /** Whether a region may have several blocks; simplification has nothing to do in others. */
  private mayHaveBranches = false;

  constructor(
    private readonly root: Operation,
    private readonly patterns: PatternSet,
    private readonly config: GreedyConfig,
  ) {
    const listeners = config.listener === undefined ? [this] : [this, config.listener];
    this.rewriter = new Rewriter(root.context, ...listeners);
    this.actions = actionSink(root.context);
    this.counters = debugCounters(root.context);
    if ((config.strictMode ?? 'any-op') !== 'any-op') this.strictOps = new Set();
    // Reasons are only collected when somebody reads them.
    if (this.actions !== undefined)
      this.rewriter.addListener({ onMatchFailure: (_, reason) => (this.failureReason = reason) });
  }

  runOnRegions(): GreedyResult {
    if (this.strictOps !== undefined) {
      this.root.walk((op) => {
        if (op !== this.root) this.strictOps!.add(op);
      });
    }
    const maxIterations = this.config.maxIterations ?? 10;
    let changedAtAll = false;
    for (let iteration = 0; ; iteration++) {
      if (maxIterations !== -1 && iteration >= maxIterations)
        return { converged: false, changed: changedAtAll };
      this.actions?.({ kind: 'greedy-iteration', phase: 'begin', iteration, op: this.root });
      this.pool.clear();
      const before = this.rewriter.changeCount;
      this.fillWorklist();
      const changed = this.processWorklist();
      const simplified =
        this.cycle === undefined && this.simplify(this.config.regionSimplification ?? 'normal');
      this.actions?.({ kind: 'greedy-iteration', phase: 'end', iteration, op: this.root });
      changedAtAll ||= this.rewriter.changeCount !== before;
      if (this.cycle !== undefined)
        return { converged: false, changed: changedAtAll, cycle: this.cycle };
      if (!changed && !simplified) return { converged: true, changed: changedAtAll };
    }
  }

  runOnOps(ops: readonly Operation[]): GreedyResult {
    for (const op of ops) this.strictOps?.add(op);
    for (const op of [...ops].reverse()) this.worklist.push(op);
    this.cycles = new CycleDetector(this.root, ops.length);
    const before = this.rewriter.changeCount;
    this.processWorklist();
    return {
      converged: this.worklist.isEmpty && this.cycle === undefined,
      changed: this.rewriter.changeCount !== before,
      cycle: this.cycle,
    };
  }

  private fillWorklist(): void {
    this.worklist.clear();
    const isTopDown = this.config.useTopDownTraversal ?? true;
    let count = 0;
    // Constants move to places that the walk has passed.
    this.root.walk(
      (op) => {
        for (const region of op.regions)
          if (region.firstBlock !== region.lastBlock) this.mayHaveBranches = true;
        if (op === this.root) return;
        count++;
        if (!op.name.isConstantLike || !this.takeConstant(op)) this.worklist.push(op);
      },
      isTopDown ? 'pre' : 'post',
    );
    if (isTopDown) this.worklist.reverse();
    this.cycles = new CycleDetector(this.root, count);
  }

  /** Constants are uniqued instead of being rewritten. */
  private takeConstant(op: Operation): boolean {
    if (this.config.uniqueConstants === false || !op.hasUses) return false;
    const value = constantOf(op);
    if (value === undefined) return false;
    this.pool.insert(op, value, this.rewriter);
    return true;
  }

  private processWorklist(): boolean {
    let changed = false;
    let rewrites = 0;
    const limit = this.config.maxNumRewrites ?? -1;
    for (;;) {
      if (limit !== -1 && rewrites >= limit) return changed;
      const op = this.worklist.pop();
      if (op === undefined) return changed;
      // Erased by a driver inside a pattern.
      if (op.parentBlock === null && op !== this.root) continue;
      if (this.eraseIfDead(op) || this.fold(op)) {
        changed = true;
        if (this.cycle !== undefined) return changed;
        continue;
      }
      if (this.applyBestPattern(op)) {
        changed = true;
        rewrites++;
        if (this.cycle !== undefined) return changed;
      }
    }
  }

  private eraseIfDead(op: Operation): boolean {
    if (op.parentBlock === null || !wouldBeDead(op)) return false;
    if (this.counters?.mayExecute('erase-dead') === false) return false;
    this.actions?.({ kind: 'erase-dead', opName: op.name.text, op });
    this.rewriter.erase(op);
    return true;
  }

  private fold(op: Operation): boolean {
    if (this.config.fold === false || this.counters?.mayExecute('fold') === false) return false;
    const outcome = tryFold(op, this.rewriter);
    if (outcome === undefined) return false;
    this.actions?.({ kind: 'fold', opName: op.name.text, op });
    this.cycle = this.cycles?.rewritten(undefined, op.name.text);
    return true;
  }

  private applyBestPattern(op: Operation): boolean {
    // Attempts that are counted are made in full.
    const isCounted = this.counters !== undefined;
    const candidates = this.patterns.for(op.name);
    for (let index = 0; index < candidates.length; index++) {
      const candidate = candidates[index];
      if (!isCounted && isHopeless(candidate, op, this.rewriter)) continue;
      if (this.apply(candidate, op)) return true;
    }
    return false;
  }

  private apply(candidate: RewritePattern, op: Operation): boolean {
    const opName = op.name.text;
    const pattern = candidate.name;
    if (this.counters?.mayExecute(pattern) === false) return false;
    this.actions?.({ kind: 'apply-pattern', phase: 'begin', pattern, op });
    this.failureReason = undefined;
    const before = this.rewriter.changeCount;
    this.rewriter.setInsertionPointBefore(op);
    this.rewriter.location = op.location;
    const isSuccess = !(candidate.rewrite(op, this.rewriter) instanceof MatchFailure);
    const hasChanged = this.rewriter.changeCount !== before;
    if (isSuccess && !hasChanged)
      throw new InternalError(`pattern '${pattern}' succeeded on '${opName}' but changed nothing`);
    if (!isSuccess && hasChanged)
      throw new InternalError(`pattern '${pattern}' failed on '${opName}' after changing the IR`);
    const reason = this.failureReason;
    this.actions?.({ kind: 'apply-pattern', phase: 'end', pattern, opName, isSuccess, reason });
    if (isSuccess) this.cycle = this.cycles?.rewritten(pattern, opName);
    return isSuccess;
  }

  private simplify(kind: RegionSimplification): boolean {
    if (kind === 'disabled' || !this.mayHaveBranches) return false;
    return simplifyRegions(this.root, this.rewriter, {
      mergeIdenticalBlocks: kind === 'aggressive',
    });
  }

  // What the rewriter reports

  onInserted(op: Operation): void {
    const isNew = this.config.strictMode === 'existing-and-new-ops';
    if (op.regions.length === 0) {
      if (isNew) this.strictOps?.add(op);
      this.enqueue(op);
      return;
    }
    this.mayHaveBranches = true;
    op.walk((nested) => {
      if (isNew) this.strictOps?.add(nested);
      this.enqueue(nested);
    });
  }

  onBlockInserted(): void {
    this.mayHaveBranches = true;
  }

  onModified(op: Operation): void {
    this.enqueue(op);
  }

  onReplaced(op: Operation): void {
    const only = op.resultCount === 1 ? op.firstResult : null;
    if (only !== null) this.enqueueUsers(only);
    else for (const result of op.results) this.enqueueUsers(result);
  }

  onErased(op: Operation, root: Operation): void {
    // A value that loses one of its last two users may be dead, or usable by a pattern that wants one use.
    for (const { value } of op.opOperands) {
      const definition = value.definingOp;
      if (definition === undefined || !hasAtMostOneOtherUser(value, op)) continue;
      // What goes along must not come back into the list.
      if (op === root && op.regions.length === 0) this.enqueue(definition);
      else if (definition !== root && !root.isProperAncestorOf(definition))
        this.enqueue(definition);
    }
    this.worklist.remove(op);
    if (op.name.isConstantLike) this.pool.forget(op);
    this.strictOps?.delete(op);
  }

  private enqueueUsers(value: Value): void {
    for (let use = value.firstUse; use !== null; use = use.nextUse) this.enqueue(use.owner);
  }

  private enqueue(op: Operation): void {
    if (this.strictOps !== undefined && !this.strictOps.has(op)) return;
    if (op === this.root) return;
    this.worklist.push(op);
  }
}

function hasAtMostOneOtherUser(value: Value, op: Operation): boolean {
  let other: Operation | undefined;
  for (let use = value.firstUse; use !== null; use = use.nextUse) {
    const user = use.owner;
    if (user === op || user === other) continue;
    if (other !== undefined) return false;
    other = user;
  }
  return true;
}
