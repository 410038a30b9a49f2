/** Moves what only one arm of a condition needs into that arm, so that the other does not pay for it. */

import { dominanceAnalysis } from '../analysis/index.js';
import { LoopLikeInterface, RegionBranchInterface } from '../dialects/interfaces.js';
import { isMemoryEffectFree, type Operation, type Region } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const controlFlowSinkPass = definePass({
  name: 'control-flow-sink',
  title: 'ControlFlowSink',
  summary: 'Sink operations into conditional blocks',
  description:
    'An operation without side effects whose results are used in one region only, of an operation that may or may not run that region, moves to the start of the region.',
  statistics: { 'num-sunk': 'Number of operations sunk' },
  run(root, { context, statistics, markAnalysesPreserved }) {
    // Operations move, blocks and branches stay.
    markAnalysesPreserved(dominanceAnalysis);
    const rewriter = new Rewriter(context);
    const conditionals: Operation[] = [];
    // Outer ones first: what sinks into an arm may sink further.
    root.walk((op) => {
      const isConditional =
        op.getInterface(RegionBranchInterface) !== undefined &&
        op.getInterface(LoopLikeInterface) === undefined;
      if (isConditional) conditionals.push(op);
    }, 'pre');
    for (const op of conditionals)
      for (const region of op.regions)
        if (!region.isEmpty) statistics['num-sunk'] += sinkInto(region, op, rewriter);
  },
});

function sinkInto(region: Region, owner: Operation, rewriter: Rewriter): number {
  const pending: Operation[] = [];
  for (const block of region.blocks())
    for (const op of block.operations()) op.walk((one) => void pending.push(one));
  let count = 0;
  for (let user = pending.pop(); user !== undefined; user = pending.pop()) {
    for (const { definingOp } of user.operands) {
      if (definingOp === undefined || !canSink(definingOp, owner, region)) continue;
      // To the front each time: what is moved later was defined earlier.
      rewriter.moveOpBefore(definingOp, region.entryBlock.firstOp!);
      definingOp.walk((one) => void pending.push(one));
      count++;
    }
  }
  return count;
}

function canSink(op: Operation, owner: Operation, region: Region): boolean {
  if (op.parentBlock !== owner.parentBlock || op.isTerminator || !isMemoryEffectFree(op))
    return false;
  return op.results.every((result) =>
    [...result.users()].every((user) => {
      const home = user.parentRegion;
      return home !== null && (home === region || region.isAncestorOf(home));
    }),
  );
}
