/** What may watch a pass manager at work: dumps, timing, statistics, history and reproducers are instrumentations. */

import type { AnalysisObserver } from '../analysis/index.js';
import type { Operation } from '../ir/index.js';
import type { NestedElement, PassElement, Pipeline } from './pipeline.js';

/** Every method is optional; `before` methods are called in order, `after` methods in reverse. */
export interface PassInstrumentation extends AnalysisObserver {
  /** The whole run; `pipeline` is what was asked for. */
  beforeRun?(pipeline: Pipeline, root: Operation): void;
  afterRun?(pipeline: Pipeline, root: Operation, isSuccess: boolean): void;
  /** A nested pipeline on one operation. */
  beforePipeline?(element: NestedElement, op: Operation): void;
  afterPipeline?(element: NestedElement, op: Operation): void;
  beforePass?(element: PassElement, op: Operation): void;
  afterPass?(element: PassElement, op: Operation): void;
  /** The pass failed, or what it left does not verify; `afterPass` is not called then. */
  afterPassFailed?(element: PassElement, op: Operation): void;
}
