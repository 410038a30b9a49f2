/** Which elements of a tensor an operation accesses, and by which threads: whether one thread meets its own accesses only. */

import { TileCopyOp } from '../../dialects/generated/tile.js';
import { tensorExtents } from '../../dialects/tile/kernel-extents.js';
import { isOp, ownEffects, type MemRefType, type Operation, type Value } from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { kernelOf, layoutAttribute, sharesBytes } from '../support/tiles.js';

export interface TensorRegion {
  /** A number for each operation. */
  readonly number: number;
  /** Where a tile lies in the tensor; undefined where that is not one place. */
  readonly indices: readonly Value[] | undefined;
  /** Which thread accesses which element of the tile; undefined where that is not known. */
  readonly layout: Fragment | undefined;
}

const numbers = new WeakMap<Operation, number>();
let count = 0;

function numberOf(op: Operation): number {
  let number = numbers.get(op);
  if (number === undefined) numbers.set(op, (number = count++));
  return number;
}

const rewritten = new WeakMap<Operation, ReadonlySet<Value>>();

/** Tensors of a kernel that it both reads and writes. */
function rewrittenTensors(kernel: Operation): ReadonlySet<Value> {
  const known = rewritten.get(kernel);
  if (known !== undefined) return known;
  const [reads, writes] = [new Set<Value>(), new Set<Value>()];
  kernel.walk((op) => {
    for (const { kind, value } of ownEffects(op) ?? []) {
      if (value === undefined) continue;
      if (kind === 'read') reads.add(value);
      if (kind === 'write') writes.add(value);
    }
  });
  const found = new Set(
    [...tensorExtents(kernel).keys()].filter((tensor) => reads.has(tensor) && writes.has(tensor)),
  );
  rewritten.set(kernel, found);
  return found;
}

/** The part of a tensor that `op` accesses; undefined for tiles, and for tensors that need no order. */
export function tensorRegion(op: Operation, tensor: Value): TensorRegion | undefined {
  if (!rewrittenTensors(kernelOf(op)).has(tensor)) return undefined;
  const number = numberOf(op);
  if (!isOp(op, TileCopyOp)) return { number, indices: undefined, layout: undefined };
  const copy = new TileCopyOp(op);
  const indices = copy.source === tensor ? copy.sourceIndices : copy.destinationIndices;
  const isOwned = !sharesBytes(tensor.type as MemRefType);
  return { number, indices, layout: isOwned ? layoutAttribute(op) : undefined };
}

/**
 * Whether each element is accessed by the same thread both times. Two writes are taken to meet only where they are
 * known to be at one place: elsewhere they are parts of one result.
 */
export function isSameThread(a: TensorRegion, b: TensorRegion, areWrites: boolean): boolean {
  const isOnePlace =
    a.indices !== undefined &&
    a.indices.length === b.indices?.length &&
    a.indices.every((index, i) => index === b.indices![i]);
  if (!isOnePlace) return areWrites;
  const isEqual =
    a.layout !== undefined && b.layout !== undefined && a.layout.isEquivalent(b.layout);
  return isEqual && (areWrites || !hasCopies(a.layout!));
}

/** Whether several threads hold one element. */
export function hasCopies({ thread }: Fragment): boolean {
  return thread.shapes.some((extent, leaf) => extent > 1 && thread.strides[leaf] === 0);
}
