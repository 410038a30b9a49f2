/** Which copies of a pipelined loop may run ahead of it, and how: the questions that its expansion asks first. */

import { TileCopyOp, type TileSharedType } from '../../dialects/generated/tile.js';
import { isRepeatable } from '../../dialects/tile/pipeline-schedule.js';
import { isOp, MemRefType, StringAttr, type Operation, type Value } from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import {
  elementBits,
  isShared,
  kernelOf,
  layoutAttribute,
  sharedLayoutOf,
} from '../support/tiles.js';
import { sharedVectorWidth } from './infer-layouts.js';
import { sharedBytes } from './shared-memory.js';

/**
 * The copies from global memory into shared tiles that may run ahead, or why there are none.
 * @param remark called with why others may not.
 */
export function findProducers(
  loop: Operation,
  remark = (copy: TileCopyOp, message: string): void => copy.op.emitRemark(message),
): TileCopyOp[] | string {
  const producers: TileCopyOp[] = [];
  const obstacles: { copy: TileCopyOp; reason: string }[] = [];
  for (const op of loop.regions[0].entryBlock.operations()) {
    if (!isOp(op, TileCopyOp)) continue;
    const copy = new TileCopyOp(op);
    if (!(copy.source.type instanceof MemRefType) || !isShared(copy.destination.type)) continue;
    const reason = runAheadObstacle(copy, loop);
    if (reason === undefined) producers.push(copy);
    else obstacles.push({ copy, reason });
  }
  if (producers.length === 0)
    return obstacles.at(0)?.reason ?? 'its body has no copy from global to shared memory';
  for (const { copy, reason } of obstacles)
    remark(copy, `copy does not run ahead of its loop: ${reason}`);
  return producers;
}

function runAheadObstacle(copy: TileCopyOp, loop: Operation): string | undefined {
  const tile = copy.destination;
  if (tile.definingOp?.name.text !== 'tile.alloc') return 'a copy writes a part of a tile';
  for (const user of tile.users()) {
    if (!loop.isProperAncestorOf(user)) return 'a tile that it fills is also used outside of it';
    if (user === copy.op) continue;
    if (statementAround(user, copy.op).isBeforeInBlock(copy.op)) {
      return `'${user.name}' uses a tile before the copy that fills it, so it sees the iteration before`;
    }
    if (isOp(user, TileCopyOp) && new TileCopyOp(user).destination === tile)
      return 'two copies of its body write one tile';
  }
  for (const index of copy.sourceIndices) {
    const reason = sliceRepeatableOperations(index, loop).obstacle;
    if (reason !== undefined) return `the place that a copy reads depends on '${reason.name}'`;
  }
  return undefined;
}

/** The operation of `sibling`'s block that holds `op`, or is it. */
function statementAround(op: Operation, sibling: Operation): Operation {
  let statement = op;
  while (statement.parentBlock !== sibling.parentBlock) statement = statement.parentOp!;
  return statement;
}

/** The operations of the loop body that compute a value and may run again ahead of it. */
export function sliceRepeatableOperations(
  value: Value,
  loop: Operation,
): { ops: Set<Operation>; obstacle?: Operation } {
  const ops = new Set<Operation>();
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const op = next.definingOp;
    if (op === undefined || !loop.isProperAncestorOf(op) || ops.has(op)) continue;
    if (op.regions.length > 0 || !isRepeatable(op, loop)) return { ops, obstacle: op };
    ops.add(op);
    pending.push(...op.operands);
  }
  return { ops };
}

/** Why a copy cannot bypass registers, or undefined. */
export function asynchronyObstacle(copy: TileCopyOp, target: Target): string | undefined {
  if (target.async_copy_bytes.length === 0)
    return `${target.name} has no asynchronous copy to shared memory`;
  const source = copy.source.type as MemRefType;
  const destination = copy.destination.type as TileSharedType;
  if (source.elementType !== destination.elementType) return 'a copy converts the element type';
  if (copy.op.getAttribute('mode') === StringAttr.get('sync')) return 'a copy asks for mode sync';
  const layout = layoutAttribute(copy.op)!;
  const width = Math.min(
    layout.vectorWidth,
    sharedVectorWidth(destination, sharedLayoutOf(destination)),
  );
  const bytes = (width * elementBits(destination)) / 8;
  if (target.async_copy_bytes.includes(bytes)) return undefined;
  return `a copy can move only ${bytes} bytes at a time, an asynchronous one needs ${[...target.async_copy_bytes].reverse().join(', ')}`;
}

/** Two versions of the producers' buffers where shared memory has room for them beside the other tiles of the loop. */
export function versionsThatFit(
  loop: Operation,
  producers: readonly TileCopyOp[],
  target: Target,
): 1 | 2 {
  const doubled = new Set(producers.map((copy) => copy.destination));
  let bytes = 0;
  kernelOf(loop).walk((op) => {
    if (op.name.text !== 'tile.alloc' || !isShared(op.result.type)) return;
    const isUsedInLoop = [...op.result.users()].some((user) => loop.isProperAncestorOf(user));
    if (isUsedInLoop) bytes += sharedBytes(op.result.type) * (doubled.has(op.result) ? 2 : 1);
  });
  if (bytes <= target.shared_bytes_per_block) return 2;
  loop.emitRemark(
    `loop has one version of each buffer and a second barrier: two versions need ${bytes} bytes of shared memory, ` +
      `${target.name} has ${target.shared_bytes_per_block}`,
  );
  return 1;
}
