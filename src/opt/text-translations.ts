/** Translations of lowered programs to CUDA and HIP text. */

import { StringAttr, type Operation } from '../ir/index.js';
import { booleanOption, stringOption } from '../passes/index.js';
import type { EmitKind } from '../targets/c-like/instructions.js';
import { emitModule } from '../targets/c-like/module-emitter.js';
import { findTarget, unknownTargetMessage } from '../targets/target.js';
import { registerTranslation, type Translated } from './translations.js';

const TITLES: Record<EmitKind, { title: string; arch: string }> = {
  cuda: { title: 'CUDA C++', arch: 'sm_80' },
  hip: { title: 'HIP C++', arch: 'gfx942' },
};

/** The architecture that a kernel of the module was lowered for. */
function loweredArchitecture(module: Operation): string | undefined {
  let found: string | undefined;
  module.walk((op) => {
    const arch = op.getAttribute('tile.arch');
    if (arch instanceof StringAttr) found ??= arch.value;
  });
  return found;
}

function emit(
  module: Operation,
  kind: EmitKind,
  arch: string,
  lineDirectives: boolean,
): Translated | undefined {
  const name = arch === '' ? (loweredArchitecture(module) ?? TITLES[kind].arch) : arch;
  const target = findTarget(name);
  if (target === undefined) {
    module.emitError(unknownTargetMessage(name));
    return undefined;
  }
  const vendor = kind === 'cuda' ? 'nvidia' : 'amd';
  if (target.vendor !== vendor) {
    module.emitError(
      `the program is lowered for ${name}, which is not programmed in ${TITLES[kind].title}`,
    );
    return undefined;
  }
  return emitModule(module, kind, { target, lineDirectives });
}

export function registerTextTranslations(): void {
  for (const kind of ['cuda', 'hip'] as const) {
    const { title } = TITLES[kind];
    registerTranslation({
      name: `mlir-to-${kind}`,
      summary: `translate thread-level programs to ${title}`,
      options: {
        arch: stringOption('', 'architecture; default: the one that the program was lowered for'),
        'line-directives': booleanOption(false, 'emit #line in front of every statement'),
      },
      run: (module, options) => emit(module, kind, options.arch, options['line-directives']),
    });
  }
}
