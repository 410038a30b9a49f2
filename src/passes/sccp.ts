/**
 * Sparse conditional constant propagation (Wegman and Zadeck): finds values that are constant on every path that can
 * run, through branches between blocks, where folding alone sees one operation at a time.
 */

import { BranchInterface } from '../dialects/interfaces.js';
import type { BlockArgument } from '../ir/index.js';
import {
  type Attribute,
  type Block,
  type Operation,
  type Region,
  type Value,
} from '../ir/index.js';
import { constantOf, forwardedOperands, materializeConstant, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const sccpPass = definePass({
  name: 'sccp',
  title: 'SCCP',
  summary: 'Sparse Conditional Constant Propagation',
  description:
    'Block arguments that are passed the same constant along every branch that can be taken become that constant, and so does all that follows from it. Arguments of loops and other regions count as unknown.',
  statistics: { 'num-replaced': 'Number of values replaced by constants' },
  run(root, { context, statistics }) {
    const rewriter = new Rewriter(context);
    const regions: Region[] = [];
    root.walk((op) => {
      for (const region of op.regions) if (!region.isEmpty) regions.push(region);
    }, 'pre');
    for (const region of regions) {
      const solver = new Solver(region);
      solver.solve();
      statistics['num-replaced'] += solver.replace(rewriter);
    }
  },
});

/** What is known of a value: nothing yet (absent), a constant, or that it varies. */
type Knowledge = Attribute | 'varies';

class Solver {
  private readonly known = new Map<Value, Knowledge>();
  private readonly executable = new Set<Block>();
  private readonly blocks: Block[] = [];
  private readonly ops: Operation[] = [];

  constructor(private readonly region: Region) {}

  solve(): void {
    const { entryBlock } = this.region;
    for (const argument of entryBlock.arguments) this.learn(argument, 'varies');
    this.enter(entryBlock);
    while (this.blocks.length > 0 || this.ops.length > 0) {
      for (let op = this.ops.pop(); op !== undefined; op = this.ops.pop()) this.visit(op);
      const block = this.blocks.pop();
      if (block !== undefined) for (const op of block.operations()) this.visit(op);
    }
  }

  private enter(block: Block): void {
    if (this.executable.has(block)) return;
    this.executable.add(block);
    this.blocks.push(block);
  }

  /** Knowledge only ever goes from nothing to a constant to `varies`, so that this ends. */
  private learn(value: Value, found: Knowledge): void {
    const old = this.known.get(value);
    const next = old === undefined || old === found ? found : 'varies';
    if (next === old) return;
    this.known.set(value, next);
    for (const user of value.users()) {
      // Users in nested regions are looked at with their own region; the constant is there by then.
      if (user.parentRegion === this.region && this.executable.has(user.parentBlock!))
        this.ops.push(user);
    }
  }

  private knowledgeOf(value: Value): Knowledge | undefined {
    const isOwn = value.parentBlock?.parentRegion === this.region;
    if (isOwn) return this.known.get(value);
    return constantOf(value.definingOp) ?? 'varies';
  }

  private visit(op: Operation): void {
    if (op.successors.length > 0) return this.visitBranch(op);
    if (op.results.length === 0) return;
    const constant = constantOf(op);
    if (constant !== undefined) return this.learn(op.results[0], constant);
    const operands = op.opOperands.map((operand) => this.knowledgeOf(operand.value));
    if (operands.some((operand) => operand === undefined)) return;
    const found = this.foldWith(op, operands as Knowledge[]);
    op.results.forEach((result, index) => this.learn(result, found?.[index] ?? 'varies'));
  }

  private foldWith(
    op: Operation,
    operands: readonly Knowledge[],
  ): (Knowledge | undefined)[] | undefined {
    if (op.regions.length > 0) return undefined;
    const fold = op.name.definition?.fold;
    if (fold === undefined) return undefined;
    const saved = { operands: op.operands, properties: op.properties, attributes: op.attributes };
    const outcome = fold(
      op,
      operands.map((operand) => (operand === 'varies' ? undefined : operand)),
    );
    if (outcome === true) {
      // Folding in place changed the operation; what is known may not hold for other paths, so it is put back.
      op.setOperands(saved.operands);
      op.properties = saved.properties;
      op.attributes = saved.attributes;
      return undefined;
    }
    return outcome?.map((result) => ('parentBlock' in result ? this.knowledgeOf(result) : result));
  }

  private visitBranch(op: Operation): void {
    const branch = op.getInterface(BranchInterface);
    const operands = op.opOperands.map((operand) => this.knowledgeOf(operand.value));
    const constants = operands.map((operand) => (operand === 'varies' ? undefined : operand));
    const only = branch?.successorFor?.(op, constants);
    if (only === undefined && op.successors.length > 1 && this.isUndecided(op, operands)) return;
    op.successors.forEach(({ block }, index) => {
      if (only === undefined || only === block) this.takeEdge(op, index, block);
    });
  }

  /** Whether an operand that is not merely forwarded is not known yet: then no way is taken so far. */
  private isUndecided(op: Operation, operands: readonly (Knowledge | undefined)[]): boolean {
    const forwarded = new Set<number>();
    op.successors.forEach((_, index) => {
      for (const operand of forwardedOperands(op, index) ?? []) forwarded.add(operand.index);
    });
    return operands.some((operand, index) => operand === undefined && !forwarded.has(index));
  }

  private takeEdge(op: Operation, index: number, block: Block): void {
    const forwarded = forwardedOperands(op, index);
    block.arguments.forEach((argument, position) => {
      const value = forwarded?.[position]?.value;
      const found = value === undefined ? 'varies' : this.knowledgeOf(value);
      if (found !== undefined) this.learn(argument, found);
    });
    this.enter(block);
  }

  /** Replaces values that are known constants; returns how many. */
  replace(rewriter: Rewriter): number {
    let count = 0;
    for (const [value, found] of this.known) {
      if (found === 'varies' || !value.hasUses || value.definingOp?.name.isConstantLike) continue;
      const builder = value.definingOp ?? firstBuilder(value, found);
      if (builder === undefined) continue;
      const constant = materializeConstant(builder, found, value.type, value.location);
      if (constant === undefined) continue;
      const before = value.definingOp ?? (value as BlockArgument).owner.firstOp;
      rewriter.at({ block: value.parentBlock!, before }, () => rewriter.insert(constant));
      rewriter.replaceAllUsesWith(value, constant.results[0]);
      count++;
    }
    return count;
  }
}

/** An operation whose dialect can build the constant for a block argument: one that uses it, or passes it on. */
function firstBuilder(value: Value, found: Attribute): Operation | undefined {
  for (const user of value.users()) {
    if (materializeConstant(user, found, value.type, value.location) !== undefined) return user;
  }
  const block = value.parentBlock;
  for (const predecessor of block?.predecessors() ?? []) {
    for (const { value: operand } of predecessor.lastOp!.opOperands)
      if (operand.definingOp?.name.isConstantLike) return operand.definingOp;
  }
  return undefined;
}
