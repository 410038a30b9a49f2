/** Sorts the operations of graph-like blocks so that definitions come before uses where that can be done. */

import type { Block, Operation } from '../ir/index.js';
import { Rewriter } from '../rewrite/index.js';
import { definePass } from './pass.js';

export const topologicalSortPass = definePass({
  name: 'topological-sort',
  summary: 'Sort regions without SSA dominance in topological order',
  run(root, { context }) {
    const rewriter = new Rewriter(context);
    const blocks: Block[] = [];
    root.walk((op) => {
      if (op.name.definition?.regionKind !== 'graph') return;
      for (const region of op.regions) blocks.push(...region.blocks());
    });
    for (const block of blocks) sortBlock(block, rewriter);
  },
});

/** Keeps the given order where it can: each round takes the first operation whose operands are there. */
function sortBlock(block: Block, rewriter: Rewriter): void {
  const terminator = block.lastOp?.isTerminator ? block.lastOp : null;
  const waiting = [...block.operations()].filter((op) => op !== terminator);
  const unscheduled = new Set(waiting);
  const isReady = (op: Operation): boolean =>
    op.walk((nested) => {
      for (const { value } of nested.opOperands) {
        let definition: Operation | undefined = value.definingOp;
        while (definition !== undefined && definition.parentBlock !== block)
          definition = definition.parentOp ?? undefined;
        if (definition !== undefined && definition !== op && unscheduled.has(definition))
          return 'interrupt';
      }
      return 'advance';
    });
  const order: Operation[] = [];
  while (unscheduled.size > 0) {
    const before = order.length;
    for (const op of waiting) {
      if (!unscheduled.has(op) || !isReady(op)) continue;
      unscheduled.delete(op);
      order.push(op);
    }
    if (order.length > before) continue;
    // A cycle: break it at the operation that came first.
    const first = waiting.find((op) => unscheduled.has(op))!;
    unscheduled.delete(first);
    order.push(first);
  }
  if (order.every((op, index) => op === waiting[index])) return;
  for (const op of order) {
    if (terminator === null) rewriter.moveOpToEnd(op, block);
    else rewriter.moveOpBefore(op, terminator);
  }
}
