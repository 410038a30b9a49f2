// nvcc and ptxas over emitted CUDA text.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../support/package-root.js';
import { contentHash, findProgram, makeOnce, runProcess } from '../process.js';
import type { Unavailable } from './types.js';

/** What `ptxas -v` says of one kernel. */
export interface CudaKernel {
  readonly name: string;
  readonly registers: number;
  readonly spillStores: number;
  readonly spillLoads: number;
  readonly stackFrame: number;
  /** Static shared memory in bytes. */
  readonly sharedBytes: number;
  readonly barriers: number;
}

export type CudaCompilation =
  | Unavailable
  | {
      readonly available: true;
      readonly ok: boolean;
      /** Largest of all kernels; the sums for spills. */
      readonly registers: number;
      readonly spillStores: number;
      readonly spillLoads: number;
      readonly sharedBytes: number;
      readonly kernels: readonly CudaKernel[];
      /** Everything the compiler printed. */
      readonly diagnostics: string;
      /** The device code, or undefined if there were errors. */
      readonly cubinPath: string | undefined;
    };

const noCompiler: Unavailable = {
  available: false,
  reason: 'compiling CUDA needs nvcc: it is not on PATH (install the CUDA toolkit)',
};

export function findNvcc(): string | undefined {
  return findProgram([process.env.TILEWRIGHT_NVCC, 'nvcc', '/usr/local/cuda/bin/nvcc']);
}

/** What the nvcc that is used says of its version; undefined where there is none. */
export function nvccVersion(): string | undefined {
  const nvcc = findNvcc();
  return nvcc && runProcess(nvcc, ['--version'], { seconds: 60 }).output;
}

/** Runs nvcc, once for the same text and flags; `path` is undefined if there were errors. */
function runNvcc(
  nvcc: string,
  text: string,
  flags: readonly string[],
  file: string,
): { readonly path: string | undefined; readonly diagnostics: string } {
  const all = ['-std=c++17', ...flags];
  const version = runProcess(nvcc, ['--version'], { seconds: 60 }).output;
  const folder = join(cacheRoot(), 'cuda', contentHash(nvcc, version, ...all, text));
  let diagnostics = '';
  const ok = makeOnce(folder, (temporary) => {
    const source = join(temporary, 'kernel.cu');
    writeFileSync(source, text);
    const result = runProcess(nvcc, [...all, '-o', join(temporary, file), source]);
    diagnostics = (result.output + result.errors).replaceAll(source, 'kernel.cu');
    writeFileSync(join(temporary, 'diagnostics.txt'), diagnostics);
    return result.status === 0;
  });
  if (ok) diagnostics = readFileSync(join(folder, 'diagnostics.txt'), 'utf8');
  return { path: ok ? join(folder, file) : undefined, diagnostics };
}

/**
 * Compiles to device code for one architecture (`sm_80`, `sm_90a`, ...).
 * Successful results are cached by content.
 */
export function compileCuda(text: string, arch: string): CudaCompilation {
  const nvcc = findNvcc();
  if (nvcc === undefined) return noCompiler;
  const flags = [`-arch=${arch}`, '-cubin', '-Xptxas', '-v'];
  const { path, diagnostics } = runNvcc(nvcc, text, flags, 'kernel.cubin');
  const kernels = parsePtxas(diagnostics);
  const sum = (key: 'spillStores' | 'spillLoads'): number =>
    kernels.reduce((total, kernel) => total + kernel[key], 0);
  return {
    available: true,
    ok: path !== undefined,
    registers: Math.max(0, ...kernels.map((kernel) => kernel.registers)),
    spillStores: sum('spillStores'),
    spillLoads: sum('spillLoads'),
    sharedBytes: Math.max(0, ...kernels.map((kernel) => kernel.sharedBytes)),
    kernels,
    diagnostics,
    cubinPath: path,
  };
}

/** Device code in a form of its own, or why there is none. */
export type CudaImage =
  | Unavailable
  | { readonly available: true; readonly path: string | undefined; readonly diagnostics: string };

/** Compiles to PTX, which the driver of a later GPU compiles to the end. */
export function compilePtx(text: string, arch: string): CudaImage {
  const nvcc = findNvcc();
  if (nvcc === undefined) return noCompiler;
  const flags = [`-arch=${arch.replace('sm_', 'compute_')}`, '-ptx'];
  return { available: true, ...runNvcc(nvcc, text, flags, 'kernel.ptx') };
}

/**
 * Compiles to one file with binaries for several architectures that execute code for `arch`, and its PTX for later ones.
 */
export function compileFatBinary(
  text: string,
  arch: string,
  binaries: readonly string[],
): CudaImage {
  const nvcc = findNvcc();
  if (nvcc === undefined) return noCompiler;
  const virtual = arch.replace('sm_', 'compute_');
  const codes = [...binaries, virtual].join(',');
  const flags = ['-gencode', `arch=${virtual},code=[${codes}]`, '-fatbin'];
  return { available: true, ...runNvcc(nvcc, text, flags, 'kernel.fatbin') };
}

/** The kernels named in the output of `ptxas -v`. */
export function parsePtxas(output: string): CudaKernel[] {
  const sections = output.split(/Compiling entry function '/).slice(1);
  return sections.map((section) => {
    const number = (pattern: RegExp): number => Number(pattern.exec(section)?.[1] ?? 0);
    return {
      name: section.slice(0, section.indexOf("'")),
      registers: number(/Used (\d+) registers/),
      spillStores: number(/(\d+) bytes spill stores/),
      spillLoads: number(/(\d+) bytes spill loads/),
      stackFrame: number(/(\d+) bytes stack frame/),
      sharedBytes: number(/(\d+)(?:\+\d+)? bytes smem/),
      barriers: number(/used (\d+) barriers/),
    };
  });
}
