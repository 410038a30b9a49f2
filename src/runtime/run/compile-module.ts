/** The one place where running programs meets compiling them. */

import { createDiagnostic, DiagnosticError } from '../../support/index.js';
import type { Operation } from '../../ir/index.js';

/** What a caller of an emitted kernel has to know. */
export interface KernelMetadata {
  readonly name: string;
  /** The launch function. */
  readonly entry: string;
  /** Blocks in each dimension. */
  readonly grid: readonly number[];
  /** Threads of a block. */
  readonly threads: number;
  readonly sharedBytes: number;
  readonly arguments: readonly {
    readonly name: string;
    readonly kind: 'tensor' | 'scalar';
    readonly elementType: string;
    readonly shape: readonly number[];
    readonly access: 'read' | 'write' | 'readwrite';
  }[];
}

export interface CompiledModule {
  /** The emitted file. */
  readonly text: string;
  readonly metadata: readonly KernelMetadata[];
}

export type ModuleCompiler = (
  module: Operation,
  options: { readonly arch: string },
) => CompiledModule;

/**
 * Lowers a module to the text for an architecture, changing the module.
 * @throws DiagnosticError where that is not possible; diagnostics of passes go to the module's context.
 */
export const compileModule: ModuleCompiler = () => {
  const message = 'the compiler to CUDA and HIP text is not part of this build';
  throw new DiagnosticError(createDiagnostic('error', undefined, message));
};
