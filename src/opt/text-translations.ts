/** Translations of lowered programs to CUDA and HIP text. */

import type { Operation } from '../ir/index.js';
import { booleanOption, stringOption } from '../passes/index.js';
import type { EmitKind } from '../targets/c-like/instructions.js';
import { emitModule } from '../targets/c-like/module-emitter.js';
import { findTarget, unknownTargetMessage } from '../targets/target.js';
import { registerTranslation } from './translations.js';

const TITLES: Record<EmitKind, { title: string; arch: string }> = {
  cuda: { title: 'CUDA C++', arch: 'sm_80' },
  hip: { title: 'HIP C++', arch: 'gfx942' },
};

/** The architecture that the pipeline wrote into the module, else the one asked for. */
function emit(module: Operation, kind: EmitKind, arch: string, lineDirectives: boolean): string | undefined {
  const target = findTarget(arch);
  if (target === undefined) {
    module.emitError(unknownTargetMessage(arch));
    return undefined;
  }
  return emitModule(module, kind, { target, lineDirectives })?.text;
}

export function registerTextTranslations(): void {
  for (const kind of ['cuda', 'hip'] as const) {
    const { title, arch } = TITLES[kind];
    registerTranslation({
      name: `mlir-to-${kind}`,
      summary: `translate thread-level programs to ${title}`,
      options: {
        arch: stringOption(arch, 'architecture that the program was lowered for'),
        'line-directives': booleanOption(false, 'emit #line in front of every statement'),
      },
      run: (module, options) => emit(module, kind, options.arch, options['line-directives']),
    });
  }
}
