/**
 * Which blocks can run at all, and from where control reaches them: the edges between blocks, the ways into and out of
 * regions, calls and returns. The other analyses follow only those ways.
 */

import {
  BranchInterface,
  CallableInterface,
  CallInterface,
  RegionBranchInterface,
} from '../../dialects/interfaces.js';
import {
  ArrayAttr,
  DictionaryAttr,
  resolveSymbol,
  SymbolRefAttr,
  symbolVisibility,
  type Attribute,
  type Block,
  type Operation,
  type Value,
} from '../../ir/index.js';
import {
  callableAround,
  callableBody,
  calleeOf,
  regionBranchAround,
  regionSuccessors,
} from './control-flow.js';
import { DataFlowAnalysis, Dependents, isBlock, type ProgramPoint } from './solver.js';

/** From which operations control comes; where not all are known, from anywhere. */
export interface Predecessors {
  readonly areAllKnown: boolean;
  readonly ops: ReadonlySet<Operation>;
}

interface MutablePredecessors {
  areAllKnown: boolean;
  readonly ops: Set<Operation>;
  readonly dependents: Dependents;
}

/** Tells what is known of a value, and lets an analysis look at `point` again when that changes. */
export type ConstantSource = (
  value: Value,
  analysis: DataFlowAnalysis,
  point: ProgramPoint,
) => { readonly value: Attribute } | 'varies' | undefined;

export class DeadCodeAnalysis extends DataFlowAnalysis {
  private readonly live = new Set<Block>();
  private readonly edges = new Map<Block, Set<Block>>();
  private readonly predecessors = new Map<ProgramPoint, MutablePredecessors>();
  private readonly followers: DataFlowAnalysis[] = [this];

  private constants: ConstantSource | undefined;

  /** Lets known constants decide which ways are taken. */
  askConstants(source: ConstantSource): void {
    this.constants = source;
  }

  /** Whether some path leads to the block. */
  isLive(block: Block): boolean {
    return this.live.has(block);
  }

  /** Whether the operation can run; what is analyzed itself can. */
  canRun(op: Operation): boolean {
    return op === this.solver.root || (op.parentBlock !== null && this.live.has(op.parentBlock));
  }

  /** The blocks of the same region from which a branch to `block` can be taken. */
  liveEdgesTo(block: Block): ReadonlySet<Block> {
    return this.edges.get(block) ?? NO_BLOCKS;
  }

  /**
   * From where control comes to a region's entry block (the operation around, terminators of its regions), back to the
   * results of an operation with regions (the same), to the results of a call (returns of the callee), and to a
   * callable operation (calls).
   */
  predecessorsOf(point: ProgramPoint): Predecessors {
    return this.predecessorsAt(point);
  }

  /** Lets an analysis visit blocks that turn out to be live, with their operations, and places with a new way in. */
  follow(analysis: DataFlowAnalysis): void {
    this.followers.push(analysis);
  }

  initialize(root: Operation): void {
    this.findUnknownCallers(root);
    for (const region of root.regions) if (!region.isEmpty) this.markLive(region.entryBlock);
    if (root.getInterface(CallableInterface) !== undefined) this.markUnknown(root);
    this.solver.enqueue(this, root);
  }

  /** Callables that something outside, or something that is no call, can name may be called by anybody. */
  private findUnknownCallers(root: Operation): void {
    const names = (attribute: Attribute): readonly SymbolRefAttr[] => {
      if (attribute instanceof SymbolRefAttr) return [attribute];
      if (attribute instanceof ArrayAttr) return attribute.elements.flatMap(names);
      if (attribute instanceof DictionaryAttr)
        return [...attribute.entries()].flatMap(([, value]) => names(value));
      return [];
    };
    root.walk((op) => {
      const callable = op.getInterface(CallableInterface);
      if (callable !== undefined && (op === root || !isPrivateWithin(op, root)))
        this.markUnknown(op);
      const callee = op.getInterface(CallInterface)?.callee(op);
      for (const set of [op.properties, op.attributes]) {
        if (set.size === 0) continue;
        for (const [, attribute] of set.entries()) {
          for (const reference of names(attribute)) {
            if (reference === callee) continue;
            const target = resolveSymbol(op, reference);
            if (target?.getInterface(CallableInterface) !== undefined) this.markUnknown(target);
          }
        }
      }
    });
  }

  visit(point: ProgramPoint): void {
    if (isBlock(point)) return;
    const op = point;
    if (!this.canRun(op)) return;
    if (op.getInterface(CallInterface) !== undefined) this.visitCall(op);
    if (op.regions.length > 0) this.visitRegions(op);
    const branch = regionBranchAround(op);
    const callable = branch === undefined ? callableAround(op) : undefined;
    if (branch !== undefined) this.visitRegionEnd(op, branch);
    else if (callable !== undefined) this.visitReturn(op, callable);
    else if (op.successors.length > 0) this.visitBranch(op);
  }

  private visitCall(call: Operation): void {
    const callee = calleeOf(call);
    const isKnown =
      callee !== undefined &&
      callableBody(callee) !== undefined &&
      this.solver.root.isProperAncestorOf(callee);
    if (isKnown) this.addPredecessor(callee, call);
    else this.markUnknown(call);
  }

  private visitRegions(op: Operation): void {
    if (op.getInterface(RegionBranchInterface) !== undefined) {
      const constants = this.constantOperands(op);
      if (constants !== undefined) this.takeRegionSuccessors(op, op, constants);
      return;
    }
    if (op.getInterface(CallableInterface) !== undefined) {
      const calls = this.predecessorsAt(op);
      calls.dependents.add(this, op);
      if (calls.areAllKnown && calls.ops.size === 0) return;
    }
    for (const region of op.regions) {
      if (region.isEmpty) continue;
      this.markLive(region.entryBlock);
      this.markUnknown(region.entryBlock);
    }
  }

  private visitRegionEnd(terminator: Operation, branch: Operation): void {
    const constants = this.constantOperands(terminator);
    if (constants !== undefined) this.takeRegionSuccessors(branch, terminator, constants);
  }

  private takeRegionSuccessors(
    branch: Operation,
    from: Operation,
    constants: readonly (Attribute | undefined)[],
  ): void {
    for (const successor of regionSuccessors(branch, from, constants)) {
      if (successor.kind === 'parent') this.addPredecessor(branch, from);
      else if (!successor.region.isEmpty) {
        this.addPredecessor(successor.region.entryBlock, from);
        this.markLive(successor.region.entryBlock);
      }
    }
  }

  private visitReturn(terminator: Operation, callable: Operation): void {
    const calls = this.predecessorsAt(callable);
    calls.dependents.add(this, terminator);
    for (const call of calls.ops) {
      if (terminator.name.hasTrait('ReturnLike')) this.addPredecessor(call, terminator);
      else this.markUnknown(call);
    }
  }

  private visitBranch(op: Operation): void {
    const branch = op.getInterface(BranchInterface);
    let only: Block | undefined;
    if (branch?.successorFor !== undefined) {
      const constants = this.constantOperands(op);
      if (constants === undefined) return;
      only = branch.successorFor(op, constants);
    }
    for (const { block } of op.successors)
      if (only === undefined || only === block) this.takeEdge(op.parentBlock!, block);
  }

  /** Constants among the operands as far as is known; undefined while one of them has no value yet. */
  private constantOperands(op: Operation): readonly (Attribute | undefined)[] | undefined {
    const found: (Attribute | undefined)[] = [];
    for (const { value } of op.opOperands) {
      const fact = this.constants === undefined ? 'varies' : this.constants(value, this, op);
      if (fact === undefined) return undefined;
      found.push(fact === 'varies' ? undefined : fact.value);
    }
    return found;
  }

  private takeEdge(from: Block, to: Block): void {
    let sources = this.edges.get(to);
    if (sources === undefined) this.edges.set(to, (sources = new Set()));
    if (sources.has(from)) return;
    sources.add(from);
    if (this.live.has(to)) for (const one of this.followers) this.solver.enqueue(one, to);
    else this.markLive(to);
  }

  private markLive(block: Block): void {
    if (this.live.has(block)) return;
    this.live.add(block);
    for (const one of this.followers) {
      this.solver.enqueue(one, block);
      for (let op = block.firstOp; op !== null; op = op.nextOp) this.solver.enqueue(one, op);
    }
  }

  private predecessorsAt(point: ProgramPoint): MutablePredecessors {
    let found = this.predecessors.get(point);
    if (found === undefined) {
      found = { areAllKnown: true, ops: new Set(), dependents: new Dependents() };
      this.predecessors.set(point, found);
    }
    return found;
  }

  private addPredecessor(point: ProgramPoint, from: Operation): void {
    const predecessors = this.predecessorsAt(point);
    if (predecessors.ops.has(from)) return;
    predecessors.ops.add(from);
    this.announce(point, predecessors);
  }

  private markUnknown(point: ProgramPoint): void {
    const predecessors = this.predecessorsAt(point);
    if (!predecessors.areAllKnown) return;
    predecessors.areAllKnown = false;
    this.announce(point, predecessors);
  }

  private announce(point: ProgramPoint, { dependents }: MutablePredecessors): void {
    dependents.notify(this.solver);
    const body = isBlock(point) ? undefined : callableBody(point);
    for (const one of this.followers) {
      if (one === this) continue;
      this.solver.enqueue(one, point);
      // A callable's arguments come from its calls.
      if (body !== undefined) this.solver.enqueue(one, body.entryBlock);
      // What is returned goes to the calls.
      if (body !== undefined)
        for (const block of body.blocks())
          if (block.lastOp !== null) this.solver.enqueue(one, block.lastOp);
    }
  }
}

const NO_BLOCKS: ReadonlySet<Block> = new Set();

/** Whether only what is nested in `root` can name the symbol. */
function isPrivateWithin(symbol: Operation, root: Operation): boolean {
  if (!symbol.name.isSymbol || symbol.parentOp === null) return false;
  const visibility = symbolVisibility(symbol);
  if (visibility === 'private') return true;
  return (
    visibility === 'nested' && symbol.parentOp !== root && isPrivateWithin(symbol.parentOp, root)
  );
}
