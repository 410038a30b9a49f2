/** Analyses that are computed when asked for and kept until a pass changes what they are about. */

import type { Operation } from '../ir/index.js';

/** Facts about everything nested in one operation, computed from it alone. */
export interface Analysis<Result> {
  /** For people, in timing reports: `DominanceInfo`. */
  readonly name: string;
  /** Computes the facts; may ask the manager for other analyses of the same operation. */
  readonly compute: (op: Operation, manager: AnalysisManager) => Result;
  /**
   * Whether a result has to go although nobody said that it is out of date: it builds on others that go. Absent: it goes
   * exactly when a pass did not preserve it.
   */
  readonly isInvalidated?: (preserved: PreservedAnalyses) => boolean;
}

/** Declares an analysis; the type of its result follows from `compute`. */
export function defineAnalysis<Result>(definition: Analysis<Result>): Analysis<Result> {
  return definition;
}

/** What a pass says is still true after it ran. Nothing, as long as it says nothing. */
export class PreservedAnalyses {
  private readonly kept = new Set<Analysis<unknown>>();
  private keepsAll = false;

  /** All that is known still holds: the pass changed nothing. */
  preserveAll(): void {
    this.keepsAll = true;
  }

  preserve(...analyses: readonly Analysis<unknown>[]): void {
    for (const one of analyses) this.kept.add(one);
  }

  get isAll(): boolean {
    return this.keepsAll;
  }

  isPreserved(analysis: Analysis<unknown>): boolean {
    return this.keepsAll || this.kept.has(analysis);
  }

  /** Keeps only what another pass preserves as well. */
  intersect(other: PreservedAnalyses): void {
    if (other.keepsAll) return;
    if (this.keepsAll) for (const one of other.kept) this.kept.add(one);
    else for (const one of this.kept) if (!other.kept.has(one)) this.kept.delete(one);
    this.keepsAll = false;
  }
}

/** Is told when an analysis is computed, which happens inside the pass that asks for it. */
export interface AnalysisObserver {
  beforeAnalysis?(analysis: Analysis<unknown>, op: Operation): void;
  afterAnalysis?(analysis: Analysis<unknown>, op: Operation): void;
}

/** The analyses of one operation, and managers for the operations nested in it. */
export class AnalysisManager {
  private readonly results = new Map<Analysis<unknown>, unknown>();
  private readonly children = new Map<Operation, AnalysisManager>();

  constructor(
    readonly op: Operation,
    private readonly observers: readonly AnalysisObserver[] = [],
    private readonly parent?: AnalysisManager,
  ) {}

  /** The facts, computed where they are not known yet. */
  get<Result>(analysis: Analysis<Result>): Result {
    if (this.results.has(analysis)) return this.results.get(analysis) as Result;
    for (const one of this.observers) one.beforeAnalysis?.(analysis, this.op);
    const result = analysis.compute(this.op, this);
    for (const one of [...this.observers].reverse()) one.afterAnalysis?.(analysis, this.op);
    this.results.set(analysis, result);
    return result;
  }

  /** The facts where somebody computed them already. */
  getCached<Result>(analysis: Analysis<Result>): Result | undefined {
    return this.results.get(analysis) as Result | undefined;
  }

  /** What is known of an operation around this one; a pass may not compute anything there. */
  getCachedParent<Result>(analysis: Analysis<Result>, parentOp: Operation): Result | undefined {
    for (let manager = this.parent; manager !== undefined; manager = manager.parent)
      if (manager.op === parentOp) return manager.getCached(analysis);
    return undefined;
  }

  /** The manager for an operation nested in this one, which goes when this one's facts are invalidated. */
  nest(op: Operation): AnalysisManager {
    if (op === this.op) return this;
    const { parentOp } = op;
    const parent = parentOp === null || parentOp === this.op ? this : this.nest(parentOp);
    let child = parent.children.get(op);
    if (child === undefined) {
      child = new AnalysisManager(op, this.observers, parent);
      parent.children.set(op, child);
    }
    return child;
  }

  /** Forgets what a pass did not preserve, here and in everything nested. */
  invalidate(preserved: PreservedAnalyses): void {
    if (preserved.isAll) return;
    this.invalidateOwn(preserved);
    for (const [op, child] of this.children) {
      // What is not in its place any more was erased or moved.
      if (op.parentOp !== this.op) this.children.delete(op);
      else child.invalidate(preserved);
    }
  }

  /** Forgets what was not preserved of this operation; those nested in it were seen to already. */
  invalidateOwn(preserved: PreservedAnalyses): void {
    if (preserved.isAll) return;
    for (const analysis of this.results.keys()) {
      const isKept =
        preserved.isPreserved(analysis) && analysis.isInvalidated?.(preserved) !== true;
      if (!isKept) this.results.delete(analysis);
    }
  }
}
