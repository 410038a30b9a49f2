/** Loops and branches of threads in step: those that have left wait for the others. */

import { fail } from '../compilation.js';
import type { GroupEvaluator, GroupEvaluatorTable, GroupStep, Threads } from './thread-group.js';

const forLoop: GroupEvaluator = (op, group) => {
  const body = op.regions[0].entryBlock;
  const [induction, ...carried] = body.arguments;
  const bounds = group.each((scope) => {
    const [lower, upper, step] = op.operands.slice(0, 3).map((value) => scope.integer(value, op));
    return { lower, upper, step, set: scope.setInteger(induction, op) };
  });
  const { run, terminator } = group.block(body);
  const enter = group.moves(op.operands.slice(op.operandCount - carried.length), carried);
  const next = group.moves(terminator?.operands ?? [], terminator === undefined ? [] : carried);
  const leave = group.moves(carried, op.results);
  const [scope] = group.scopes;
  const at = new Float64Array(group.scopes.length);
  const end = new Float64Array(group.scopes.length);
  const stride = new Float64Array(group.scopes.length);
  return (threads) => {
    for (const thread of threads) {
      const { lower, upper, step } = bounds[thread];
      at[thread] = lower();
      end[thread] = upper();
      stride[thread] = step();
      if (stride[thread] <= 0)
        fail(op, `the loop's step must be positive, but is ${stride[thread]}`);
    }
    enter(threads);
    let running = remaining(threads, (thread) => at[thread] < end[thread]);
    while (running.length > 0) {
      scope.countSteps(op, running.length);
      for (const thread of running) bounds[thread].set(at[thread]);
      run(running);
      next(running);
      for (const thread of running) at[thread] += stride[thread];
      running = remaining(running, (thread) => at[thread] < end[thread]);
    }
    leave(threads);
  };
};

/** The same array where all remain, which is what happens mostly. */
function remaining(threads: Threads, stays: (thread: number) => boolean): Threads {
  return threads.every(stays) ? threads : threads.filter(stays);
}

const branch: GroupEvaluator = (op, group) => {
  const condition = group.slot(op.operand(0));
  const arms = op.regions.map((region): GroupStep => {
    if (region.isEmpty) return () => {};
    const { run, terminator } = group.block(region.entryBlock);
    const leave = group.moves(terminator?.operands ?? [], op.results);
    return (threads) => {
      run(threads);
      leave(threads);
    };
  });
  const holds = (thread: number): boolean => group.scopes[thread].numbers[condition] !== 0;
  return (threads) => {
    // A branch may not change what the other arm is chosen by.
    const parts = [remaining(threads, holds), threads.filter((thread) => !holds(thread))];
    parts.forEach((part, i) => {
      if (part.length > 0) arms[i]?.(part);
    });
  };
};

const whileLoop: GroupEvaluator = (op, group) => {
  const [before, after] = op.regions.map((region) => region.entryBlock);
  const test = group.block(before);
  const body = group.block(after);
  const [condition, ...passed] = test.terminator!.operands;
  const flag = group.slot(condition);
  const enter = group.moves(op.operands, before.arguments);
  const goOn = group.moves(passed, after.arguments);
  const again = group.moves(body.terminator!.operands, before.arguments);
  const leave = group.moves(passed, op.results);
  const [scope] = group.scopes;
  return (threads) => {
    enter(threads);
    let running = threads;
    for (;;) {
      scope.countSteps(op, running.length);
      test.run(running);
      running = remaining(running, (thread) => group.scopes[thread].numbers[flag] !== 0);
      if (running.length === 0) break;
      goOn(running);
      body.run(running);
      again(running);
    }
    leave(threads);
  };
};

export const groupControlFlow: GroupEvaluatorTable = new Map([
  ['scf.for', forLoop],
  ['scf.if', branch],
  ['scf.while', whileLoop],
]);
