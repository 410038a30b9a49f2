/** Which threads access which elements of shared memory, and so how far a barrier between two accesses has to reach. */

import {
  TileClearOp,
  TileCopyOp,
  TileFillOp,
  TileGemmOp,
  TileLoadOp,
  TileReduceOp,
  TileStoreOp,
  type TileFragmentType,
  type TileSharedType,
} from '../../dialects/generated/tile.js';
import { isOp, type IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import { forEachHeld, isFirstCopy, ThreadSets, type Fragment } from '../../layout/index.js';
import { isMatrixProduct, loweredGemm } from '../support/gemm.js';
import { planReduction } from '../support/reduction-plan.js';
import {
  allocationOf,
  elementBits,
  fillDistribution,
  fragmentOf,
  isFragment,
  layoutAttribute,
  sharedLayoutOf,
  sharesBytes,
} from '../support/tiles.js';
import { iterationIndex, type IterationIndex } from './iteration-index.js';
import { SHARED_OFFSET, sharedBytes, versionStride } from './shared-memory.js';

/** The bytes of shared memory that an operation accesses, in whichever version of its tile. */
export interface SharedUse {
  readonly start: number;
  readonly end: number;
  readonly elementBytes: number;
  readonly versionBytes: number;
  /** Which threads access which elements; undefined where any thread may access any. */
  readonly distribution: Distribution | undefined;
}

/** Which threads access an element, by its place in a version of a tile. */
export class Distribution {
  private sets: ThreadSets | undefined;

  constructor(
    /** Equal for equal distributions. */
    readonly key: string,
    private readonly build: () => ThreadSets,
  ) {}

  get threads(): ThreadSets {
    return (this.sets ??= this.build());
  }
}

/** The bits in which a thread of one access may differ from a thread of another at the same byte; 0 where none meet. */
export function bitsBetween(a: SharedUse, b: SharedUse, everyBit: number): number {
  const start = Math.max(a.start, b.start);
  let end = Math.min(a.end, b.end);
  if (start >= end) return 0;
  if (a.distribution === undefined || b.distribution === undefined) return everyBit;
  const isSameTile = a.start === b.start && a.versionBytes === b.versionBytes;
  if (isSameTile) end = Math.min(end, start + a.versionBytes);
  const step = Math.min(a.elementBytes, b.elementBytes);
  const [ofA, ofB] = [a.distribution.threads, b.distribution.threads];
  let bits = 0;
  for (let byte = start; byte < end && bits !== everyBit; byte += step) {
    const own = placeOf(a, byte);
    const other = isSameTile && a.elementBytes === b.elementBytes ? own : placeOf(b, byte);
    if (own < ofA.places && other < ofB.places) bits |= ofA.bitsBetween(own, ofB, other);
  }
  return bits;
}

function placeOf({ start, elementBytes, versionBytes }: SharedUse, byte: number): number {
  return Math.floor(((byte - start) % versionBytes) / elementBytes);
}

/** Elements that the iterations of a loop may name together, above which they are not told apart. */
const MOST_NAMED = 1 << 16;

/** Answers for the operations of one kernel, each distribution looked at once. */
export class SharedUses {
  private readonly known = new Map<string, Distribution>();
  private readonly threads: number;
  private iterations = 0;

  constructor(
    kernel: Operation,
    private readonly warpSize: number,
  ) {
    this.threads = (kernel.getAttribute('threads') as IntegerAttr).number;
  }

  of(op: Operation, tile: Value, isWrite: boolean): SharedUse {
    const allocation = allocationOf(tile);
    const type = allocation.type as TileSharedType;
    const start = (allocation.definingOp!.getAttribute(SHARED_OFFSET) as IntegerAttr).number;
    return {
      start,
      end: start + sharedBytes(type),
      elementBytes: elementBits(tile.type as TileSharedType) / 8,
      versionBytes: (versionStride(type) * elementBits(type)) / 8,
      distribution: this.distributionOf(op, tile, isWrite),
    };
  }

  private distributionOf(op: Operation, tile: Value, isWrite: boolean): Distribution | undefined {
    if (isOp(op, TileReduceOp)) return this.ofReduction(new TileReduceOp(op), isWrite);
    if (isMatrixProduct(op)) return this.ofProduct(op, tile);
    const type = tile.type as TileSharedType;
    // Who accesses an element meets who accesses another in its byte.
    if (sharesBytes(type)) return undefined;
    const loop = op.getParentOfName('tile.parallel');
    if (loop !== undefined) return this.ofIterations(op, loop, type, isWrite);
    const fragment = this.fragmentOf(op, type);
    if (fragment?.shape.join() !== type.shape.join()) return undefined;
    return this.remember(`${isWrite} ${type} ${fragment}`, () => {
      const places = placesOf(type);
      const sets = new ThreadSets(sharedLayoutOf(type).cosize);
      forEachHeld(fragment, isWrite, (element, thread) => sets.add(places[element], thread));
      return sets;
    });
  }

  /** How `op` distributes the elements of a tile over threads. */
  private fragmentOf(op: Operation, type: TileSharedType): Fragment | undefined {
    if (isOp(op, TileCopyOp)) return distributionOfCopy(op);
    const isFill = isOp(op, TileClearOp) || isOp(op, TileFillOp);
    return isFill ? fillDistribution(type, this.threads) : undefined;
  }

  /** Of an access in a parallel loop: the elements that the iterations of a thread may name. */
  private ofIterations(
    op: Operation,
    loop: Operation,
    type: TileSharedType,
    isWrite: boolean,
  ): Distribution | undefined {
    if (!isOp(op, TileLoadOp) && !isOp(op, TileStoreOp)) return undefined;
    const fragment = layoutAttribute(loop);
    if (fragment === undefined) return undefined;
    const indices = op.operands
      .slice(isWrite ? 2 : 1)
      .map((index) => iterationIndex(index, loop.regions[0].entryBlock));
    const origin = fragment.shape.map(() => 0);
    const unknown = type.shape.filter((_, i) => indices[i](origin) === undefined);
    const named = unknown.reduce((count, extent) => count * extent, fragment.size);
    if (named > MOST_NAMED) return undefined;
    return new Distribution(`iterations ${this.iterations++}`, () => {
      const places = placesOf(type);
      const sets = new ThreadSets(sharedLayoutOf(type).cosize);
      const elements = Array.from({ length: fragment.size }, (_, iteration) =>
        elementsNamed(type.shape, indices, fragment.coordinatesOf(iteration)),
      );
      forEachHeld(fragment, isWrite, (iteration, thread) =>
        elements[iteration].forEach((element) => sets.add(places[element], thread)),
      );
      return sets;
    });
  }

  /** A warp reads the rows of A and the columns of B that its part of the product needs, by whichever of its lanes. */
  private ofProduct(op: Operation, tile: Value): Distribution {
    const { a, b } = new TileGemmOp(op);
    const { m, n, k, warps, isATransposed, isBTransposed } = loweredGemm(op);
    const [rows, columns] = warps;
    const type = tile.type as TileSharedType;
    const operands = [
      { operand: a, extent: m, parts: rows, isKFirst: isATransposed },
      { operand: b, extent: n, parts: columns, isKFirst: !isBTransposed },
    ].filter(({ operand }) => operand === tile);
    const shown = operands.map(({ extent, parts, isKFirst }) => `${extent}/${parts} ${isKFirst}`);
    return this.remember(`product ${type} ${rows}x${columns} ${a === tile} ${shown}`, () => {
      const places = placesOf(type);
      const sets = new ThreadSets(sharedLayoutOf(type).cosize);
      for (const { operand, extent, parts, isKFirst } of operands) {
        for (let warp = 0; warp < rows * columns; warp++) {
          const part = operand === a ? Math.floor(warp / columns) : warp % columns;
          const [first, last] = [part, part + 1].map((each) => (each * extent) / parts);
          for (let outer = first; outer < last; outer++) {
            for (let inner = 0; inner < k; inner++) {
              const element = isKFirst ? inner * extent + outer : outer * k + inner;
              sets.add(places[element], warp * this.warpSize, this.warpSize - 1);
            }
          }
        }
      }
      return sets;
    });
  }

  /** Of the scratch memory of a reduction: who writes its part of an element, and who combines the parts. */
  private ofReduction(reduce: TileReduceOp, isWrite: boolean): Distribution | undefined {
    const source = fragmentOf(reduce.source.type as TileFragmentType);
    const result = fragmentOf(reduce.destination.type as TileFragmentType);
    const plan = planReduction(source, Number(reduce.dim.value), this.warpSize);
    if (typeof plan === 'string') return undefined;
    const count = plan.parts.reduce((product, { extent }) => product * extent, 1);
    const digit = (
      thread: number,
      { divisor, extent }: { divisor: number; extent: number },
    ): number => Math.floor(thread / divisor) % extent;
    const isWriter = (thread: number): boolean =>
      isFirstCopy(source, thread) && plan.lanes.every((lanes) => digit(thread, lanes) === 0);
    return this.remember(`${isWrite} ${source} ${result} ${reduce.dim.value}`, () => {
      const sets = new ThreadSets(count * result.size);
      forEachHeld(result, false, (element, thread) => {
        if (isWrite && !isWriter(thread)) return;
        let [own, scale] = [0, 1];
        for (const part of plan.parts) {
          own += digit(thread, part) * scale;
          scale *= part.extent;
        }
        for (let part = 0; part < count; part++)
          if (!isWrite || part === own) sets.add(part * result.size + element, thread);
      });
      return sets;
    });
  }

  private remember(key: string, build: () => ThreadSets): Distribution {
    let distribution = this.known.get(key);
    if (distribution === undefined)
      this.known.set(key, (distribution = new Distribution(key, build)));
    return distribution;
  }
}

/** Where each element lies, by its row-major number. */
function placesOf(type: TileSharedType): Int32Array {
  const layout = sharedLayoutOf(type);
  const inner = 'layout' in layout ? layout.layout : layout;
  // The offsets of the dimensions add up, but for the swizzle.
  let places = Int32Array.of('layout' in layout ? layout.offset : 0);
  for (const [dimension, extent] of type.shape.entries()) {
    const mode = inner.mode(dimension);
    const along = Int32Array.from({ length: extent }, (_, at) => mode.atIndex(at));
    const next = new Int32Array(places.length * extent);
    places.forEach((place, i) =>
      next.set(
        along.map((offset) => place + offset),
        i * extent,
      ),
    );
    places = next;
  }
  return 'layout' in layout ? places.map((place) => layout.swizzle.apply(place)) : places;
}

/** The row-major numbers of the elements that an iteration may name by its indices. */
function elementsNamed(
  shape: readonly number[],
  indices: readonly IterationIndex[],
  iteration: readonly number[],
): number[] {
  return shape.reduce<number[]>(
    (found, extent, dimension) => {
      const index = indices[dimension](iteration);
      const isInside = index !== undefined && index >= 0 && index < extent;
      if (isInside) return found.map((lead) => lead * extent + index);
      const any = index === undefined ? Array.from({ length: extent }, (_, at) => at) : [];
      return found.flatMap((lead) => any.map((at) => lead * extent + at));
    },
    [0],
  );
}

/** An asynchronous copy is its thread's: the thread waits for it before it comes to the barrier. */
function distributionOfCopy(op: Operation): Fragment | undefined {
  const { source, destination } = new TileCopyOp(op);
  if (isFragment(source.type)) return fragmentOf(source.type);
  return isFragment(destination.type) ? fragmentOf(destination.type) : layoutAttribute(op);
}
