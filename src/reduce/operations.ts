/** Reductions that take operations and regions away. */

import { StringAttr, type Block, type Operation, type Region } from '../ir/index.js';
import { isSimple } from './cost.js';
import {
  isAttached,
  operationsIn,
  reductionOver,
  type Reduction,
  type ReductionEnvironment,
} from './reduction.js';
import { findReplacement } from './replacement.js';

/** Erases an operation; what used its results uses something else. */
export function eraseOperation(op: Operation, environment: ReductionEnvironment): boolean {
  for (const result of op.results) {
    if (!result.hasUses) continue;
    const replacement = findReplacement(result.type, op, op, environment);
    if (replacement === undefined) return false;
    const { name } = replacement;
    result.replaceAllUsesWith(replacement);
    replacement.name = name;
  }
  op.erase();
  return true;
}

/** Operations, outer ones first: a range that holds an operation and its regions' contents goes as a whole. */
export const eraseOperations: Reduction = {
  name: 'erase-operations',
  countSites: (root) => candidates(root).length,
  apply: (root, { from, to }, environment) => {
    const chosen = candidates(root).slice(from, to);
    const set = new Set(chosen);
    let isChanged = false;
    for (const op of chosen.reverse()) {
      if (hasAncestorIn(op, set)) continue;
      if (eraseOperation(op, environment)) isChanged = true;
    }
    return isChanged ? root : undefined;
  },
};

function candidates(root: Operation): Operation[] {
  return operationsIn(root).filter((op) => !op.isTerminator && (!isSimple(op) || !op.hasUses));
}

function hasAncestorIn(op: Operation, set: ReadonlySet<Operation>): boolean {
  for (let above = op.parentOp; above !== null; above = above.parentOp)
    if (set.has(above)) return true;
  return false;
}

/** `func.func @f() {...}` to `func.func private @f()`, and regions of unregistered operations to nothing. */
export const emptyRegions = reductionOver(
  'empty-regions',
  (root) => operationsIn(root).filter((op) => op.regions.some((region) => !region.isEmpty)),
  (op) => {
    let isChanged = false;
    for (const region of op.regions) {
      if (region.isEmpty) continue;
      clearRegion(region);
      isChanged = true;
    }
    if (op.hasAttribute('function_type') && op.hasAttribute('sym_name'))
      op.setAttribute('sym_visibility', StringAttr.get('private'));
    return isChanged;
  },
);

/** Removes all but the terminators: `scf.for {...}` keeps its `scf.yield`. */
export const emptyBlocks = reductionOver(
  'empty-blocks',
  (root) =>
    operationsIn(root).filter((op) => op.regions.some(({ firstBlock }) => firstBlock !== null)),
  (op, environment) => {
    let isChanged = false;
    for (const region of op.regions)
      for (const block of region.blocks())
        for (const inner of [...block.operations()].reverse())
          if (!inner.isTerminator && eraseOperation(inner, environment)) isChanged = true;
    return isChanged;
  },
);

function clearRegion(region: Region): void {
  for (const block of region.blocks()) for (const op of block.operations()) op.dropAllReferences();
  for (const block of [...region.blocks()]) region.remove(block);
}

/** Puts the contents of a region with one block in the place of the operation around it. */
export const hoistRegions = reductionOver(
  'hoist-regions',
  (root) =>
    operationsIn(root).flatMap((op) =>
      op.regions.filter((region) => region.hasOneBlock).map((region) => ({ op, region, root })),
    ),
  ({ op, region, root }, environment) => {
    if (!isAttached(op, root) || region.parentOp !== op || !region.hasOneBlock) return false;
    const block = region.entryBlock;
    const last = block.lastOp;
    const terminator =
      last !== null && (last.isTerminator || yieldsResultsOf(op, last)) ? last : null;
    for (const argument of block.arguments) {
      if (!argument.hasUses) continue;
      const value = findReplacement(argument.type, op, op, environment);
      if (value === undefined) return false;
      argument.replaceAllUsesWith(value);
    }
    const yielded = terminator?.operands ?? [];
    const moved = [...block.operations()].filter((inner) => inner !== terminator);
    const offset = yielded.length - op.results.length;
    terminator?.erase();
    for (const inner of moved) inner.moveBefore(op);
    op.results.forEach((result, index) => {
      const value = yielded[offset + index];
      if (value?.type === result.type) result.replaceAllUsesWith(value);
    });
    return eraseOperation(op, environment) || moved.length > 0;
  },
);

/** Whether an unregistered last operation plays the part of a terminator: no results, and operands like the results. */
function yieldsResultsOf(op: Operation, last: Operation): boolean {
  return (
    !last.name.isRegistered &&
    last.results.length === 0 &&
    op.results.length > 0 &&
    last.operandCount >= op.results.length
  );
}

/** Blocks that no branch reaches. */
export function eraseUnreachableBlocks(root: Operation): boolean {
  let isChanged = false;
  for (const op of [root, ...operationsIn(root)])
    for (const region of op.regions) if (eraseUnreachableIn(region)) isChanged = true;
  return isChanged;
}

function eraseUnreachableIn(region: Region): boolean {
  const entry = region.firstBlock;
  if (entry === null || entry.nextBlock === null) return false;
  const reached = new Set<Block>([entry]);
  for (const block of reached) for (const next of block.successors) reached.add(next);
  const dead = [...region.blocks()].filter((block) => !reached.has(block));
  for (const block of dead) for (const op of block.operations()) op.dropAllReferences();
  for (const block of dead) region.remove(block);
  return dead.length > 0;
}
