/**
 * The solver of dataflow analyses: runs several of them together to a common fixpoint, each asking the others for what
 * they found so far. What is known only ever grows, so that it ends.
 */

import { Block, type Operation } from '../../ir/index.js';

/** What an analysis visits: an operation, or the start of a block. */
export type ProgramPoint = Operation | Block;

/** How facts about one thing that come from different paths become one fact. */
export interface Lattice<Fact> {
  /** The least fact that holds where one of the two does. Returns `a` where `b` adds nothing to it. */
  readonly join: (a: Fact, b: Fact) => Fact;
  /**
   * A fact at least as large as `next`, chosen such that few steps lead from any fact to the largest. Needed where a
   * fact can grow very often, as the bounds of a number in a loop can.
   */
  readonly widen?: (previous: Fact, next: Fact) => Fact;
}

/** One analysis in a solver. Facts are `undefined` until some path brings one. */
export abstract class DataFlowAnalysis {
  constructor(protected readonly solver: DataFlowSolver) {}

  /** Called once, before the solver runs: visits everything nested in `root` for a start. */
  abstract initialize(root: Operation): void;

  /** Computes the facts at a place anew from those that they depend on. */
  abstract visit(point: ProgramPoint): void;
}

export interface DataFlowAnalysisClass<Kind extends DataFlowAnalysis> {
  new (solver: DataFlowSolver): Kind;
}

/** Places to look at again when something changes. */
export class Dependents {
  private readonly points = new Map<DataFlowAnalysis, Set<ProgramPoint>>();

  add(analysis: DataFlowAnalysis, point: ProgramPoint): void {
    const points = this.points.get(analysis);
    if (points === undefined) this.points.set(analysis, new Set([point]));
    else points.add(point);
  }

  notify(solver: DataFlowSolver): void {
    for (const [analysis, points] of this.points)
      for (const point of points) solver.enqueue(analysis, point);
  }
}

/** What is known of one value or place, and who depends on it. */
export class State<Fact> {
  fact: Fact | undefined = undefined;
  private updates = 0;
  private dependents: Dependents | undefined = undefined;

  /** Adds to what is known; returns whether that changed anything. `isMerge` marks where paths come together. */
  join(lattice: Lattice<Fact>, fact: Fact, isMerge: boolean): boolean {
    const previous = this.fact;
    if (previous === undefined) {
      this.fact = fact;
      return true;
    }
    let next = lattice.join(previous, fact);
    if (next === previous) return false;
    if (isMerge && ++this.updates > WIDEN_AFTER && lattice.widen !== undefined)
      next = lattice.widen(previous, next);
    this.fact = next;
    return true;
  }

  addDependent(analysis: DataFlowAnalysis, point: ProgramPoint): void {
    (this.dependents ??= new Dependents()).add(analysis, point);
  }

  notify(solver: DataFlowSolver): void {
    this.dependents?.notify(solver);
  }
}

/** So many times a fact at a merge grows by its own steps. */
const WIDEN_AFTER = 4;

export class DataFlowSolver {
  private readonly analyses = new Map<DataFlowAnalysisClass<DataFlowAnalysis>, DataFlowAnalysis>();
  private readonly queue: { readonly analysis: DataFlowAnalysis; readonly point: ProgramPoint }[] =
    [];
  private readonly queued = new Map<DataFlowAnalysis, Set<ProgramPoint>>();
  private scope: Operation | undefined;

  /** Adds an analysis, with those that it needs; one that is loaded already is returned. */
  load<Kind extends DataFlowAnalysis>(kind: DataFlowAnalysisClass<Kind>): Kind {
    const known = this.analyses.get(kind);
    if (known !== undefined) return known as Kind;
    const analysis = new kind(this);
    this.analyses.set(kind, analysis);
    return analysis;
  }

  /** The analysis where it is loaded. */
  find<Kind extends DataFlowAnalysis>(kind: DataFlowAnalysisClass<Kind>): Kind | undefined {
    return this.analyses.get(kind) as Kind | undefined;
  }

  /** What is analyzed: nothing is known of what is outside. */
  get root(): Operation {
    return this.scope!;
  }

  /** Runs the loaded analyses on everything nested in `root` until nothing changes. */
  run(root: Operation): this {
    this.scope = root;
    for (const analysis of this.analyses.values()) analysis.initialize(root);
    for (let next = 0; next < this.queue.length; next++) {
      const { analysis, point } = this.queue[next];
      this.queued.get(analysis)!.delete(point);
      analysis.visit(point);
      // The part that is done is given back now and then.
      if (next > 4096 && 2 * next > this.queue.length) {
        this.queue.splice(0, next + 1);
        next = -1;
      }
    }
    this.queue.length = 0;
    return this;
  }

  enqueue(analysis: DataFlowAnalysis, point: ProgramPoint): void {
    let points = this.queued.get(analysis);
    if (points === undefined) this.queued.set(analysis, (points = new Set()));
    if (points.has(point)) return;
    points.add(point);
    this.queue.push({ analysis, point });
  }
}

export function isBlock(point: ProgramPoint): point is Block {
  return point instanceof Block;
}
