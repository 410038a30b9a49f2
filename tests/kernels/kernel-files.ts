/** The kernel library's files, and their lowering inside the test process. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../src/dialects/index.js';
import { verifyOperation, type Operation } from '../../src/ir/index.js';
import type { CompiledModule } from '../../src/pipelines/compile.js';
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
