// A product for Hopper written by hand: bulk copies, mbarriers and warpgroup products, right and with single faults.
import { describe, expect, it } from 'vitest';
import { compileCuda } from '../../src/runtime/compile/index.js';
import type { Ran } from './support.js';
import {
  buffer,
  decodeF16,
  encode,
  firstDifference,
  golden,
  noHostCompiler,
  product,
  randomMatrix,
  reportLines,
  run,
} from './support.js';

const size = 256;
const a = randomMatrix(size * size, 1);
const b = randomMatrix(size * size, 2);

/** B is stored by columns of the product. */
function reference(): Float64Array {
  const transposed = b.map((_, i) => b[(i % size) * size + Math.floor(i / size)]);
  return decodeF16(encode(product(a, transposed, size, size, size), 'f16'));
}

function runGemm(text: string, options: { schedules?: number; seed?: number } = {}): Ran {
  return run({
    text,
    target: 'cuda',
    waveSize: 32,
    entry: 'launch_gemm',
    arguments: [
      buffer('A', 'f16', 'read', encode(a, 'f16')),
      buffer('B', 'f16', 'read', encode(b, 'f16')),
      buffer('C', 'f16', 'write', new Uint8Array(size * size * 2)),
    ],
    seed: 1,
    limits: { seconds: 30, reports: 5 },
    ...options,
  });
}

/** Changes the kernel, which must contain `what`. */
function mutated(what: string, by: string, name = 'gemm_sm90.cu'): string {
  const text = golden(name);
  const start = text.indexOf('extern "C" __global__');
  if (!text.slice(start).includes(what)) throw new Error(`'${what}' does not occur`);
  return text.slice(0, start) + text.slice(start).replace(what, by);
}

describe.skipIf(noHostCompiler)('gemm_sm90.cu on the simulator', () => {
  it('gives the exact product under many schedules, with nothing to report', () => {
    const result = runGemm(golden('gemm_sm90.cu'), { schedules: 8 });
    expect(reportLines(result)).toEqual([]);
    expect(firstDifference(decodeF16(result.outputs.get('C')!), reference())).toBe(-1);
    expect(result.profile.totals.flop).toBe(2 * size ** 3);
    const loads = result.profile.lines.filter(({ operation }) => operation === 'tma_load');
    // Every block reads 64 rows of A and 128 of B.
    expect(loads.reduce((sum, { globalBytes }) => sum + globalBytes, 0)).toBe(8 * 192 * size * 2);
  });

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'mbarrier_wait(full + stage, round);',
      '',
      'pending-read',
      /bulk copy to it, started by thread 128/,
    ],
    [
      'mbarrier_wait(full + stage, round);',
      'mbarrier_wait(full + stage, round ^ 1);',
      'pending-read',
      /bulk copy/,
    ],
    [
      'mbarrier_wait(empty + stage, round ^ 1);',
      'mbarrier_wait(empty + stage, round);',
      'deadlock',
      /wait for phase 0 \(parity 0\) of the mbarrier at byte 65552 of shared memory.*128 of 128 arrivals are missing/,
    ],
    [
      'mbarrier_wait(empty + stage, round ^ 1);',
      '',
      'race',
      /this write is not ordered after the (read|write) by thread 128/,
    ],
    ['mbarrier_arrive(empty + stage);', '', 'deadlock', /128 of 128 arrivals are missing/],
    [
      'mbarrier_arrive_expect(full + stage, stage_bytes);',
      'mbarrier_arrive_expect(full + stage, stage_bytes + 16);',
      'deadlock',
      /16 bytes that it was told to expect/,
    ],
    ['wgmma_wait<0>();', '', 'race', /./],
    [
      'wgmma_fence();',
      '',
      'missing-wgmma-fence',
      /accumulators that were written since the last wgmma_fence/,
    ],
    ['wgmma_commit();', '', 'pending-register', /./],
    [
      '  fence_proxy_async();\n',
      '',
      'missing-proxy-fence',
      /a bulk store uses byte \d+ of shared memory .* which thread \d+ wrote at .* without a fence/,
    ],
    ['    fence_mbarrier_init();\n', '', 'missing-proxy-fence', /was initialized without a fence/],
    ['named_barrier_sync<1, 128>();', '', 'race', /./],
    [
      'named_barrier_sync<1, 128>();',
      'named_barrier_sync<1, 160>();',
      'deadlock',
      /named barrier 1, to which \d+ of 160 threads have come/,
    ],
    [
      'named_barrier_sync<1, 128>();',
      'named_barrier_sync<1, 100>();',
      'barrier-misuse',
      /expected a multiple of 32/,
    ],
    [
      '    bulk_wait<0>();\n',
      '',
      'pending-store',
      /ends before its bulk stores have read shared memory/,
    ],
    ['  sync_threads();', '', 'mbarrier-misuse', /no mbarrier was initialized|./],
    [
      'wgmma_descriptor<128>(B_tiles + stage * 8192, 0, 1024)',
      'wgmma_descriptor<64>(B_tiles + stage * 8192, 0, 1024)',
      'descriptor',
      /has a swizzle of 64 bytes, but the bulk copy wrote/,
    ],
    [
      'wgmma_descriptor<128>(B_tiles + stage * 8192, 0, 1024)',
      'wgmma_descriptor<128>(B_tiles + stage * 8192, 0, 512)',
      'descriptor',
      /lets groups of 8 rows overlap: expected at least 1024/,
    ],
    [
      'wgmma_descriptor<128>(A_tiles + stage * 4096, 0, 1024)',
      'wgmma_descriptor<128>(A_tiles + stage * 4096 + 64, 0, 1024)',
      'descriptor',
      /begins 128 bytes after a multiple of 1024/,
    ],
    ['full + stage, k * 64, n);', 'full + stage + stages, k * 64, n);', 'deadlock', /./],
  ];
  it.each(faults)("'%s' becomes '%s': %s", (what, by, kind, message) => {
    const text = mutated(what, by);
    const found = runGemm(text, { schedules: 3 }).reports;
    expect(found.map((report) => report.kind)).toContain(kind);
    expect(found.filter((report) => report.kind === kind)[0].message).toMatch(message);
  });
});

describe.skipIf(noHostCompiler)('gemm_sm90_cluster.cu on the simulator', () => {
  const kernel = 'gemm_sm90_cluster.cu';

  it('gives the exact product under many schedules, reading B once for two blocks', () => {
    const result = runGemm(golden(kernel), { schedules: 8 });
    expect(reportLines(result)).toEqual([]);
    expect(firstDifference(decodeF16(result.outputs.get('C')!), reference())).toBe(-1);
    expect(result.profile.totals.flop).toBe(2 * size ** 3);
    const loads = result.profile.lines.filter(({ operation }) => operation === 'tma_load');
    const total = (key: 'globalBytes' | 'sharedBytes'): number =>
      loads.reduce((sum, line) => sum + line[key], 0);
    // Every block reads 64 rows of A and 64 of B, and gets 128 of B.
    expect(total('globalBytes')).toBe(8 * 128 * size * 2);
    expect(total('sharedBytes')).toBe(8 * 192 * size * 2);
  });

  const faults: readonly (readonly [string, string, string, RegExp])[] = [
    [
      '  cluster_arrive();\n  cluster_wait();\n  if (thread == 128)',
      '  sync_threads();\n  if (thread == 128)',
      'mbarrier-misuse',
      /(arrival|bulk copy) at byte \d+ of shared memory of block \(\d, \d, 0\).*, where no mbarrier was initialized/,
    ],
    [
      '  cluster_arrive();\n  cluster_wait();\n  if (thread == 128)',
      '  cluster_arrive_relaxed();\n  cluster_wait();\n  if (thread == 128)',
      'race',
      /is not ordered after the write by thread 128/,
    ],
    [
      '  cluster_arrive();\n  cluster_wait();\n}',
      '}',
      'ended-block',
      /^atomic update of byte \d+ of shared memory of block \(\d, \d, 0\).* which (may have|has) ended/,
    ],
    [
      '  cluster_arrive();\n  cluster_wait();\n}',
      '  if (rank == 0) cluster_arrive();\n  if (rank == 0) cluster_wait();\n}',
      'ended-block',
      /which (may have|has) ended/,
    ],
    [
      '  cluster_arrive();\n  cluster_wait();\n}',
      '  cluster_wait();\n}',
      'barrier-misuse',
      /waits at the cluster's barrier without having come to it/,
    ],
    [
      'full + stage, 3, k * 64',
      'full + stage, 1 << rank, k * 64',
      'deadlock',
      /8192 bytes that it was told to expect/,
    ],
    [
      'full + stage, 3, k * 64',
      'full + stage, 7, k * 64',
      'multicast-mask',
      /mask 0x7 in a cluster of 2 blocks: expected bits of 0 to 1/,
    ],
    ['full + stage, stage_bytes)', 'full + stage, stage_bytes - 8192)', 'deadlock', /-8192 bytes/],
    [', rank = cluster_rank();', ', rank = 0;', 'pending-write', /asynchronous copy/],
    [
      'mbarrier_arrive_remote(empty + stage, thread % 32)',
      'mbarrier_arrive_remote(empty + stage, thread % 32 + 1)',
      'cluster-rank',
      /block 2 of a cluster of 2: expected 0 to 1/,
    ],
    [
      'mbarrier_arrive_remote(empty + stage, thread % 32)',
      'mbarrier_arrive_remote(empty + stage, rank)',
      'deadlock|race|mbarrier-misuse',
      /./,
    ],
    ['mbarrier_wait(empty + stage, round ^ 1);', '', 'race|pending-write|mbarrier-misuse', /./],
    [
      '__cluster_dims__(1, 2, 1)',
      '__cluster_dims__(1, 3, 1)',
      'launch',
      /no whole number of clusters/,
    ],
  ];
  it.each(faults)("'%s' becomes '%s': %s", (what, by, kind, message) => {
    const found = runGemm(mutated(what, by, kernel), { schedules: 2 }).reports;
    const fitting = found.filter((report) => kind.split('|').includes(report.kind));
    expect(fitting, JSON.stringify(found)).not.toHaveLength(0);
    expect(fitting[0].message).toMatch(message);
  });

  it('says what every block waits for when one does not come to the barrier of the cluster', () => {
    const text = mutated(
      '  cluster_arrive();\n  cluster_wait();\n}',
      '  if (rank == 0) cluster_arrive();\n  else mbarrier_wait(full, 0);\n  cluster_wait();\n}',
      kernel,
    );
    const [report] = runGemm(text).reports;
    expect(report.kind).toBe('deadlock');
    expect(report.message).toMatch(
      /no thread of the cluster can go on: .*160 threads \(0-159\) of block \(\d, \d, 0\) wait for the cluster's barrier, to which 160 of 320 threads have come/,
    );
  });
});

describe('golden products through nvcc', () => {
  it.for(['gemm_sm90.cu', 'gemm_sm90_cluster.cu'])(
    '%s keeps everything in registers',
    (name, { skip }) => {
      const result = compileCuda(golden(name), 'sm_90a');
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
      expect(result.spillStores + result.spillLoads).toBe(0);
      expect(result.diagnostics).not.toMatch(/C75\d\d|serializ/i);
    },
  );
});
