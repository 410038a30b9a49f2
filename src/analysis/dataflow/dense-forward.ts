/** Dataflow analyses that give a fact to each place in a program, such as the state of memory there; with control. */

import {
  BranchInterface,
  CallInterface,
  RegionBranchInterface,
} from '../../dialects/interfaces.js';
import type { Block, Operation } from '../../ir/index.js';
import { callableBody, forEachPoint } from './control-flow.js';
import { DeadCodeAnalysis } from './dead-code.js';
import {
  DataFlowAnalysis,
  isBlock,
  State,
  type DataFlowSolver,
  type Lattice,
  type ProgramPoint,
} from './solver.js';

export abstract class DenseForwardAnalysis<Fact> extends DataFlowAnalysis {
  protected readonly deadCode: DeadCodeAnalysis;
  /** What holds behind an operation, and at the start of a block. */
  private readonly states = new Map<ProgramPoint, State<Fact>>();

  constructor(solver: DataFlowSolver) {
    super(solver);
    this.deadCode = solver.load(DeadCodeAnalysis);
    this.deadCode.follow(this);
  }

  protected abstract readonly lattice: Lattice<Fact>;

  /** What holds where control comes from somewhere unknown. */
  protected abstract entryFact(block: Block): Fact;

  /** What holds behind an operation without known regions, from what holds in front of it. */
  protected abstract transfer(op: Operation, before: Fact): Fact;

  /** What holds behind a call of something that is not known here. */
  protected externalCall(call: Operation, before: Fact): Fact {
    return this.transfer(call, before);
  }

  before(op: Operation): Fact | undefined {
    return this.states.get(op.previousOp ?? op.parentBlock!)?.fact;
  }

  after(op: Operation): Fact | undefined {
    return this.states.get(op)?.fact;
  }

  atStart(block: Block): Fact | undefined {
    return this.states.get(block)?.fact;
  }

  initialize(root: Operation): void {
    forEachPoint(root, (point) => this.solver.enqueue(this, point));
  }

  visit(point: ProgramPoint): void {
    if (isBlock(point)) this.visitBlock(point);
    else if (this.deadCode.canRun(point)) this.visitOp(point);
  }

  private stateOf(point: ProgramPoint): State<Fact> {
    let state = this.states.get(point);
    if (state === undefined) this.states.set(point, (state = new State()));
    return state;
  }

  private factAt(source: ProgramPoint, point: ProgramPoint): Fact | undefined {
    const state = this.stateOf(source);
    state.addDependent(this, point);
    return state.fact;
  }

  private factBefore(op: Operation, point: ProgramPoint): Fact | undefined {
    return this.factAt(op.previousOp ?? op.parentBlock!, point);
  }

  private join(point: ProgramPoint, fact: Fact | undefined): void {
    if (fact === undefined) return;
    const state = this.stateOf(point);
    if (state.join(this.lattice, fact, isBlock(point))) state.notify(this.solver);
  }

  private visitOp(op: Operation): void {
    const before = this.factBefore(op, op);
    if (before === undefined) return;
    if (op.getInterface(RegionBranchInterface) !== undefined) return this.joinWays(op, op);
    if (op.getInterface(CallInterface) !== undefined) {
      const returns = this.deadCode.predecessorsOf(op);
      if (!returns.areAllKnown) return this.join(op, this.externalCall(op, before));
      for (const one of returns.ops) this.join(op, this.factAt(one, op));
      return;
    }
    this.join(op, this.transfer(op, before));
  }

  private visitBlock(block: Block): void {
    if (!this.deadCode.isLive(block)) return;
    if (!block.isEntryBlock) {
      for (const from of this.deadCode.liveEdgesTo(block)) {
        const op = from.lastOp!;
        // A branch that is not known to hand on anything may have effects all the same.
        const isPlain = op.getInterface(BranchInterface) !== undefined;
        this.join(block, isPlain ? this.factAt(op, block) : this.entryFact(block));
      }
      return;
    }
    const op = block.parentOp!;
    if (callableBody(op) === block.parentRegion) {
      const calls = this.deadCode.predecessorsOf(op);
      if (!calls.areAllKnown) this.join(block, this.entryFact(block));
      for (const call of calls.ops) this.join(block, this.factBefore(call, block));
    } else if (op.getInterface(RegionBranchInterface) !== undefined) this.joinWays(block, op);
    else this.join(block, this.entryFact(block));
  }

  /** From in front of an operation with regions and from the ends of these regions. */
  private joinWays(point: ProgramPoint, branch: Operation): void {
    const { ops } = this.deadCode.predecessorsOf(point);
    for (const from of ops)
      this.join(point, from === branch ? this.factBefore(branch, point) : this.factAt(from, point));
  }
}
