/** Runs parts of a target's pipeline on copies of a module, so that a program can be looked at between two steps. */

import { cloneOperation, type Operation } from '../ir/index.js';
import {
  expandPipeline,
  getPipeline,
  PassManager,
  type PipelineElement,
} from '../pipelines/index.js';
import { emitKindOf } from '../pipelines/compile.js';
import { InternalError } from '../support/index.js';
import type { Target } from '../targets/target.js';

/** Tiles have layouts, loops are as the author wrote them. */
const BEFORE_PIPELINING = 'tile-expand-pipelines';
/** Every tile has its place; all that is left is to spell out what each thread does. */
const BEFORE_THREADS = 'convert-tile-storage-to-memref';

export interface LoweringStages {
  /** After layout inference, before loops are pipelined. */
  readonly layouts: Operation;
  /** After shared memory was allocated. */
  readonly allocated: Operation;
}

function stepsFor(target: Target): readonly PipelineElement[] {
  const pipeline = getPipeline(`tile-to-${emitKindOf(target)}`);
  if (pipeline === undefined) throw new InternalError(`no pipeline lowers to ${target.name}`);
  return expandPipeline(pipeline, { arch: target.name }, 'builtin.module');
}

function indexOfPass(steps: readonly PipelineElement[], name: string): number {
  const at = steps.findIndex((step) => step.kind === 'pass' && step.pass.name === name);
  if (at === -1) throw new InternalError(`the pipeline has no step '${name}'`);
  return at;
}

function runSteps(module: Operation, elements: readonly PipelineElement[]): boolean {
  return new PassManager(module.context, { anchor: 'builtin.module', elements }).run(module);
}

/** A copy of the module with a layout for every tile; undefined where something was reported. */
export function inferredCopy(module: Operation, target: Target): Operation | undefined {
  const steps = stepsFor(target);
  const copy = cloneOperation(module);
  return runSteps(copy, steps.slice(0, indexOfPass(steps, BEFORE_PIPELINING))) ? copy : undefined;
}

/** Copies of the module at two places of its lowering; undefined where something was reported. */
export function lowerInStages(module: Operation, target: Target): LoweringStages | undefined {
  const layouts = inferredCopy(module, target);
  if (layouts === undefined) return undefined;
  const steps = stepsFor(target);
  const [from, to] = [BEFORE_PIPELINING, BEFORE_THREADS].map((name) => indexOfPass(steps, name));
  const allocated = cloneOperation(layouts);
  return runSteps(allocated, steps.slice(from, to)) ? { layouts, allocated } : undefined;
}
