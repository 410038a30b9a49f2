/** Which elements of a tensor an operation accesses, and by which threads: whether threads meet in two accesses. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { TileCopyOp, TileParallelOp } from '../../dialects/generated/tile.js';
import { tensorExtents } from '../../dialects/tile/kernel-extents.js';
import {
  BlockArgument,
  isOp,
  ownEffects,
  type MemRefType,
  type Operation,
  type Value,
} from '../../ir/index.js';
import { greatestCommonDivisor, threadsByElement, type Fragment } from '../../layout/index.js';
import { accessedTile, accessIndices } from '../support/accessed-element.js';
import { linearForm, ORIGIN, type LinearForm } from '../support/linear-form.js';
import { layoutAttribute, sharesBytes } from '../support/tiles.js';
import { globalRegionOf } from './global-region.js';

/** Elements along one dimension of a tensor: `extent` of them from `first` on. */
interface Span {
  readonly first: LinearForm;
  readonly extent: number;
}

/** The elements of a tensor that an operation accesses. */
export interface TensorRegion {
  /** A number for each operation. */
  readonly number: number;
  /** Along each dimension, or undefined where that is not known. */
  readonly spans: readonly (Span | undefined)[];
  /** Regions of one shape that begin at the same element access the same one in the same place of their layouts. */
  readonly shape: string;
  /** Which thread accesses which element; undefined where that is not known. */
  readonly layout: Fragment | undefined;
}

export interface TensorAccess {
  readonly region: TensorRegion;
  readonly isWrite: boolean;
}

/** The regions of a kernel's accesses to tensors that it writes. */
export class TensorRegions {
  private readonly facts = new IntegerAnalysis();
  private readonly numbers = new Map<Operation, number>();
  private readonly written: ReadonlySet<Value>;

  constructor(private readonly kernel: Operation) {
    const written = new Set<Value>();
    kernel.walk((op) => {
      for (const { kind, value } of ownEffects(op) ?? [])
        if (kind === 'write' && value !== undefined) written.add(value);
    });
    this.written = new Set([...tensorExtents(kernel).keys()].filter((each) => written.has(each)));
  }

  /** The part of a tensor that `op` accesses; undefined for tiles, and for tensors that nothing writes. */
  of(op: Operation, tensor: Value): TensorRegion | undefined {
    if (!this.written.has(tensor)) return undefined;
    const number = this.numbers.get(op) ?? this.numbers.size;
    this.numbers.set(op, number);
    const unknown = { number, spans: [], shape: '', layout: undefined };
    // Elements that share bytes have neighbours in them.
    if (sharesBytes(tensor.type as MemRefType)) return unknown;
    return { ...unknown, ...(this.ofCopy(op) ?? this.ofElements(op)) };
  }

  /** Of a copy of a whole tile. */
  private ofCopy(op: Operation): Partial<TensorRegion> | undefined {
    const region = isOp(op, TileCopyOp) ? globalRegionOf(op) : undefined;
    if (region === undefined) return undefined;
    const { type, indices, extents, dims } = region;
    const own = type.shape.map((_, dimension) => dims.indexOf(dimension));
    const along = own.map((at) => extents.map((_, i) => (i === at ? 1 : 0)));
    return {
      spans: own.map((at, dimension) => ({
        // A whole tensor is named without indices.
        first: indices.length === 0 ? ORIGIN : linearForm(indices[dimension], this.facts),
        extent: at === -1 ? 1 : extents[at],
      })),
      shape: `${extents.join()} ${along.join(';')}`,
      layout: layoutAttribute(op),
    };
  }

  /** Of an access to one element in each iteration of a parallel loop. */
  private ofElements(op: Operation): Partial<TensorRegion> | undefined {
    const loop = op.getParentOfName(TileParallelOp.opName);
    if (accessedTile(op) === undefined || loop === undefined) return undefined;
    const { extents } = new TileParallelOp(loop);
    const body = loop.regions[0].entryBlock;
    const along: number[][] = [];
    const spans = accessIndices(op).map((index): Span | undefined => {
      const { terms, constant } = linearForm(index, this.facts);
      const outer = new Map<Value, number>();
      const own = extents.map(() => 0);
      for (const [value, coefficient] of terms) {
        if (value instanceof BlockArgument && value.owner === body) own[value.index] = coefficient;
        else if (isDefinedIn(value, loop)) return undefined;
        else outer.set(value, coefficient);
      }
      along.push(own);
      // The least of them, and the distance to the greatest.
      const reach = own.map((coefficient, i) => coefficient * (extents[i] - 1));
      const least = reach.reduce((sum, each) => sum + Math.min(each, 0), 0);
      const extent = reach.reduce((sum, each) => sum + Math.abs(each), 1);
      return { first: { terms: outer, constant: constant + least }, extent };
    });
    if (!spans.every(Boolean)) return { spans };
    return {
      spans,
      shape: `${extents.join()} ${along.join(';')}`,
      layout: op.name.text === 'tile.atomic' ? undefined : layoutAttribute(loop),
    };
  }

  /** The bits in which a thread that accesses an element in one region may differ from one that does in the other. */
  bitsBetween(a: TensorAccess, b: TensorAccess, everyBit: number): number {
    const [from, to] = [a.region, b.region];
    const relations = from.spans.map((span, i) => this.relation(span, to.spans[i]));
    if (relations.includes('apart')) return 0;
    const isOnePlace = relations.length > 0 && relations.every((each) => each === 'aligned');
    if (!isOnePlace || from.shape !== to.shape) return everyBit;
    if (from.layout === undefined || to.layout === undefined) return everyBit;
    if (from.layout.shape.join() !== to.layout.shape.join()) return everyBit;
    const [own, other] = [a, b].map(({ region, isWrite }) =>
      threadsByElement(region.layout!, isWrite),
    );
    let bits = 0;
    for (let element = 0; element < own.places; element++)
      bits |= own.bitsBetween(element, other, element);
    return bits;
  }

  /**
   * How the elements of two accesses lie along a dimension, each in any iterations of the loops around it: the distance of
   * their first ones is a constant and any multiple of what divides all that may differ.
   */
  private relation(a: Span | undefined, b: Span | undefined): 'apart' | 'aligned' | 'unknown' {
    if (a === undefined || b === undefined) return 'unknown';
    const distance = b.first.constant - a.first.constant;
    let step = 0;
    for (const value of new Set([...a.first.terms.keys(), ...b.first.terms.keys()])) {
      const [from, to] = [a, b].map(({ first }) => first.terms.get(value) ?? 0);
      const { divisor } = this.facts.of(value);
      const changes = this.mayChange(value) ? [from, to] : [to - from];
      for (const change of changes)
        if (change !== 0) step = greatestCommonDivisor(step, Math.abs(change) * divisor);
    }
    if (step === 0) {
      if (distance === 0) return 'aligned';
      return distance >= a.extent || -distance >= b.extent ? 'apart' : 'unknown';
    }
    const above = ((distance % step) + step) % step;
    if (above === 0) return step >= Math.max(a.extent, b.extent) ? 'aligned' : 'unknown';
    return above >= a.extent && step - above >= b.extent ? 'apart' : 'unknown';
  }

  /** Whether a value may be another one the next time. */
  private mayChange(value: Value): boolean {
    for (let op = definer(value); op !== null && op !== this.kernel; op = op.parentOp)
      if (op.name.text === 'scf.for' || op.name.text === 'scf.while') {
        // What a loop is given and results in is the same in all of its iterations.
        if (op !== value.definingOp) return true;
      }
    return false;
  }
}

/** The operation that defines a value, or the one that owns its block. */
function definer(value: Value): Operation | null {
  return value instanceof BlockArgument ? value.owner.parentOp : value.definingOp!;
}

function isDefinedIn(value: Value, loop: Operation): boolean {
  const op = definer(value);
  return op !== null && (op === loop || loop.isProperAncestorOf(op));
}
