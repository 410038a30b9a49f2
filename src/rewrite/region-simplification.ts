/** Simplifies the control flow of regions: unreachable blocks, dead values, blocks that can be joined. */

import {
  memoryEffects,
  type Block,
  type BlockArgument,
  type Operation,
  type Region,
  type Value,
} from '../ir/index.js';
import { forwardedOperands, isUnconditionalBranch } from './branches.js';
import type { Rewriter } from './rewriter.js';

export interface RegionSimplificationOptions {
  /** Whether blocks that do the same become one. */
  readonly mergeIdenticalBlocks?: boolean;
}

/** Simplifies all regions nested in `root`; returns whether anything changed. */
export function simplifyRegions(
  root: Operation,
  rewriter: Rewriter,
  options: RegionSimplificationOptions = {},
): boolean {
  const regions: Region[] = [];
  // Regions of one block hold nothing that the greedy driver's own removal of dead operations would miss.
  root.walk((op) => {
    for (const region of op.regions)
      if (!region.isEmpty && !region.hasOneBlock) regions.push(region);
  }, 'pre');
  if (regions.length === 0) return false;
  const before = rewriter.changeCount;
  // Inner regions first; a region may go together with the operation that holds it.
  for (const region of regions.reverse()) eraseUnreachableBlocks(region, rewriter);
  for (const region of regions) eraseDeadArguments(region, rewriter);
  for (const region of regions) {
    mergeSinglePredecessors(region, rewriter);
    if (options.mergeIdenticalBlocks) mergeIdenticalBlocks(region, rewriter);
  }
  return rewriter.changeCount !== before;
}

function reachableBlocks(region: Region): Set<Block> {
  const reachable = new Set<Block>([region.entryBlock]);
  const pending = [region.entryBlock];
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    for (const op of block.operations()) {
      for (const { block: successor } of op.successors) {
        if (reachable.has(successor)) continue;
        reachable.add(successor);
        pending.push(successor);
      }
    }
  }
  return reachable;
}

/** Erases blocks that no path from the entry leads to. */
export function eraseUnreachableBlocks(region: Region, rewriter: Rewriter): boolean {
  if (region.isEmpty || region.hasOneBlock) return false;
  const reachable = reachableBlocks(region);
  const dead = [...region.blocks()].filter((block) => !reachable.has(block));
  rewriter.eraseBlocks(dead);
  return dead.length > 0;
}

/** Whether nobody would miss the operation if its results were unused. */
function isRemovable(op: Operation): boolean {
  if (op.isTerminator || op.name.isSymbol) return false;
  const effects = memoryEffects(op);
  return (
    effects?.every(
      ({ kind, value }) => kind === 'read' || (kind === 'allocate' && value?.definingOp === op),
    ) ?? false
  );
}

/**
 * Removes block arguments, and operations, that only keep each other alive. Liveness starts at operations with effects
 * and flows from users to operands; a branch passes it from an argument to the value forwarded to it.
 */
function eraseDeadArguments(region: Region, rewriter: Rewriter): void {
  const live = new Set<Value>();
  const pending: Value[] = [];
  const markValue = (value: Value): void => {
    if (live.has(value)) return;
    live.add(value);
    pending.push(value);
  };
  const liveOps = new Set<Operation>();
  const markOp = (op: Operation): void => {
    if (liveOps.has(op)) return;
    liveOps.add(op);
    const forwarded = new Set<number>();
    op.successors.forEach((_, successor) => {
      for (const operand of forwardedOperands(op, successor) ?? []) forwarded.add(operand.index);
    });
    op.opOperands.forEach((operand, index) => {
      if (!forwarded.has(index)) markValue(operand.value);
    });
    // What runs inside counts as a whole: regions in regions were simplified before.
    for (const inner of op.regions) {
      for (const block of inner.blocks()) {
        for (const nested of block.operations())
          nested.walk((one) => one.opOperands.forEach((operand) => markValue(operand.value)));
      }
    }
  };
  for (const block of region.blocks()) {
    for (const op of block.operations()) if (!isRemovable(op)) markOp(op);
  }
  for (const block of region.blocks()) {
    if (block === region.entryBlock || !canEraseArgument(block)) block.arguments.forEach(markValue);
  }
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (value.definingOp !== undefined) {
      if (value.definingOp.parentRegion === region) markOp(value.definingOp);
      continue;
    }
    const argument = value as BlockArgument;
    if (argument.owner.parentRegion !== region) continue;
    for (let use = argument.owner.firstUse; use !== null; use = use.nextUse) {
      const forwarded = forwardedOperands(use.owner, use.index);
      if (forwarded === undefined)
        for (const operand of use.owner.opOperands) markValue(operand.value);
      else if (argument.index < forwarded.length) markValue(forwarded[argument.index].value);
    }
  }
  removeDead(region, live, liveOps, rewriter);
}

function removeDead(
  region: Region,
  live: ReadonlySet<Value>,
  liveOps: ReadonlySet<Operation>,
  rewriter: Rewriter,
): void {
  const dead: Operation[] = [];
  const deadArguments: BlockArgument[] = [];
  for (const block of region.blocks()) {
    for (const op of block.operations()) if (!liveOps.has(op)) dead.push(op);
    if (block === region.entryBlock || !canEraseArgument(block)) continue;
    for (const argument of block.arguments) if (!live.has(argument)) deadArguments.push(argument);
  }
  // What branches forward goes first, so that no live operation uses anything dead.
  deadArguments.reverse();
  for (const argument of deadArguments) eraseForwarded(argument, rewriter);
  rewriter.eraseOps(dead);
  for (const argument of deadArguments)
    if (!argument.hasUses) rewriter.eraseBlockArgument(argument.owner, argument.index);
}

/** Whether every branch to the block says which of its operands it forwards. */
function canEraseArgument(block: Block): boolean {
  for (let use = block.firstUse; use !== null; use = use.nextUse) {
    const forwarded = forwardedOperands(use.owner, use.index);
    if (forwarded === undefined || forwarded.length !== block.arguments.length) return false;
  }
  return true;
}

/** Takes the operands that branches forward to an argument out of them; the argument itself goes later. */
function eraseForwarded(argument: BlockArgument, rewriter: Rewriter): void {
  const block = argument.owner;
  const uses: { owner: Operation; index: number }[] = [];
  for (let use = block.firstUse; use !== null; use = use.nextUse)
    uses.push({ owner: use.owner, index: use.index });
  for (const { owner, index } of uses) {
    // Arguments of the block go from last to first, so positions in front still agree.
    rewriter.eraseOperand(owner, forwardedOperands(owner, index)![argument.index].index);
  }
}

/** Joins a block with its only predecessor where that does nothing but branch to it. */
function mergeSinglePredecessors(region: Region, rewriter: Rewriter): void {
  for (const block of region.blocks()) {
    const use = block.firstUse;
    if (use === null || use.nextUse !== null || block === region.entryBlock) continue;
    const branch = use.owner;
    const predecessor = branch.parentBlock;
    if (predecessor === null || predecessor === block || predecessor.parentRegion !== region)
      continue;
    if (!isUnconditionalBranch(branch)) continue;
    const values = forwardedOperands(branch, 0)!.map((operand) => operand.value);
    rewriter.erase(branch);
    rewriter.mergeBlocks(block, predecessor, values);
  }
}

/** Makes one of blocks that hold the same operations and go to the same places. */
function mergeIdenticalBlocks(region: Region, rewriter: Rewriter): void {
  const blocks = [...region.blocks()].filter((block) => block !== region.entryBlock);
  const merged = new Set<Block>();
  for (const [index, first] of blocks.entries()) {
    if (merged.has(first)) continue;
    for (const second of blocks.slice(index + 1)) {
      if (merged.has(second) || !areIdentical(first, second)) continue;
      for (let use = second.firstUse; use !== null; use = second.firstUse) {
        const { owner, index: successor } = use;
        rewriter.modifyInPlace(owner, () => owner.successors[successor].set(first));
      }
      rewriter.eraseBlocks([second]);
      merged.add(second);
    }
  }
}

function areIdentical(a: Block, b: Block): boolean {
  if (a.arguments.length !== b.arguments.length) return false;
  const image = new Map<Value, Value>();
  for (const [index, argument] of a.arguments.entries()) {
    if (argument.type !== b.arguments[index].type) return false;
    image.set(argument, b.arguments[index]);
  }
  let left = a.firstOp;
  let right = b.firstOp;
  for (; left !== null && right !== null; left = left.nextOp, right = right.nextOp) {
    if (left.name !== right.name || left.regions.length > 0 || right.regions.length > 0)
      return false;
    if (left.properties !== right.properties || left.attributes !== right.attributes) return false;
    if (left.operandCount !== right.operandCount || left.results.length !== right.results.length)
      return false;
    const other = right;
    if (left.operands.some((value, index) => (image.get(value) ?? value) !== other.operand(index)))
      return false;
    if (left.successors.length !== right.successors.length) return false;
    if (
      left.successors.some((successor, index) => successor.block !== other.successors[index].block)
    )
      return false;
    for (const [index, result] of left.results.entries()) {
      if (result.type !== right.results[index].type || isUsedOutside(result, a)) return false;
      if (isUsedOutside(right.results[index], b)) return false;
      image.set(result, right.results[index]);
    }
  }
  return left === null && right === null;
}

function isUsedOutside(value: Value, block: Block): boolean {
  for (const user of value.users()) if (user.parentBlock !== block) return true;
  return false;
}
