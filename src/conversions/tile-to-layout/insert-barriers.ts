/**
 * Places block barriers: one in front of every operation that touches shared memory which another thread may have
 * written (or is about to have overwritten) since the last barrier. No barrier without such a pair, and none where each
 * thread meets only its own elements.
 */

import type { IntegerAttr } from '../../ir/index.js';
import { Builder, StringAttr, isOp, type Operation, type Value } from '../../ir/index.js';
import { TileCopyOp, TileGemmOp, type TileSharedType } from '../../dialects/generated/tile.js';
import { allocationOf, isShared } from '../support/tiles.js';
import { storageOf } from '../support/views.js';
import { VERSIONED } from './pipeline-loop.js';
import { SHARED_OFFSET, sharedBytes } from './shared-memory.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { areSameOwners, sharedOwners, type SharedOwners } from './shared-owners.js';
import { isSameThread, tensorRegion, type TensorRegion } from './tensor-regions.js';

/** An access to shared memory, or to a tensor that the kernel both reads and writes, since the last barrier. */
interface Access {
  readonly kind: 'read' | 'write' | 'update';
  readonly allocation: Value;
  readonly start: number;
  readonly end: number;
  /** The part of a pipeline that accesses a version of its buffer; undefined for all other accesses. */
  readonly part: string | undefined;
  /** Of a shared tile: which thread accesses which element, where that is known. */
  readonly owners?: SharedOwners | undefined;
  /** Of a tensor: which of its elements, and which thread accesses them. */
  readonly region?: TensorRegion;
}

/** Accesses that no barrier has settled yet. */
type Pending = Access[];

export function insertBarriers(kernel: Operation): void {
  processRegion(kernel, []);
}

/** Returns what is pending after the operations of `parent`'s regions, entered with `pending`. */
function processRegion(parent: Operation, pending: Pending): Pending {
  let last: Pending = pending;
  for (const region of parent.regions) {
    for (const block of region.blocks()) {
      for (const op of block.operations()) last = processOperation(op, last);
    }
  }
  return last;
}

function processOperation(op: Operation, pending: Pending): Pending {
  if (op.name.text === 'gpu.barrier') return [];
  switch (op.name.text) {
    case 'scf.if': {
      // Either branch may have run; a barrier inside one branch settles nothing for the other.
      const outcomes = op.regions.map((region) => {
        let branch: Pending = [...pending];
        for (const block of region.blocks()) {
          for (const nested of block.operations()) branch = processOperation(nested, branch);
        }
        return branch;
      });
      return merge(outcomes.length === 1 ? [...outcomes, pending] : outcomes);
    }
    case 'scf.for':
    case 'scf.while': {
      // What one iteration leaves pending meets the next: the second look inserts what that needs.
      const once = processRegion(op, [...pending]);
      const twice = processRegion(op, merge([pending, once]));
      return merge([pending, twice]);
    }
    default:
      break;
  }
  const accesses = accessesOf(op);
  if (accesses.length === 0) return pending;
  if (accesses.some((access) => pending.some((earlier) => isHazard(earlier, access)))) {
    Builder.before(op).create('gpu.barrier');
    return accesses;
  }
  return merge([pending, accesses]);
}

function merge(sets: readonly Pending[]): Pending {
  const seen = new Map<string, Access>();
  for (const access of sets.flat()) {
    const { kind, allocation, part, region, owners } = access;
    const distribution = owners && `${owners.type} ${owners.fragment}`;
    seen.set(`${kind} ${allocation.identity} ${part} ${region?.number} ${distribution}`, access);
  }
  return [...seen.values()];
}

function isHazard(earlier: Access, later: Access): boolean {
  // Reads do not disturb each other, and atomic updates have no order among themselves.
  if (earlier.kind === later.kind && later.kind !== 'write') return false;
  if (earlier.region !== undefined || later.region !== undefined)
    return areDisordered(earlier, later);
  if (earlier.start >= later.end || later.start >= earlier.end) return false;
  if (earlier.allocation === later.allocation && areSameOwners(earlier.owners, later.owners))
    return false;
  return !isOrderedByPipeline(earlier, later);
}

/**
 * The barrier in a pipelined loop orders the copies that run ahead and the computation, on versions of a buffer. It does not
 * reach over to the prologue of the loop's next execution, nor between two accesses of one computation.
 */
function isOrderedByPipeline(earlier: Access, later: Access): boolean {
  if (earlier.part === undefined || later.part === undefined) return false;
  const isNextExecution = earlier.part !== 'prologue' && later.part === 'prologue';
  const isWithinComputation = earlier.part === 'computation' && later.part === 'computation';
  return earlier.allocation === later.allocation && !isNextExecution && !isWithinComputation;
}

/** Whether two threads may meet at an element of a tensor. */
function areDisordered(earlier: Access, later: Access): boolean {
  if (earlier.allocation !== later.allocation) return false;
  if (earlier.region === undefined || later.region === undefined) return false;
  return !isSameThread(earlier.region, later.region, earlier.kind === later.kind);
}

/** The shared memory that an operation touches itself, its regions included where they are no control flow. */
function accessesOf(op: Operation): Access[] {
  if (isOp(op, TileCopyOp)) {
    const copy = new TileCopyOp(op);
    return [...access('read', copy.source, op), ...access('write', copy.destination, op)];
  }
  if (isOp(op, TileGemmOp)) {
    const gemm = new TileGemmOp(op);
    return [...access('read', gemm.a, op), ...access('read', gemm.b, op)];
  }
  switch (op.name.text) {
    case 'tile.clear':
    case 'tile.fill':
      return access('write', op.operand(0), op);
    case 'tile.scan':
    case 'tile.transpose':
      return [...access('read', op.operand(0), op), ...access('write', op.operand(1), op)];
    case 'tile.reduce':
      // It writes and reads its scratch around a barrier of its own.
      return op.operandCount > 2 ? access('write', op.operand(2), op) : [];
    case 'tile.atomic':
      return [...access('read', op.operand(0), op), ...access('update', op.operand(1), op)];
    case 'tile.load':
      return access('read', op.operand(0), op);
    case 'tile.store':
      return access('write', op.operand(1), op);
    case 'tile.parallel': {
      const all: Access[] = [];
      op.walk((nested) => {
        if (nested !== op) all.push(...accessesOf(nested));
      }, 'pre');
      return all;
    }
    default:
      return [];
  }
}

function access(kind: Access['kind'], tile: Value, op: Operation): Access[] {
  const region = tensorRegion(op, tile);
  if (region !== undefined)
    return [{ kind, allocation: tile, start: 0, end: 0, part: undefined, region }];
  if (!isShared(tile.type)) return [];
  const allocation = allocationOf(tile);
  const start = (allocation.definingOp!.getAttribute(SHARED_OFFSET) as IntegerAttr).number;
  const versioned = storageOf(tile).definingOp?.getAttribute(VERSIONED);
  const part = versioned instanceof StringAttr ? versioned.value : undefined;
  const bytes = sharedBytes(allocation.type as TileSharedType);
  const owners = sharedOwners(op, tile);
  return [{ kind, allocation, start, end: start + bytes, part, owners }];
}

export const tileInsertBarriers = defineKernelPass({
  name: 'tile-insert-barriers',
  summary:
    'place the barriers that accesses to shared memory and rewritten tensors need, and no others',
  requires: ['gpu'],
  run: insertBarriers,
});
