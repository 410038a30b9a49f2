/** Dataflow analyses that give a fact to each value, computed from the facts of what it is made of. */

import {
  BranchInterface,
  CallInterface,
  RegionBranchInterface,
} from '../../dialects/interfaces.js';
import type { Block, BlockArgument, Operation, Region, Value } from '../../ir/index.js';
import { callableBody, forEachPoint, forwardedToRegion, successorTo } from './control-flow.js';
import { DeadCodeAnalysis } from './dead-code.js';
import {
  DataFlowAnalysis,
  isBlock,
  State,
  type DataFlowSolver,
  type Lattice,
  type ProgramPoint,
} from './solver.js';

export abstract class SparseForwardAnalysis<Fact> extends DataFlowAnalysis {
  protected readonly deadCode: DeadCodeAnalysis;
  private readonly states = new Map<Value, State<Fact>>();

  constructor(solver: DataFlowSolver) {
    super(solver);
    this.deadCode = solver.load(DeadCodeAnalysis);
    this.deadCode.follow(this);
  }

  protected abstract readonly lattice: Lattice<Fact>;

  /** What holds of a value of which nothing is known: an argument from outside, a result of something unknown. */
  protected abstract entryFact(value: Value): Fact;

  /**
   * The facts of an operation's results; called once something is known of every operand. Undefined for a result adds
   * nothing yet.
   */
  protected abstract transfer(
    op: Operation,
    operands: readonly Fact[],
  ): readonly (Fact | undefined)[];

  /**
   * The fact of an argument that no value is handed to, such as the induction variable of a loop; undefined while it is
   * not known. `factOf` gives the facts of other values. Absent: the entry fact.
   */
  protected argumentFact?(
    argument: BlockArgument,
    op: Operation,
    factOf: (value: Value) => Fact | undefined,
  ): Fact | undefined;

  /** What is known of a value; undefined where no path that can run computes it. */
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
    if (isBlock(point)) this.visitBlock(point);
    else this.visitOp(point);
  }

  private stateOf(value: Value): State<Fact> {
    let state = this.states.get(value);
    if (state === undefined) this.states.set(value, (state = new State()));
    return state;
  }

  private join(value: Value, fact: Fact | undefined, isMerge = false): void {
    if (fact === undefined) return;
    const state = this.stateOf(value);
    if (!state.join(this.lattice, fact, isMerge)) return;
    for (let use = value.firstUse; use !== null; use = use.nextUse)
      this.solver.enqueue(this, use.owner);
    state.notify(this.solver);
  }

  private visitOp(op: Operation): void {
    if (op.results.length === 0 || !this.deadCode.canRun(op)) return;
    if (op.getInterface(RegionBranchInterface) !== undefined)
      return this.visitRegionSuccessor(op, op, 'parent', op.results);
    if (op.getInterface(CallInterface) !== undefined) return this.visitCall(op);
    const facts: Fact[] = [];
    for (const { value } of op.opOperands) {
      const fact = this.lookup(value);
      if (fact === undefined) return;
      facts.push(fact);
    }
    const results = this.transfer(op, facts);
    op.results.forEach((result, index) => this.join(result, results[index]));
  }

  private visitCall(call: Operation): void {
    const returns = this.deadCode.predecessorsOf(call);
    if (!returns.areAllKnown) return this.enterAll(call.results);
    for (const { opOperands } of returns.ops) {
      call.results.forEach((result, index) =>
        this.joinFrom(result, opOperands[index]?.value, call),
      );
    }
  }

  private visitBlock(block: Block): void {
    if (block.arguments.length === 0 || !this.deadCode.isLive(block)) return;
    if (!block.isEntryBlock) return this.visitEdges(block);
    const op = block.parentOp!;
    const region = block.parentRegion!;
    if (callableBody(op) === region) return this.visitCallableEntry(op, block);
    if (op.getInterface(RegionBranchInterface) !== undefined)
      return this.visitRegionSuccessor(block, op, region, block.arguments);
    this.visitOtherArguments(block.arguments, op, block);
  }

  private visitCallableEntry(callable: Operation, entry: Block): void {
    const calls = this.deadCode.predecessorsOf(callable);
    if (!calls.areAllKnown) return this.enterAll(entry.arguments);
    for (const call of calls.ops) {
      const values = call.getInterface(CallInterface)!.arguments(call);
      entry.arguments.forEach((argument, index) => this.joinFrom(argument, values[index], entry));
    }
  }

  private visitEdges(block: Block): void {
    for (const from of this.deadCode.liveEdgesTo(block)) {
      const op = from.lastOp!;
      const branch = op.getInterface(BranchInterface);
      op.successors.forEach((successor, index) => {
        if (successor.block !== block) return;
        const operands = branch?.successorOperands(op, index);
        block.arguments.forEach((argument, position) =>
          this.joinFrom(argument, operands?.[position]?.value, block),
        );
      });
    }
  }

  /** Values at a region's entry, or results, from all operations that lead there. */
  private visitRegionSuccessor(
    point: ProgramPoint,
    branch: Operation,
    target: Region | 'parent',
    values: readonly Value[],
  ): void {
    const predecessors = this.deadCode.predecessorsOf(point);
    if (!predecessors.areAllKnown) return this.enterAll(values);
    for (const op of predecessors.ops) {
      const successor = successorTo(branch, op, target);
      const operands =
        successor === undefined ? undefined : forwardedToRegion(branch, op, successor);
      if (successor === undefined || operands === undefined) return this.enterAll(values);
      const { inputs } = successor;
      inputs.forEach((input, index) => this.joinFrom(input, operands[index]?.value, point));
      if (inputs.length === values.length) continue;
      if (target === 'parent') this.enterAll(values.filter((value) => !inputs.includes(value)));
      else
        this.visitOtherArguments(
          (values as readonly BlockArgument[]).filter((value) => !inputs.includes(value)),
          branch,
          point,
        );
    }
  }

  private visitOtherArguments(
    values: readonly BlockArgument[],
    op: Operation,
    point: ProgramPoint,
  ): void {
    const factOf = (value: Value): Fact | undefined => this.factFor(value, this, point);
    for (const argument of values) {
      const fact =
        this.argumentFact === undefined
          ? this.entryFact(argument)
          : this.argumentFact(argument, op, factOf);
      this.join(argument, fact, true);
    }
  }

  /** Adds what is known of `source`, and looks at `point` again when that grows. */
  private joinFrom(target: Value, source: Value | undefined, point: ProgramPoint): void {
    if (source === undefined) this.join(target, this.entryFact(target), true);
    else this.join(target, this.factFor(source, this, point), true);
  }

  private enterAll(values: readonly Value[]): void {
    for (const value of values) this.join(value, this.entryFact(value), true);
  }
}
