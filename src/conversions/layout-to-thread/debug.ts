/** `tile.assert` and `tile.print` as one thread runs them. */

import { CfAssertOp } from '../../dialects/generated/cf.js';
import { GpuPrintfOp } from '../../dialects/generated/gpu.js';
import { TileAssertOp, TilePrintOp } from '../../dialects/generated/tile.js';
import { FloatType, type Type } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { threadBuilderAt } from './copy.js';

/** How `printf` shows a number, which emitted text widens to `double` or `long long`. */
function placeholder(type: Type): string {
  return type instanceof FloatType ? '%.9g' : '%lld';
}

export function debugPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileAssertOp,
      { name: 'tile-assert-to-cf', law: 'every thread checks' },
      ({ op, condition, message }, rewriter) => {
        threadBuilderAt(rewriter, op, warpSize);
        CfAssertOp.build(rewriter, { arg: condition, msg: message });
        rewriter.erase(op);
        return true;
      },
    ),
    pattern(
      TilePrintOp,
      { name: 'tile-print-to-printf', law: 'a block prints once' },
      ({ op, label, value }, rewriter) => {
        // An iteration of a loop over elements prints itself, once that loop is lowered.
        if (op.getParentOfName('tile.parallel') !== undefined)
          return rewriter.notifyMatchFailure(op, 'the loop around it is lowered first');
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const isOfIteration = op.hasAttribute(IN_ITERATION);
        const isFirst = isOfIteration ? undefined : thread.index.compare('eq', thread.thread, 0);
        thread.conditional(isFirst, () =>
          GpuPrintfOp.build(rewriter, {
            format: `${label.replaceAll('%', '%%')} = ${placeholder(value.type)}`,
            args: [value],
          }),
        );
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** On a `tile.print` that was in a loop over elements. */
export const IN_ITERATION = 'tile.in_iteration';
