/** The author's schedule of a loop, written on its statements: later steps add statements and drop some. */

import {
  hasScheduleLists,
  scheduleOf,
  type Placement,
} from '../../dialects/tile/pipeline-schedule.js';
import { pipelineStatements } from '../../dialects/tile/pipeline-schedule.js';
import { IntegerAttr, type Operation, type Value } from '../../ir/index.js';
import { defineKernelPass } from '../support/kernel-pass.js';

/** Attributes of a statement of a scheduled loop. */
const STAGE = 'tile.stage';
const ORDER = 'tile.order';

function markStages(kernel: Operation): void {
  kernel.walk((loop) => {
    if (loop.name.text !== 'tile.pipelined' || !hasScheduleLists(loop)) return;
    const placements = scheduleOf(loop);
    for (const { op, stage, order } of placements) {
      op.setAttribute(STAGE, IntegerAttr.get(stage));
      op.setAttribute(ORDER, IntegerAttr.get(order));
    }
    const depth = Math.max(0, ...placements.map(({ stage }) => stage)) + 1;
    loop.setAttribute('stages', IntegerAttr.get(depth));
    loop.setAttribute('stage', undefined);
    loop.setAttribute('order', undefined);
  });
}

function markOf(op: Operation): Placement | undefined {
  const [stage, order] = [op.getAttribute(STAGE), op.getAttribute(ORDER)];
  if (!(stage instanceof IntegerAttr) || !(order instanceof IntegerAttr)) return undefined;
  return { op, stage: stage.number, order: order.number };
}

/**
 * The places of a loop's statements, with different orders; undefined where the author gave none. A statement that the
 * lowering added runs where the statement does that needs its result, or else after the one in front of it.
 */
export function markedSchedule(loop: Operation): Placement[] | undefined {
  const statements = pipelineStatements(loop);
  const marks = statements.map(markOf);
  if (marks.every((mark) => mark === undefined)) return undefined;
  const places = statements.map((op, i): [place: Placement, rank: number] => {
    const own = marks[i];
    if (own !== undefined) return [own, 0];
    const needed = new Set(writtenBy(op));
    const after = marks.find(
      (mark, j) => j > i && mark?.op.operands.some((operand) => needed.has(operand)),
    );
    if (after !== undefined) return [after, -1];
    const before = marks.slice(0, i).findLast((mark) => mark !== undefined);
    return before === undefined ? [marks.find((mark) => mark !== undefined)!, -1] : [before, 1];
  });
  const sorted = places
    .map(([{ stage, order }, rank], i) => ({ op: statements[i], stage, order, rank, i }))
    .sort((a, b) => a.order - b.order || a.rank - b.rank || a.i - b.i);
  const orders = new Map(sorted.map(({ op }, order) => [op, order]));
  return places.map(([{ stage }], i) => ({
    op: statements[i],
    stage,
    order: orders.get(statements[i])!,
  }));
}

/** What an operation makes: its results, and its last operand, which is what copies and reductions write. */
function writtenBy(op: Operation): Value[] {
  return [...op.results, ...op.operands.slice(-1)];
}

/** Removes the marks of a statement. */
export function unmark(op: Operation): void {
  op.setAttribute(STAGE, undefined);
  op.setAttribute(ORDER, undefined);
}

export const tileMarkStages = defineKernelPass({
  name: 'tile-mark-stages',
  summary: 'write the order and stage lists of pipelined loops on their statements',
  run: markStages,
});
