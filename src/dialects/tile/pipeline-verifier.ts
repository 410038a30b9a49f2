/** The verifier of pipelined loops: their bounds, and the schedules that authors give them. */

import { DenseArrayAttr, IntegerAttr, type Operation } from '../../ir/index.js';
import { findBrokenDependence, hasScheduleLists, scheduleOf } from './pipeline-schedule.js';

export function verifyPipelined(op: Operation): boolean {
  const segments = (op.getAttribute('operandSegmentSizes') as DenseArrayAttr).values;
  const names = ['lower_bound', 'upper_bound', 'step'];
  for (const [i, name] of names.entries()) {
    if (op.hasAttribute(name) === (segments[i] === 1)) {
      return op.emitOpError(
        `expected ${name} as a constant or as a value, found ${segments[i] === 1 ? 'both' : 'neither'}`,
      );
    }
  }
  const step = op.getAttribute('step');
  if (step instanceof IntegerAttr && step.number < 1)
    return op.emitOpError(`expected a positive step, found ${step.number}`);
  const stages = (op.getAttribute('stages') as IntegerAttr).number;
  if (stages < 1) return op.emitOpError(`expected at least one stage, found ${stages}`);
  return !hasScheduleLists(op) || verifySchedule(op, stages);
}

/** One entry of each list for each statement; an order of all of them that keeps their dependences. */
function verifySchedule(op: Operation, stages: number): boolean {
  const [stage, order] = ['stage', 'order'].map((name) => {
    const attribute = op.getAttribute(name);
    return attribute instanceof DenseArrayAttr ? attribute.values : undefined;
  });
  if (stage === undefined) return op.emitOpError("expected 'stage' with 'order', found none");
  if (stages !== 1)
    return op.emitOpError(`expected either 'stages' or the list 'stage', found both`);
  const placements = scheduleOf(op);
  for (const [name, list] of Object.entries({ stage, order })) {
    if (list === undefined || list.length === placements.length) continue;
    const notes = placements.map(({ op: statement }, i) =>
      statement.note(`statement ${i} is here`),
    );
    return op.emitOpError(
      `expected ${placements.length} entries of '${name}', one for each statement of the body, found ${list.length}`,
      notes,
    );
  }
  const negative = stage.find((number) => number < 0);
  if (negative !== undefined)
    return op.emitOpError(`expected stages of at least 0, found ${negative}`);
  const sorted = [...(order ?? [])].sort((a, b) => a - b);
  if (sorted.some((number, i) => number !== i)) {
    return op.emitOpError(
      `expected 'order' to have each number from 0 to ${placements.length - 1} once, found [${order!.join(', ')}]`,
    );
  }
  const broken = findBrokenDependence(op, placements);
  if (broken === undefined) return true;
  const { message, earlier, later } = broken;
  return op.emitOpError(message, [
    earlier.op.note(
      `this one comes first; it has stage ${earlier.stage} and order ${earlier.order}`,
    ),
    later.op.note(`this one comes after it; it has stage ${later.stage} and order ${later.order}`),
  ]);
}
