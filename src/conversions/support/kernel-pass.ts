/** Passes that work on one kernel at a time for a target architecture. */

import type { Operation } from '../../ir/index.js';
import { definePass, stringOption, type PassDefinition } from '../../passes/index.js';
import { findTarget, unknownTargetMessage, type Target } from '../../targets/target.js';

export interface KernelPass {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly requires?: readonly string[];
  /** The only dialects whose operations may be left. */
  readonly leaves?: readonly string[];
  /** Returns false where it failed, having reported why. */
  readonly run: (kernel: Operation, target: Target) => boolean | void;
}

/** A pass over every `tile.kernel` of a module, with the option `arch`. */
export function defineKernelPass(pass: KernelPass): PassDefinition {
  return definePass({
    name: pass.name,
    summary: pass.summary,
    description: pass.description,
    requires: pass.requires,
    leaves: pass.leaves,
    options: {
      arch: stringOption('sm_80', 'architecture to compile for, such as sm_80 or gfx942'),
    },
    run: (op, { options }) => {
      const target = findTarget(options.arch);
      if (target === undefined) return op.emitError(unknownTargetMessage(options.arch));
      const kernels: Operation[] = [];
      op.walk((nested) => {
        if (nested.name.text === 'tile.kernel') kernels.push(nested);
      });
      return kernels
        .map((kernel) => pass.run(kernel, target))
        .every((outcome) => outcome !== false);
    },
  });
}
