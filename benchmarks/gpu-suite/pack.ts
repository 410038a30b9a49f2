/** `npm run pack-gpu-suite`: everything that a machine with a GPU needs to run the suite, in one folder and one archive. */

import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { build } from 'esbuild';
import { cloneOperation, type Operation } from '../../src/ir/index.js';
import { estimateModule } from '../../src/estimate/index.js';
import { emitKindOf, type CompiledModule } from '../../src/pipelines/compile.js';
import { compileFatBinary, compileHip } from '../../src/runtime/compile/index.js';
import {
  cudaNumbers,
  driverFunctions,
  driverLibraries,
  executes,
  functionAttributes,
} from '../../src/runtime/hardware/index.js';
import { findKernels, kernelName } from '../../src/runtime/interpreter/index.js';
import { encodeTensor } from '../../src/runtime/numerics/index.js';
import { runProcess } from '../../src/runtime/process.js';
import { compileCopy } from '../../src/runtime/run/lowering.js';
import { describeWork } from '../../src/runtime/run/hardware-executor.js';
import { defaultTolerance } from '../../src/runtime/run/tolerance.js';
import { scalarBytes } from '../../src/runtime/sim/scalar.js';
import { resolvePath, type ToolMain } from '../../src/support/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { evaluateSize } from '../../src/targets/c-like/launch-metadata.js';
import { findTarget, targetNames, type Target } from '../../src/targets/target.js';
import { parseProgram } from '../../tests/kernels/kernel-files.js';
import { suitePrograms, type Program } from './cases.js';
import { expectedResults, makeData, poolOf, POOL_LENGTH, typeNamed } from './data.js';
import type { Suite, SuiteCase, SuiteInput, SuiteOutput } from './suite.js';

/** Architectures that programs are lowered for where no others are named and a description exists. */
const ARCHITECTURES = ['sm_80', 'sm_89', 'sm_90', 'sm_90a', 'gfx90a', 'gfx942'];
/** Devices that binaries are made for; others of NVIDIA's run the PTX. */
const BINARIES = ['sm_80', 'sm_89', 'sm_90'];

interface PackOptions {
  readonly out: string;
  readonly archs: string;
  readonly programs?: string;
}

export const packMain: ToolMain = async (args, io) => {
  const command = new Command('pack-gpu-suite')
    .description('Pack the GPU suite for a machine that has nothing but a GPU and its driver.')
    .option('--out <folder>', 'where to put it; an archive of it is put beside', 'dist/gpu-suite')
    .option('--archs <names>', 'architectures, separated by commas', ARCHITECTURES.join(','))
    .option('--programs <pattern>', 'only programs whose names match a regular expression');
  command.parse([...args], { from: 'user' });
  const options = command.opts<PackOptions>();
  const folder = resolvePath(io, options.out);
  if (
    existsSync(folder) &&
    !existsSync(join(folder, 'suite.json')) &&
    readdirSync(folder).length > 0
  ) {
    io.writeStderr(`pack-gpu-suite: error: '${options.out}' holds something else\n`);
    return 1;
  }
  const packer = new Packer(folder, options.archs.split(','), (line) =>
    io.writeStdout(`${line}\n`),
  );
  const pattern = new RegExp(options.programs ?? '');
  for (const program of suitePrograms().filter(({ name }) => pattern.test(name)))
    packer.add(program);
  return (await packer.finish()) ? 0 : 1;
};

class Packer {
  private readonly cases: SuiteCase[] = [];
  private readonly types = new Set<string>();
  private expected = 0;

  constructor(
    private readonly folder: string,
    private readonly archs: readonly string[],
    private readonly say: (line: string) => void,
  ) {
    rmSync(folder, { recursive: true, force: true });
    for (const name of ['code', 'text', 'pool', 'expected'])
      mkdirSync(join(folder, name), { recursive: true });
  }

  /** Lowers and compiles a program for each architecture, and interprets it once. */
  add(program: Program): void {
    const module = parseProgram(program.text, `${program.name}.mlir`);
    let results: ReturnType<Packer['interpretCases']> | undefined;
    const texts = new Set<string>();
    for (const arch of this.archs) {
      const target = findTarget(arch);
      if (target === undefined || program.archs?.includes(arch) === false) continue;
      const skip = (reason: string): void =>
        this.say(`${program.name} for ${arch}: left out: ${reason.trim().split('\n')[0]}`);
      const reported: string[] = [];
      const remove = module.context.addDiagnosticHandler(({ severity, message }) => {
        if (severity === 'error') reported.push(message);
      });
      const compiled = compileCopy(module, target);
      remove();
      if (compiled === undefined) {
        skip(reported[0] ?? 'it is not lowered');
        continue;
      }
      // The first two lines name the architecture. The same text was compiled for later devices too.
      const body = compiled.text.split('\n').slice(2).join('\n');
      if (texts.has(body)) continue;
      texts.add(body);
      const code = this.compile(program.name, compiled, target);
      if ('reason' in code) {
        skip(code.reason);
        continue;
      }
      results ??= this.interpretCases(program, module, compiled, target);
      for (const each of results)
        this.cases.push({
          ...each.describe(compiled),
          arch,
          language: emitKindOf(target),
          ...code,
        });
      this.say(`${program.name} for ${arch}: ${results.length} cases`);
    }
  }

  /** What is the same for all architectures. */
  private interpretCases(
    program: Program,
    module: Operation,
    compiled: CompiledModule,
    target: Target,
  ): {
    describe(compiled: CompiledModule): Omit<SuiteCase, 'arch' | 'language' | 'code' | 'text'>;
  }[] {
    const estimates = new Map(
      (estimateModule(cloneOperation(module), target) ?? []).map((each) => [each.kernel, each]),
    );
    const rooflines = this.rooflines(module);
    return program.cases.flatMap(({ name, group, kernel: kernelId, peer }) => {
      const kernel = findKernels(module).find((each) => kernelName(each) === kernelId)!;
      const find = ({ metadata }: CompiledModule) =>
        metadata.kernels.find((each) => each.name === kernelId)!;
      const metadata = find(compiled);
      const data = makeData(kernel, metadata);
      const sizes = new Map(
        [...data.values].filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
      const grid = metadata.grid.map((extent) => evaluateSize(extent, sizes));
      const { flop, bytes } = describeWork(estimates.get(kernelId)!, false);
      const samples = expectedResults(module, kernel, data, grid, flop);
      if (typeof samples === 'string') {
        this.say(`${name}: left out: ${samples}`);
        return [];
      }
      const inputs: Record<string, SuiteInput> = {};
      for (const { name: argument, elementType, kind } of metadata.arguments) {
        if (kind === 'scalar') {
          const value = data.values.get(argument) as number | bigint;
          const bytes = scalarBytes({ kind, name: argument, type: elementType, value });
          inputs[argument] = { elementType, shape: [], bytes: Buffer.from(bytes).toString('hex') };
        } else {
          const offset = data.offsets.get(argument);
          if (offset !== undefined) this.types.add(elementType);
          inputs[argument] = { elementType, shape: data.shapes.get(argument)!, offset };
        }
      }
      const tolerance = defaultTolerance(kernel);
      const { file, outputs } = this.writeExpected(samples, tolerance);
      return [
        {
          describe: (other: CompiledModule) => ({
            ...{ name, group, kernel: find(other), grid, inputs, expected: file, outputs },
            ...{ work: { flop, bytes }, rooflines: rooflines(kernelId), peer },
          }),
        },
      ];
    });
  }

  /** The least time of each kernel on every device that has a description. */
  private rooflines(module: Operation): (kernel: string) => SuiteCase['rooflines'] {
    const all = targetNames().map((name) => {
      const copy = cloneOperation(module);
      return [name, estimateModule(copy, findTarget(name)!) ?? []] as const;
    });
    return (kernel) =>
      Object.fromEntries(
        all.flatMap(([name, estimates]) =>
          estimates
            .filter((estimate) => estimate.kernel === kernel)
            .map(({ time: { roofline: seconds, boundBy } }) => [name, { seconds, boundBy }]),
        ),
      );
  }

  private writeExpected(
    samples: Exclude<ReturnType<typeof expectedResults>, string>,
    tolerance: number,
  ): { file: string; outputs: SuiteOutput[] } {
    const file = `${this.expected++}.bin`;
    const parts: Buffer[] = [];
    let start = 0;
    const outputs = [...samples].map(([argument, { offsets, values }]): SuiteOutput => {
      const count = offsets.length;
      const part = Buffer.alloc(count * 12);
      offsets.forEach((offset, i) => part.writeUInt32LE(offset, i * 4));
      values.forEach((value, i) => part.writeDoubleLE(value, count * 4 + i * 8));
      parts.push(part);
      start += part.length;
      return { argument, start: start - part.length, count, tolerance };
    });
    writeFileSync(join(this.folder, 'expected', file), Buffer.concat(parts));
    return { file, outputs };
  }

  /** Device code and text as files of the suite. */
  private compile(
    name: string,
    { text }: CompiledModule,
    { name: arch, vendor }: Target,
  ): { code: string; text: string } | { reason: string } {
    const isNvidia = vendor === 'nvidia';
    const binaries = /a$/.test(arch) ? [arch] : BINARIES.filter((device) => executes(device, arch));
    const result = isNvidia
      ? compileFatBinary(text, arch, binaries)
      : compileHip(text, arch as Parameters<typeof compileHip>[1], { object: true });
    if (!result.available) return result;
    const path = 'path' in result ? result.path : result.objectPath;
    if (path === undefined) return { reason: result.diagnostics };
    const files = {
      code: `${name}.${arch}.${isNvidia ? 'fatbin' : 'hsaco'}`,
      text: `${name}.${arch}.${isNvidia ? 'cu' : 'hip'}`,
    };
    copyFileSync(path, join(this.folder, 'code', files.code));
    writeFileSync(join(this.folder, 'text', files.text), text);
    return files;
  }

  /** Writes pools, the runners and the list; says how large it is. */
  async finish(): Promise<boolean> {
    if (this.cases.length === 0) {
      this.say('pack-gpu-suite: error: no case is left');
      return false;
    }
    const { folder } = this;
    for (const type of this.types)
      writeFileSync(join(folder, 'pool', `${type}.bin`), encodeTensor(poolOf(typeNamed(type))));
    const manifest = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as {
      version: string;
    };
    const suite: Suite = {
      version: 1,
      created: new Date().toISOString(),
      versions: { tilewright: manifest.version, ...compilerVersions() },
      poolLength: POOL_LENGTH,
      api: {
        functions: driverFunctions,
        libraries: driverLibraries,
        cudaNumbers,
        functionAttributes,
      },
      cases: this.cases,
    };
    writeFileSync(join(folder, 'suite.json'), JSON.stringify(suite));
    const sources = join(packageRoot(), 'benchmarks', 'gpu-suite');
    for (const file of ['run.py', 'peers.py', 'triton_matmul.py', 'README.md'])
      copyFileSync(join(sources, file), join(folder, file));
    await build({
      entryPoints: [join(sources, 'run.ts')],
      outfile: join(folder, 'run.mjs'),
      ...{ bundle: true, platform: 'node', target: 'node20.19', format: 'esm' },
      ...{ legalComments: 'none', logLevel: 'warning' },
      // Packages in CommonJS call it.
      banner: {
        js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
      },
    });
    this.copyKoffi();
    const archive = `${folder}.tar.gz`;
    const { status, errors } = runProcess('tar', [
      ...['-czf', archive, '-C', dirname(folder), basename(folder)],
    ]);
    if (status !== 0) {
      this.say(`pack-gpu-suite: error: tar failed: ${errors.trim()}`);
      return false;
    }
    const mebibytes = (statSync(archive).size / 2 ** 20).toFixed(1);
    this.say(`${this.cases.length} cases in ${folder} and ${basename(archive)} (${mebibytes} MiB)`);
    return true;
  }

  /** What the Node runner calls the driver by, where it is installed. */
  private copyKoffi(): void {
    const require = createRequire(join(packageRoot(), 'package.json'));
    const target = join(this.folder, 'node_modules');
    try {
      const koffi = dirname(require.resolve('koffi'));
      const skipped = ['doc', 'vendor'].map((name) => join(koffi, name));
      cpSync(koffi, join(target, 'koffi'), {
        recursive: true,
        filter: (path) => !skipped.includes(path),
      });
      const binaries = join(dirname(koffi), '@koromix');
      if (existsSync(binaries)) cpSync(binaries, join(target, '@koromix'), { recursive: true });
    } catch {
      this.say('koffi is not installed: only the Python runner will work');
    }
  }
}

function compilerVersions(): Record<string, string> {
  const versions: Record<string, string> = { node: process.version };
  for (const [name, program] of [
    ['nvcc', process.env.TILEWRIGHT_NVCC ?? 'nvcc'],
    ['clang', process.env.TILEWRIGHT_CLANG ?? 'clang++-19'],
  ]) {
    const { status, output } = runProcess(program, ['--version'], { seconds: 20 });
    const lines = output.trim().split('\n');
    if (status === 0)
      versions[name] = (lines.find((line) => /release|version/.test(line)) ?? lines[0]).trim();
  }
  return versions;
}
