/** Builds the driver and compiler of `fake/`, and runs tools with them in the place of the real ones. */

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { findHostCompiler } from '../../src/runtime/sim/index.js';
import { packageRoot } from '../../src/support/package-root.js';

export type Environment = Readonly<Record<string, string>>;

export interface FakeGpu {
  readonly folder: string;
  /** `tile-run`, bundled from the sources under test. */
  readonly tool: string;
  /** Makes a tool take these for the real ones; `FAKE_GPU_*` of driver.c may be added. */
  readonly environment: Environment;
  /** Bundles another program; its path. */
  bundleTool(name: string, entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<string>;
  remove(): void;
}

const source = join(packageRoot(), 'tests', 'hardware', 'fake');

/** The host's compiler is needed; the reason where there is none. */
export const unavailable: string | undefined = (() => {
  const compiler = findHostCompiler();
  return 'reason' in compiler ? compiler.reason : undefined;
})();

/** Bundles a program of this project. The file lies within the package, whose root tools look for. */
async function bundle(
  name: string,
  entry: Pick<BuildOptions, 'entryPoints' | 'stdin'>,
): Promise<string> {
  const folder = join(packageRoot(), 'dist', 'build');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...entry,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

export async function buildFakeGpu(): Promise<FakeGpu> {
  const folder = mkdtempSync(join(tmpdir(), 'tilewright-fake-gpu-'));
  const compiler = findHostCompiler();
  if ('reason' in compiler) throw new Error(compiler.reason);
  for (const [name, file, flags] of [
    ['libcuda.so', 'driver.c', []],
    ['libamdhip64.so', 'driver.c', ['-DFAKE_HIP']],
    ['libnvrtc.so', 'nvrtc.c', []],
  ] as const) {
    const args = ['-x', 'c', '-std=gnu11', '-O1', '-shared', '-fPIC', '-w', ...flags];
    const result = spawnSync(
      compiler.found.path,
      [...args, join(source, file), '-o', join(folder, name)],
      { encoding: 'utf8' },
    );
    if (result.status !== 0) throw new Error(result.stderr);
  }
  // Tests that run at the same time have bundles of their own.
  const bundles: string[] = [];
  const bundleTool: FakeGpu['bundleTool'] = async (name, entry) => {
    const path = await bundle(`${basename(folder)}-${name}`, entry);
    bundles.push(path);
    return path;
  };
  const [compilerBundle, tool] = await Promise.all([
    bundleTool('compiler', { entryPoints: [join(source, 'compiler.ts')] }),
    bundleTool('tile-run', {
      entryPoints: [join(packageRoot(), 'tools', 'tile-run', 'main.ts')],
    }),
  ]);
  const program = join(folder, 'fake-compiler');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${compilerBundle}" "$@"\n`);
  chmodSync(program, 0o755);
  const libraries = join(folder, 'device-libraries');
  mkdirSync(libraries);
  for (const name of ['ockl', 'oclc_isa_version_90a', 'oclc_isa_version_942'])
    writeFileSync(join(libraries, `${name}.bc`), '');
  const environment = {
    TILEWRIGHT_LIBCUDA: join(folder, 'libcuda.so'),
    TILEWRIGHT_LIBAMDHIP64: join(folder, 'libamdhip64.so'),
    TILEWRIGHT_NVCC: program,
    TILEWRIGHT_CLANG: program,
    HIP_DEVICE_LIB_PATH: libraries,
  };
  return {
    ...{ folder, tool, environment, bundleTool },
    remove: () => {
      for (const path of [folder, ...bundles]) rmSync(path, { recursive: true, force: true });
    },
  };
}

export interface ToolRun {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
  /** What the driver was asked for, one call a line. */
  readonly calls: readonly string[];
}

/** Runs a program with the fakes and a log of their calls. */
export function runWithFakes(
  gpu: FakeGpu,
  program: string,
  args: readonly string[],
  environment: Environment = {},
): ToolRun {
  const log = join(gpu.folder, 'calls.log');
  writeFileSync(log, '');
  const result = spawnSync(program, args, {
    cwd: packageRoot(),
    encoding: 'utf8',
    env: { ...process.env, ...gpu.environment, FAKE_GPU_LOG: log, NO_COLOR: '1', ...environment },
  });
  return {
    status: result.status,
    output: result.stdout,
    errors: result.stderr,
    calls: readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}

/** Runs `tile-run` of these sources, bundled once. */
export function runTool(
  gpu: FakeGpu,
  args: readonly string[],
  environment: Environment = {},
): ToolRun {
  return runWithFakes(gpu, process.execPath, [gpu.tool, ...args], environment);
}
