/** The kernel library's files, and their lowering inside the test process. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../src/dialects/index.js';
import { verifyOperation, type Operation } from '../../src/ir/index.js';
import type { CompiledModule } from '../../src/pipelines/compile.js';
import { mutationPrograms } from '../../src/runtime/mutation/index.js';
import { compileCopy } from '../../src/runtime/run/lowering.js';
import { SourceFile } from '../../src/support/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { parseModule } from '../../src/syntax/index.js';
import { findTarget } from '../../src/targets/target.js';

export const kernelFolder = join(packageRoot(), 'kernels');

/** Names of the files in `kernels/`, sorted. */
export const kernelFiles = readdirSync(kernelFolder)
  .filter((name) => name.endsWith('.mlir'))
  .sort();

export function readKernel(name: string): string {
  return readFileSync(join(kernelFolder, name), 'utf8');
}

/** Parses and verifies; throws with the first thing that is reported. */
export function parseProgram(text: string, name = 'program.mlir'): Operation {
  const context = createContext();
  const reported: string[] = [];
  context.addDiagnosticHandler((diagnostic) => {
    if (diagnostic.severity === 'error') reported.push(diagnostic.message);
  });
  const module = parseModule(new SourceFile(name, text), context);
  if (module === undefined || !verifyOperation(module))
    throw new Error(`${name}: ${reported.join('; ')}`);
  return module;
}

/** The text that a program becomes on an architecture. */
export function compileProgram(text: string, arch: string, name?: string): CompiledModule {
  const compiled = compileCopy(parseProgram(text, name), findTarget(arch)!);
  if (compiled === undefined) throw new Error(`${name ?? 'program'}: not lowered for ${arch}`);
  return compiled;
}

export interface SmallProgram {
  readonly file: string;
  readonly text: string;
  /** Of run-time extents by argument, and shapes of tensors with extents that have no name. */
  readonly sizes: ReadonlyMap<string, number | readonly number[]>;
}

/** The library in sizes for the interpreter, square products of one block: whole ones are for the simulator. */
export function smallPrograms(): SmallProgram[] {
  return mutationPrograms().map(({ file, text, sizes = new Map() }) => ({
    file,
    sizes,
    text: text
      .replaceAll('256x256x', '128x128x')
      .replaceAll('memref<256xf32>', 'memref<128xf32>')
      .replaceAll('0 to 256 step 32', '0 to 128 step 32')
      .replaceAll('(2, 2) threads', '(1, 1) threads'),
  }));
}
