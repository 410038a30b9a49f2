// clang over emitted HIP text, to AMD assembly.
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../../support/package-root.js';
import { contentHash, findProgram, makeOnce, runProcess } from '../process.js';
import type { Unavailable } from './types.js';

/** What the assembly says of one kernel. */
export interface HipKernel {
  readonly name: string;
  readonly vgprs: number;
  readonly agprs: number;
  /** Scratch memory per lane in bytes: above 0, registers were spilled or indexed at run time. */
  readonly scratch: number;
  /** Waves per SIMD. */
  readonly occupancy: number;
  /** Static LDS in bytes. */
  readonly sharedBytes: number;
  /** Matrix instructions in the text of the kernel. */
  readonly mfmaCount: number;
}

export type HipCompilation =
  | Unavailable
  | {
      readonly available: true;
      readonly ok: boolean;
      /** Largest of all kernels; the sum for `mfmaCount`, the smallest for `occupancy`. */
      readonly vgprs: number;
      readonly agprs: number;
      readonly scratch: number;
      readonly occupancy: number;
      readonly mfmaCount: number;
      readonly kernels: readonly HipKernel[];
      /** Everything the compiler printed. */
      readonly diagnostics: string;
      /** The assembly text, or undefined if there were errors. */
      readonly assemblyPath: string | undefined;
      /** A loadable ELF code object, if it was asked for and could be made. */
      readonly objectPath: string | undefined;
    };

const deviceLibraryFolders = [
  '/usr/lib/x86_64-linux-gnu/amdgcn/bitcode',
  '/opt/rocm/amdgcn/bitcode',
  '/usr/lib/amdgcn/bitcode',
];

function findClang(): string | undefined {
  return findProgram([
    process.env.TILEWRIGHT_CLANG,
    ...[20, 19, 18].map((version) => `clang++-${version}`),
    '/opt/rocm/llvm/bin/clang++',
    'clang++',
  ]);
}

/** What the clang that is used says of its version; undefined where there is none. */
export function clangVersion(): string | undefined {
  const clang = findClang();
  return clang && runProcess(clang, ['--version'], { seconds: 60 }).output;
}

/**
 * Compiles to assembly for gfx90a or gfx942, and with `object` also to a code object.
 * Successful results are cached by content.
 */
export function compileHip(
  text: string,
  arch: 'gfx90a' | 'gfx942',
  options: { object?: boolean } = {},
): HipCompilation {
  const clang = findClang();
  if (!clang) {
    return {
      available: false,
      reason: 'compiling HIP needs clang++ 18 or newer with the AMDGPU target: none is on PATH',
    };
  }
  const libraries = deviceLibraries(clang, arch);
  if ('reason' in libraries) return { available: false, reason: libraries.reason };
  const flags = ['-x', 'hip', '-std=c++20', '-O3', `--offload-arch=${arch}`, '--cuda-device-only'];
  const env = { HIP_PLATFORM: 'amd', HIP_DEVICE_LIB_PATH: libraries.folder };
  const version = runProcess(clang, ['--version'], { seconds: 60 }).output;
  const outputs = options.object ? 'assembly and linked object' : 'assembly';
  const folder = join(
    cacheRoot(),
    'hip',
    contentHash(clang, version, libraries.folder, outputs, ...flags, text),
  );
  let diagnostics = '';
  const ok = makeOnce(folder, (temporary) => {
    const source = join(temporary, 'kernel.hip');
    writeFileSync(source, text);
    const assembly = runProcess(
      clang,
      [...flags, '-S', source, '-o', join(temporary, 'kernel.s')],
      { env },
    );
    diagnostics = (assembly.output + assembly.errors).replaceAll(source, 'kernel.hip');
    if (assembly.status === 0 && options.object) {
      const object = runProcess(
        clang,
        [...flags, '-c', '--no-gpu-bundle-output', source, '-o', join(temporary, 'kernel.hsaco')],
        { env },
      );
      // Not kept: the linker, a package of its own, may be installed later.
      if (object.status !== 0) {
        const missing = /"lld" doesn't exist/.test(object.errors)
          ? 'linking code objects needs lld, which is not installed (package lld-19 for clang 19)\n'
          : '';
        diagnostics += missing + object.errors.replaceAll(source, 'kernel.hip');
        return false;
      }
    }
    writeFileSync(join(temporary, 'diagnostics.txt'), diagnostics);
    return assembly.status === 0;
  });
  if (ok) diagnostics = readFileSync(join(folder, 'diagnostics.txt'), 'utf8');
  const kernels = ok ? parseAssembly(readFileSync(join(folder, 'kernel.s'), 'utf8')) : [];
  const largest = (key: 'vgprs' | 'agprs' | 'scratch'): number =>
    Math.max(0, ...kernels.map((kernel) => kernel[key]));
  const objectPath = join(folder, 'kernel.hsaco');
  return {
    available: true,
    ok,
    vgprs: largest('vgprs'),
    agprs: largest('agprs'),
    scratch: largest('scratch'),
    occupancy: kernels.length === 0 ? 0 : Math.min(...kernels.map((kernel) => kernel.occupancy)),
    mfmaCount: kernels.reduce((total, kernel) => total + kernel.mfmaCount, 0),
    kernels,
    diagnostics,
    assemblyPath: ok ? join(folder, 'kernel.s') : undefined,
    objectPath: ok && existsSync(objectPath) ? objectPath : undefined,
  };
}

/** The kernels of an AMD assembly file, from the comments that follow each. */
export function parseAssembly(assembly: string): HipKernel[] {
  const kernels: HipKernel[] = [];
  for (const [, name] of assembly.matchAll(/^\s*\.amdhsa_kernel (\S+)/gm)) {
    const start = assembly.indexOf(`\n${name}:`);
    const end = assembly.indexOf('; Occupancy:', start);
    const section = assembly.slice(start, assembly.indexOf('\n', end));
    const number = (label: string): number =>
      Number(new RegExp(`^; ${label}: (\\d+)`, 'm').exec(section)?.[1] ?? 0);
    kernels.push({
      name,
      vgprs: number('NumVgprs'),
      agprs: number('NumAgprs'),
      scratch: number('ScratchSize'),
      occupancy: number('Occupancy'),
      sharedBytes: number('LDSByteSize'),
      mfmaCount: section.match(/^\s+v_mfma_/gm)?.length ?? 0,
    });
  }
  return kernels;
}

/**
 * A folder of AMD's device libraries that serves the architecture. Where the installed ones are older than gfx942, a copy
 * with the one missing file (a constant, the version of the instruction set) is made in the cache.
 */
function deviceLibraries(clang: string, arch: string): { folder: string } | { reason: string } {
  const installed = [process.env.HIP_DEVICE_LIB_PATH, ...deviceLibraryFolders].find(
    (folder) => folder !== undefined && existsSync(join(folder, 'ockl.bc')),
  );
  if (!installed)
    return { reason: "compiling HIP needs AMD's device libraries (package rocm-device-libs)" };
  const number = arch.slice('gfx'.length);
  const missing = `oclc_isa_version_${number}.bc`;
  if (existsSync(join(installed, missing))) return { folder: installed };
  const folder = join(
    cacheRoot(),
    'hip',
    `device-libraries-${arch}-${contentHash(clang, installed)}`,
  );
  const ok = makeOnce(folder, (temporary) => {
    for (const file of readdirSync(installed))
      copyFileSync(join(installed, file), join(temporary, file));
    const source = join(temporary, 'version.c');
    // gfx942 is version 9.4.2: thousands, hundreds and units.
    const version =
      Number(number.slice(0, -2)) * 1000 +
      Number(number.at(-2)) * 100 +
      parseInt(number.at(-1)!, 16);
    writeFileSync(
      source,
      `const __attribute__((address_space(4))) int __oclc_ISA_version = ${version};\n`,
    );
    const result = runProcess(clang, [
      ...['-x', 'c', '-target', 'amdgcn-amd-amdhsa', '-nogpulib', '-O2', '-emit-llvm', '-c'],
      ...[source, '-o', join(temporary, missing)],
    ]);
    return result.status === 0;
  });
  return ok
    ? { folder }
    : {
        reason: `AMD's device libraries in ${installed} have no ${missing}, and none could be made`,
      };
}
