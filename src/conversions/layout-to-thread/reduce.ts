/** `tile.reduce`: each thread combines its own registers, then the lanes that share a row exchange theirs. */

import { TileReduceOp, type TileReduction } from '../../dialects/generated/tile.js';
import { GpuShuffleOp } from '../../dialects/generated/gpu.js';
import {
  Block,
  FloatAttr,
  FloatType,
  i32,
  indexType,
  IntegerAttr,
  IntegerType,
  Region,
  UnitAttr,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import { splitModes, type Fragment, type SplitMode } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { fragmentOf } from '../support/tiles.js';
import type { TileFragmentType } from '../../dialects/generated/tile.js';
import { threadBuilderAt } from './copy.js';
import { leafPlaces, UNROLL, type ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

/** How a kind of reduction combines two numbers of a type, by the operation of `arith` that does it. */
interface Combination {
  readonly float: string;
  readonly floatPropagatingNaN: string;
  readonly integer: string;
  /** The number that changes nothing. */
  readonly neutral: number;
  /** Whether elements count by their magnitude. */
  readonly isAbsolute: boolean;
}

const SUM = {
  float: 'arith.addf',
  floatPropagatingNaN: 'arith.addf',
  integer: 'arith.addi',
  neutral: 0,
};
const MAX = {
  float: 'arith.maxnumf',
  floatPropagatingNaN: 'arith.maximumf',
  integer: 'arith.maxsi',
};
const COMBINATIONS: Readonly<Record<TileReduction, Combination>> = {
  sum: { ...SUM, isAbsolute: false },
  abssum: { ...SUM, isAbsolute: true },
  max: { ...MAX, neutral: -Infinity, isAbsolute: false },
  absmax: { ...MAX, neutral: 0, isAbsolute: true },
  min: {
    float: 'arith.minnumf',
    floatPropagatingNaN: 'arith.minimumf',
    integer: 'arith.minsi',
    neutral: Infinity,
    isAbsolute: false,
  },
};

export function reducePatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileReduceOp,
      {
        name: 'tile-reduce-to-thread',
        law: 'a reduction is each thread combining what it holds, then the lanes of a row combining theirs',
      },
      (reduce, rewriter) => {
        const { op, source, destination } = reduce;
        const fragment = fragmentOf(source.type as TileFragmentType);
        const plan = planReduction(fragment, Number(reduce.dim.value), warpSize);
        if (typeof plan === 'string') return rewriter.notifyMatchFailure(op, plan);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const combine = new Combiner(thread, reduce, (source.type as ShapedType).elementType);
        const [from, to] = [memoryOf(source), memoryOf(destination)];
        thread.loops(
          plan.kept.map((mode, i) => ({ name: 'ijklmn'[i], count: mode.extent })).reverse(),
          (variables) => {
            const kept = [...variables].reverse();
            let total = combine.over(plan.reduced, (digits) =>
              loadElement(thread, from, registerOf(thread, fragment, plan, kept, digits)),
            );
            for (const mask of plan.masks)
              total = combine.pair(total, shuffle(thread, total, mask, warpSize));
            const place = [...kept].reverse();
            if (!reduce.clear) total = combine.pair(loadElement(thread, to, place), total);
            storeElement(thread, total, to, place);
          },
        );
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

interface ReductionPlan {
  /** Register modes that the result keeps, and those that are combined; fastest first. */
  readonly kept: readonly SplitMode[];
  readonly reduced: readonly SplitMode[];
  /** Distances between the lanes that hold parts of one row, for exchanges by XOR. */
  readonly masks: readonly number[];
}

/** How a dimension lies over registers and lanes, or why it cannot be reduced by exchanges within a warp. */
function planReduction(fragment: Fragment, dim: number, warpSize: number): ReductionPlan | string {
  const thread = splitModes(fragment.thread, fragment.shape);
  const value = splitModes(fragment.value, fragment.shape);
  if (typeof thread === 'string') return thread;
  if (typeof value === 'string') return value;
  if (fragment.isMasked) return 'the fragment has threads that hold nothing';
  const masks: number[] = [];
  let divisor = 1;
  for (const mode of thread) {
    if (mode.steps[dim] !== 0 && mode.extent > 1) {
      if (divisor * mode.extent > warpSize) return 'parts of one row lie in different warps';
      if (!Number.isInteger(Math.log2(mode.extent)))
        return 'the lanes of one row are no power of two';
      for (let step = 1; step < mode.extent; step *= 2) masks.push(divisor * step);
    }
    divisor *= mode.extent;
  }
  const isReduced = (mode: SplitMode): boolean => mode.steps[dim] !== 0;
  return {
    kept: value.filter(
      (mode) => mode.extent > 1 && !isReduced(mode) && mode.steps.some((step) => step !== 0),
    ),
    reduced: value.filter((mode) => mode.extent > 1 && isReduced(mode)),
    masks,
  };
}

/** Indices of the source's register array for positions in the kept and reduced modes. */
function registerOf(
  thread: ThreadBuilder,
  fragment: Fragment,
  plan: ReductionPlan,
  kept: readonly Index[],
  reduced: readonly Index[],
): Index[] {
  const places = leafPlaces(fragment);
  const position: Index[] = fragment.value.modes.map(() => 0);
  const add = (mode: SplitMode, digit: Index): void => {
    const place = places[mode.leaf];
    const scaled = thread.index.multiply(digit, place.divisor * mode.leafDivisor);
    position[place.mode] = thread.index.add(position[place.mode], scaled);
  };
  plan.kept.forEach((mode, i) => add(mode, kept[i]));
  plan.reduced.forEach((mode, i) => add(mode, reduced[i]));
  return position.reverse();
}

function shuffle(thread: ThreadBuilder, value: Value, mask: number, warpSize: number): Value {
  const constant = (number: number): Value =>
    thread.builder.create('arith.constant', {
      resultTypes: [i32],
      attributes: { value: IntegerAttr.get(number, i32) },
    }).result;
  return GpuShuffleOp.build(thread.builder, {
    value,
    offset: constant(mask),
    width: constant(warpSize),
    mode: 'xor',
  }).op.results[0];
}

class Combiner {
  private readonly combination: Combination;
  private readonly isPropagating: boolean;

  constructor(
    private readonly thread: ThreadBuilder,
    reduce: TileReduceOp,
    private readonly type: Type,
  ) {
    this.combination = COMBINATIONS[reduce.kind];
    this.isPropagating = reduce.nanPropagate;
  }

  pair(a: Value, b: Value): Value {
    const { float, floatPropagatingNaN, integer } = this.combination;
    const isFloat = this.type instanceof FloatType;
    const name = isFloat ? (this.isPropagating ? floatPropagatingNaN : float) : integer;
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

  private magnitude(value: Value): Value {
    if (!this.combination.isAbsolute) return value;
    const name = this.type instanceof FloatType ? 'math.absf' : 'math.absi';
    return this.thread.builder.create(name, { operands: [value], resultTypes: [this.type] }).result;
  }

  private neutral(): Value {
    const { neutral } = this.combination;
    const value =
      this.type instanceof FloatType
        ? FloatAttr.get(neutral, this.type)
        : IntegerAttr.get(this.integerNeutral(neutral), this.type as IntegerType);
    return this.thread.builder.create('arith.constant', {
      resultTypes: [this.type],
      attributes: { value },
    }).result;
  }

  private integerNeutral(neutral: number): bigint {
    if (Number.isFinite(neutral)) return BigInt(neutral);
    const { width } = this.type as IntegerType;
    const largest = 2n ** BigInt(width - 1) - 1n;
    return neutral > 0 ? largest : -largest - 1n;
  }

  /** An unrolled loop that carries one value. */
  private loop(
    count: number,
    initial: Value,
    body: (variable: Index, carried: Value) => Value,
  ): Value {
    const { builder, index } = this.thread;
    const region = new Region();
    const block = region.append(new Block([indexType, this.type], builder.location));
    [block.arguments[0].name, block.arguments[1].name] = ['e', 'total'];
    const loop = builder.create('scf.for', {
      operands: [...index.values([0, count, 1]), initial],
      resultTypes: [this.type],
      regions: [region],
      attributes: { [UNROLL]: UnitAttr.get() },
    });
    builder.at({ block, before: null }, () => {
      const result = body(block.arguments[0], block.arguments[1]);
      builder.create('scf.yield', { operands: [result] });
    });
    return loop.result;
  }
}
