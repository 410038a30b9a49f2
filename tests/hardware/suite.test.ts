import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/support/package-root.js';
import type { CaseResult, Suite } from '../../benchmarks/gpu-suite/suite.js';
import { buildFakeGpu, runWithFakes, unavailable, type FakeGpu } from './fake-gpu.js';

/** Small programs of every kind: matrix instructions, ragged tiles, extents that are arguments, 8-bit floats. */
const PROGRAMS = '^(gemm_ragged|softmax|elementwise_dynamic|gemm_bf16)$';

const python = spawnSync('python3', ['--version']).status === 0;

interface Report {
  readonly summary: { readonly passed: number; readonly failed: number; readonly notRun: number };
  readonly device: Record<string, unknown>;
  readonly cases: readonly (CaseResult & { readonly time?: Record<string, number> })[];
}

describe.skipIf(unavailable !== undefined)('the GPU suite', () => {
  let gpu: FakeGpu;
  let folder: string;

  beforeAll(async () => {
    gpu = await buildFakeGpu();
    folder = join(gpu.folder, 'suite');
    const packer = await gpu.bundleTool('pack-gpu-suite', {
      stdin: {
        contents: `import { runTool } from './src/support/index.js';
          import { packMain } from './benchmarks/gpu-suite/pack.ts';
          await runTool(packMain);`,
        resolveDir: packageRoot(),
      },
    });
    const packed = runWithFakes(gpu, process.execPath, [
      ...[packer, `--out=${folder}`, '--archs=sm_80,gfx90a', `--programs=${PROGRAMS}`],
    ]);
    expect(packed.errors).toBe('');
    expect(packed.output).not.toContain('left out');
    expect(packed.status).toBe(0);
  });
  afterAll(() => gpu?.remove());

  test('is one folder and one archive', () => {
    const suite = JSON.parse(readFileSync(join(folder, 'suite.json'), 'utf8')) as Suite;
    expect(suite.cases.map(({ name, arch }) => `${name} ${arch}`)).toEqual(
      expect.arrayContaining(['library: gemm_ragged sm_80', 'library: softmax gfx90a']),
    );
    const [{ code, text, kernel }] = suite.cases;
    for (const file of [`code/${code}`, `text/${text}`, 'run.py', 'run.mjs', 'README.md'])
      expect(existsSync(join(folder, file)), file).toBe(true);
    expect(readFileSync(join(folder, 'text', text), 'utf8')).toContain(`launch_${kernel.name}`);
    expect(existsSync(`${folder}.tar.gz`)).toBe(true);
  });

  const runners: readonly (readonly [string, string, string, readonly string[]])[] = [
    ['node', process.execPath, 'run.mjs', []],
    ...(python ? ([['python', 'python3', 'run.py', ['--no-peers']]] as const) : []),
  ];
  const run = (
    [, program, file, more]: (typeof runners)[number],
    args: readonly string[],
    environment: Record<string, string> = {},
  ) => runWithFakes(gpu, program, [join(folder, file), ...more, ...args], environment);

  test.for(runners)('%s: runs, checks and times every case', (runner) => {
    const out = join(gpu.folder, `${runner[0]}.json`);
    const args = [`--out=${out}`, '--repeats=2', '--warm-up=1'];
    // PTX of sm_80 on a later GPU.
    const { status, output, errors, calls } = run(runner, args, { FAKE_GPU_ARCH: 'sm_90' });
    expect(errors).toBe('');
    const report = JSON.parse(readFileSync(out, 'utf8')) as Report;
    expect(report.summary).toEqual({ passed: 6, failed: 0, notRun: 0 });
    expect(report.device).toMatchObject({ name: 'Imaginary 0', arch: 'sm_90', l2Bytes: 2 ** 20 });
    for (const { name, arch, status, errorNorm, time, registers } of report.cases) {
      expect({ name, arch, status, registers }).toEqual({
        ...{ name, arch: 'sm_80', status: 'passed', registers: 96 },
      });
      expect(errorNorm).toBeLessThan(0.01);
      expect(time!.median).toBeGreaterThan(9e-6);
      expect(time!.gigabytesPerSecond).toBeCloseTo(time!.bytes / time!.median / 1e9, 3);
    }
    expect(output).toContain('6 passed, 0 failed, 0 not run');
    expect(calls.at(-1)).toMatch(/^cuModuleUnload/);
    expect(calls.filter((call) => call.startsWith('cuMemFree')).at(-1)).toBe('cuMemFree_v2 live=0');
    expect(status).toBe(0);
  });

  test.for(runners)('%s: runs on AMD GPUs', (runner) => {
    const out = join(gpu.folder, `${runner[0]}-hip.json`);
    const args = [`--out=${out}`, '--no-time', '--cases=bf16|softmax'];
    const { status, calls } = run(runner, args, {
      ...{ TILEWRIGHT_LIBCUDA: '/nowhere/libcuda.so', FAKE_GPU_ARCH: 'gfx90a' },
    });
    const report = JSON.parse(readFileSync(out, 'utf8')) as Report;
    expect(report.summary).toEqual({ passed: 3, failed: 0, notRun: 0 });
    expect(calls.some((call) => call.startsWith('hipModuleLaunchKernel gemm_bf16 '))).toBe(true);
    expect(status).toBe(0);
  });

  test.for(runners)('%s: a case that fails is named, and fails the run', (runner) => {
    const out = join(gpu.folder, `${runner[0]}-failed.json`);
    const args = [`--out=${out}`, '--no-time', '--cases=softmax|ragged'];
    const { status, output } = run(runner, args, { FAKE_GPU_FAIL: 'cuModuleGetFunction=500@1' });
    expect(output).toContain('cuModuleGetFunction: CUDA_ERROR_NOT_FOUND (named symbol not found)');
    const report = JSON.parse(readFileSync(out, 'utf8')) as Report;
    expect(report.summary).toEqual({ passed: 1, failed: 1, notRun: 0 });
    expect(status).toBe(1);
  });

  test.for(runners)('%s: compiles what the driver refuses, if it can', (runner) => {
    const out = join(gpu.folder, `${runner[0]}-compiled.json`);
    const args = [`--out=${out}`, '--no-time', '--cases=softmax'];
    const { status, calls } = run(runner, args, { FAKE_GPU_FAIL: 'cuModuleLoadDataEx=222@1' });
    expect(calls.filter((call) => call.startsWith('cuModuleLoadDataEx'))).toHaveLength(2);
    expect(status).toBe(0);
  });

  test.for(runners)('%s: a wrong result is a failure', (runner) => {
    const out = join(gpu.folder, `${runner[0]}-wrong.json`);
    const args = [`--out=${out}`, '--no-time', '--cases=softmax'];
    const { output } = run(runner, args, { FAKE_GPU_FLIP: '1' });
    expect(output).toMatch(/output 'B' has .* at element \d+, expected/);
  });

  test.for(runners)('%s: no GPU is one line and exit status 2', (runner) => {
    const { status, errors } = run(runner, [], { FAKE_GPU_DEVICES: '0' });
    expect(errors).toMatch(
      /^no GPU: there is no NVIDIA GPU that can be used: cuInit: CUDA_ERROR_NO_DEVICE .*\n$/,
    );
    expect(status).toBe(2);
  });
});
