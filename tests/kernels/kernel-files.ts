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

/** Extents in the text of the library, and smaller ones for one block or a few. */
const replacements: readonly [file: RegExp, pairs: Readonly<Record<string, string>>][] = [
  [
    /^gemm/,
    {
      '256x256x': '128x128x',
      'memref<256xf32>': 'memref<128xf32>',
      '0 to 256 step 32': '0 to 128 step 32',
      '(2, 2) threads': '(1, 1) threads',
    },
  ],
  [
    /^gemm_ragged/,
    { '129x65x': '65x65x', '65x257x': '65x129x', '129x257x': '65x129x', '(3, 2)': '(2, 1)' },
  ],
  [
    /^gemm_split_k/,
    {
      '128x512x': '64x256x',
      '512x128x': '256x64x',
      '<128x128x': '<64x64x',
      '(2, 2, 4)': '(1, 1, 2)',
      // The kernel that combines the parts.
      '4x128x128x': '2x64x64x',
      '8x128x': '8x64x',
      '(8, 128)': '(8, 64)',
      '(16)': '(8)',
      'constant 4 ': 'constant 2 ',
    },
  ],
  [
    /attention/,
    { '256x64x': '128x64x', '256x128x': '128x128x', '= (2)': '= (1)', '0 to 256': '0 to 128' },
  ],
  [/^attention_backward/, { 'memref<256xf32>': 'memref<128xf32>', '= (4)': '= (2)' }],
  [
    /^flash_attention_heads/,
    { '?x?x2x': '?x?x1x', '?x?x4x': '?x?x2x', ', 4, %batches': ', 2, %batches' },
  ],
  [/^convolution/, { '512x128x': '64x64x', '576x128x': '576x64x', '(2, 8)': '(1, 1)' }],
];

/** The library in sizes for the interpreter, most of one block: whole ones are for the simulator. */
export function smallPrograms(): SmallProgram[] {
  return mutationPrograms().map(({ file, text, sizes = new Map() }) => {
    const pairs = replacements.filter(([files]) => files.test(file)).map(([, each]) => each);
    const small = pairs
      .flatMap((each) => Object.entries(each))
      .reduce((rest, [from, to]) => rest.replaceAll(from, to), text);
    return { file, sizes, text: small };
  });
}
