/** What of a pipelined loop may run ahead of it, and how: the questions that its expansion asks first. */

import {
  TileCopyOp,
  TileParallelOp,
  TileStoreOp,
  type TileSharedType,
} from '../../dialects/generated/tile.js';
import {
  isRepeatable,
  isUnder,
  isWrittenBy,
  wholeStore,
} from '../../dialects/tile/pipeline-schedule.js';
import {
  ancestorIn,
  BlockArgument,
  isOp,
  isShapedType,
  MemRefType,
  ownEffects,
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

/** What fills a shared tile from global memory: a copy, or a parallel loop by one store of each iteration. */
export type Filling = TileCopyOp | TileParallelOp;

/** A filling that may run ahead of its loop. */
export interface Producer {
  readonly filling: Filling;
  readonly tile: Value;
  /** The condition of the `scf.if` around it, which is computed in the loop's body; undefined where there is none. */
  readonly condition: Value | undefined;
}

export function isLoop(filling: Filling): filling is TileParallelOp {
  return isOp(filling.op, TileParallelOp);
}

/**
 * What fills shared tiles from global memory and may run ahead, or why nothing does.
 * @param remark called with why other things that fill tiles do not.
 */
export function findProducers(
  loop: Operation,
  remark = (op: Operation, message: string): void => op.emitRemark(message),
): Producer[] | string {
  const producers: Producer[] = [];
  const obstacles: { op: Operation; reason: string }[] = [];
  const statements = [...loop.regions[0].entryBlock.operations()];
  for (const { filling, tile } of fillingsOfShared(statements)) {
    const condition = conditionOf(filling.op, loop);
    const reason = runAheadObstacle({ filling, tile, condition }, loop);
    if (reason === undefined) producers.push({ filling, tile, condition });
    else obstacles.push({ op: filling.op, reason });
  }
  if (producers.length === 0)
    return obstacles.at(0)?.reason ?? 'its body has no copy from global to shared memory';
  for (const { op, reason } of obstacles) {
    const what = isOp(op, TileCopyOp) ? 'copy' : 'loop over elements';
    remark(op, `${what} does not run ahead of its loop: ${reason}`);
  }
  return producers;
}

/** What fills shared tiles from global memory in statements that run at most once. */
function fillingsOfShared(
  statements: Iterable<Operation>,
): { readonly filling: Filling; readonly tile: Value }[] {
  const fillings: { filling: Filling; tile: Value }[] = [];
  for (const statement of statements) {
    statement.walk((op) => {
      if (op.name.text === 'scf.if') return 'advance';
      if (isOp(op, TileCopyOp)) {
        const copy = new TileCopyOp(op);
        if (copy.source.type instanceof MemRefType && isShared(copy.destination.type))
          fillings.push({ filling: copy, tile: copy.destination });
      } else if (isOp(op, TileParallelOp)) {
        const tile = tileFilledBy(op);
        if (tile !== undefined) fillings.push({ filling: new TileParallelOp(op), tile });
      }
      return 'skip';
    }, 'pre');
  }
  return fillings;
}

/** The copies from global into shared memory that statements make at most once. */
export function copiesToShared(statements: Iterable<Operation>): TileCopyOp[] {
  return fillingsOfShared(statements).flatMap(({ filling }) => (isLoop(filling) ? [] : [filling]));
}

/** The shared tile that a loop over elements writes, and nothing else, from what it reads of tensors. */
function tileFilledBy(loop: Operation): Value | undefined {
  const written = new Set<Value | undefined>();
  let readsTensor = false;
  loop.walk((op) => {
    for (const { kind, value } of ownEffects(op) ?? []) {
      if (kind === 'write') written.add(value);
      if (kind === 'read' && value?.type instanceof MemRefType) readsTensor = true;
    }
  });
  const [tile] = written;
  return written.size === 1 && readsTensor && tile !== undefined && isShared(tile.type)
    ? tile
    : undefined;
}

function conditionOf(filling: Operation, loop: Operation): Value | undefined {
  const branch = filling.parentOp!;
  return branch === loop ? undefined : branch.operand(0);
}

function runAheadObstacle(producer: Producer, loop: Operation): string | undefined {
  const { filling, tile, condition } = producer;
  const { op } = filling;
  const what = isLoop(filling) ? 'loop over elements' : 'copy';
  const conditional = condition && conditionObstacle(op, what, condition, loop);
  if (conditional !== undefined) return conditional;
  if (tile.definingOp?.name.text !== 'tile.alloc') return `a ${what} writes a part of a tile`;
  if (isLoop(filling) && wholeStore(op, tile) === undefined)
    return 'a loop over elements does not store one element of its tile in every iteration';
  for (const memory of memoryReadBy(op))
    if (isWrittenBy(memory, loop))
      return memory.type instanceof MemRefType
        ? `its body writes the tensor that a ${what} reads`
        : `its body writes a tile that a ${what} reads`;
  for (const user of tile.users()) {
    if (!loop.isProperAncestorOf(user)) return 'a tile that it fills is also used outside of it';
    if (user === op || op.isProperAncestorOf(user)) continue;
    if (condition !== undefined && !isUnder(condition, user, loop))
      return `'${user.name}' uses a tile where the condition of the ${what} that fills it may not hold`;
    if (isBefore(user, op, loop))
      return `'${user.name}' uses a tile before the ${what} that fills it, so it sees the iteration before`;
    if (isOp(user, TileCopyOp) && new TileCopyOp(user).destination === tile)
      return 'two copies of its body write one tile';
    const other = user.getParentOfName(TileParallelOp.opName);
    if (isOp(user, TileStoreOp) && other !== undefined)
      return `a loop over elements changes the tile that a ${what} fills`;
  }
  for (const value of inputsOf(filling)) {
    const reason = sliceRepeatableOperations(value, loop).obstacle;
    if (reason !== undefined)
      return isLoop(filling)
        ? `what a loop over elements computes with depends on '${reason.name}'`
        : `the place that a copy reads depends on '${reason.name}'`;
  }
  return undefined;
}

/** Tensors and tiles that something reads, those that it names inside of it only left out. */
function memoryReadBy(op: Operation): Set<Value> {
  const read = new Set<Value>();
  op.walk((nested) => {
    for (const { kind, value } of ownEffects(nested) ?? []) {
      if (kind !== 'read' || value === undefined) continue;
      const isOwn = value.definingOp !== undefined && op.isProperAncestorOf(value.definingOp);
      if (!isOwn) read.add(value);
    }
  });
  return read;
}

/** The values that a filling is computed from, other than tiles and tensors. */
export function inputsOf(filling: Filling): Value[] {
  if (!isLoop(filling)) return [...filling.sourceIndices];
  const { op } = filling;
  const inputs = new Set<Value>();
  op.walk((nested) => {
    for (const operand of nested.operands) {
      const owner =
        operand instanceof BlockArgument ? operand.owner.parentOp! : operand.definingOp!;
      const isOwn = owner === op || op.isProperAncestorOf(owner);
      if (!isOwn && !isShapedType(operand.type)) inputs.add(operand);
    }
  });
  return [...inputs];
}

/** Why a condition cannot be evaluated ahead, or undefined. */
function conditionObstacle(
  filling: Operation,
  what: string,
  condition: Value,
  loop: Operation,
): string | undefined {
  const branch = filling.parentOp!;
  if (branch.parentOp !== loop) return `a ${what} stands in an 'scf.if' inside of another`;
  if (filling.parentRegion !== branch.regions[0])
    return `a ${what} stands in the 'else' of an 'scf.if'`;
  const obstacle = sliceRepeatableOperations(condition, loop).obstacle;
  return obstacle && `the condition of a ${what} depends on '${obstacle.name}'`;
}

/** Whether an operation of a loop runs before a filling of its body, or of a branch of its body, in the same iteration. */
function isBefore(op: Operation, filling: Operation, loop: Operation): boolean {
  const [statement, own] = [op, filling].map((each) => ancestorIn(loop.regions[0], each)!);
  if (statement !== own) return statement.isBeforeInBlock(own);
  return ancestorIn(filling.parentRegion, op)!.isBeforeInBlock(filling);
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
  const doubled = new Set(producers.map(({ tile }) => tile));
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
