import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildFakeGpu, runTool, unavailable, type Environment, type FakeGpu } from './fake-gpu.js';

let gpu: FakeGpu;
let folder: string;

beforeAll(async () => {
  if (unavailable !== undefined) return;
  gpu = await buildFakeGpu();
  folder = mkdtempSync(join(tmpdir(), 'tilewright-hardware-'));
});

afterAll(() => {
  gpu?.remove();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const run = (args: readonly string[], environment: Environment = {}) =>
  runTool(gpu, args, environment);

/** Adds n and x to each of 70 numbers: every kind of argument, and a block whose last threads have nothing to do. */
const SCALARS = `
tile.kernel @shift(%A: memref<70xf32>, %n: index, %x: f32, %y: f16, %C: memref<70xf32>)
    blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<70xf32>
  tile.copy %A to %a : memref<70xf32> to !tile.fragment<70xf32>
  tile.parallel (%i) in (70) {
    %v = tile.load %a[%i] : !tile.fragment<70xf32>
    %m = arith.index_cast %n : index to i32
    %f = arith.sitofp %m : i32 to f32
    %z = arith.extf %y : f16 to f32
    %s = arith.addf %v, %f : f32
    %t = arith.addf %s, %x : f32
    %u = arith.addf %t, %z : f32
    tile.store %u, %a[%i] : !tile.fragment<70xf32>
  }
  tile.copy %a to %C : !tile.fragment<70xf32> to memref<70xf32>
}
`;

/** Leaves the second half of C as it is. */
const HALF = `
tile.kernel @first_half(%A: memref<64xi8>, %C: memref<64xi8>) blocks(%b) = (1) threads(32) {
  %a = tile.alloc : !tile.fragment<32xi8>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %a : memref<64xi8> to !tile.fragment<32xi8>
  tile.copy %a to %C[%c0] : !tile.fragment<32xi8> to memref<64xi8>
}
`;

/** Rows of 19 with gaps between them that only the caller knows, and elements along columns. */
const STRIDED = `
tile.kernel @transposed(%m: index, %lda: index, %A: memref<?x19xf32, strided<[?, 1]>> sizes(%m) strides(%lda),
                        %C: memref<?x19xf32, strided<[1, ?]>> sizes(%m)) blocks(%b) = (%m ceildiv 8) threads(64) {
  %a = tile.alloc : !tile.fragment<8x19xf32>
  %c0 = arith.constant 0 : index
  %row = affine.apply affine_map<(d0) -> (d0 * 8)>(%b)
  tile.copy %A[%row, %c0] to %a : memref<?x19xf32, strided<[?, 1]>> to !tile.fragment<8x19xf32>
  tile.copy %a to %C[%row, %c0] : !tile.fragment<8x19xf32> to memref<?x19xf32, strided<[1, ?]>>
}
`;

function program(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe.skipIf(unavailable !== undefined)('tile-run on a driver without a GPU', () => {
  test.each(['cuda', 'hip'])('--on=%s runs the kernels of a host function in order', (on) => {
    const { status, output, errors, calls } = run([
      ...['kernels/gemm_split_k_combine.mlir', `--on=${on}`, '--compare=interp'],
    ]);
    expect(errors).not.toContain('error');
    expect(output).toMatch(/gemm_split_k_combine: C: (cuda|hip) equals interp \(error norm/);
    expect(output).toMatch(/gemm_split_k_combine: Parts: (cuda|hip) equals interp \(error norm/);
    expect(status).toBe(0);
    const launches = calls.filter((call) => /^(cu|hipModule)LaunchKernel/.test(call));
    expect(launches.map((call) => call.split(' ')[1])).toEqual(['split', 'combine']);
    // A, B, Parts and C are placed once: the kernels hand Parts on.
    expect(calls.filter((call) => /^(cuMemAlloc|hipMalloc)/.test(call))).toHaveLength(4);
    expect(calls.at(-1)).toContain('live=0');
  });

  test.each(['cuda', 'hip'])('--on=%s places tensors by their strides', (on) => {
    const { status, output, errors } = run([
      ...[program('strided.mlir', STRIDED), `--on=${on}`, '--compare=interp'],
      ...['--arg=m=13', '--arg=lda=23'],
    ]);
    expect(errors).not.toContain('error');
    expect(output).toMatch(/transposed: C: (cuda|hip) equals interp \(error norm 0.00/);
    expect(status).toBe(0);
  });

  test('times the kernels of a host function together', () => {
    const { status, errors, calls } = run([
      ...[
        'kernels/gemm_split_k_combine.mlir',
        '--on=cuda',
        '--bench',
        '--bench-repeats=3',
        '--bench-warm-up=1',
      ],
    ]);
    expect(errors).not.toContain('error');
    expect(status).toBe(0);
    const launches = calls.filter((call) => call.startsWith('cuLaunchKernel'));
    expect(launches.length).toBeGreaterThanOrEqual(2 * (1 + 4));
    expect(launches.length % 2).toBe(0);
  });

  test('refuses a host function that computes between its launches', () => {
    const text = readFileSync('kernels/gemm_split_k_combine.mlir', 'utf8');
    const { status, errors } = run([
      program(
        'loop.mlir',
        text.replace(
          /( *tile.launch @split.*\n)/,
          '  %c0 = arith.constant 0 : index\n  %c1 = arith.constant 1 : index\n  %c2 = arith.constant 2 : index\n  scf.for %i = %c0 to %c2 step %c1 {\n  $1  }\n',
        ),
      ),
      '--on=cuda',
    ]);
    expect(errors).toMatch(
      /tile-run: error: --on=cuda: function 'gemm_split_k_combine' computes between its launches, which happens on the host; run its kernels with --kernel/,
    );
    expect(status).toBe(1);
  });

  test('runs a kernel and gives back what it took', () => {
    const { status, output, errors, calls } = run([
      ...['kernels/gemm_ragged.mlir', '--on=cuda', '--compare=interp'],
    ]);
    expect(errors).not.toContain('error');
    expect(output).toMatch(/gemm_ragged: C: cuda equals interp \(error norm/);
    expect(status).toBe(0);
    expect(calls.filter((call) => call.startsWith('cuLaunchKernel'))).toEqual([
      'cuLaunchKernel gemm_ragged grid 3 2 1 block 128 1 1 shared 32768 stream 0',
    ]);
    // 129x65, 65x257 and 129x257 elements of two bytes, between two guards of 4096 bytes.
    expect(calls.filter((call) => call.startsWith('cuMemAlloc'))).toEqual([
      'cuMemAlloc_v2 24962',
      'cuMemAlloc_v2 41602',
      'cuMemAlloc_v2 74498',
    ]);
    // Outputs have no contents to upload.
    expect(calls.filter((call) => call.startsWith('cuMemcpyHtoD'))).toHaveLength(2);
    expect(calls).toContain('cuFuncSetAttribute 8 32768');
    expect(calls.at(-1)).toBe('cuMemFree_v2 live=0');
  });

  test.each([
    ['kernels/softmax.mlir', 'cuda', 'sm_80'],
    ['kernels/gemm_bias_relu.mlir', 'hip', 'gfx90a'],
  ])('%s by %s on %s', (file, vendor, device) => {
    const { status, output } = run([file, `--on=${vendor}`, '--compare=interp'], {
      FAKE_GPU_ARCH: device,
    });
    expect(output).toContain(`${vendor} equals interp`);
    expect(status).toBe(0);
  });

  test('passes scalars by their types', () => {
    const file = program('scalars.mlir', SCALARS);
    const args = ['--arg', 'n=-3', '--arg', 'x=0.25', '--arg', 'y=-1.5'];
    const { output, status } = run([file, '--on=cuda', '--compare=interp', ...args]);
    expect(output).toContain('cuda equals interp');
    expect(status).toBe(0);
  });

  test('computes grids from scalars', () => {
    const file = 'kernels/elementwise_dynamic.mlir';
    const shape = ['--kernel=elementwise_dynamic', '--shape=A=3x5'];
    const { output, status } = run([file, '--on=cuda', '--compare=interp', ...shape]);
    expect(output).toContain('cuda equals interp');
    expect(status).toBe(0);
  });

  test('times what it runs', () => {
    const bench = ['--bench-repeats=5', '--bench-warm-up=2'];
    const { output, status, calls } = run([
      ...['kernels/softmax.mlir', '--on=cuda', '--bench=json', ...bench],
    ]);
    expect(status).toBe(0);
    const result = JSON.parse(output) as Record<string, unknown>;
    // The driver's launches take 10 to 14 microseconds in turn; the first three are not timed.
    expect(result).toMatchObject({ kernel: 'softmax', arch: 'sm_80', repeats: 5, registers: 96 });
    for (const [key, micro] of [
      ...([
        ['median', 12],
        ['minimum', 10],
        ['p10', 10.4],
        ['p90', 13.6],
      ] as const),
    ])
      expect(result[key]).toBeCloseTo(micro * 1e-6, 9);
    // 17 x 96 numbers of four bytes are read and written in 12 us.
    expect(result.gigabytesPerSecond).toBeCloseTo((2 * 17 * 96 * 4) / 12e3, 3);
    expect(result.shareOfRoofline).toBeGreaterThan(0);
    // The cache is overwritten before each of the seven launches.
    expect(calls.filter((call) => /^cuMemsetD8_v2 \d+ 67108864$/.test(call))).toHaveLength(7);
  });

  test('reports elements that were never written, of any type', () => {
    const { errors, status, calls } = run([program('half.mlir', HALF), '--on=cuda']);
    expect(errors).toContain(
      `error: 32 of the 64 elements of output 'C' were never written, the first at [32]`,
    );
    expect(status).toBe(1);
    // Once more with another poison, which tells unwritten elements from those that equal the first one.
    expect(calls.filter((call) => call.startsWith('cuMemsetD8_v2 36 '))).toHaveLength(2);
  });

  test('lowers for what a newer device executes', () => {
    const { output, errors } = run(
      ['kernels/softmax.mlir', '--on=cuda', '--arch=sm_80', '--bench'],
      {
        FAKE_GPU_ARCH: 'sm_120',
        FAKE_COMPILER_REFUSES: 'sm_120',
      },
    );
    // The compiler does not know the device, so that the driver gets PTX; no description, no roofline.
    expect(errors).toBe('');
    expect(output).toContain('for sm_80 on Imaginary 0 (sm_120): 96 registers');
    expect(output).not.toContain('roofline');
  });
});

describe.skipIf(unavailable !== undefined)('NVRTC', () => {
  const withNvrtc = (more: Environment = {}): Environment => {
    const include = join(folder, 'cuda', 'include');
    mkdirSync(include, { recursive: true });
    writeFileSync(join(include, 'cuda_fp16.h'), '');
    return {
      TILEWRIGHT_LIBNVRTC: join(gpu.folder, 'libnvrtc.so'),
      FAKE_NVRTC_COMPILER: gpu.environment.TILEWRIGHT_NVCC,
      CUDA_PATH: join(folder, 'cuda'),
      ...more,
    };
  };

  test.each([
    ['a binary for a device that it knows', {}],
    ['PTX for a later one', { FAKE_GPU_ARCH: 'sm_90', FAKE_NVRTC_ARCH: '89' }],
  ])('makes %s', (_, environment) => {
    const args = ['kernels/softmax.mlir', '--on=cuda', '--arch=sm_80', '--compare=interp'];
    const { output, errors, status } = run(args, withNvrtc(environment));
    expect(errors).toBe('');
    expect(output).toContain('cuda equals interp');
    expect(status).toBe(0);
  });

  test('says why it refuses a text', () => {
    const { errors } = run(
      ['kernels/softmax.mlir', '--on=cuda'],
      withNvrtc({ FAKE_COMPILER_REFUSES: 'sm_80' }),
    );
    expect(errors).toContain(
      "--on=cuda: NVRTC refuses the emitted text: nvcc fatal   : Value 'sm_80'",
    );
  });
});

interface Failure {
  readonly what: string;
  /** Default: softmax, which has no shared memory. */
  readonly kernel?: string;
  readonly args?: readonly string[];
  readonly environment: Environment;
  readonly message: string;
}

const failures: readonly Failure[] = [
  {
    what: 'no library',
    environment: { TILEWRIGHT_LIBCUDA: '/nowhere/libcuda.so' },
    message:
      "tile-run: error: --on=cuda: the NVIDIA driver's library '/nowhere/libcuda.so' (TILEWRIGHT_LIBCUDA) cannot be loaded: cannot open shared object file",
  },
  {
    what: 'a library of something else',
    environment: { TILEWRIGHT_LIBCUDA: 'libm.so.6' },
    message: "'libm.so.6' has no function 'cuInit'",
  },
  {
    what: 'no device',
    environment: { FAKE_GPU_DEVICES: '0' },
    message:
      'there is no NVIDIA GPU that can be used: cuInit: CUDA_ERROR_NO_DEVICE (no GPU is detected)',
  },
  {
    what: 'no device of that number',
    args: ['--device=3'],
    environment: { FAKE_GPU_DEVICES: '2' },
    message: 'expected the number of a NVIDIA GPU from 0 to 1, found 3',
  },
  {
    what: 'an older device',
    args: ['--arch=sm_89'],
    environment: { FAKE_GPU_ARCH: 'sm_86' },
    message: 'the kernels are lowered for sm_89, which the device, a sm_86, does not execute',
  },
  {
    what: 'a device without a description',
    environment: { FAKE_GPU_ARCH: 'sm_70' },
    message: 'no target description fits the device, a sm_70',
  },
  {
    what: 'too little shared memory',
    kernel: 'gemm_ragged',
    environment: { FAKE_GPU_SHARED: '16384' },
    message:
      "kernel 'gemm_ragged' needs 32768 bytes of shared memory; a block on Imaginary 0 can have 16384",
  },
  {
    what: 'a misaligned allocation',
    environment: { FAKE_GPU_SHIFT: '8' },
    message: "argument 'A': expected an address that is a multiple of 16, found 0x",
  },
  {
    what: 'cuFuncSetAttribute failing',
    kernel: 'gemm_ragged',
    environment: { FAKE_GPU_FAIL: 'cuFuncSetAttribute=1' },
    message: '--on=cuda: cuFuncSetAttribute: CUDA_ERROR_INVALID_VALUE (invalid argument)',
  },
  {
    what: 'a kernel that does not end',
    args: ['--time-limit=1'],
    environment: { FAKE_GPU_HANG: '1' },
    message: 'error: the kernel failed on Imaginary 0: it has not ended after 1 s',
  },
  ...(
    [
      ['cuDevicePrimaryCtxRetain', 2, 'CUDA_ERROR_OUT_OF_MEMORY (out of memory)'],
      ['cuModuleLoadDataEx', 200, 'CUDA_ERROR_INVALID_IMAGE (device kernel image is invalid)'],
      ['cuModuleGetFunction', 500, 'CUDA_ERROR_NOT_FOUND (named symbol not found)'],
      ['cuMemAlloc_v2', 2, 'CUDA_ERROR_OUT_OF_MEMORY (out of memory)'],
      ['cuMemcpyHtoD_v2', 201, 'CUDA_ERROR_INVALID_CONTEXT (invalid device context)'],
      ['cuMemcpyDtoH_v2', 9999, 'error 9999'],
    ] as const
  ).map(([symbol, status, text]) => ({
    what: `${symbol} failing`,
    environment: { FAKE_GPU_FAIL: `${symbol}=${status}` },
    message: `tile-run: error: --on=cuda: ${symbol}: ${text}`,
  })),
  ...(
    [
      ['cuLaunchKernel', 701, 'CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES (too many resources requested)'],
      ['cuEventQuery', 719, 'CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)'],
      ['cuCtxSynchronize', 700, 'CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was'],
    ] as const
  ).map(([symbol, status, text]) => ({
    what: `${symbol} failing`,
    environment: { FAKE_GPU_FAIL: `${symbol}=${status}` },
    message: `error: the kernel failed on Imaginary 0: ${symbol}: ${text}`,
  })),
];

describe.skipIf(unavailable !== undefined)('what goes wrong is said in one line', () => {
  test.for(failures)('$what', ({ kernel = 'softmax', args = [], environment, message }) => {
    const result = run([`kernels/${kernel}.mlir`, '--on=cuda', ...args], environment);
    expect(result.errors).toContain(message);
    expect(result.errors).not.toMatch(/\n\s+at /);
    expect(result.status).toBe(1);
  });

  test('a compiler that refuses the text', () => {
    const result = run(['kernels/softmax.mlir', '--on=cuda', '--arch=sm_80'], {
      FAKE_COMPILER_REFUSES: 'sm_80',
    });
    expect(result.errors).toContain(
      "--on=cuda: nvcc refuses the emitted text: nvcc fatal   : Value 'sm_80' is not defined",
    );
    expect(result.status).toBe(1);
  });

  test('a driver that does not compile PTX says why', () => {
    const result = run(['kernels/softmax.mlir', '--on=cuda'], {
      FAKE_GPU_JIT_LOG: 'ptxas: error in line 7',
    });
    expect(result.errors).toContain(
      'cuModuleLoadDataEx: CUDA_ERROR_INVALID_PTX (PTX compilation failed): ptxas: error in line 7',
    );
  });
});
