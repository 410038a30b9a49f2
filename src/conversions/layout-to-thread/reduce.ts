/** `tile.reduce`: each thread combines its own registers, then the lanes that share a row exchange theirs. */

import { TileReduceOp, type TileFragmentType } from '../../dialects/generated/tile.js';
import type { ShapedType, Value } from '../../ir/index.js';
import type { Fragment, SplitMode } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import type { Index } from '../support/index-builder.js';
import { planReduction, type ReductionPlan } from '../support/reduction-plan.js';
import { THREAD_GROUP } from '../support/thread-groups.js';
import { fragmentOf } from '../support/tiles.js';
import { Combiner, shuffle } from './combiner.js';
import { threadBuilderAt } from './copy.js';
import { convertElement } from './elements.js';
import { leafPlaces, registerShape, type ThreadBuilder } from './thread-builder.js';
import { memoryOf } from './tile-memory.js';
import { loadElement, storeElement } from './transfer.js';

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
        const { elementType } = source.type as ShapedType;
        const combine = new Combiner(thread, reduce.kind, reduce.nanPropagate, elementType);
        const held = registerShape(fragmentOf(destination.type as TileFragmentType));
        const lowering = { thread, fragment, plan, combine, warpSize, held };
        const from = memoryOf(source);
        const finish = (total: Value, place: readonly Index[]): void => {
          const to = memoryOf(destination);
          const result = reduce.clear
            ? total
            : combine.pair(combine.widened(loadElement(thread, to, place)), total);
          storeElement(thread, convertElement(thread.builder, result, elementType), to, place);
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
  const { thread, fragment, plan, combine } = lowering;
  let total = combine.over(plan.reduced, (digits) => {
    const place = registerOf(thread, fragment, plan, kept, digits);
    const { isHeld } = thread.coordinates(fragment, [...place].reverse());
    return thread.conditionalValue(
      isHeld,
      combine.type,
      () => combine.widened(loadElement(thread, from, place)),
      () => combine.neutral(),
    );
  });
  for (const mask of plan.masks) total = combine.pair(total, shuffle(thread, total, 'xor', mask));
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
  // One lane of those that have the same total, of one of the groups of threads that hold the same elements.
  const isWriter = index.all([
    ...plan.lanes.map(({ divisor, extent }) =>
      index.compare('eq', thread.threadDigit(divisor, extent), 0),
    ),
    thread.isFirstCopy(lowering.fragment),
  ]);
  forEachKept(lowering, (kept, place) => {
    const total = combineWithinWarp(lowering, from, kept);
    const { offset, isHeld } = elementOf(place);
    const isWritten = index.all([isWriter, isHeld]);
    thread.conditional(isWritten, () =>
      storeElement(thread, total, scratch, [index.add(index.multiply(part, result.size), offset)]),
    );
  });
  const group = reduce.op.getAttribute(THREAD_GROUP);
  builder.create('gpu.barrier', { attributes: group && { [THREAD_GROUP]: group } });
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
