/** The table of all operations that one thread does alone, or that have a meaning without threads. */

import { integerEvaluators } from './arith-integer.js';
import { floatEvaluators } from './arith-float.js';
import type { Evaluator, EvaluatorTable } from './compilation.js';
import { controlFlowEvaluators } from './control-flow.js';
import { mathEvaluators } from './math.js';
import { memrefEvaluators } from './memref.js';
import { registerEvaluators } from './thread-level/registers.js';
import { vectorEvaluators } from './thread-level/vectors.js';
import { tileEvaluators } from './tile.js';

/** Does nothing: one program runs at a time and every copy has ended when the next operation begins. */
const ordered: Evaluator = () => () => {};

/** What orders threads and asynchronous copies, which passes insert between operations on tiles. */
const synchronization = ['gpu.barrier', 'nv.cp_async_commit', 'nv.cp_async_wait'].map(
  (name) => [name, ordered] as const,
);

export const evaluators: EvaluatorTable = new Map([
  ...integerEvaluators,
  ...floatEvaluators,
  ...mathEvaluators,
  ...controlFlowEvaluators,
  ...memrefEvaluators,
  ...tileEvaluators,
  ...registerEvaluators,
  ...vectorEvaluators,
  ...synchronization,
]);
