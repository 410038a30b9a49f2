/** Dataflow analyses that give a fact to each value, computed from the facts of what is made of it. */

import {
  BranchInterface,
  CallInterface,
  RegionBranchInterface,
} from '../../dialects/interfaces.js';
import type { Operation, OpOperand, Value } from '../../ir/index.js';
import {
  callableAround,
  callableBody,
  calleeOf,
  forEachPoint,
  forwardedToRegion,
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

export abstract class SparseBackwardAnalysis<Fact> extends DataFlowAnalysis {
  protected readonly deadCode: DeadCodeAnalysis;
  private readonly states = new Map<Value, State<Fact>>();

  constructor(solver: DataFlowSolver) {
    super(solver);
    this.deadCode = solver.load(DeadCodeAnalysis);
    this.deadCode.follow(this);
  }

  protected abstract readonly lattice: Lattice<Fact>;

  /** What holds of a value that leaves what is analyzed: returned to unknown callers. */
  protected abstract exitFact(value: Value): Fact;

  /** The facts of an operation's operands; undefined for one adds nothing. Those of the results may still be undefined. */
  protected abstract transfer(
    op: Operation,
    results: readonly (Fact | undefined)[],
  ): readonly (Fact | undefined)[];

  /**
   * The fact of an operand that decides where control goes, or what a region runs on, without being handed on: the
   * condition of a branch, the bounds of a loop. `factOf` gives the facts of other values.
   */
  protected abstract branchOperandFact(
    operand: OpOperand,
    factOf: (value: Value) => Fact | undefined,
  ): Fact | undefined;

  /** The fact of an operand of a call that is not handed to a body known here. */
  protected abstract callOperandFact(operand: OpOperand): Fact | undefined;

  /** What is known of a value; undefined where nothing was said of it. */
  lookup(value: Value): Fact | undefined {
    return this.states.get(value)?.fact;
  }

  /** The same, for an analysis that is to look at `point` again when it changes. */
  factFor(value: Value, analysis: DataFlowAnalysis, point: ProgramPoint): Fact | undefined {
    const state = this.stateOf(value);
    state.addDependent(analysis, point);
    return state.fact;
  }

  initialize(root: Operation): void {
    forEachPoint(root, (point) => this.solver.enqueue(this, point));
  }

  visit(point: ProgramPoint): void {
    if (isBlock(point) || !this.deadCode.canRun(point)) return;
    const op = point;
    if (op.operandCount === 0) return;
    const around = regionBranchAround(op);
    if (op.getInterface(RegionBranchInterface) !== undefined) this.visitRegionBranch(op, op);
    else if (around !== undefined) this.visitRegionBranch(around, op);
    else if (op.successors.length > 0) this.visitBranch(op);
    else if (op.getInterface(CallInterface) !== undefined) this.visitCall(op);
    else if (op.name.hasTrait('ReturnLike') && callableAround(op) !== undefined)
      this.visitReturn(op, callableAround(op)!);
    else {
      const results = this.transfer(
        op,
        op.results.map((result) => this.factFor(result, this, op)),
      );
      op.opOperands.forEach(({ value }, index) => this.join(value, results[index]));
    }
  }

  private stateOf(value: Value): State<Fact> {
    let state = this.states.get(value);
    if (state === undefined) this.states.set(value, (state = new State()));
    return state;
  }

  private join(value: Value, fact: Fact | undefined): void {
    if (fact === undefined) return;
    const state = this.stateOf(value);
    if (state.join(this.lattice, fact, true)) state.notify(this.solver);
  }

  private visitRegionBranch(branch: Operation, op: Operation): void {
    const forwarded = new Set<OpOperand>();
    for (const successor of regionSuccessors(branch, op)) {
      const operands = forwardedToRegion(branch, op, successor);
      operands?.forEach((operand, index) => {
        forwarded.add(operand);
        const input = successor.inputs[index];
        if (input !== undefined) this.join(operand.value, this.factFor(input, this, op));
      });
    }
    this.joinRest(op, forwarded, (operand) => this.decisionFact(operand));
  }

  private visitBranch(op: Operation): void {
    const branch = op.getInterface(BranchInterface);
    const forwarded = new Set<OpOperand>();
    op.successors.forEach(({ block }, index) => {
      branch?.successorOperands(op, index).forEach((operand, position) => {
        forwarded.add(operand);
        this.join(operand.value, this.factFor(block.arguments[position], this, op));
      });
    });
    this.joinRest(op, forwarded, (operand) => this.decisionFact(operand));
  }

  private visitCall(call: Operation): void {
    const callee = calleeOf(call);
    const body = callee === undefined ? undefined : callableBody(callee);
    const forwarded = new Set<OpOperand>();
    if (body !== undefined && this.solver.root.isProperAncestorOf(callee!)) {
      const values = call.getInterface(CallInterface)!.arguments(call);
      const first = call.operandCount - values.length;
      values.forEach((value, index) => {
        forwarded.add(call.opOperands[first + index]);
        const argument = body.entryBlock.arguments[index];
        if (argument !== undefined) this.join(value, this.factFor(argument, this, call));
      });
    }
    this.joinRest(call, forwarded, (operand) => this.callOperandFact(operand));
  }

  private visitReturn(op: Operation, callable: Operation): void {
    const calls = this.deadCode.predecessorsOf(callable);
    op.opOperands.forEach(({ value }, index) => {
      if (!calls.areAllKnown) this.join(value, this.exitFact(value));
      for (const call of calls.ops) {
        const result = call.results[index];
        if (result !== undefined) this.join(value, this.factFor(result, this, op));
      }
    });
  }

  private decisionFact(operand: OpOperand): Fact | undefined {
    return this.branchOperandFact(operand, (value) => this.factFor(value, this, operand.owner));
  }

  private joinRest(
    op: Operation,
    forwarded: ReadonlySet<OpOperand>,
    factOf: (operand: OpOperand) => Fact | undefined,
  ): void {
    for (const operand of op.opOperands)
      if (!forwarded.has(operand)) this.join(operand.value, factOf(operand));
  }
}
