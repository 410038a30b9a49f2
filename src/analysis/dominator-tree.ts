/** The tree of immediate dominators of a region's blocks. */

import { DominanceInfo, type Block, type Region } from '../ir/index.js';

/** Blocks of a region such that each comes after its dominators; unreachable ones are left out. */
export function blocksInDominanceOrder(region: Region): readonly Block[] {
  if (region.isEmpty) return [];
  const order: Block[] = [];
  const seen = new Set<Block>([region.entryBlock]);
  const stack: { block: Block; successors: readonly Block[]; next: number }[] = [
    { block: region.entryBlock, successors: region.entryBlock.successors, next: 0 },
  ];
  while (stack.length > 0) {
    const frame = stack[stack.length - 1];
    if (frame.next === frame.successors.length) {
      order.push(frame.block);
      stack.pop();
      continue;
    }
    const successor = frame.successors[frame.next++];
    if (seen.has(successor)) continue;
    seen.add(successor);
    stack.push({ block: successor, successors: successor.successors, next: 0 });
  }
  return order.reverse();
}

/** The immediate dominator of each reachable block; the entry has none. */
export function immediateDominators(
  region: Region,
  dominance = new DominanceInfo(),
): ReadonlyMap<Block, Block | undefined> {
  const immediate = new Map<Block, Block | undefined>();
  for (const block of blocksInDominanceOrder(region)) {
    let dominator: Block | undefined;
    for (const predecessor of block.predecessors()) {
      if (!immediate.has(predecessor) || block === region.entryBlock) continue;
      dominator = predecessor;
      break;
    }
    while (dominator !== undefined && !dominance.blockDominates(dominator, block))
      dominator = immediate.get(dominator);
    immediate.set(block, dominator);
  }
  return immediate;
}

/**
 * The blocks where values that are defined in `definitions` meet another path (Cytron and others), among those for which
 * `isWanted`: where a new block argument is needed.
 */
export function iteratedDominanceFrontier(
  region: Region,
  definitions: Iterable<Block>,
  isWanted: (block: Block) => boolean,
  dominance?: DominanceInfo,
): ReadonlySet<Block> {
  const immediate = immediateDominators(region, dominance);
  const frontiers = new Map<Block, Set<Block>>();
  for (const [block, dominator] of immediate) {
    for (const predecessor of block.predecessors()) {
      for (
        let runner: Block | undefined = immediate.has(predecessor) ? predecessor : undefined;
        runner !== undefined && runner !== dominator;
        runner = immediate.get(runner)
      ) {
        const frontier = frontiers.get(runner);
        if (frontier === undefined) frontiers.set(runner, new Set([block]));
        else frontier.add(block);
      }
    }
  }
  const found = new Set<Block>();
  const pending = [...definitions];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    for (const meeting of frontiers.get(block) ?? []) {
      if (found.has(meeting) || !isWanted(meeting)) continue;
      found.add(meeting);
      pending.push(meeting);
    }
  }
  return found;
}
