/** The pass that turns barriers of groups of warps into instructions: of one warp, or with a number for each group. */

import { AmdWaveBarrierOp } from '../../dialects/generated/amd.js';
import { GpuBarrierOp } from '../../dialects/generated/gpu.js';
import { NvGroupBarrierOp, NvWarpBarrierOp } from '../../dialects/generated/nv.js';
import type { IntegerAttr, Operation } from '../../ir/index.js';
import { complement, type Layout } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Target } from '../../targets/target.js';
import { threadBuilderAt } from '../layout-to-thread/copy.js';
import type { ThreadBuilder } from '../layout-to-thread/thread-builder.js';
import { convertWithPatterns } from '../support/convert.js';
import type { Index } from '../support/index-builder.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { remark } from '../support/remark.js';
import { namedBarriers, THREAD_GROUP, threadGroup } from '../support/thread-groups.js';

/**
 * The number of the first group's barrier by grouping: two groupings share no number, since a warp may be at a barrier of one
 * while others are still at one of the other. Groupings for which none is left are missing.
 */
function numberGroups(kernel: Operation, threads: number, target: Target): Map<string, number> {
  const numbers = new Map<string, number>();
  const last = namedBarriers(threads, target);
  let next = 1;
  kernel.walk((op) => {
    const group = threadGroup(op);
    if (group === undefined || group.size <= target.warp_size || numbers.has(`${group}`)) return;
    const groups = threads / group.size;
    if (next + groups - 1 > last) {
      remark(
        op,
        'barrier',
        `barrier of the block: of ${last} others too few are left for ${groups} groups`,
      );
      return;
    }
    numbers.set(`${group}`, next);
    next += groups;
  }, 'pre');
  return numbers;
}

function barrierPattern(
  threads: number,
  target: Target,
  numbers: ReadonlyMap<string, number>,
): RewritePattern {
  return pattern(
    GpuBarrierOp,
    {
      name: 'group-barrier-to-instruction',
      law: 'a barrier of a group of warps is that of one warp, or the one with the number of the group',
    },
    ({ op }, rewriter) => {
      const group = threadGroup(op);
      if (group === undefined)
        return rewriter.notifyMatchFailure(op, 'all threads of the block meet');
      const thread = threadBuilderAt(rewriter, op, target.warp_size);
      const first = numbers.get(`${group}`);
      if (group.size <= target.warp_size) {
        if (target.vendor === 'amd') AmdWaveBarrierOp.build(rewriter);
        else NvWarpBarrierOp.build(rewriter);
      } else if (first === undefined) GpuBarrierOp.build(rewriter);
      else {
        const number = thread.index.value(groupNumber(thread, group, threads));
        number.name ??= 'group';
        NvGroupBarrierOp.build(rewriter, {
          group: number,
          groups: threads / group.size,
          first,
          threads: group.size,
        });
      }
      rewriter.erase(op);
      return true;
    },
  );
}

/** Which group of its kind a thread belongs to. */
function groupNumber(thread: ThreadBuilder, group: Layout, threads: number): Index {
  const { index } = thread;
  const others = complement(group, threads);
  let [number, count]: [Index, number] = [0, 1];
  others.shapes.forEach((extent, mode) => {
    const digit = thread.threadDigit(others.strides[mode], extent);
    number = index.add(number, index.multiply(digit, count));
    count *= extent;
  });
  return number;
}

export const convertGroupBarriers = defineKernelPass({
  name: 'convert-group-barriers',
  summary: 'turn barriers of groups of warps into those of a warp and those with numbers',
  requires: ['gpu', 'nv', 'amd', 'arith'],
  run: (kernel, target) => {
    const threads = (kernel.getAttribute('threads') as IntegerAttr).number;
    const numbers = numberGroups(kernel, threads, target);
    return convertWithPatterns(kernel, [barrierPattern(threads, target, numbers)], (op) =>
      op.hasAttribute(THREAD_GROUP),
    );
  },
});
