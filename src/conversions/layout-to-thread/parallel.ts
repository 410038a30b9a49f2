/** `tile.parallel`: each thread runs the iterations whose elements it holds, one after another. */

import { TileParallelOp } from '../../dialects/generated/tile.js';
import {
  ownEffects,
  UnitAttr,
  ValueMapping,
  type BlockArgument,
  type Operation,
  type Value,
} from '../../ir/index.js';
import type { Fragment } from '../../layout/index.js';
import { pattern, type RewritePattern } from '../../rewrite/index.js';
import { accessDimensions, viewedFragment } from '../tile-to-layout/inference/parallel-rule.js';
import { accessedTile } from '../support/accessed-element.js';
import type { Index } from '../support/index-builder.js';
import type { IndexSum } from '../support/index-sum.js';
import { fragmentOf, isFragment, isLocal, layoutAttribute } from '../support/tiles.js';
import { threadBuilderAt } from './copy.js';
import { IN_ITERATION } from './debug.js';
import { lowerAtomic, lowerLoad, lowerStore, type Iteration } from './iteration.js';
import { planVectors, VectorGroup } from './parallel-vectors.js';
import { registerShape, type ThreadBuilder } from './thread-builder.js';
import { copyLocal } from './tile-memory.js';

export function parallelPatterns(warpSize: number): RewritePattern[] {
  return [
    pattern(
      TileParallelOp,
      {
        name: 'tile-parallel-to-thread',
        law: 'a parallel loop is each thread running its share in order',
      },
      ({ op }, rewriter) => {
        const fragment = layoutAttribute(op);
        if (fragment === undefined)
          return rewriter.notifyMatchFailure(op, 'the loop has no layout yet');
        const mismatch = findMismatch(op, fragment);
        if (mismatch !== undefined) return rewriter.notifyMatchFailure(op, mismatch);
        const thread = threadBuilderAt(rewriter, op, warpSize);
        const plan = planVectors(op, fragment);
        const counts = registerShape(fragment).map((count, i, { length }) => ({
          name: 'ijklmn'[i],
          count: plan?.mode === length - 1 - i ? count / plan.width : count,
        }));
        thread.loops(counts, (variables) => {
          const group = [...variables].reverse();
          /** The registers of an iteration, by its number in its group. */
          const position = (number: Index): Index[] =>
            group.map((variable, mode) =>
              mode === plan?.mode
                ? thread.index.add(thread.index.multiply(variable, plan.width), number)
                : variable,
            );
          const { sums, isHeld } = thread.coordinates(fragment, position(0));
          thread.conditional(isHeld, () => {
            const iteration = (number: Index): Iteration =>
              iterationAt(thread, op, fragment, position(number), number === 0 ? sums : undefined);
            if (plan === undefined) runBody(thread, iteration(0));
            else new VectorGroup(thread, plan, iteration).run((each) => runBody(thread, each));
          });
        });
        rewriter.erase(op);
        return true;
      },
    ),
  ];
}

/** Local arrays from outside of the loop that its iterations write: each works on a copy. */
function localsChangedIn(loop: Operation): Set<Value> {
  const changed = new Set<Value>();
  loop.walk((op) => {
    for (const { kind, value } of ownEffects(op) ?? []) {
      if (kind !== 'write' || value === undefined || !isLocal(value.type)) continue;
      if (!loop.isProperAncestorOf(value.definingOp!)) changed.add(value);
    }
  });
  return changed;
}

function iterationAt(
  thread: ThreadBuilder,
  loop: Operation,
  fragment: Fragment,
  position: readonly Index[],
  sums: readonly IndexSum[] = thread.coordinates(fragment, position).sums,
): Iteration {
  const mapping = new ValueMapping();
  loop.regions[0].entryBlock.arguments.forEach((argument, dimension) => {
    if (argument.hasUses) mapping.map(argument, named(thread, sums[dimension], argument));
  });
  return { loop, fragment, position, coordinates: sums, mapping };
}

function runBody(thread: ThreadBuilder, iteration: Iteration): void {
  const { loop, mapping } = iteration;
  for (const tile of localsChangedIn(loop)) mapping.map(tile, copyLocal(thread, tile));
  for (const nested of loop.regions[0].entryBlock.operations()) {
    // What a group of iterations has in common was computed in front of them.
    const isKnown = nested.results.some((result) => mapping.lookup(result) !== result);
    if (!isKnown) lowerNested(thread, nested, iteration);
  }
}

function named(thread: ThreadBuilder, sum: IndexSum, argument: BlockArgument): Value {
  const value = thread.index.value(thread.total(sum));
  value.name ??= argument.name;
  return value;
}

/** Why an access to a fragment cannot stay within each thread, or undefined. */
function findMismatch(loop: Operation, fragment: Fragment): string | undefined {
  let mismatch: string | undefined;
  loop.walk((op) => {
    const isAsked = op.name.text === 'tile.atomic' && op.results.some((result) => result.hasUses);
    const copies = fragment.thread.shapes.some(
      (extent, leaf) => extent > 1 && fragment.thread.strides[leaf] === 0,
    );
    if (isAsked && copies)
      mismatch = 'several threads run an iteration, and only one of them has the value before';
    const tile = accessedTile(op);
    if (tile === undefined || !isFragment(tile.type)) return;
    const held = fragmentOf(tile.type);
    const dimensions = accessDimensions(op, loop);
    const wanted = dimensions && viewedFragment(fragment, dimensions);
    if (wanted === undefined || !wanted.isEquivalent(held)) {
      mismatch = `'${tile.type}' is distributed differently from the loop's iterations`;
    }
  });
  return mismatch;
}

/** Copies one operation of the loop's body, with accesses to tiles turned into accesses to memory. */
function lowerNested(thread: ThreadBuilder, op: Operation, iteration: Iteration): void {
  const { mapping } = iteration;
  const tile = accessedTile(op);
  thread.builder.location = op.location;
  if (tile === undefined) {
    const copy = thread.builder.clone(op, mapping);
    copy.walk((nested) => {
      if (nested.name.text === 'tile.print') nested.setAttribute(IN_ITERATION, UnitAttr.get());
    });
    if (op.regions.length > 0) lowerAccessesInside(thread, op, copy, iteration);
    return;
  }
  if (op.name.text === 'tile.load') {
    const value = lowerLoad(thread, op, tile, iteration);
    value.name ??= op.result.name;
    mapping.map(op.result, value);
  } else if (op.name.text === 'tile.atomic') {
    const previous = lowerAtomic(thread, op, tile, iteration);
    if (previous !== undefined) mapping.map(op.result, previous);
  } else lowerStore(thread, op, tile, iteration);
}

/** Lowers the accesses to tiles inside the copy of an operation with regions. */
function lowerAccessesInside(
  thread: ThreadBuilder,
  original: Operation,
  copy: Operation,
  iteration: Iteration,
): void {
  const list = (root: Operation): Operation[] => {
    const ops: Operation[] = [];
    root.walk((op) => void ops.push(op), 'pre');
    return ops;
  };
  const copies = list(copy);
  list(original).forEach((op, i) => {
    const tile = accessedTile(op);
    if (tile === undefined) return;
    const replaced = copies[i];
    thread.builder.at({ block: replaced.parentBlock!, before: replaced }, () => {
      if (op.name.text === 'tile.load') {
        const value = lowerLoad(thread, op, tile, iteration);
        iteration.mapping.map(op.result, value);
        thread.builder.replaceOp(replaced, [value]);
      } else if (op.name.text === 'tile.atomic') {
        const previous = lowerAtomic(thread, op, tile, iteration);
        thread.builder.replaceOp(replaced, previous === undefined ? [] : [previous]);
      } else {
        lowerStore(thread, op, tile, iteration);
        thread.builder.erase(replaced);
      }
    });
  });
}
