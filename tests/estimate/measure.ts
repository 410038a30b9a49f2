/** Estimates beside what nvcc and clang report, for the kernels of the library and for schedules of a matrix product. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext } from '../../src/dialects/index.js';
import { estimateModule } from '../../src/estimate/index.js';
import { cloneOperation, type Operation } from '../../src/ir/index.js';
import { registerAll } from '../../src/opt/register-all.js';
import { compileModule } from '../../src/pipelines/compile.js';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { applySchedule } from '../../src/schedule/index.js';
import { overrideSpace, readSchedule } from '../../src/schedule/schedule-file.js';
import { renderDiagnostic, SourceFile, type ToolMain } from '../../src/support/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { parseModule } from '../../src/syntax/index.js';
import { findTarget } from '../../src/targets/target.js';

export interface Measurement {
  readonly program: string;
  readonly arch: string;
  readonly atLeast: number;
  readonly expected: number;
  /** As the compiler reports them, accumulation registers included. */
  readonly registers: number;
  readonly spills: number;
  readonly estimatedShared: number;
  /** What the emitted launch asks for. */
  readonly shared: number;
}

/** A kernel file and settings that replace the program's own. */
export interface Program {
  readonly file: string;
  readonly settings: readonly string[];
}

const GEMM_POINTS = [
  ['acc.0=64', 'acc.1=64', 'k=32', '128', '3'],
  ['acc.0=64', 'acc.1=128', 'k=32', '128', '3'],
  ['acc.0=128', 'acc.1=64', 'k=64', '128', '2'],
  ['acc.0=128', 'acc.1=128', 'k=64', '256', '3'],
  ['acc.0=128', 'acc.1=256', 'k=32', '256', '3'],
  ['acc.0=256', 'acc.1=128', 'k=32', '256', '4'],
  ['acc.0=64', 'acc.1=64', 'k=64', '256', '4'],
] as const;

export const PROGRAMS: readonly Program[] = [
  ...[
    'gemm',
    'gemm_bf16',
    'gemm_bias_relu',
    'gemm_transposes',
    'gemm_ragged',
    'elementwise_add',
    'flash_attention',
  ].map((file) => ({ file, settings: [] })),
  ...GEMM_POINTS.map(([m, n, k, threads, stages]) => ({
    file: 'gemm',
    settings: [
      ...[m, n, k].map((setting) => `gemm.tiles.${setting}`),
      `gemm.threads=${threads}`,
      `gemm.loops.k.stages=${stages}`,
    ],
  })),
];

function load({ file, settings }: Program): Operation {
  registerAll();
  const context = createContext();
  const path = join(packageRoot(), 'kernels', `${file}.mlir`);
  context.addDiagnosticHandler((found) => {
    if (found.severity === 'error') throw new Error(renderDiagnostic(found));
  });
  const module = parseModule(new SourceFile(path, readFileSync(path, 'utf8')), context)!;
  const empty = readSchedule('kernels: { "*": {} }', '<none>');
  applySchedule(module, overrideSpace(empty, settings).schedule);
  return module;
}

/** `gemm 64x128x32, 256 threads, 3 stages` */
function describe({ file, settings }: Program, kernel: string): string {
  if (settings.length === 0) return kernel;
  const [m, n, k, threads, stages] = settings.map((setting) => setting.split('=')[1]);
  return `${file} ${m}x${n}x${k}, ${threads} threads, ${stages} stages`;
}

/** Measurements of a program; a string says why there are none. */
export function measure(program: Program, arch: string): Measurement[] | string {
  const module = load(program);
  const target = findTarget(arch)!;
  const estimates = estimateModule(module, target)!;
  const compiled = compileModule(cloneOperation(module), { arch })!;
  const result =
    target.vendor === 'nvidia'
      ? compileCuda(compiled.text, arch)
      : compileHip(compiled.text, arch as 'gfx90a' | 'gfx942');
  if (!result.available) return result.reason;
  if (!result.ok) throw new Error(result.diagnostics);
  return estimates.map((estimate): Measurement => {
    const { kernel, registers, sharedBytes } = estimate;
    const { sharedBytes: shared } = compiled.metadata.kernels.find(({ name }) => name === kernel)!;
    const found = result.kernels.find(({ name }) => name === kernel)!;
    const count =
      'registers' in found ? found.registers : found.vgprs + ('agprs' in found ? found.agprs : 0);
    const spills = 'spillStores' in found ? found.spillStores : found.scratch;
    return {
      program: describe(program, kernel),
      arch,
      atLeast: registers.atLeast,
      expected: Math.min(registers.expected, registers.limit),
      registers: count,
      spills,
      estimatedShared: sharedBytes,
      shared,
    };
  });
}

/** Prints the table of docs/estimate.md. */
export const measureMain: ToolMain = (args, io) => {
  const architectures = args.length > 0 ? args : ['sm_80', 'gfx942'];
  io.writeStdout('| program | target | at least | expected | compiler | error | shared memory |\n');
  io.writeStdout('| --- | --- | ---: | ---: | ---: | ---: | ---: |\n');
  for (const arch of architectures)
    for (const program of PROGRAMS) {
      const found = measure(program, arch);
      if (typeof found === 'string') {
        io.writeStderr(`${found}\n`);
        return 1;
      }
      for (const one of found) {
        const error = Math.round((one.expected / one.registers - 1) * 100);
        const shared =
          one.shared === one.estimatedShared ? 'exact' : `${one.estimatedShared} for ${one.shared}`;
        io.writeStdout(
          `| ${one.program} | ${one.arch} | ${one.atLeast} | ${one.expected} | ${one.registers}${one.spills > 0 ? ` and ${one.spills} bytes spilled` : ''} | ${error > 0 ? '+' : ''}${error} % | ${shared} |\n`,
        );
      }
    }
  return 0;
};
