/** What a kernel moves and computes, counted from its tile operations: exact where trip counts and places are known. */

import { spannedDimensions } from '../dialects/tile/spanned-dimensions.js';
import {
  bitWidth,
  DenseArrayAttr,
  FloatType,
  isShapedType,
  MemRefType,
  StringAttr,
  type Operation,
  type ShapedType,
  type Value,
} from '../ir/index.js';
import {
  accessParts,
  copyParts,
  gemmRoles,
  IndexForms,
  isLoop,
  isTileType,
  loopBounds,
} from '../schedule/index.js';
import type { Target } from '../targets/target.js';

/** Bytes of one tensor. */
export interface TensorTraffic {
  readonly name: string;
  /** Each access counts, as if nothing were kept between them. */
  readonly read: number;
  readonly written: number;
  /** Each element counts once. */
  readonly idealRead: number;
  readonly idealWritten: number;
}

export interface KernelCounts {
  readonly tensors: readonly TensorTraffic[];
  /** FLOP of matrix instructions by operand type; a multiply-add is two. */
  readonly matrixFlop: ReadonlyMap<string, number>;
  /** FLOP of scalar code: products without a matrix instruction, loops and reductions. */
  readonly scalarFlop: number;
  /** How many of these are exponentials, roots and the like, one each. */
  readonly transcendental: number;
  /** What had to be assumed. */
  readonly notes: readonly string[];
}

/** A loop or grid dimension around an operation, with its values. */
interface Repetition {
  readonly variable: Value;
  readonly lower: number;
  readonly step: number;
  readonly count: number;
}

/** Most combinations of loop values that are gone through to clip a tile at a tensor's end. */
const MOST_PLACES = 1_000_000;

/** Scalar operations that are no FLOP: they move, compare or convert. */
const FREE: ReadonlySet<string> = new Set([
  'arith.constant',
  'arith.select',
  'arith.cmpf',
  'arith.extf',
  'arith.truncf',
  'arith.bitcast',
]);

export function countKernel(kernel: Operation, target: Target): KernelCounts {
  const counter = new Counter(kernel, target);
  kernel.walk((op) => counter.visit(op), 'pre');
  return counter.result();
}

class Counter {
  private readonly forms = new IndexForms();
  private readonly traffic = new Map<Value, { read: number; written: number }>();
  private readonly matrixFlop = new Map<string, number>();
  private readonly notes = new Set<string>();
  private scalarFlop = 0;
  private transcendental = 0;

  constructor(
    private readonly kernel: Operation,
    private readonly target: Target,
  ) {}

  result(): KernelCounts {
    const tensors = [...this.traffic].map(([tensor, { read, written }]): TensorTraffic => {
      const { shape, elementType } = tensor.type as MemRefType;
      const isKnown = shape.every((extent) => extent >= 0);
      const elements = shape.reduce((product, extent) => product * extent, 1);
      const size = isKnown ? (elements * (bitWidth(elementType) ?? 0)) / 8 : Infinity;
      return {
        name: tensor.name ?? '',
        read,
        written,
        idealRead: Math.min(read, size),
        idealWritten: Math.min(written, size),
      };
    });
    const { matrixFlop, scalarFlop, transcendental } = this;
    return { tensors, matrixFlop, scalarFlop, transcendental, notes: [...this.notes] };
  }

  visit(op: Operation): void {
    switch (op.name.text) {
      case 'tile.copy':
        return this.visitCopy(op);
      case 'tile.load':
      case 'tile.store':
        return this.visitAccess(op);
      case 'tile.gemm':
        return this.visitGemm(op);
      case 'tile.reduce':
      case 'tile.scan': {
        const { shape } = op.operand(0).type as ShapedType;
        this.scalarFlop += product(shape) * this.times(op);
        return;
      }
      default:
        this.visitScalar(op);
    }
  }

  // How often

  /** Loops and grid dimensions around an operation. */
  private repetitions(op: Operation): Repetition[] {
    const found: Repetition[] = [];
    for (let at = op.parentOp; at !== null; at = at.parentOp) {
      if (at.name.text === 'tile.parallel') {
        const extents = (at.getAttribute('extents') as DenseArrayAttr).values;
        at.regions[0].entryBlock.arguments.forEach((variable, i) =>
          found.push({ variable, lower: 0, step: 1, count: extents[i] }),
        );
      } else if (isLoop(at)) found.push(this.loopRepetition(at));
      else if (at.name.text === 'scf.while')
        this.notes.add("the body of 'scf.while' is counted once");
      else if (at.name.text === 'scf.if')
        this.notes.add("both branches of 'scf.if' are counted as if they always ran");
      if (at === this.kernel) break;
    }
    const grid = this.kernel.getAttribute('grid');
    const extents = grid instanceof DenseArrayAttr ? grid.values : [];
    const { arguments: args } = this.kernel.regions[0].entryBlock;
    extents.forEach((count, i) => {
      const variable = args[args.length - extents.length + i];
      const isKnown = count > 0;
      if (!isKnown) this.notes.add('the grid is known at run time; counted as one block');
      found.push({ variable, lower: 0, step: 1, count: isKnown ? count : 1 });
    });
    return found;
  }

  private loopRepetition(loop: Operation): Repetition {
    const variable = loop.regions[0].entryBlock.arguments[0];
    const { lower = 0, upper, step } = loopBounds(loop, this.forms);
    if (upper !== undefined && step !== undefined && step > 0)
      return { variable, lower, step, count: Math.max(0, Math.ceil((upper - lower) / step)) };
    this.notes.add(
      `the trip count of '%${variable.name ?? 'loop'}' is known at run time; counted as one iteration`,
    );
    return { variable, lower, step: step ?? 1, count: 1 };
  }

  private times(op: Operation): number {
    return product(this.repetitions(op).map(({ count }) => count));
  }

  // Traffic

  private addTraffic(tensor: Value, elements: number, isWrite: boolean): void {
    const bits = bitWidth((tensor.type as MemRefType).elementType) ?? 0;
    const known = this.traffic.get(tensor) ?? { read: 0, written: 0 };
    known[isWrite ? 'written' : 'read'] += (elements * bits) / 8;
    this.traffic.set(tensor, known);
  }

  private visitCopy(op: Operation): void {
    const { source, sourceIndices, destination, destinationIndices } = copyParts(op);
    const ends = [
      [source, sourceIndices, destination],
      [destination, destinationIndices, source],
    ] as const;
    for (const [tensor, indices, tile] of ends) {
      if (!(tensor.type instanceof MemRefType)) continue;
      const other = tile.type;
      const extents = isTileType(other) ? other.shape : tensor.type.shape;
      const elements = this.elementsInside(op, tensor.type, indices, extents);
      this.addTraffic(tensor, elements, tensor === destination);
    }
  }

  /** Elements of all executions of a copy that lie inside of the tensor. */
  private elementsInside(
    op: Operation,
    type: MemRefType,
    indices: readonly Value[],
    extents: readonly number[],
  ): number {
    const repetitions = this.repetitions(op);
    const dims = spannedDimensions(op, type.shape.length, extents.length);
    const used = new Set<Repetition>();
    let [elements, isSeparable] = [1, true];
    for (const [i, extent] of extents.entries()) {
      const size = type.shape[dims[i]];
      const index = indices.length === 0 ? undefined : indices[dims[i]];
      const form = index === undefined ? undefined : this.forms.of(index);
      const moving = repetitions.filter(({ variable }) => form?.terms.has(variable));
      const isKnown = form === undefined || form.terms.size === moving.length;
      if (moving.some((one) => used.has(one))) isSeparable = false;
      moving.forEach((one) => used.add(one));
      const places = product(moving.map(({ count }) => count));
      if (!isKnown || size < 0 || places > MOST_PLACES) elements *= extent * places;
      else {
        const terms = moving.map((one) => ({ ...one, factor: form!.terms.get(one.variable)! }));
        elements *= sumInside(form?.constant ?? 0, terms, extent, size);
      }
    }
    const all = product(repetitions.map(({ count }) => count));
    if (!isSeparable) return product(extents) * all;
    const unused = repetitions.filter((one) => !used.has(one));
    return elements * product(unused.map(({ count }) => count));
  }

  /** An element access counts once for each combination of the loops and blocks that it depends on or repeats in. */
  private visitAccess(op: Operation): void {
    const { tile, indices, isStore } = accessParts(op);
    if (!(tile.type instanceof MemRefType)) return;
    const parallel = op.getParentOfName('tile.parallel');
    const own = new Set(parallel?.regions[0].entryBlock.arguments);
    const forms = indices.map((index) => this.forms.of(index));
    const isOpaque = forms.some(({ terms }) =>
      [...terms.keys()].some((variable) => variable.definingOp !== undefined),
    );
    // Threads that load the same element share it; only distinct elements of one execution of the loop count.
    const counted = this.repetitions(op).filter(
      ({ variable }) =>
        !own.has(variable as never) || isOpaque || forms.some(({ terms }) => terms.has(variable)),
    );
    this.addTraffic(tile, product(counted.map(({ count }) => count)), isStore);
  }

  // Work

  private visitGemm(op: Operation): void {
    const [a, , c] = op.operands.map((value) => (value.type as ShapedType).shape);
    const flop = 2 * c[0] * c[1] * a[gemmRoles(op).a.k] * this.times(op);
    const name = op.getAttribute('instruction');
    const instruction =
      name instanceof StringAttr
        ? this.target.matrix_instructions.find((one) => one.name === name.value)
        : undefined;
    if (instruction === undefined) this.scalarFlop += flop;
    else this.matrixFlop.set(instruction.a, (this.matrixFlop.get(instruction.a) ?? 0) + flop);
  }

  private visitScalar(op: Operation): void {
    const { dialect } = op.name;
    if ((dialect !== 'arith' && dialect !== 'math') || FREE.has(op.name.text)) return;
    const [result] = op.results;
    const type = result === undefined || isShapedType(result.type) ? undefined : result.type;
    if (!(type instanceof FloatType)) return;
    const times = this.times(op);
    this.scalarFlop += op.name.text === 'math.fma' ? 2 * times : times;
    if (dialect === 'math' && op.name.text !== 'math.fma' && op.name.text !== 'math.absf')
      this.transcendental += times;
  }
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((result, number) => result * number, 1);
}

/** The sum over all places of how many of `extent` elements from there lie within `[0, size)`. */
function sumInside(
  constant: number,
  terms: readonly (Repetition & { readonly factor: number })[],
  extent: number,
  size: number,
): number {
  const [first, ...rest] = terms;
  if (first === undefined)
    return Math.max(0, Math.min(size, constant + extent) - Math.max(0, constant));
  let sum = 0;
  for (let i = 0; i < first.count; i++)
    sum += sumInside(constant + first.factor * (first.lower + i * first.step), rest, extent, size);
  return sum;
}
