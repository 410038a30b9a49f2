/** Which elements of a tensor an operation accesses, and by which threads: whether one thread meets its own accesses only. */

import { TileCopyOp } from '../../dialects/generated/tile.js';
import { tensorExtents } from '../../dialects/tile/kernel-extents.js';
import { isOp, ownEffects, type MemRefType, type Operation, type Value } from '../../ir/index.js';
import { threadsByElement, type Fragment } from '../../layout/index.js';
import { kernelOf, layoutAttribute, sharesBytes } from '../support/tiles.js';

export interface TensorRegion {
  /** A number for each operation. */
  readonly number: number;
  /** Where a tile lies in the tensor; undefined where that is not one place. */
  readonly indices: readonly Value[] | undefined;
  /** The dimensions of the tensor that the tile lies along, where those are not the last ones. */
  readonly dims?: readonly number[] | undefined;
  /** Which thread accesses which element of the tile; undefined where that is not known. */
  readonly layout: Fragment | undefined;
}

export interface TensorAccess {
  readonly region: TensorRegion;
  readonly isWrite: boolean;
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
  return { number, indices, dims: copy.dims, layout: isOwned ? layoutAttribute(op) : undefined };
}

/**
 * The bits in which a thread that accesses an element in one region may differ from one that does in the other. Two writes
 * are taken to meet only where they are known to be at one place: elsewhere they are parts of one result.
 */
export function tensorBits(a: TensorAccess, b: TensorAccess, everyBit: number): number {
  const [from, to] = [a.region, b.region];
  const isOnePlace =
    from.indices !== undefined &&
    from.indices.length === to.indices?.length &&
    from.dims?.join() === to.dims?.join() &&
    from.indices.every((index, i) => index === to.indices![i]);
  if (!isOnePlace) return a.isWrite && b.isWrite ? 0 : everyBit;
  if (from.layout?.shape.join() !== to.layout?.shape.join()) return everyBit;
  if (from.layout === undefined || to.layout === undefined) return everyBit;
  const [own, other] = [a, b].map(({ region, isWrite }) =>
    threadsByElement(region.layout!, isWrite),
  );
  let bits = 0;
  for (let element = 0; element < own.places; element++)
    bits |= own.bitsBetween(element, other, element);
  return bits;
}
