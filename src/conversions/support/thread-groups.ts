/** Groups of a block's threads that meet at a barrier of their own. */

import { LayoutThreadsAttr } from '../../dialects/generated/layout.js';
import type { Operation } from '../../ir/index.js';
import { bitsOfGroup, type Layout } from '../../layout/index.js';
import type { Target } from '../../targets/target.js';

/** On a `gpu.barrier`, or an operation with a barrier of its own: the threads that have to meet; without it the whole block. */
export const THREAD_GROUP = 'tile.group';

/** Numbers that a barrier can have on NVIDIA; 0 is that of all threads. */
const BARRIER_NUMBERS = 16;

/**
 * How many barriers with numbers a block may have besides the one of all threads: so few that a multiprocessor, whose blocks
 * share its barriers, holds as many blocks as it has warps for.
 */
export function namedBarriers(threads: number, target: Target): number {
  const { barriers = 0, warps, blocks } = target.multiprocessor;
  const resident = Math.min(blocks, Math.floor((warps * target.warp_size) / threads));
  return Math.min(BARRIER_NUMBERS, Math.floor(barriers / Math.max(1, resident))) - 1;
}

export function threadGroup(op: Operation): Layout | undefined {
  const attribute = op.getAttribute(THREAD_GROUP);
  return attribute instanceof LayoutThreadsAttr ? (attribute.group as Layout) : undefined;
}

/** What is in the way of barriers for such groups on a target; undefined where nothing is. */
export function groupSupport(group: Layout, threads: number, target: Target): string | undefined {
  const bits = bitsOfGroup(group);
  for (let thread = 0; thread < threads; thread++)
    if ((thread | bits) >= threads) return 'not all groups are whole';
  if (group.size <= target.warp_size) return undefined;
  if (target.multiprocessor.barriers === undefined)
    return `${target.name} has none for some of a block's waves`;
  const [groups, available] = [threads / group.size, namedBarriers(threads, target)];
  return groups <= available
    ? undefined
    : `with more than ${available} others a multiprocessor would hold fewer blocks than it has warps for`;
}
