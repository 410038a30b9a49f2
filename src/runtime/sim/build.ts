// Turns emitted text into what simulates it: finds a host C++ compiler, compiles the engine and its headers once, and each text
// to a library that the engine loads; caches by content.
import { readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, packageRoot } from '../../support/package-root.js';
import { contentHash, findProgram, makeOnce, runProcess } from '../process.js';

export interface HostCompiler {
  readonly path: string;
  /** First line of its version text. */
  readonly version: string;
}

let hostCompiler: { found: HostCompiler } | { reason: string } | undefined;

/** The host's C++20 compiler: `TILEWRIGHT_CXX` if set, else the first of g++ and clang++ that works. */
export function findHostCompiler(): { found: HostCompiler } | { reason: string } {
  if (hostCompiler) return hostCompiler;
  const chosen = process.env.TILEWRIGHT_CXX;
  const path = findProgram(
    chosen
      ? [chosen]
      : [
          'g++',
          'clang++',
          'c++',
          ...[20, 19, 18, 17, 16, 15].map((version) => `clang++-${version}`),
        ],
  );
  if (!path) {
    const what = chosen
      ? `TILEWRIGHT_CXX names '${chosen}', which cannot be executed`
      : 'no g++ or clang++ on PATH';
    return {
      reason: `the simulator needs a C++20 compiler: ${what} (install g++ 11 or clang++ 15 or newer)`,
    };
  }
  const version = runProcess(path, ['--version'], { seconds: 20 });
  if (version.status !== 0)
    return { reason: `the simulator needs a C++20 compiler: '${path} --version' fails` };
  return (hostCompiler = { found: { path, version: version.output.split('\n', 1)[0] } });
}

let engineSources: { folder: string; hash: string } | undefined;

/** The simulator's C++ files, hashed once per process. */
function simulatorSources(): { folder: string; hash: string } {
  if (engineSources) return engineSources;
  const folder = join(packageRoot(), 'runtime', 'simulator');
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  const hash = contentHash(
    ...files.flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  return (engineSources = { folder, hash });
}

/** Changes with every change of the simulator: verdicts of one version are not those of another. */
export function simulatorVersion(): string {
  return simulatorSources().hash;
}

/** What was built, or why not. */
export type Built =
  | {
      readonly kind: 'program';
      /** The program; its arguments are the library and the folder of a request. */
      readonly engine: string;
      readonly library: string;
      readonly compileSeconds: number;
    }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'failed'; readonly diagnostics: string };

/** How a text is built. */
interface BuildOptions {
  readonly waveSize: 32 | 64;
  /** Whether the compiler's time matters more than the simulator's. */
  readonly isQuick: boolean;
  /** What diagnostics and reports call the text where it has no #line of its own. */
  readonly fileName: string;
}

/** With which a text is compiled, and the header that it includes. */
function kernelFlags({ waveSize, isQuick }: BuildOptions): string[] {
  return [
    '-std=c++20',
    isQuick ? '-O0' : '-O1',
    '-w',
    '-fPIC',
    '-fvisibility-inlines-hidden',
    '-ffp-contract=off',
    '-DTILEWRIGHT_SIMULATOR',
    `-DTILEWRIGHT_WARP_SIZE=${waveSize}`,
    `-I${simulatorSources().folder}`,
  ];
}

/** Compiles the engine for a warp size, unless it is cached; returns its folder. */
function buildEngine(
  compiler: HostCompiler,
  waveSize: 32 | 64,
): { folder: string } | { diagnostics: string } {
  const sources = simulatorSources();
  const flags = [
    '-std=c++20',
    '-O2',
    '-rdynamic',
    '-w',
    '-ffp-contract=off',
    `-DTILEWRIGHT_WARP_SIZE=${waveSize}`,
  ];
  const hash = contentHash(compiler.path, compiler.version, sources.hash, ...flags);
  const folder = join(cacheRoot(), 'sim', `engine-${hash}`);
  let diagnostics = '';
  const ok = makeOnce(folder, (temporary) => {
    const result = runProcess(compiler.path, [
      ...flags,
      `-I${sources.folder}`,
      join(sources.folder, 'tilewright', 'engine', 'engine.cpp'),
      '-ldl',
      '-o',
      join(temporary, 'engine'),
    ]);
    diagnostics = result.timedOut ? 'the compiler did not end' : result.errors;
    return result.status === 0;
  });
  return ok
    ? { folder }
    : { diagnostics: `the simulator's engine does not compile:\n${diagnostics}` };
}

/** The header that texts include, compiled for their flags where the compiler can, unless it is cached. */
function buildHeader(compiler: HostCompiler, flags: readonly string[]): string {
  const hash = contentHash(compiler.path, compiler.version, simulatorSources().hash, ...flags);
  const folder = join(cacheRoot(), 'sim', `header-${hash}`);
  makeOnce(folder, (temporary) => {
    const header = join(temporary, 'simulator.h');
    writeFileSync(header, '#include "tilewright/simulator.h"\n');
    // GCC takes the precompiled header where it can and the text beside it otherwise; clang does not let a header move.
    if (!/clang/i.test(compiler.version))
      runProcess(compiler.path, [...flags, '-x', 'c++-header', header, '-o', `${header}.gch`]);
    return true;
  });
  return join(folder, 'simulator.h');
}

/** What the attributes of a text's kernels say, in a form that the engine can compare with the launch. */
function kernelAttributes(text: string): string {
  const code = text.replace(/\/\/.*$/gm, '');
  const kernels = code.matchAll(
    /extern\s+"C"\s+__global__\s+void\s+((?:__\w+__\([^)]*\)\s*)+)(\w+)\s*\(/g,
  );
  let lines = '';
  for (const [, attributes, kernel] of kernels) {
    const threads = /__launch_bounds__\(\s*(\d+)/.exec(attributes)?.[1];
    if (threads) lines += `TILEWRIGHT_LAUNCH_BOUNDS(${kernel}, ${threads})\n`;
    const extents = /__cluster_dims__\(([^)]*)\)/.exec(attributes)?.[1];
    if (extents) lines += `TILEWRIGHT_CLUSTER_DIMENSIONS(${kernel}, ${extents})\n`;
  }
  return lines;
}

/** A text with the comments in front blank, which name the target: targets that are given the same code share what it makes. */
export function withoutTarget(text: string): string {
  return text.replace(/^(\/\/.*\n)+/, (comments) => comments.replace(/.+/g, ''));
}

/** Builds the simulator of one emitted file. */
export function buildSimulator(text: string, options: BuildOptions): Built {
  const start = performance.now();
  const compiler = findHostCompiler();
  if ('reason' in compiler) return { kind: 'unavailable', reason: compiler.reason };
  const engine = buildEngine(compiler.found, options.waveSize);
  if ('diagnostics' in engine) return { kind: 'failed', diagnostics: engine.diagnostics };
  const flags = kernelFlags(options);
  const code = withoutTarget(text);
  const source = `#line 1 ${JSON.stringify(options.fileName)}\n${code}\n${kernelAttributes(code)}`;
  const hash = contentHash(engine.folder, ...flags, source);
  const folder = join(cacheRoot(), 'sim', `kernel-${hash}`);
  let diagnostics = '';
  const ok = makeOnce(folder, (temporary) => {
    const path = join(temporary, 'kernel.cpp');
    writeFileSync(path, source);
    const result = runProcess(compiler.found.path, [
      ...flags,
      '-include',
      buildHeader(compiler.found, flags),
      path,
      // Symbols of its own before those of the C library that are called the same; nothing else that takes time to link.
      '-shared',
      '-Wl,-Bsymbolic',
      '-nostdlib',
      '-lm',
      '-lc',
      '-s',
      '-o',
      join(temporary, 'kernel.so'),
    ]);
    diagnostics = result.errors;
    return result.status === 0;
  });
  if (!ok) return { kind: 'failed', diagnostics };
  const now = new Date();
  utimesSync(folder, now, now);
  pruneKernels(join(cacheRoot(), 'sim'));
  return {
    kind: 'program',
    engine: join(engine.folder, 'engine'),
    library: join(folder, 'kernel.so'),
    compileSeconds: (performance.now() - start) / 1000,
  };
}

/** How many kernels the cache keeps, about 100 KB each, and how many builds pass between two prunings. */
const keptKernels = 2000;
const buildsBetweenPrunings = 100;
let buildsSincePruning = 0;

/** Now and then drops the kernels that have not been used for longest: fuzzing makes them by the thousand. */
function pruneKernels(folder: string): void {
  if (++buildsSincePruning < buildsBetweenPrunings) return;
  buildsSincePruning = 0;
  const names = readdirSync(folder).filter((name) => name.startsWith('kernel-'));
  if (names.length <= keptKernels) return;
  const ages = names.map((name) => ({
    path: join(folder, name),
    used: statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  ages.sort((a, b) => a.used - b.used);
  const surplus = ages.slice(0, names.length - Math.floor(0.8 * keptKernels));
  for (const { path } of surplus) rmSync(path, { recursive: true, force: true });
}
