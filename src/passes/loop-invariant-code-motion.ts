/** Loop-invariant code motion: what computes the same in every iteration is computed once, in front of the loop. */

import { dominanceAnalysis } from '../analysis/index.js';
import { LoopLikeInterface } from '../dialects/interfaces.js';
import { isSpeculatable } from '../dialects/speculation.js';
import { isMemoryEffectFree, type Operation, type Region } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const loopInvariantCodeMotionPass = definePass({
  name: 'loop-invariant-code-motion',
  title: 'LoopInvariantCodeMotion',
  summary: 'Hoist loop invariant instructions outside of the loop',
  statistics: { 'num-hoisted': 'Number of operations moved out of loops' },
  run(root, { context, statistics, markAnalysesPreserved }) {
    // Operations move, blocks and branches stay.
    markAnalysesPreserved(dominanceAnalysis);
    const rewriter = new Rewriter(context);
    const loops: Operation[] = [];
    // Inner loops first: what leaves an inner loop may leave the outer one too.
    root.walk((op) => {
      if (op.getInterface(LoopLikeInterface) !== undefined) loops.push(op);
    });
    for (const loop of loops) statistics['num-hoisted'] += hoistFrom(loop, rewriter);
  },
});

function hoistFrom(loop: Operation, rewriter: Rewriter): number {
  const regions = loop.getInterface(LoopLikeInterface)!.loopRegions(loop);
  let count = 0;
  for (const region of regions) {
    for (const block of region.blocks()) {
      for (const op of block.operations()) {
        if (!canHoist(op, region)) continue;
        rewriter.moveOpBefore(op, loop);
        count++;
      }
    }
  }
  return count;
}

/** Whether running the operation once in front of the loop, even if the loop runs zero times, does no harm. */
function canHoist(op: Operation, region: Region): boolean {
  if (op.isTerminator || !isSpeculatable(op) || !isMemoryEffectFree(op)) return false;
  let usesLoop = false;
  op.walk((nested) => {
    for (const { value } of nested.opOperands) {
      const home = value.parentBlock?.parentRegion;
      if (home === undefined || home === null) continue;
      // Values of the operation's own regions move along.
      const isInside =
        region.isAncestorOf(home) && !op.regions.some((own) => own.isAncestorOf(home));
      if (isInside) usesLoop = true;
    }
    return usesLoop ? 'interrupt' : 'advance';
  });
  return !usesLoop;
}
