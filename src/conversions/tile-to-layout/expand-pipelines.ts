/**
 * Software pipelining: turns `tile.pipelined` into a plain loop in which statements of several iterations overlap, by the
 * compiler's plan or the author's. Buffers that live in several iterations at once get versions.
 */

import { isSameExpression } from '../../analysis/index.js';
import {
  findBrokenDependence,
  isRepeatable,
  type Placement,
} from '../../dialects/tile/pipeline-schedule.js';
import { ancestorIn, type IntegerAttr, type Operation } from '../../ir/index.js';
import type { Target } from '../../targets/target.js';
import { defineKernelPass } from '../support/kernel-pass.js';
import { markedSchedule, unmark } from './mark-stages.js';
import { expandSerial } from './pipeline-loop.js';
import {
  asynchronyObstacle,
  findProducers,
  isLoop,
  versionsThatFit,
  type Producer,
} from './pipeline-producers.js';
import { PrefetchPipeline } from './prefetch-pipeline.js';
import { reorderStatements, ScheduledPipeline } from './scheduled-pipeline.js';

/** Expands every pipelined loop of a kernel, innermost first. Reports loops that cannot overlap and why. */
export function expandPipelines(kernel: Operation, target: Target): void {
  const loops: Operation[] = [];
  kernel.walk((op) => {
    if (op.name.text === 'tile.pipelined') loops.push(op);
  });
  for (const loop of loops) expandLoop(loop, target);
}

function expandLoop(loop: Operation, target: Target): void {
  hoistAllocations(loop);
  mergeRepeated(loop);
  const placements = markedSchedule(loop);
  if (placements !== undefined) return expandScheduled(loop, placements, target);
  const stages = (loop.getAttribute('stages') as IntegerAttr).number;
  if (stages <= 1) return expandSerial(loop);
  const producers = findProducers(loop);
  if (typeof producers !== 'string') return expandPrefetch(loop, producers, stages, target);
  loop.emitRemark(`loop is not pipelined: ${producers}`);
  expandSerial(loop);
}

/** Copies of several iterations may be in flight, so one tile of the loop stands for all of them. */
function hoistAllocations(loop: Operation): void {
  for (const op of [...loop.regions[0].entryBlock.operations()])
    if (op.name.text === 'tile.alloc') op.moveBefore(loop);
}

/** Loads of what a loop does not write are one value in an iteration, so that equal conditions are one condition. */
function mergeRepeated(loop: Operation): void {
  const kept: Operation[] = [];
  for (const op of [...loop.regions[0].entryBlock.operations()]) {
    if (op.isTerminator || op.regions.length > 0 || !isRepeatable(op, loop)) continue;
    const same = kept.find((other) => isSameExpression(other, op));
    if (same === undefined) {
      kept.push(op);
      continue;
    }
    op.results.forEach((result, i) => result.replaceAllUsesWith(same.results[i]));
    op.erase();
  }
}

function expandPrefetch(
  loop: Operation,
  producers: readonly Producer[],
  stages: number,
  target: Target,
): void {
  const obstacle = firstObstacle(producers, target);
  const pipeline = new PrefetchPipeline(loop, producers);
  if (obstacle === undefined) return pipeline.expandAsynchronous(target, stages);
  if (target.async_copy_bytes.length > 0)
    loop.emitRemark(`loop is pipelined through registers: ${obstacle}`);
  pipeline.expandThroughRegisters(target, versionsThatFit(loop, producers, target));
}

function firstObstacle(producers: readonly Producer[], target: Target): string | undefined {
  const copies = producers.flatMap(({ filling }) => (isLoop(filling) ? [] : [filling]));
  if (copies.length === 0) return 'its body has loops over elements instead of copies';
  return copies
    .map((copy) => asynchronyObstacle(copy, target))
    .find((reason) => reason !== undefined);
}

/** A loop whose statements the author placed. */
function expandScheduled(loop: Operation, placements: readonly Placement[], target: Target): void {
  const broken = findBrokenDependence(loop, placements);
  if (broken !== undefined) {
    loop.emitRemark(`loop is not pipelined: ${broken.message}`, [
      broken.later.op.note('this one would run too early'),
    ]);
    for (const { op } of placements) unmark(op);
    return expandSerial(loop);
  }
  const last = Math.max(...placements.map(({ stage }) => stage));
  const producers = asPrefetch(loop, placements, last, target);
  if (last === 0 || producers !== undefined) reorderStatements(loop, placements);
  if (last === 0) return expandSerial(loop);
  if (producers !== undefined) return expandPrefetch(loop, producers, last + 1, target);
  new ScheduledPipeline(loop, placements, target).expand();
}

/** What fills tiles in a schedule that has the form of the compiler's own: it makes up stage 0, all the rest the last one. */
function asPrefetch(
  loop: Operation,
  placements: readonly Placement[],
  last: number,
  target: Target,
): Producer[] | undefined {
  const ahead = placements.filter(({ stage }) => stage === 0);
  const rest = placements.filter(({ stage }) => stage === last);
  if (last === 0 || ahead.length + rest.length < placements.length) return undefined;
  const producers = findProducers(loop, () => {});
  if (typeof producers === 'string') return undefined;
  const fillings = new Set(producers.map(({ filling }) => filling.op));
  if (!ahead.every(({ op }) => isMadeOf(op, fillings, loop))) return undefined;
  const orders = new Map(ahead.map(({ op, order }) => [op, order]));
  const orderOf = ({ filling }: Producer): number | undefined =>
    orders.get(ancestorIn(loop.regions[0], filling.op)!);
  if (producers.some((producer) => orderOf(producer) === undefined)) return undefined;
  producers.sort((a, b) => orderOf(a)! - orderOf(b)!);
  const areFirst = ahead.every(({ order }) => rest.every((other) => order < other.order));
  return areFirst || firstObstacle(producers, target) !== undefined ? producers : undefined;
}

/** Whether a statement is one of the fillings, or a branch that does nothing but make some of them. */
function isMadeOf(
  statement: Operation,
  fillings: ReadonlySet<Operation>,
  loop: Operation,
): boolean {
  return statement.walk((op) => {
    if (fillings.has(op)) return 'skip';
    const isBranch = op.name.text === 'scf.if' || op.isTerminator;
    return isBranch || isRepeatable(op, loop) ? 'advance' : 'interrupt';
  }, 'pre');
}

export const tileExpandPipelines = defineKernelPass({
  name: 'tile-expand-pipelines',
  summary:
    'overlap the iterations of pipelined loops by copying ahead into versions of their buffers',
  requires: ['scf', 'arith', 'gpu', 'nv'],
  run: expandPipelines,
});
