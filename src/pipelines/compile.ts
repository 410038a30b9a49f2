/** From a tile program to the text that runs on a GPU: the named pipeline of an architecture, then its emitter. */

import type { Operation } from '../ir/index.js';
import { emitModule } from '../targets/c-like/module-emitter.js';
import type { LaunchMetadata } from '../targets/c-like/launch-metadata.js';
import type { EmitKind } from '../targets/c-like/instructions.js';
import { findTarget, unknownTargetMessage, type Target } from '../targets/target.js';
import { PassManager } from './pass-manager.js';
import { parsePipeline } from './pipeline.js';

export type {
  KernelArgument,
  FunctionMetadata,
  KernelMetadata,
  LaunchMetadata,
} from '../targets/c-like/launch-metadata.js';

export interface CompileOptions {
  /** `sm_80`, `gfx942`, ... */
  readonly arch: string;
  /** `#line` in front of every statement, so that reports and profilers point into the IR. Default false. */
  readonly lineDirectives?: boolean;
}

export interface CompiledModule {
  readonly text: string;
  readonly metadata: LaunchMetadata;
}

/** The text that a target is programmed in. */
export function emitKindOf(target: Target): EmitKind {
  return target.vendor === 'nvidia' ? 'cuda' : 'hip';
}

/**
 * Lowers a module in place and emits it. What is wrong is reported through the module's context.
 * @returns undefined where something was reported.
 */
export function compileModule(
  module: Operation,
  options: CompileOptions,
): CompiledModule | undefined {
  const target = findTarget(options.arch);
  if (target === undefined) {
    module.context.emit('error', undefined, unknownTargetMessage(options.arch));
    return undefined;
  }
  const kind = emitKindOf(target);
  const pipeline = parsePipeline(`builtin.module(tile-to-${kind}{arch=${target.name}})`);
  if (!new PassManager(module.context, pipeline).run(module)) return undefined;
  return emitModule(module, kind, { target, lineDirectives: options.lineDirectives });
}
