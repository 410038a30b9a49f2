/**
 * The threads of one block, in step: every operation is done by all threads that come to it before any goes on. What one
 * thread does alone is evaluated as at the tile level, with a compilation of its own for each thread.
 */

import type { Block, Operation, Value } from '../../../ir/index.js';
import type { Buffer } from '../buffer.js';
import { fail, type Compilation, type Step } from '../compilation.js';

/** Numbers of the threads that do something. */
export type Threads = readonly number[];

/** Does what an operation means for these threads. */
export type GroupStep = (threads: Threads) => void;
export type GroupEvaluator = (op: Operation, group: ThreadGroup) => GroupStep;
export type GroupEvaluatorTable = ReadonlyMap<string, GroupEvaluator>;

/** The body of a block without its terminator. */
export interface CompiledGroupBlock {
  readonly run: GroupStep;
  readonly terminator: Operation | undefined;
}

export interface Launch {
  readonly blockExtents: readonly number[];
  readonly gridExtents: readonly number[];
  readonly subgroupSize: number;
}

export class ThreadGroup {
  /** The running block's place in the grid, and its shared memory. */
  blockIndex: readonly number[] = [0, 0, 0];
  sharedMemory: Buffer | undefined;
  /** All threads of the block. */
  readonly all: Threads;

  constructor(
    readonly scopes: readonly Compilation[],
    readonly launch: Launch,
    private readonly evaluators: GroupEvaluatorTable,
  ) {
    this.all = scopes.map((_, thread) => thread);
  }

  slot(value: Value): number {
    return this.scopes[0].slot(value);
  }

  /** The closures that `make` gives for every thread. */
  each<T>(make: (scope: Compilation, thread: number) => T): readonly T[] {
    return this.scopes.map(make);
  }

  /** A step that every thread does alone. */
  alone(make: (scope: Compilation) => Step): GroupStep {
    const steps = this.scopes.map(make);
    return (threads) => {
      for (const thread of threads) steps[thread]();
    };
  }

  compile(op: Operation): GroupStep {
    const together = this.evaluators.get(op.name.text);
    return together === undefined ? this.alone((scope) => scope.compile(op)) : together(op, this);
  }

  block(block: Block): CompiledGroupBlock {
    if (block.parentRegion!.hasOneBlock === false) {
      fail(
        block.parentOp!,
        'regions of several blocks cannot be interpreted; expected structured control flow',
      );
    }
    const steps: GroupStep[] = [];
    let terminator: Operation | undefined;
    for (const op of block.operations()) {
      if (op.isTerminator) terminator = op;
      else steps.push(this.compile(op));
    }
    const run = (threads: Threads): void => {
      for (const step of steps) step(threads);
    };
    return { run, terminator };
  }

  /** Values copied in every thread alone. */
  moves(sources: readonly Value[], destinations: readonly Value[]): GroupStep {
    if (sources.length === 0) return () => {};
    return this.alone((scope) => scope.moves(sources, destinations));
  }

  /** Ends the program unless all threads of the block do this. */
  requireAll(op: Operation, threads: Threads): void {
    if (threads.length === this.scopes.length) return;
    fail(
      op,
      `${threads.length} of the block's ${this.scopes.length} threads come to '${op.name}'; expected all`,
    );
  }

  /** These threads by subgroup; ends the program where one is not complete. */
  wholeSubgroups(op: Operation, threads: Threads): number[] {
    const { subgroupSize } = this.launch;
    const counts = new Map<number, number>();
    for (const thread of threads) {
      const subgroup = Math.floor(thread / subgroupSize);
      counts.set(subgroup, (counts.get(subgroup) ?? 0) + 1);
    }
    for (const [subgroup, count] of counts) {
      if (count === subgroupSize) continue;
      fail(
        op,
        `${count} of the ${subgroupSize} threads of subgroup ${subgroup} come to '${op.name}'; expected all`,
      );
    }
    return [...counts.keys()];
  }
}
