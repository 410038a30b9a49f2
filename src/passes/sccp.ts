/**
 * Sparse conditional constant propagation: replaces values that are constant on every path that can run, where folding
 * alone sees one operation at a time.
 */

import { ConstantPropagation, DataFlowSolver, type KnownConstant } from '../analysis/index.js';
import {
  wouldBeDead,
  type Block,
  type BlockArgument,
  type Operation,
  type Region,
  type Value,
} from '../ir/index.js';
import { constantRegion, materializeConstant, Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const sccpPass = definePass({
  name: 'sccp',
  title: 'SCCP',
  summary: 'Sparse Conditional Constant Propagation',
  description:
    'Values that are the same constant along every way that can be taken become that constant, and so does all that follows from it: through branches between blocks, conditions and loops of structured control flow, and calls of private functions.',
  statistics: { 'num-replaced': 'Number of values replaced by constants' },
  run(root, { context, statistics }) {
    const solver = new DataFlowSolver();
    const constants = solver.load(ConstantPropagation);
    solver.run(root);
    const replacer = new Replacer(constants, new Rewriter(context));
    const blocks: Block[] = [];
    const push = (op: Operation): void => {
      for (const region of op.regions) blocks.push(...[...region.blocks()].reverse());
    };
    push(root);
    for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
      for (const op of block.operations()) {
        const hasReplacedAll = op.results.filter((result) => replacer.replace(result)).length;
        if (op.results.length > 0 && hasReplacedAll === op.results.length && wouldBeDead(op))
          replacer.erase(op);
        else push(op);
      }
      for (const argument of block.arguments) replacer.replace(argument);
    }
    statistics['num-replaced'] += replacer.count;
  },
});

class Replacer {
  /** Values replaced so far, those of constants aside. */
  count = 0;
  /** One operation per constant for each region that is isolated from above. */
  private readonly known = new Map<Region, Map<string, Operation>>();

  constructor(
    private readonly constants: ConstantPropagation,
    private readonly rewriter: Rewriter,
  ) {}

  /** Replaces a value by its constant; returns false where it has none. */
  replace(value: Value): boolean {
    const fact = this.constants.lookup(value);
    if (fact === undefined || fact === 'varies') return false;
    const constant = this.constantAt(value, fact);
    if (constant === undefined) return false;
    if (constant === value) return true;
    if (value.hasUses && !value.definingOp?.name.isConstantLike) this.count++;
    this.rewriter.replaceAllUsesWith(value, constant);
    return true;
  }

  /** The constant at the front of the region around that is isolated from above. */
  private constantAt(value: Value, { value: attribute, source }: KnownConstant): Value | undefined {
    const place = value.definingOp ?? (value as BlockArgument).owner.firstOp;
    const region = place === null ? null : constantRegion(place);
    if (region === null) return undefined;
    let scope = this.known.get(region);
    if (scope === undefined) this.known.set(region, (scope = new Map()));
    const key = `${source.name.dialect}|${attribute.identity}|${value.type.identity}`;
    let constant = scope.get(key);
    if (constant === undefined) {
      constant = materializeConstant(source, attribute, value.type, value.location);
      if (constant === undefined) return undefined;
      const block = region.entryBlock;
      const built = constant;
      this.rewriter.at({ block, before: block.firstOp }, () => this.rewriter.insert(built));
      scope.set(key, constant);
    }
    return constant.results[0];
  }

  erase(op: Operation): void {
    this.rewriter.erase(op);
  }
}
