/** Builds one thread's program: its digits, unrolled loops over its registers, the coordinates of what it holds. */

import {
  Block,
  indexType,
  MemRefType,
  Region,
  UnitAttr,
  type Attribute,
  type BlockArgument,
  type Builder,
  type IntegerAttr,
  type Operation,
  type Type,
  type Value,
} from '../../ir/index.js';
import { decompose, type Fragment, type Term } from '../../layout/index.js';
import { MemrefAllocaOp } from '../../dialects/generated/memref.js';
import { GpuAddressSpaceAttr, GpuThreadIdOp } from '../../dialects/generated/gpu.js';
import { tensorExtent } from '../../dialects/tile/kernel-extents.js';
import type { Rewriter } from '../../rewrite/index.js';
import { IndexBuilder, named, type Index } from '../support/index-builder.js';
import type { IndexSum, IndexTerm } from '../support/index-sum.js';
import { kernelOf } from '../support/tiles.js';
import { UNROLL } from '../../targets/c-like/address.js';

export { UNROLL };

/** Memory spaces of the thread level. */
export const WORKGROUP: Attribute = GpuAddressSpaceAttr.get('workgroup');
export const PRIVATE: Attribute = GpuAddressSpaceAttr.get('private');

export class ThreadBuilder {
  readonly index: IndexBuilder;
  private readonly kernel: Operation;
  private readonly threads: number;

  constructor(
    readonly builder: Rewriter,
    op: Operation,
    readonly warpSize: number,
  ) {
    this.index = new IndexBuilder(builder);
    this.kernel = kernelOf(op);
    this.threads = (this.kernel.getAttribute('threads') as IntegerAttr).number;
  }

  /** The thread's number in its block. Made once, at the start of the kernel. */
  get thread(): Value {
    const entry = this.kernel.regions[0].entryBlock;
    for (const op of entry.operations())
      if (op.name.text === GpuThreadIdOp.opName) return op.result;
    return this.builder.at({ block: entry, before: entry.firstOp }, () => {
      const { location } = this.kernel;
      const { result } = GpuThreadIdOp.build(this.builder, { dimension: 'x', location });
      return named('thread', result as Value);
    });
  }

  /** `thread / divisor % modulus`. */
  threadDigit(divisor: number, modulus: number | undefined): Index {
    const quotient = this.index.divide(this.thread, divisor);
    const isTop = modulus === undefined || divisor * modulus >= this.threads;
    return isTop ? quotient : this.index.remainder(quotient, modulus);
  }

  /** A term of `thread / divisor % modulus` times `coefficient`. */
  threadTerm(divisor: number, modulus: number, coefficient: number): IndexTerm {
    return {
      value: modulus === 1 ? 0 : this.threadDigit(divisor, modulus),
      coefficient,
      extent: modulus,
    };
  }

  /** A register array, undefined until written. */
  registers(shape: readonly number[], elementType: Type, name?: string): Value {
    const type = MemRefType.get(shape, elementType, undefined, PRIVATE);
    const array = buildRegisters(this.builder, type);
    if (name !== undefined) array.name = name;
    return array;
  }

  /** A loop of known count; unrolled unless said otherwise. A count of 1 makes no loop. */
  loop(
    name: string,
    count: number,
    body: (variable: Index) => void,
    { isUnrolled = true }: { readonly isUnrolled?: boolean } = {},
  ): void {
    if (count === 1) return body(0);
    const { builder } = this;
    const [lower, upper, step] = [0, count, 1].map((number) => this.index.constant(number));
    const region = new Region();
    const block = region.append(new Block([indexType], builder.location));
    block.arguments[0].name = name;
    builder.create('scf.for', {
      operands: [lower, upper, step],
      regions: [region],
      attributes: isUnrolled ? { [UNROLL]: UnitAttr.get() } : {},
    });
    builder.at({ block, before: null }, () => {
      body(block.arguments[0] as BlockArgument);
      builder.create('scf.yield');
    });
  }

  /** A loop that is not unrolled and carries one value. */
  sum(
    name: string,
    count: number,
    initial: Value,
    body: (variable: Index, sum: Value) => Value,
  ): Value {
    if (count === 1) return body(0, initial);
    const { builder, index } = this;
    const region = new Region();
    const block = region.append(new Block([indexType, initial.type], builder.location));
    [block.arguments[0].name, block.arguments[1].name] = [name, 'sum'];
    const loop = builder.create('scf.for', {
      operands: [...index.values([0, count, 1]), initial],
      resultTypes: [initial.type],
      regions: [region],
    });
    builder.at({ block, before: null }, () => {
      const result = body(block.arguments[0], block.arguments[1]);
      builder.create('scf.yield', { operands: [result] });
    });
    return loop.result;
  }

  /** Nested loops over some counts, the first outermost. */
  loops(
    counts: readonly { name: string; count: number }[],
    body: (variables: Index[]) => void,
  ): void {
    const build = (variables: Index[]): void => {
      const next = counts[variables.length];
      if (next === undefined) body(variables);
      else this.loop(next.name, next.count, (variable) => build([...variables, variable]));
    };
    build([]);
  }

  /** `if condition { then } else { otherwise }` without results; no condition means always. */
  conditional(condition: Value | undefined, then: () => void, otherwise?: () => void): void {
    if (condition === undefined) return then();
    const regions = [new Region(), new Region()];
    this.builder.create('scf.if', { operands: [condition], regions });
    [then, otherwise].forEach((branch, i) => {
      if (branch === undefined) return;
      const block = regions[i].append(new Block([], this.builder.location));
      this.builder.at({ block, before: null }, () => {
        branch();
        this.builder.create('scf.yield');
      });
    });
  }

  /** `condition ? then : otherwise` where computing `then` is not allowed otherwise. */
  conditionalValue(
    condition: Value | undefined,
    type: Type,
    then: () => Value,
    otherwise: () => Value,
  ): Value {
    if (condition === undefined) return then();
    const regions = [new Region(), new Region()];
    const op = this.builder.create('scf.if', {
      operands: [condition],
      resultTypes: [type],
      regions,
    });
    [then, otherwise].forEach((branch, i) => {
      const block = regions[i].append(new Block([], this.builder.location));
      this.builder.at({ block, before: null }, () => {
        this.builder.create('scf.yield', { operands: [branch()] });
      });
    });
    return op.result;
  }

  /** Coordinates of the elements that the thread holds in a register, and the condition under which it holds one. */
  coordinates(
    fragment: Fragment,
    registers: RegisterIndex,
  ): { sums: IndexSum[]; isHeld: Value | undefined } {
    const { dimensions, linear, predicate } = decompose(fragment);
    const toSum = (terms: readonly Term[]): IndexSum =>
      terms.map((term) => this.toIndexTerm(term, fragment, registers));
    if (dimensions === undefined) {
      const whole = this.total(toSum(linear));
      const sums = fragment.shape.map((extent, dimension): IndexSum => {
        const quotient = this.index.divide(whole, fragment.strides[dimension]);
        const value = dimension === 0 ? quotient : this.index.remainder(quotient, extent);
        return [{ value, coefficient: 1, extent }];
      });
      const isHeld =
        predicate === undefined ? undefined : this.index.compare('slt', whole, predicate.bound);
      return { sums, isHeld };
    }
    const sums = dimensions.map(toSum);
    const isHeld =
      predicate === undefined
        ? undefined
        : this.index.compare('slt', this.total(sums[0]), predicate.bound);
    return { sums, isHeld };
  }

  /** The condition that an array of `shape` for the fragment holds an element at `indices`; undefined where it always does. */
  isHeld(
    fragment: Fragment,
    indices: readonly Index[],
    shape: readonly number[],
  ): Value | undefined {
    if (!fragment.isMasked) return undefined;
    const modes = fragment.value.modes.map(({ size }) => size).reverse();
    return this.coordinates(fragment, this.regroup(indices, shape, modes).reverse()).isHeld;
  }

  /** The condition that a thread holds the first of several copies; undefined where there are no copies. */
  isFirstCopy(fragment: Fragment): Value | undefined {
    const conditions: Value[] = [];
    let divisor = 1;
    fragment.thread.shapes.forEach((extent, leaf) => {
      if (fragment.thread.strides[leaf] === 0 && extent > 1) {
        conditions.push(this.index.compare('eq', this.threadDigit(divisor, extent), 0));
      }
      divisor *= extent;
    });
    return this.index.all(conditions);
  }

  /** Indices of the same register in an array of another shape but equal size. */
  regroup(indices: readonly Index[], from: readonly number[], to: readonly number[]): Index[] {
    if (from.length === to.length && from.every((extent, i) => extent === to[i]))
      return [...indices];
    let flat: Index = 0;
    indices.forEach(
      (index, i) => (flat = this.index.add(this.index.multiply(flat, from[i]), index)),
    );
    const regrouped: Index[] = [];
    let stride = 1;
    for (let i = to.length - 1; i >= 0; i--) {
      const quotient = this.index.divide(flat, stride);
      regrouped.unshift(i === 0 ? quotient : this.index.remainder(quotient, to[i]));
      stride *= to[i];
    }
    return regrouped;
  }

  /** The extent of a tensor's dimension. */
  tensorExtent(tensor: Value, dimension: number): Index {
    const extent = tensorExtent(tensor, dimension);
    if (extent !== undefined) return extent;
    return this.builder.create('memref.dim', {
      operands: [tensor, this.index.value(dimension)],
      resultTypes: [indexType],
    }).result;
  }

  total(sum: IndexSum): Index {
    return this.index.sum(
      sum.map(({ value, coefficient }) => this.index.multiply(value, coefficient)),
    );
  }

  private toIndexTerm(
    { digit, coefficient }: Term,
    fragment: Fragment,
    registers: RegisterIndex,
  ): IndexTerm {
    if (digit.source === 'thread') {
      return {
        value: this.threadDigit(digit.divisor, digit.modulus),
        coefficient,
        extent: digit.extent,
      };
    }
    const { index: leaf, divisor, modulus } = digit.leaf!;
    const place = leafPlaces(fragment)[leaf];
    const from = place.divisor * divisor;
    const variable = registers[place.mode];
    const extent = modulus ?? place.extent / divisor;
    const isTop = from * extent === place.modeSize;
    const quotient = this.index.divide(variable, from);
    const value = isTop ? quotient : this.index.remainder(quotient, extent);
    return { value, coefficient, extent };
  }
}

/** A register array of that type. */
export function buildRegisters(builder: Builder, memrefType: MemRefType): Value {
  return MemrefAllocaOp.build(builder, { memrefType, dynamicSizes: [], symbolOperands: [] }).memref;
}

/** A position in each top-level mode of a fragment's value layout, the fastest mode first. */
export type RegisterIndex = readonly Index[];

interface LeafPlace {
  /** The top-level mode that holds the leaf, and the leaf's divisor and extent within it. */
  readonly mode: number;
  readonly divisor: number;
  readonly extent: number;
  readonly modeSize: number;
}

/** Where each leaf of a value layout stands in its top-level modes. */
export function leafPlaces(fragment: Fragment): LeafPlace[] {
  return fragment.value.modes.flatMap((mode, number) => {
    let divisor = 1;
    return mode.shapes.map((extent) => {
      const place = { mode: number, divisor, extent, modeSize: mode.size };
      divisor *= extent;
      return place;
    });
  });
}

/** Shape of the register array that holds a fragment: its top-level value modes, the slowest first. */
export function registerShape(fragment: Fragment): number[] {
  return fragment.value.modes.map((mode) => mode.size).reverse();
}
