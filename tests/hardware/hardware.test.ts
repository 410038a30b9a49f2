import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkValue,
  compileForDevice,
  executes,
  formatBench,
  GpuDriver,
  KernelLaunch,
  rateTiming,
  runsBinary,
  summarize,
  targetForDevice,
  type LaunchValue,
} from '../../src/runtime/hardware/index.js';
import type { KernelArgument, KernelMetadata } from '../../src/pipelines/compile.js';
import { buildFakeGpu, unavailable, type FakeGpu } from './fake-gpu.js';

describe('architectures', () => {
  test.each([
    ['sm_80', 'sm_80', true, true],
    ['sm_86', 'sm_80', true, true],
    ['sm_90', 'sm_80', true, false],
    ['sm_80', 'sm_86', false, false],
    ['sm_90', 'sm_90a', true, true],
    ['sm_100', 'sm_90a', false, false],
    ['sm_120', 'sm_100', true, false],
    ['gfx942', 'gfx942', true, true],
    ['gfx942', 'gfx90a', false, false],
    ['gfx942', 'sm_80', false, false],
  ])('%s and code for %s', (device, arch, canExecute, canRunBinary) => {
    expect(executes(device, arch)).toBe(canExecute);
    expect(runsBinary(device, arch)).toBe(canRunBinary);
  });

  test('the latest description that a device executes', () => {
    expect(targetForDevice('sm_87')?.name).toBe('sm_86');
    expect(targetForDevice('sm_90')?.name).toMatch(/^sm_90a?$/);
    expect(targetForDevice('gfx90a')?.name).toBe('gfx90a');
    expect(targetForDevice('gfx1100')).toBeUndefined();
    expect(targetForDevice('sm_60')).toBeUndefined();
  });
});

describe('timing', () => {
  test('quantiles lie between the nearest', () => {
    expect(summarize([5, 1, 3, 2, 4])).toEqual({
      ...{ median: 3, minimum: 1, p10: 1.4, p90: 4.6, repeats: 5 },
    });
    expect(summarize([1, 2])).toMatchObject({ median: 1.5, p10: 1.1 });
    expect(summarize([7])).toMatchObject({ median: 7, minimum: 7, p10: 7, p90: 7 });
  });

  test('rates and the share of the roofline', () => {
    const roofline = { seconds: 1e-5, boundBy: 'memory', target: 'sm_80' };
    const result = rateTiming(summarize([4e-5]), { flop: 8e9, bytes: 4e6, roofline });
    expect(result.gigaflopPerSecond).toBeCloseTo(200_000);
    expect(result.gigabytesPerSecond).toBeCloseTo(100);
    expect(result.shareOfRoofline).toBeCloseTo(0.25);
    expect(formatBench('k', result)).toBe(
      'k: 40.00 us median of 1, 40.00 us least, p10 40.00 us, p90 40.00 us\n' +
        'k: 2.000e+5 GFLOP/s, 100.0 GB/s, 25.0 % of the roofline of sm_80 (10.00 us, bound by memory)\n',
    );
  });
});

const tensor: KernelArgument = {
  ...{ name: 'A', kind: 'tensor', elementType: 'f16', shape: [3, 5], strides: [5, 1] },
  ...{ alignment: 16, access: 'read' },
};
const value = (elementType: string, shape: number[], size?: number): LaunchValue => ({
  ...{ elementType, shape, bytes: size === undefined ? undefined : new Uint8Array(size) },
});

describe('arguments', () => {
  test.each<[Partial<KernelArgument>, LaunchValue, string | undefined]>([
    [{}, value('f16', [3, 5], 30), undefined],
    [{}, value('f16', [3, 5]), undefined],
    [{ shape: ['?', 5] }, value('f16', [7, 5], 70), undefined],
    [{}, value('bf16', [3, 5], 30), "expected elements of type 'f16', found 'bf16'"],
    [{}, value('f16', [15], 30), 'expected rank 2 (3x5), found rank 1 (15)'],
    [{}, value('f16', [5, 3], 30), 'expected shape 3x5, found 5x3'],
    [{ shape: ['?', 5] }, value('f16', [7, 6], 84), 'expected shape ?x5, found 7x6'],
    [{}, value('f16', [3, 5], 28), 'expected 30 bytes, found 28'],
    [
      { strides: [8, 1] },
      value('f16', [3, 5], 30),
      'expected strides (8, 1), found a dense tensor of shape 3x5',
    ],
    [
      { strides: [8, 1] },
      { ...value('f16', [3, 5], 42), placement: { strides: [8, 1], offset: 0 } },
      undefined,
    ],
    [
      { strides: [8, 1] },
      { ...value('f16', [3, 5], 38), placement: { strides: [7, 1], offset: 0 } },
      'expected strides (8, 1), found strides (7, 1)',
    ],
    [
      { elementType: 'i2' },
      value('i2', [3, 5]),
      "elements of type 'i2' cannot be passed to a kernel",
    ],
    [{ elementType: 'i4' }, value('i4', [3, 5], 8), undefined],
    [{ elementType: 'f4E2M1FN' }, value('f4E2M1FN', [3, 5], 7), 'expected 8 bytes, found 7'],
    [{ kind: 'scalar', shape: [], strides: [] }, value('f16', [], 2), undefined],
    [{ kind: 'scalar', shape: [], strides: [] }, value('f16', []), 'expected 2 bytes, found 0'],
  ])('%j takes %j: %s', (changes, given, message) => {
    expect(checkValue({ ...tensor, ...changes }, given)).toBe(message);
  });
});

/** Writes behind its tensor, as no lowered kernel does. */
const OVERRUN = `#include "tilewright/simulator.h"
extern "C" __global__ void __launch_bounds__(32)
overrun(f32* __restrict__ C) {
  const int thread = thread_index();
  store(C + thread, f32(thread));
  if (thread < 3) store(C + (32 + thread), 1.0f);
}
`;

const overrun: KernelMetadata = {
  ...{ name: 'overrun', entry: 'launch_overrun', grid: [1, 1, 1], block: [32, 1, 1] },
  ...{ sharedBytes: 0, launchBounds: { threads: 32 } },
  arguments: [
    { ...tensor, name: 'C', elementType: 'f32', shape: [32], strides: [1], access: 'write' },
  ],
};

describe.skipIf(unavailable !== undefined)('a launch', () => {
  let gpu: FakeGpu;
  const saved = { ...process.env };
  beforeAll(async () => {
    gpu = await buildFakeGpu();
    Object.assign(process.env, gpu.environment);
  });
  afterAll(() => {
    process.env = saved;
    gpu.remove();
  });

  test('finds what is written around a tensor', () => {
    const driver = new GpuDriver('cuda');
    expect(driver.facts).toMatchObject({
      arch: 'sm_80',
      name: 'Imaginary 0',
      driverVersion: '13.0',
    });
    const { image, form } = compileForDevice(OVERRUN, 'sm_80', driver.facts.arch);
    expect(form).toBe('cubin');
    const handle = driver.getFunction(driver.loadModule(image), 'overrun');
    const launch = KernelLaunch.ofKernel(
      driver,
      overrun,
      handle,
      new Map([['C', value('f32', [32])]]),
    );
    launch.prepare();
    expect(launch.findOverruns()).toEqual([]);
    launch.run();
    const numbers = new Float32Array(launch.read('C').buffer);
    expect([...numbers]).toEqual(Array.from({ length: 32 }, (_, i) => i));
    expect(launch.findOverruns()).toEqual([
      {
        name: 'C',
        message: "the kernel wrote outside of argument 'C': 12 bytes behind its end",
      },
    ]);
    launch.free();
    driver.close();
  });

  test('refuses grids that no device runs and values that are missing', () => {
    const driver = new GpuDriver('cuda');
    const make = (metadata: KernelMetadata) => () =>
      KernelLaunch.ofKernel(driver, metadata, 0, new Map<string, LaunchValue>());
    expect(make(overrun)).toThrow("no value is given for argument 'C'");
    expect(make({ ...overrun, grid: [1, 70000, 1] })).toThrow(
      "kernel 'overrun' has a grid of 1x70000x1 blocks; expected at most 65535 in y and z",
    );
    driver.close();
  });

  test('sizes are made of scalars', () => {
    const driver = new GpuDriver('cuda');
    const n: KernelArgument = {
      ...{ name: 'n', kind: 'scalar', elementType: 'i32', shape: [], strides: [] },
      ...{ alignment: 0, access: 'read' },
    };
    const metadata: KernelMetadata = {
      ...overrun,
      grid: [['ceildiv', 'n', 4], 1, 1],
      conditions: [{ expression: ['mod', 'n', 4], relation: '== 0' }],
      arguments: [n, { ...overrun.arguments[0], shape: ['n'] }],
    };
    const launch = (size: number, extent: number) => {
      const scalar = { elementType: 'i32', shape: [], bytes: Uint8Array.of(size, 0, 0, 0) };
      const values = new Map([
        ['n', scalar],
        ['C', value('f32', [extent])],
      ]);
      return () => KernelLaunch.ofKernel(driver, metadata, 0, values);
    };
    expect(launch(10, 10)).toThrow("kernel 'overrun' needs (n mod 4) == 0, which is 2");
    expect(launch(8, 10)).toThrow("argument 'C': expected shape 8, found 10");
    const empty = launch(0, 0)();
    empty.run();
    expect(empty.read('C')).toHaveLength(0);
    empty.free();
    driver.close();
  });
});
