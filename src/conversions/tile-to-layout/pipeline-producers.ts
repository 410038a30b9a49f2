/** Which copies of a pipelined loop may run ahead of it, and how: the questions that its expansion asks first. */

import { TileCopyOp, type TileSharedType } from '../../dialects/generated/tile.js';
import { isRepeatable, isUnder, isWrittenBy } from '../../dialects/tile/pipeline-schedule.js';
import {
  ancestorIn,
  isOp,
  MemRefType,
  StringAttr,
  type Operation,
  type Value,
} from '../../ir/index.js';
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

/** A copy that may run ahead of its loop. */
export interface Producer {
  readonly copy: TileCopyOp;
  /** The condition of the `scf.if` around it, which is computed in the loop's body; undefined where there is none. */
  readonly condition: Value | undefined;
}

/**
 * The copies from global memory into shared tiles that may run ahead, or why there are none.
 * @param remark called with why others may not.
 */
export function findProducers(
  loop: Operation,
  remark = (copy: TileCopyOp, message: string): void => copy.op.emitRemark(message),
): Producer[] | string {
  const producers: Producer[] = [];
  const obstacles: { copy: TileCopyOp; reason: string }[] = [];
  for (const copy of copiesToShared(loop.regions[0].entryBlock.operations())) {
    const condition = conditionOf(copy, loop);
    const reason = runAheadObstacle(copy, condition, loop);
    if (reason === undefined) producers.push({ copy, condition });
    else obstacles.push({ copy, reason });
  }
  if (producers.length === 0)
    return obstacles.at(0)?.reason ?? 'its body has no copy from global to shared memory';
  for (const { copy, reason } of obstacles)
    remark(copy, `copy does not run ahead of its loop: ${reason}`);
  return producers;
}

/** The copies from global into shared memory that statements make at most once. */
export function copiesToShared(statements: Iterable<Operation>): TileCopyOp[] {
  const copies: TileCopyOp[] = [];
  for (const statement of statements) {
    statement.walk((op) => {
      if (op.name.text === 'scf.if') return 'advance';
      if (isOp(op, TileCopyOp)) {
        const copy = new TileCopyOp(op);
        if (copy.source.type instanceof MemRefType && isShared(copy.destination.type))
          copies.push(copy);
      }
      return 'skip';
    }, 'pre');
  }
  return copies;
}

function conditionOf(copy: TileCopyOp, loop: Operation): Value | undefined {
  const branch = copy.op.parentOp!;
  return branch === loop ? undefined : branch.operand(0);
}

function runAheadObstacle(
  copy: TileCopyOp,
  condition: Value | undefined,
  loop: Operation,
): string | undefined {
  const conditional = condition && conditionObstacle(copy, condition, loop);
  if (conditional !== undefined) return conditional;
  const tile = copy.destination;
  if (tile.definingOp?.name.text !== 'tile.alloc') return 'a copy writes a part of a tile';
  if (isWrittenBy(copy.source, loop)) return 'its body writes the tensor that a copy reads';
  for (const user of tile.users()) {
    if (!loop.isProperAncestorOf(user)) return 'a tile that it fills is also used outside of it';
    if (user === copy.op) continue;
    if (condition !== undefined && !isUnder(condition, user, loop))
      return `'${user.name}' uses a tile where the condition of the copy that fills it may not hold`;
    if (isBefore(user, copy.op, loop))
      return `'${user.name}' uses a tile before the copy that fills it, so it sees the iteration before`;
    if (isOp(user, TileCopyOp) && new TileCopyOp(user).destination === tile)
      return 'two copies of its body write one tile';
  }
  for (const index of copy.sourceIndices) {
    const reason = sliceRepeatableOperations(index, loop).obstacle;
    if (reason !== undefined) return `the place that a copy reads depends on '${reason.name}'`;
  }
  return undefined;
}

/** Why a condition cannot be evaluated ahead, or undefined. */
function conditionObstacle(
  copy: TileCopyOp,
  condition: Value,
  loop: Operation,
): string | undefined {
  const branch = copy.op.parentOp!;
  if (branch.parentOp !== loop) return "a copy stands in an 'scf.if' inside of another";
  if (copy.op.parentRegion !== branch.regions[0])
    return "a copy stands in the 'else' of an 'scf.if'";
  const obstacle = sliceRepeatableOperations(condition, loop).obstacle;
  return obstacle && `the condition of a copy depends on '${obstacle.name}'`;
}

/** Whether an operation of a loop runs before a copy of its body, or of a branch of its body, in the same iteration. */
function isBefore(op: Operation, copy: Operation, loop: Operation): boolean {
  const [statement, own] = [op, copy].map((each) => ancestorIn(loop.regions[0], each)!);
  if (statement !== own) return statement.isBeforeInBlock(own);
  return ancestorIn(copy.parentRegion, op)!.isBeforeInBlock(copy);
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
  producers: readonly Producer[],
  target: Target,
): 1 | 2 {
  const doubled = new Set(producers.map(({ copy }) => copy.destination));
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
