/** Dataflow analyses that give a fact to each place in a program about what comes next; against control. */

import { CallInterface, RegionBranchInterface } from '../../dialects/interfaces.js';
import type { Block, Operation } from '../../ir/index.js';
import {
  callableAround,
  callableBody,
  calleeOf,
  forEachPoint,
  regionBranchAround,
  regionSuccessors,
} from './control-flow.js';
import { DeadCodeAnalysis } from './dead-code.js';
import {
  DataFlowAnalysis,
  isBlock,
  State,
  type DataFlowSolver,
  type Lattice,
  type ProgramPoint,
} from './solver.js';

export abstract class DenseBackwardAnalysis<Fact> extends DataFlowAnalysis {
  protected readonly deadCode: DeadCodeAnalysis;
  /** What holds in front of an operation. */
  private readonly states = new Map<Operation, State<Fact>>();

  constructor(solver: DataFlowSolver) {
    super(solver);
    this.deadCode = solver.load(DeadCodeAnalysis);
    this.deadCode.follow(this);
  }

  protected abstract readonly lattice: Lattice<Fact>;

  /** What holds where control leaves what is analyzed; `op` is the last operation on the way. */
  protected abstract exitFact(op: Operation): Fact;

  /** What holds in front of an operation without known regions, from what holds behind it. */
  protected abstract transfer(op: Operation, after: Fact): Fact;

  /** What holds in front of a call of something that is not known here. */
  protected externalCall(call: Operation, after: Fact): Fact {
    return this.transfer(call, after);
  }

  before(op: Operation): Fact | undefined {
    return this.states.get(op)?.fact;
  }

  /** What holds behind an operation that is not the last of its block. */
  after(op: Operation): Fact | undefined {
    return op.nextOp === null ? undefined : this.before(op.nextOp);
  }

  atStart(block: Block): Fact | undefined {
    return block.firstOp === null ? undefined : this.before(block.firstOp);
  }

  initialize(root: Operation): void {
    forEachPoint(root, (point) => this.solver.enqueue(this, point));
  }

  visit(point: ProgramPoint): void {
    if (isBlock(point) || !this.deadCode.canRun(point)) return;
    const op = point;
    if (op.getInterface(RegionBranchInterface) !== undefined) {
      this.joinRegions(op, op);
      return;
    }
    const after = this.factAfter(op);
    for (const fact of after) this.visitOp(op, fact);
  }

  private visitOp(op: Operation, after: Fact): void {
    if (op.getInterface(CallInterface) === undefined)
      return this.join(op, this.transfer(op, after));
    const callee = calleeOf(op);
    const body = callee === undefined ? undefined : callableBody(callee);
    if (body === undefined || !this.solver.root.isProperAncestorOf(callee!))
      return this.join(op, this.externalCall(op, after));
    this.join(op, this.factAtStart(body.entryBlock, op));
  }

  private stateOf(op: Operation): State<Fact> {
    let state = this.states.get(op);
    if (state === undefined) this.states.set(op, (state = new State()));
    return state;
  }

  private factBefore(op: Operation, point: Operation): Fact | undefined {
    const state = this.stateOf(op);
    state.addDependent(this, point);
    return state.fact;
  }

  private factAtStart(block: Block, point: Operation): Fact | undefined {
    return block.firstOp === null ? this.exitFact(point) : this.factBefore(block.firstOp, point);
  }

  private join(op: Operation, fact: Fact | undefined): void {
    if (fact === undefined) return;
    const state = this.stateOf(op);
    if (state.join(this.lattice, fact, true)) state.notify(this.solver);
  }

  /** What holds behind an operation, from each way that control may go there. */
  private factAfter(op: Operation): readonly Fact[] {
    const found: (Fact | undefined)[] = [];
    const branch = regionBranchAround(op);
    const callable = callableAround(op);
    if (op.nextOp !== null) found.push(this.factBefore(op.nextOp, op));
    else if (op.successors.length > 0)
      for (const { block } of op.successors) found.push(this.factAtStart(block, op));
    else if (branch !== undefined) {
      for (const successor of regionSuccessors(branch, op)) {
        if (successor.kind === 'parent') found.push(...this.behind(branch, op));
        else if (!successor.region.isEmpty)
          found.push(this.factAtStart(successor.region.entryBlock, op));
      }
    } else if (callable !== undefined) {
      const calls = this.deadCode.predecessorsOf(callable);
      if (!calls.areAllKnown) found.push(this.exitFact(op));
      for (const call of calls.ops) found.push(...this.behind(call, op));
    } else found.push(this.exitFact(op));
    return found.filter((fact) => fact !== undefined);
  }

  /** What holds behind an operation that is never the last of its block, but in blocks without terminator. */
  private behind(op: Operation, point: Operation): readonly (Fact | undefined)[] {
    return [op.nextOp === null ? this.exitFact(op) : this.factBefore(op.nextOp, point)];
  }

  private joinRegions(branch: Operation, op: Operation): void {
    for (const successor of regionSuccessors(branch, op)) {
      if (successor.kind === 'parent')
        for (const fact of this.behind(branch, branch)) this.join(branch, fact);
      else if (!successor.region.isEmpty)
        this.join(branch, this.factAtStart(successor.region.entryBlock, branch));
    }
  }
}
