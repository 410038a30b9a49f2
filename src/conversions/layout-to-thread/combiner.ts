/** How reductions and scans combine numbers, and how lanes exchange them. */

import type { TileReduction } from '../../dialects/generated/tile.js';
import { GpuShuffleOp } from '../../dialects/generated/gpu.js';
import {
  Block,
  FloatAttr,
  FloatType,
  i32,
  indexType,
  IntegerAttr,
  Region,
  UnitAttr,
  IntegerType,
  type Type,
  type Value,
} from '../../ir/index.js';
import type { SplitMode } from '../../layout/index.js';
import type { Index } from '../support/index-builder.js';
import { combinedType } from '../support/reduction-plan.js';
import { convertElement } from './elements.js';
import { UNROLL, type ThreadBuilder } from './thread-builder.js';

/** How a kind of reduction combines two numbers of a type, by the operation of `arith` that does it. */
interface Combination {
  readonly float: string;
  readonly floatPropagatingNaN: string;
  readonly integer: string;
  /** Of integers without a sign, where that differs. */
  readonly unsigned?: string;
  /** What is left of no elements. */
  readonly ofNothing: number;
  /** Whether elements count by their magnitude. */
  readonly isAbsolute: boolean;
}

const SUM = {
  float: 'arith.addf',
  floatPropagatingNaN: 'arith.addf',
  integer: 'arith.addi',
  ofNothing: 0,
};
const MAX = {
  float: 'arith.maxnumf',
  floatPropagatingNaN: 'arith.maximumf',
  integer: 'arith.maxsi',
  unsigned: 'arith.maxui',
};

function isUnsigned(type: Type): boolean {
  return type instanceof IntegerType && type.signedness === 'unsigned';
}

/** Verification allows bit operations on integers alone. */
function bitwise(integer: string): Omit<Combination, 'ofNothing'> {
  return { float: integer, floatPropagatingNaN: integer, integer, isAbsolute: false };
}

const COMBINATIONS: Readonly<Record<TileReduction, Combination>> = {
  sum: { ...SUM, isAbsolute: false },
  abssum: { ...SUM, isAbsolute: true },
  max: { ...MAX, ofNothing: -Infinity, isAbsolute: false },
  absmax: { ...MAX, ofNothing: 0, isAbsolute: true },
  min: {
    float: 'arith.minnumf',
    floatPropagatingNaN: 'arith.minimumf',
    integer: 'arith.minsi',
    unsigned: 'arith.minui',
    ofNothing: Infinity,
    isAbsolute: false,
  },
  prod: {
    float: 'arith.mulf',
    floatPropagatingNaN: 'arith.mulf',
    integer: 'arith.muli',
    ofNothing: 1,
    isAbsolute: false,
  },
  and: { ...bitwise('arith.andi'), ofNothing: -1 },
  or: { ...bitwise('arith.ori'), ofNothing: 0 },
  xor: { ...bitwise('arith.xori'), ofNothing: 0 },
};

/** The value of another lane: at the distance `offset` upwards, or with the bits of `offset` in its number changed. */
export function shuffle(
  thread: ThreadBuilder,
  value: Value,
  mode: 'xor' | 'up',
  offset: number,
): Value {
  const constant = (number: number): Value =>
    thread.builder.create('arith.constant', {
      resultTypes: [i32],
      attributes: { value: IntegerAttr.get(number, i32) },
    }).result;
  return GpuShuffleOp.build(thread.builder, {
    value,
    offset: constant(offset),
    width: constant(thread.warpSize),
    mode,
  }).op.results[0];
}

export class Combiner {
  private readonly combination: Combination;
  /** What is computed in. */
  readonly type: Type;
  /** Whether numbers that are NaN change nothing. */
  readonly ignoresNaN: boolean;

  constructor(
    private readonly thread: ThreadBuilder,
    kind: TileReduction,
    private readonly isPropagating: boolean,
    private readonly elementType: Type,
    /** The integer type whose least and greatest number are what is left of no elements. */
    private readonly limits: Type = elementType,
  ) {
    this.combination = COMBINATIONS[kind];
    this.type = combinedType(elementType);
    const { float, floatPropagatingNaN } = this.combination;
    this.ignoresNaN =
      float !== floatPropagatingNaN && !this.isPropagating && this.type instanceof FloatType;
  }

  /** An element in the type that is computed in. */
  widened(value: Value): Value {
    return convertElement(this.thread.builder, value, this.type);
  }

  pair(a: Value, b: Value): Value {
    const { float, floatPropagatingNaN, integer, unsigned = integer } = this.combination;
    const ofIntegers = isUnsigned(this.elementType) ? unsigned : integer;
    const ofFloats = this.isPropagating ? floatPropagatingNaN : float;
    const name = this.type instanceof FloatType ? ofFloats : ofIntegers;
    return this.thread.builder.create(name, { operands: [a, b], resultTypes: [this.type] }).result;
  }

  /** Combines what `load` gives for every position in some modes. */
  over(modes: readonly SplitMode[], load: (digits: Index[]) => Value): Value {
    const build = (digits: Index[], carried: Value): Value => {
      const mode = modes[modes.length - 1 - digits.length];
      if (mode === undefined)
        return this.pair(carried, this.magnitude(load([...digits].reverse())));
      return this.loop(mode.extent, carried, (variable, inner) =>
        build([...digits, variable], inner),
      );
    };
    return build([], this.neutral());
  }

  /** Combines `count` values that are magnitudes already. */
  overCount(count: number, load: (position: Index) => Value): Value {
    return this.loop(count, this.neutral(), (variable, carried) =>
      this.pair(carried, load(variable)),
    );
  }

  /** The number as it counts. */
  magnitude(value: Value): Value {
    if (!this.combination.isAbsolute || isUnsigned(this.elementType)) return value;
    const name = this.type instanceof FloatType ? 'math.absf' : 'math.absi';
    return this.thread.builder.create(name, { operands: [value], resultTypes: [this.type] }).result;
  }

  /**
   * The number that changes nothing: NaN where NaN is ignored, because an infinity would take the place of elements that
   * all are NaN.
   */
  neutral(): Value {
    return this.ignoresNaN ? this.constant(NaN) : this.ofNothing();
  }

  /** What is left of no elements. */
  ofNothing(): Value {
    return this.constant(this.combination.ofNothing);
  }

  private constant(number: number): Value {
    const value =
      this.type instanceof FloatType
        ? FloatAttr.get(number, this.type)
        : IntegerAttr.get(this.integer(number), this.type as IntegerType);
    return this.thread.builder.create('arith.constant', {
      resultTypes: [this.type],
      attributes: { value },
    }).result;
  }

  private integer(number: number): bigint {
    if ((this.type as IntegerType).width === 1) return number === 0 ? 0n : 1n;
    if (Number.isFinite(number)) return BigInt(number);
    const { width } = this.limits as IntegerType;
    if (isUnsigned(this.limits)) return number > 0 ? 2n ** BigInt(width) - 1n : 0n;
    const largest = 2n ** BigInt(width - 1) - 1n;
    return number > 0 ? largest : -largest - 1n;
  }

  /** A loop that carries one value, unrolled where it counts registers. */
  loop(
    count: number,
    initial: Value,
    body: (variable: Index, carried: Value) => Value,
    isUnrolled = true,
  ): Value {
    const { builder, index } = this.thread;
    const region = new Region();
    const block = region.append(new Block([indexType, this.type], builder.location));
    [block.arguments[0].name, block.arguments[1].name] = ['e', 'total'];
    const loop = builder.create('scf.for', {
      operands: [...index.values([0, count, 1]), initial],
      resultTypes: [this.type],
      regions: [region],
      attributes: isUnrolled ? { [UNROLL]: UnitAttr.get() } : {},
    });
    builder.at({ block, before: null }, () => {
      const result = body(block.arguments[0], block.arguments[1]);
      builder.create('scf.yield', { operands: [result] });
    });
    return loop.result;
  }
}
