/** `tile.copy` in mode async on NVIDIA GPUs: cp.async, from global to shared memory without registers. */

import { NvCpAsyncOp } from '../../dialects/generated/nv.js';
import { TileCopyOp, type TileSharedType } from '../../dialects/generated/tile.js';
import { StringAttr } from '../../ir/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { copyMemory, threadBuilderAt } from '../layout-to-thread/copy.js';
import { planAccesses } from '../layout-to-thread/transfer.js';
import { elementBits, layoutAttribute } from '../support/tiles.js';

const WARP_SIZE = 32;

export const asyncCopyToNv: RewritePattern = pattern(
  TileCopyOp,
  {
    name: 'tile-async-copy-to-cp-async',
    benefit: 2,
    law: 'an asynchronous copy is each thread starting to move the vectors that its layout gives it',
  },
  ({ op, source, destination }, rewriter) => {
    if (op.getAttribute('mode') !== StringAttr.get('async')) {
      return rewriter.notifyMatchFailure(op, 'the copy is not asynchronous');
    }
    const thread = threadBuilderAt(rewriter, op, WARP_SIZE);
    const fragment = layoutAttribute(op)!;
    const [from, to] = [copyMemory(op, source), copyMemory(op, destination)];
    const dimension = fragment.shape.length - 1;
    const plan = planAccesses(fragment, dimension, Math.min(from.maxWidth, to.maxWidth));
    const bytes = (plan.width * elementBits(destination.type as TileSharedType)) / 8;
    const sizes = fragment.value.modes.map((mode) => mode.size);
    const counts = sizes.map((size, mode) => ({
      name: 'eijk'[mode],
      count: mode === plan.mode ? size / plan.width : size,
    }));
    thread.loops(counts.reverse(), (variables) => {
      const position = [...variables].reverse();
      position[plan.mode] = thread.index.multiply(position[plan.mode], plan.width);
      const { sums, isHeld } = thread.coordinates(fragment, position);
      const inside = from.isInside(thread, sums);
      thread.conditional(isHeld, () => {
        NvCpAsyncOp.build(rewriter, {
          destination: to.memref,
          destinationIndices: thread.index.values(to.place(thread, sums)),
          source: from.memref,
          sourceIndices: thread.index.values(from.place(thread, sums)),
          inBounds: inside,
          bytes,
        });
      });
    });
    rewriter.erase(op);
    return true;
  },
);
