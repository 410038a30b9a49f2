/** The emitted text of a module for a target: makes the passes of the lowering known and runs them on a copy. */

import { conversions } from '../../conversions/index.js';
import { cloneOperation, type Operation } from '../../ir/index.js';
import { genericPasses } from '../../passes/index.js';
import { compileModule, type CompiledModule } from '../../pipelines/compile.js';
import { registerPass } from '../../pipelines/index.js';
import '../../pipelines/tile-to-cuda.js';
import '../../pipelines/tile-to-hip.js';
import type { Target } from '../../targets/target.js';

let isRegistered = false;

function registerLowering(): void {
  if (!isRegistered) registerPass(...genericPasses, ...conversions);
  isRegistered = true;
}

/** Compiles a copy of `module`; undefined where something was reported through its context. */
export function compileCopy(module: Operation, target: Target): CompiledModule | undefined {
  registerLowering();
  return compileModule(cloneOperation(module), { arch: target.name, lineDirectives: true });
}

/** A copy of `module` at the thread level; undefined where something was reported through its context. */
export function lowerCopy(module: Operation, target: Target): Operation | undefined {
  registerLowering();
  const lowered = cloneOperation(module);
  return compileModule(lowered, { arch: target.name }) === undefined ? undefined : lowered;
}
