// Correct kernels with one thing broken: the simulator must notice every one of them.
import { describe, expect, it } from 'vitest';
import type { ReportKind } from '../../src/runtime/sim/index.js';
import { simulate } from '../../src/runtime/sim/index.js';
import type { Ran } from './support.js';
import {
  buffer,
  decodeF16,
  encode,
  firstDifference,
  gemmReference,
  gemmRequest,
  golden,
  noHostCompiler,
  randomMatrix,
  run,
} from './support.js';

/** Replaces the n-th occurrence (from 0), which must exist. */
function replaceAt(text: string, what: string, by: string, n = 0): string {
  let at = -1;
  for (let i = 0; i <= n; ++i) at = text.indexOf(what, at + 1);
  if (at < 0) throw new Error(`'${what}' does not occur ${n + 1} times`);
  return text.slice(0, at) + by + text.slice(at + what.length);
}

/** Only the kernel: the wrappers in front of it are not what is mutated. */
function mutate(file: string, what: string, by: string, n = 0): string {
  const text = golden(file);
  const start = text.indexOf('extern "C" __global__');
  return text.slice(0, start) + replaceAt(text.slice(start), what, by, n);
}

function kinds(result: Ran): ReportKind[] {
  return result.reports.map((report) => report.kind);
}

function runGemm(text: string, file: string, seed = 1): Ran {
  const request = gemmRequest(text, file.endsWith('.cu') ? 'cuda' : 'hip', seed);
  return run({ ...request, limits: { seconds: 20 } });
}

describe.skipIf(noHostCompiler)('faults planted in the golden kernels', () => {
  const synchronization = [
    { file: 'gemm_sm80.cu', what: 'cp_async_wait<1>();', by: '', n: 0, kind: 'pending-read' },
    {
      file: 'gemm_sm80.cu',
      what: 'cp_async_wait<1>();',
      by: 'cp_async_wait<2>();',
      n: 0,
      kind: 'pending-read',
    },
    { file: 'gemm_sm80.cu', what: 'cp_async_commit();', by: '', n: 0, kind: 'pending-read' },
    { file: 'gemm_sm80.cu', what: 'cp_async_commit();', by: '', n: 1, kind: 'pending-read' },
    { file: 'gemm_sm80.cu', what: 'sync_threads();', by: '', n: 0, kind: 'race' },
    { file: 'gemm_sm80.cu', what: 'sync_threads();', by: '', n: 1, kind: 'race' },
    { file: 'gemm_sm80.cu', what: 'sync_threads();', by: '', n: 2, kind: 'race' },
    { file: 'gemm_gfx90a.hip', what: 'sync_threads();', by: '', n: 0, kind: 'race' },
    { file: 'gemm_gfx90a.hip', what: 'sync_threads();', by: '', n: 1, kind: 'race' },
    { file: 'gemm_gfx90a.hip', what: 'sync_threads();', by: '', n: 2, kind: 'race' },
  ] as const;
  it.each(synchronization)(
    "$file: '$what' number $n becomes '$by': $kind",
    ({ file, what, by, n, kind }) => {
      for (const seed of [1, 2, 3]) {
        expect(kinds(runGemm(mutate(file, what, by, n), file, seed))).toContain(kind);
      }
    },
  );

  const perturbed = [
    ['gemm_sm80.cu', 'lane % 16;', 'lane % 8;'],
    ['gemm_sm80.cu', '(thread % 4 ^ thread / 8 % 4)', '(thread % 4 ^ thread / 4 % 4)'],
    ['gemm_sm80.cu', 'ldmatrix_x4_trans', 'ldmatrix_x4'],
    ['gemm_sm80.cu', '2 * h + 1]', '2 * h]'],
    ['gemm_gfx90a.hip', 'b[j][p], a[i][p]', 'a[i][p], b[j][p]'],
    ['gemm_gfx90a.hip', 'B_next[i][e]', 'B_next[e][i]'],
    ['gemm_gfx90a.hip', 'stage ^= 1;', ''],
  ] as const;
  it.each(perturbed)("%s: '%s' becomes '%s': a report or a wrong result", (file, what, by) => {
    const result = runGemm(mutate(file, what, by), file);
    const wrong = firstDifference(decodeF16(result.outputs.get('C')!), gemmReference()) >= 0;
    expect(wrong || result.reports.length > 0).toBe(true);
  });

  it('an accumulator that is not cleared', () => {
    const result = runGemm(mutate('gemm_sm80.cu', 'fill(acc, 0.0f);', ''), 'gemm_sm80.cu');
    expect(kinds(result)).toEqual(['uninitialized-register']);
    expect(result.reports[0].message).toBe('read of a register element that was never written');
  });

  it('an element stored out of bounds', () => {
    const text = mutate('gemm_sm80.cu', 'C + (m + row) * N + n', 'C + (m + row + 1) * N + n');
    const result = runGemm(text, 'gemm_sm80.cu');
    expect(kinds(result)).toEqual(['out-of-bounds', 'unwritten-output']);
    const report = result.reports[0];
    expect(report.buffer).toBe('C');
    expect(report.message).toMatch(
      /^out-of-bounds write of 16 bytes at element 65\d\d\d of 'C' \(65536 elements of f16\)$/,
    );
    expect(text.split('\n')[report.line - 1]).toContain('store_vector(C + (m + row + 1)');
    expect(report.block[1]).toBe(1);
    expect(result.reports[1].message).toBe(
      "256 of 65536 elements of 'C' were never written, the first at 0",
    );
  });

  it('a misaligned vector', () => {
    const result = runGemm(
      mutate('gemm_sm80.cu', 'C + (m + row) * N + n', 'C + (m + row) * N + n + 1'),
      'gemm_sm80.cu',
    );
    expect(kinds(result)).toContain('misaligned');
  });

  it('more shared memory used than asked for', () => {
    const result = runGemm(mutate('gemm_sm80.cu', '49152', '40960'), 'gemm_sm80.cu');
    expect(result.reports[0].kind).toBe('out-of-bounds');
    expect(result.reports[0].buffer).toBe('shared memory');
  });

  it('a launcher refuses pointers that are not aligned', () => {
    const text = golden('gemm_sm80.cu').replace('!is_aligned(C, 16)', '!is_aligned(C + 1, 16)');
    const result = run(gemmRequest(text, 'cuda'));
    expect(result.launcherResult).toBe(-1);
    expect(result.profile.blocks).toBe(0);
  });
});

/** A kernel of one block over `int` data, to break in small ways. */
function small(
  body: string,
  options: { threads?: number; shared?: number; wave?: 32 | 64 } = {},
): Ran {
  const text = `#include "tilewright/simulator.h"
#line 1 "small.mlir"
extern "C" __global__ void kernel(const i32* __restrict__ in, i32* __restrict__ out) {
  i32* const shared = reinterpret_cast<i32*>(dynamic_shared_memory());
  const int thread = threadIdx.x;
${body}
}
extern "C" int launch(const i32* in, i32* out, stream_t stream) {
  return launch_kernel(kernel, dim3(1), dim3(${options.threads ?? 64}), ${options.shared ?? 1024}, stream, in, out);
}
TILEWRIGHT_ENTRY(launch)
`;
  const data = encode(
    randomMatrix(64, 9).map((value) => value * 8),
    'i32',
  );
  return run({
    text,
    target: options.wave === 64 ? 'hip' : 'cuda',
    waveSize: options.wave ?? 32,
    entry: 'launch',
    arguments: [
      buffer('in', 'i32', 'read', data),
      buffer('out', 'i32', 'write', new Uint8Array(64 * 4)),
    ],
    seed: 1,
    schedules: 2,
    limits: { steps: 1_000_000, seconds: 3 },
  });
}

describe.skipIf(noHostCompiler)('faults in small kernels', () => {
  it('nothing to report of a right one', () => {
    const result = small(`  store(shared + thread, load(in + thread));
  sync_threads();
  store(out + thread, load(shared + (63 - thread)));`);
    expect(result.reports).toEqual([]);
  });

  it('neighbours in shared memory without a barrier: both lines are named', () => {
    const result = small(`  store(shared + thread, load(in + thread));
  store(out + thread, load(shared + (63 - thread)));`);
    const races = result.reports.filter((report) => report.kind !== 'schedule-dependent');
    expect(races.length).toBeGreaterThan(0);
    for (const report of races) {
      expect(report.file).toBe('small.mlir');
      expect(['race', 'uninitialized-read']).toContain(report.kind);
    }
    const race = races.find((report) => report.kind === 'race')!;
    expect(race.message).toMatch(
      /^data race at byte \d+ of shared memory \(1024 bytes\): this (read|write) is not ordered/,
    );
    expect(race.message).toMatch(/ by thread \d+ at small\.mlir:[45]$/);
  });

  it('lanes of one warp are not ordered without sync_warp, and are with it', () => {
    const body = (between: string): string => `  store(shared + thread, load(in + thread));
  ${between}
  store(out + thread, load(shared + (thread ^ 1)));`;
    expect(kinds(small(body('')))).toContain('race');
    expect(small(body('sync_warp();')).reports).toEqual([]);
    const across = small(`  store(shared + thread, load(in + thread));
  sync_warp();
  store(out + thread, load(shared + (thread ^ 32)));`);
    expect(kinds(across)).toContain('race');
  });

  it('the same race is none in the lanes of one wave of 64 with sync_warp', () => {
    const result = small(
      `  store(shared + thread, load(in + thread));
  sync_warp();
  store(out + thread, load(shared + (thread ^ 32)));`,
      { wave: 64 },
    );
    expect(result.reports).toEqual([]);
  });

  it('warps are ordered by the barrier of their group alone', () => {
    const body = (barrier: string): string => `  store(shared + thread, load(in + thread % 64));
  ${barrier}
  const i32 other = load(shared + (thread ^ 32));
  if (thread < 64) store(out + thread, other);`;
    const options = { threads: 128 };
    expect(small(body('sync_warps<1, 2, 64>(thread / 64);'), options).reports).toEqual([]);
    // The other warps of each group, half of the threads, and one number for both groups.
    expect(kinds(small(body('sync_warps<1, 2, 64>(thread / 32 % 2);'), options))).toContain('race');
    expect(kinds(small(body('sync_warps<1, 2, 32>(thread / 64);'), options))).toContain('race');
    expect(kinds(small(body('sync_warps<1, 1, 64>(0);'), options))).toContain('race');
  });

  it('a barrier of a group that half of the group reaches', () => {
    const result = small('  if (thread < 32) sync_warps<1, 2, 64>(0);', { threads: 128 });
    expect(kinds(result)).toEqual(['deadlock']);
    expect(result.reports[0].message).toContain(
      'named barrier 1, to which 32 of 64 threads have come',
    );
  });

  it('two blocks writing one element', () => {
    const result = run({
      text: `#include "tilewright/simulator.h"
extern "C" __global__ void kernel(i32* out) { store(out + threadIdx.x, i32(blockIdx.x)); }
extern "C" int launch(i32* out, stream_t stream) { return launch_kernel(kernel, dim3(2), dim3(32), 0, stream, out); }
TILEWRIGHT_ENTRY(launch)
`,
      target: 'cuda',
      waveSize: 32,
      entry: 'launch',
      arguments: [buffer('out', 'i32', 'write', new Uint8Array(128))],
      seed: 1,
      schedules: 4,
    });
    expect(kinds(result)).toContain('race');
    expect(result.reports[0].message).toMatch(/of block \([01], 0, 0\) at kernel\.cu:2/);
  });

  it('a barrier that half of the threads reach', () => {
    const result = small(`  if (thread < 32) {
    sync_threads();
  }
  store(out + thread, 1);`);
    expect(kinds(result)).toEqual(['barrier-divergence']);
    expect(result.reports[0].message).toBe(
      'not all threads of the block come to the barrier: 32 threads (32-63) ended; 32 threads (0-31) wait in sync_threads at small.mlir:5',
    );
  });

  it('two different barriers', () => {
    const result = small(`  if (thread < 32) {
    sync_threads();
  } else {
    sync_threads();
  }
  store(out + thread, 1);`);
    expect(kinds(result)).toEqual(['barrier-divergence']);
    expect(result.reports[0].message).toContain('threads of the block meet at different barriers');
  });

  it('a shuffle without some lanes', () => {
    const result = small(`  i32 value = thread;
  if (thread % 32 != 7) value = shuffle_xor(value, 1);
  store(out + thread, value);`);
    expect(kinds(result)).toEqual(['warp-divergence']);
    expect(result.reports[0].message).toContain('wait in shuffle at small.mlir:5');
  });

  it('a loop without end, with and without memory accesses', () => {
    expect(kinds(small('  while (load(in) != 12345) {}'))).toEqual(['step-limit']);
    const idle = small('  volatile int x = 0;\n  while (x == 0) {}');
    expect(kinds(idle)).toEqual(['time-limit']);
  });

  it('shared memory read before it is written', () => {
    const result = small('  store(out + thread, load(shared + thread));');
    expect(kinds(result)).toEqual(['uninitialized-read']);
    expect(result.reports[0].message).toMatch(
      /^read of byte \d+ of shared memory \(1024 bytes\), which was never written$/,
    );
    expect(result.reports[0].count).toBe(2 * 64);
  });

  it('accesses to nowhere', () => {
    expect(kinds(small('  store(out + thread, load(in + thread - 64));'))).toEqual([
      'out-of-bounds',
    ]);
    const wild = small('  store(out + thread, load(reinterpret_cast<const i32*>(16)));');
    expect(kinds(wild)).toEqual(['wild-pointer']);
    expect(kinds(small('  store(out + thread, *reinterpret_cast<volatile i32*>(16));'))).toEqual([
      'crash',
    ]);
  });

  it('a store to what is read-only', () => {
    const result = small('  store(const_cast<i32*>(in) + thread, 1);\n  store(out + thread, 1);');
    expect(kinds(result)).toEqual(['write-to-readonly']);
    expect(result.reports[0].buffer).toBe('in');
  });

  it('indices beyond a register array', () => {
    const result = small('  Registers<i32, 2> r;\n  r[0] = 1;\n  store(out + thread, r[2]);');
    expect(kinds(result)).toEqual(['register-index']);
    expect(result.reports[0]).toMatchObject({
      line: 6,
      message: 'index 2 into a register array of 2',
    });
  });

  it('results that depend on the order of threads', () => {
    const result = small(`  store(out + thread, 0);
  const i32 order = thread == 0 ? 0 : 0;
  sync_threads();
  const i32 before = atomic_add(out, 1);
  sync_threads();
  if (thread == before) store(out, order);
  if (before == 5) store(out + 1, thread);`);
    expect(kinds(result)).toContain('schedule-dependent');
  });

  it('stops after as many reports as asked for', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `  store(out + 100 + thread, ${i});`);
    const text = small(lines.join('\n'));
    expect(text.reports).toHaveLength(13);
  });
});

describe.skipIf(noHostCompiler)('launches', () => {
  const launch = (bounds: string, threads: number): Ran =>
    run({
      text: `#include "tilewright/simulator.h"
// extern "C" __global__ void __launch_bounds__(7) kernel(
extern "C" __global__ void __launch_bounds__(${bounds})
kernel(i32* out) { store(out + threadIdx.x, 1); }
extern "C" int launch(i32* out, stream_t stream) { return launch_kernel(kernel, dim3(1), dim3(${threads}), 0, stream, out); }
TILEWRIGHT_ENTRY(launch)
`,
      target: 'cuda',
      waveSize: 32,
      entry: 'launch',
      arguments: [buffer('out', 'i32', 'write', new Uint8Array(threads * 4))],
      seed: 1,
    });

  it.each(['64', '64, 2'])('as __launch_bounds__(%s) say', (bounds) => {
    expect(launch(bounds, 64).reports).toEqual([]);
  });

  it.each([32, 128])('with other than the 64 threads of __launch_bounds__: %d', (threads) => {
    const { reports, launcherResult } = launch('64', threads);
    expect(reports.map(({ kind }) => kind)).toEqual(['launch']);
    expect(reports[0].message).toBe(
      `'kernel' is launched with ${threads} threads per block, but its __launch_bounds__ say 64`,
    );
    // What asks for more than was promised does not run on hardware either.
    expect(launcherResult === 0).toBe(threads < 64);
  });
});

describe.skipIf(noHostCompiler)('the profile', () => {
  it('is of the first schedule, however many there are', () => {
    const text = golden('gemm_sm80.cu');
    const request = gemmRequest(text, 'cuda');
    const [one, three] = [1, 3].map((schedules) => run({ ...request, schedules }).profile);
    expect(three).toEqual(one);
  });
});

describe.skipIf(noHostCompiler)('requests that cannot run', () => {
  const request = gemmRequest('', 'cuda');
  it('say why', () => {
    const syntax = simulate({ ...request, text: 'this is no C++' });
    expect(syntax.status).toBe('rejected');
    expect(syntax.status === 'rejected' && syntax.diagnostics).toContain('kernel.cu:1:1: error');
    const text = golden('gemm_sm80.cu');
    const reject = (change: Partial<typeof request>): string => {
      const result = simulate({ ...request, text, ...change });
      return result.status === 'rejected' ? result.diagnostics : result.status;
    };
    expect(reject({ entry: 'gemm' })).toBe("no entry 'gemm': the text has 'launch_gemm'");
    expect(reject({ arguments: [] })).toBe("'launch_gemm' takes 3 arguments, found 0");
    const [a, b] = request.arguments;
    expect(
      reject({ arguments: [a, b, { kind: 'scalar', name: 'n', type: 'i32', value: 1 }] }),
    ).toBe("argument 2 ('n') of 'launch_gemm': expected a buffer");
    expect(reject({ arguments: [buffer('A', 'f17', 'read', new Uint8Array(2))] })).toBe(
      "argument 'A': unknown element type 'f17'",
    );
  });
});
