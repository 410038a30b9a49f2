/** `tile.reduce`: each thread combines its own registers, then the lanes that share a row exchange theirs. */

import { TileReduceOp, type TileReduction } from '../../dialects/generated/tile.js';
import { GpuShuffleOp } from '../../dialects/generated/gpu.js';
import type { IntegerType } from '../../ir/index.js';
import {
  Block,
  FloatAttr,
  FloatType,
  i32,
  indexType,
  IntegerAttr,
  Region,
  UnitAttr,
  type ShapedType,
  type Type,
  type Value,
} from '../../ir/index.js';
import type { Fragment, SplitMode } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { planReduction, type ReductionPlan } from '../support/reduction-plan.js';
import { fragmentOf } from '../support/tiles.js';
import type { TileFragmentType } from '../../dialects/generated/tile.js';
import { threadBuilderAt } from './copy.js';
import { leafPlaces, registerShape, UNROLL, type ThreadBuilder } from './thread-builder.js';
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
        if (plan.parts.length > 0 && reduce.scratch === undefined) {
          return rewriter.notifyMatchFailure(
            op,
            'parts of one row lie in different warps and there is no scratch',
          );
        }
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const combine = new Combiner(thread, reduce, (source.type as ShapedType).elementType);
        const held = registerShape(fragmentOf(destination.type as TileFragmentType));
        const lowering = { thread, fragment, plan, combine, warpSize, held };
        const from = memoryOf(source);
        const finish = (total: Value, place: readonly Index[]): void => {
          const to = memoryOf(destination);
          const result = reduce.clear ? total : combine.pair(loadElement(thread, to, place), total);
          storeElement(thread, result, to, place);
        };
        if (reduce.scratch === undefined) {
          forEachKept(lowering, (kept, place) =>
            finish(combineWithinWarp(lowering, from, kept), place),
          );
        } else combineThroughScratch(lowering, from, reduce, finish);
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

interface Lowering {
  readonly thread: ThreadBuilder;
  readonly fragment: Fragment;
  readonly plan: ReductionPlan;
  readonly combine: Combiner;
  readonly warpSize: number;
  /** Shape of the register array of the result. */
  readonly held: readonly number[];
}

/** Loops over the registers of the result: positions in the kept modes, and indices of its register array. */
function forEachKept(
  { thread, plan, held }: Lowering,
  body: (kept: readonly Index[], place: readonly Index[]) => void,
): void {
  const counts = plan.kept.map((mode, i) => ({ name: 'ijklmn'[i], count: mode.extent })).reverse();
  const shape = counts.map(({ count }) => count);
  thread.loops(counts, (variables) =>
    body(
      [...variables].reverse(),
      // A result of one register is an array of one element.
      shape.length === 0 ? held.map(() => 0) : thread.regroup(variables, shape, held),
    ),
  );
}

/** What the lanes of a warp hold of one row, combined in each of them. */
function combineWithinWarp(lowering: Lowering, from: Value, kept: readonly Index[]): Value {
  const { thread, fragment, plan, combine, warpSize } = lowering;
  let total = combine.over(plan.reduced, (digits) => {
    const place = registerOf(thread, fragment, plan, kept, digits);
    const value = loadElement(thread, from, place);
    const { isHeld } = thread.coordinates(fragment, [...place].reverse());
    return isHeld === undefined ? value : combine.valueIf(isHeld, value);
  });
  for (const mask of plan.masks)
    total = combine.pair(total, shuffle(thread, total, mask, warpSize));
  return total;
}

/**
 * Parts of a row that lie in different warps meet in shared memory: every part is written to a row of its own of the
 * scratch tile, and after a barrier every thread combines all parts of the rows it needs.
 */
function combineThroughScratch(
  lowering: Lowering,
  from: Value,
  reduce: TileReduceOp,
  finish: (total: Value, place: readonly Index[]) => void,
): void {
  const { thread, plan, combine } = lowering;
  const { index, builder } = thread;
  const result = fragmentOf(reduce.destination.type as TileFragmentType);
  const scratch = memoryOf(reduce.scratch!);
  // The number of a thread's part: digits of the thread modes that exchanges cannot reach.
  let part: Index = 0;
  let count = 1;
  for (const { divisor, extent } of plan.parts) {
    part = index.add(part, index.multiply(thread.threadDigit(divisor, extent), count));
    count *= extent;
  }
  const elementOf = (place: readonly Index[]): { offset: Index; isHeld: Value | undefined } => {
    const { sums, isHeld } = thread.coordinates(result, [...place].reverse());
    const offset = index.sum(
      sums.map((sum, i) => index.multiply(thread.total(sum), result.strides[i])),
    );
    return { offset, isHeld };
  };
  const isWriter = index.all(
    plan.lanes.map(({ divisor, extent }) =>
      index.compare('eq', thread.threadDigit(divisor, extent), 0),
    ),
  );
  forEachKept(lowering, (kept, place) => {
    const total = combineWithinWarp(lowering, from, kept);
    const { offset, isHeld } = elementOf(place);
    const isWritten = index.all([isWriter, isHeld].filter((condition) => condition !== undefined));
    thread.conditional(isWritten, () =>
      storeElement(thread, total, scratch, [index.add(index.multiply(part, result.size), offset)]),
    );
  });
  builder.create('gpu.barrier');
  forEachKept(lowering, (_, place) => {
    const { offset, isHeld } = elementOf(place);
    thread.conditional(isHeld, () => {
      const total = combine.overCount(count, (other) =>
        loadElement(thread, scratch, [index.add(index.multiply(other, result.size), offset)]),
      );
      finish(total, place);
    });
  });
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

  /** Combines `count` values that are magnitudes already. */
  overCount(count: number, load: (position: Index) => Value): Value {
    return this.loop(count, this.neutral(), (variable, carried) =>
      this.pair(carried, load(variable)),
    );
  }

  /** The value where a condition holds, else what changes nothing. */
  valueIf(condition: Value, value: Value): Value {
    return this.thread.builder.create('arith.select', {
      operands: [condition, value, this.neutral()],
      resultTypes: [this.type],
    }).result;
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
