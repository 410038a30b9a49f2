// Clusters against the words of the PTX ISA: ranks, the cluster's barrier, shared memory and mbarriers of other blocks, multicast.
// One text for all cases, chosen by an argument, because compiling takes longer than running.
import { describe, expect, it } from 'vitest';
import type { SimulatorReport } from '../../src/runtime/sim/index.js';
import { buffer, encode, noHostCompiler, reportLines, run } from './support.js';

/** Each case is the body of a kernel with 64 threads per block in clusters of two, or of the extents given. */
interface Case {
  readonly body: string;
  /** The launch, where it is not `launch_cluster_kernel` with clusters of 2x1x1 on a grid of 4x1x1. */
  readonly launch?: readonly [grid: string, cluster: string];
}

const setUp = `  if (thread == 0) {
    mbarrier_init(barrier, 1);
    fence_mbarrier_init();
  }
  cluster_arrive();
  cluster_wait();
`;
const end = `  cluster_arrive();
  cluster_wait();
`;
/** Block 0 writes its own shared memory, block 1 reads it, with something in between on both sides. */
const handOver = (arrive: string, wait: string): string => `${setUp}  if (rank == 0) {
    if (thread == 0) {
      store(tile, 5.0f);
      ${arrive}
    }
  } else if (thread == 0) {
    ${wait}
    store(out + block, load_cluster(map_shared_rank(tile, 0)));
  }
${end}`;

const cases = {
  ranks: {
    body: `  if (thread == 0) {
    f32* const place = out + 8 * (block_index_x() + 4 * block_index_y() + 16 * block_index_z());
    store(place, f32(cluster_rank()));
    store(place + 1, f32(cluster_size()));
    store(place + 2, f32(cluster_block_index_x()));
    store(place + 3, f32(cluster_block_index_y()));
    store(place + 4, f32(cluster_block_index_z()));
  }`,
    launch: ['dim3(4, 4, 2)', 'dim3(2, 4, 1)'],
  },
  barrier: {
    body: `  store(tile + thread, f32(100 * rank + thread));
  cluster_arrive();
  cluster_wait();
  f32* const other = map_shared_rank(tile, rank ^ 1);
  store(out + 64 * block + thread, load(other + 63 - thread));
  cluster_arrive();
  cluster_wait();`,
  },
  noBarrier: {
    body: `  store(tile + thread, f32(100 * rank + thread));
  f32* const other = map_shared_rank(tile, rank ^ 1);
  store(out + 64 * block + thread, load(other + 63 - thread));
${end}`,
  },
  relaxed: {
    body: `  store(tile + thread, f32(100 * rank + thread));
  cluster_arrive_relaxed();
  cluster_wait();
  f32* const other = map_shared_rank(tile, rank ^ 1);
  store(out + 64 * block + thread, load(other + 63 - thread));
${end}`,
  },
  writeAfterRead: {
    body: `  store(tile + thread, f32(thread));
  cluster_arrive();
  cluster_wait();
  store(out + 64 * block + thread, load_cluster(map_shared_rank(tile, rank ^ 1) + thread));
  cluster_arrive_relaxed();
  cluster_wait();
  store(tile + thread, 1.0f);`,
  },
  remoteStores: {
    body: `  i32* const sums = reinterpret_cast<i32*>(tile) + 64;
  if (thread == 0) store(sums, 7);
  cluster_arrive();
  cluster_wait();
  store_cluster(map_shared_rank(tile, rank ^ 1) + thread, f32(100 * rank + thread));
  atomic_add_cluster(map_shared_rank(sums, 0), 1);
  atomic_add(map_shared_rank(sums, 1), 2);
  cluster_arrive();
  cluster_wait();
  store(out + 64 * block + thread, load(tile + thread) + f32(load(sums)) * 1000.0f);`,
  },
  twoArrivals: { body: '  cluster_arrive();\n  cluster_arrive();\n  cluster_wait();' },
  ended: {
    body: `  if (rank == 1) return;
  cluster_arrive();
  cluster_wait();
  store(out + 64 * block + thread, 1.0f);`,
  },
  accessAfterEnd: {
    body: `  if (rank == 0) store(tile + thread, 1.0f);
  cluster_arrive();
  cluster_wait();
  if (rank == 1) store(out + 64 * block + thread, load_cluster(map_shared_rank(tile, 0) + thread));`,
  },
  half: {
    body: '  if (thread % 32 < 16) cluster_arrive();\n  cluster_wait();',
  },
  clusterScope: {
    body: handOver('mbarrier_arrive_cluster(barrier, 1);', 'mbarrier_wait_cluster(barrier, 0);'),
  },
  tryWait: {
    body: handOver(
      'mbarrier_arrive_cluster(barrier, 1);',
      'while (!mbarrier_try_wait_cluster(barrier, 0)) {}',
    ),
  },
  blockScopeArrival: {
    body: handOver('mbarrier_arrive_remote(barrier, 1);', 'mbarrier_wait_cluster(barrier, 0);'),
  },
  blockScopeWait: {
    body: handOver('mbarrier_arrive_cluster(barrier, 1);', 'mbarrier_wait(barrier, 0);'),
  },
  /** Block 1 says that it has read what block 0 then overwrites: block scope is enough. */
  blockScopeForReads: {
    body: `  if (thread == 0) store(tile, 3.0f);
${setUp}  if (thread == 0 && rank == 1) {
    store(out + block, load_cluster(map_shared_rank(tile, 0)));
    mbarrier_arrive_remote(barrier, 0);
  }
  if (thread == 0 && rank == 0) {
    mbarrier_wait(barrier, 0);
    store(tile, 4.0f);
  }
${end}`,
  },
  foreignWait: {
    body: `${setUp}  if (thread == 0) mbarrier_wait(map_shared_rank(barrier, rank ^ 1), 0);`,
  },
  foreignCopy: {
    body: `  if (thread == 0) cp_async<16>(map_shared_rank(tile, rank ^ 1), in);
${end}`,
  },
  notShared: { body: '  if (thread == 0) store(out, load_cluster(in));' },
  multicast: {
    body: `${setUp}  if (thread == 0) mbarrier_arrive_expect(barrier, rank == 3 ? 0 : 128);
  if (thread == 0 && rank == 1) {
    tma_load_multicast_2d(tile, &map, barrier, 7, 4, 1);
  }
  mbarrier_wait(barrier, 0);
  if (rank != 3 && thread < 32) store(out + 64 * block + thread, load(tile + thread));
${end}`,
    launch: ['dim3(4)', 'dim3(4)'],
  },
  nobodyWaits: {
    body: `${setUp}  if (thread == 0) mbarrier_arrive_expect(barrier, 128);
  if (thread == 0 && rank == 1) tma_load_multicast_2d(tile, &map, barrier, 3, 0, 0);
  if (rank == 1) mbarrier_wait(barrier, 0);
${end}`,
  },
  sixteen: {
    body: '  if (thread == 0) store(out + block, f32(cluster_rank()));',
    launch: ['dim3(16)', 'dim3(16)'],
  },
  seventeen: { body: '', launch: ['dim3(17)', 'dim3(17)'] },
  uneven: { body: '', launch: ['dim3(5)', 'dim3(2)'] },
} satisfies Record<string, Case>;

const names = Object.keys(cases) as (keyof typeof cases)[];
const launchOf = (name: keyof typeof cases): readonly [string, string] =>
  'launch' in cases[name]
    ? (cases[name] as { launch: [string, string] }).launch
    : ['dim3(4)', 'dim3(2)'];

const parameters = 'const f32* in, f32* out, const __grid_constant__ tensor_map map';
const text = `#include "tilewright/simulator.h"
${names
  .map(
    (name) => `extern "C" __global__ void kernel_${name}(${parameters}) {
  f32* const tile = reinterpret_cast<f32*>(dynamic_shared_memory());
  u64* const barrier = reinterpret_cast<u64*>(dynamic_shared_memory() + 8192);
  const int thread = thread_index(), rank = cluster_rank(), block = block_index_x();
${cases[name].body}
}
`,
  )
  .join('')}
extern "C" __global__ void __launch_bounds__(64) __cluster_dims__(2, 1, 1) fixed(f32* out) {
  store(out + 64 * block_index_x() + thread_index(), f32(cluster_rank()));
}
extern "C" int launch(const f32* in, f32* out, i32 number, stream_t stream) {
  tensor_map map;
  if (make_tensor_map(map, in, {16, 8}, {1, 16}, {8, 4}, 0)) return 1;
  switch (number) {
${names
  .map((name, i) => {
    const [grid, cluster] = launchOf(name);
    return `    case ${i}: return launch_cluster_kernel(kernel_${name}, ${grid}, dim3(64), ${cluster}, 16384, stream, in, out, map);\n`;
  })
  .join('')}    case 100: return launch_kernel(fixed, dim3(4), dim3(64), 0, stream, out);
    case 101: return launch_cluster_kernel(fixed, dim3(4), dim3(64), dim3(4), 0, stream, out);
    default: return launch_kernel(kernel_ranks, dim3(4), dim3(64), 16384, stream, in, out, map);
  }
}
TILEWRIGHT_ENTRY(launch)
`;

const input = Array.from({ length: 16 * 8 }, (_, i) => i + 1);

function execute(number: number): {
  values: Float32Array;
  lines: string[];
  reports: readonly SimulatorReport[];
} {
  const result = run({
    text,
    target: 'cuda',
    waveSize: 32,
    entry: 'launch',
    arguments: [
      buffer('in', 'f32', 'read', encode(input, 'f32')),
      buffer('out', 'f32', 'readwrite', new Uint8Array(4 * 256)),
      { kind: 'scalar', name: 'number', type: 'i32', value: number },
    ],
    seed: 1,
    schedules: 8,
    limits: { seconds: 20, reports: 5 },
  });
  const values = new Float32Array(result.outputs.get('out')!.slice().buffer);
  return { values, lines: reportLines(result), reports: result.reports };
}

const executeCase = (name: keyof typeof cases): ReturnType<typeof execute> =>
  execute(names.indexOf(name));

/** The reports' kinds and the first message. */
function faults(name: keyof typeof cases): string {
  const { reports } = executeCase(name);
  return reports.length === 0 ? '' : `${reports[0].kind}: ${reports[0].message}`;
}

const valuesOf = (name: keyof typeof cases): Float32Array => {
  const { values, lines } = executeCase(name);
  expect(lines).toEqual([]);
  return values;
};

describe.skipIf(noHostCompiler)('a cluster', () => {
  it('numbers its blocks along x, then y, then z', () => {
    const values = valuesOf('ranks');
    for (let z = 0; z < 2; z++)
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++) {
          const found = [...values.subarray(8 * (x + 4 * y + 16 * z)).subarray(0, 5)];
          expect(found, `${x}, ${y}, ${z}`).toEqual([(x % 2) + 2 * y, 8, x % 2, y, 0]);
        }
  });

  it('is one block where neither the kernel nor the launch says otherwise', () => {
    const { values, lines } = execute(102);
    expect(lines).toEqual([]);
    for (let x = 0; x < 4; x++)
      expect([...values.subarray(8 * x, 8 * x + 5)]).toEqual([0, 1, 0, 0, 0]);
  });

  it('takes its extents from the kernel, which a launch must not contradict', () => {
    const { values, lines } = execute(100);
    expect(lines).toEqual([]);
    expect([0, 64, 128, 192].map((i) => values[i])).toEqual([0, 1, 0, 1]);
    expect(execute(101).reports[0].message).toBe(
      "'fixed' is launched in clusters of 4x1x1, but its __cluster_dims__ say 2x1x1",
    );
  });

  it('has at most 16 blocks, and fits the grid', () => {
    expect([...valuesOf('sixteen').subarray(0, 16)]).toEqual(
      Array.from({ length: 16 }, (_, i) => i),
    );
    expect(faults('seventeen')).toBe('launch: clusters of 17x1x1 blocks: expected 1 to 16');
    expect(faults('uneven')).toBe(
      'launch: a grid of 5x1x1 blocks is no whole number of clusters of 2x1x1',
    );
  });
});

describe.skipIf(noHostCompiler)("the cluster's barrier", () => {
  it('makes what was written before the arrival visible after the wait', () => {
    const values = valuesOf('barrier');
    for (let i = 0; i < 256; i++)
      expect(values[i]).toBe(100 * ((Math.floor(i / 64) % 2) ^ 1) + 63 - (i % 64));
  });

  it('is needed, and must not be relaxed, before another block reads', () => {
    expect(faults('noBarrier')).toMatch(
      /^(race: data race at|uninitialized-read: read of) byte \d+ of shared memory of block \(\d, 0, 0\)/,
    );
    expect(faults('relaxed')).toMatch(
      /^race: data race at byte \d+ of shared memory of block .*this read is not ordered after the write by thread \d+ of block \(\d, 0, 0\)/,
    );
  });

  it('orders a read before a later write even where the arrival is relaxed', () => {
    expect([...valuesOf('writeAfterRead')]).toEqual(Array.from({ length: 256 }, (_, i) => i % 64));
  });

  it('takes threads that have ended as having come', () => {
    const values = valuesOf('ended');
    expect([0, 64, 128, 192].map((i) => values[i])).toEqual([1, 0, 1, 0]);
  });

  it('takes one arrival of a thread per phase, by whole warps', () => {
    expect(faults('twoArrivals')).toMatch(/^barrier-misuse: .*again without having waited/);
    expect(faults('half')).toMatch(/^warp-divergence: .*cluster_(arrive|wait)/);
  });
});

describe.skipIf(noHostCompiler)('shared memory of another block', () => {
  it('takes stores and atomic updates', () => {
    const values = valuesOf('remoteStores');
    for (let i = 0; i < 256; i++) {
      const rank = Math.floor(i / 64) % 2;
      const sum = 7 + 128 * (rank + 1);
      expect(values[i]).toBe(100 * (rank ^ 1) + (i % 64) + 1000 * sum);
    }
  });

  it('must not be touched when its block may have ended', () => {
    const { reports } = executeCase('accessAfterEnd');
    expect(reports[0].kind).toBe('ended-block');
    expect(reports[0].message).toMatch(
      /^read of byte \d+ of shared memory of block \([02], 0, 0\) \(16384 bytes\), which (has ended|may have ended: nothing that it waits for comes after)/,
    );
    expect(reports[0].block[0] % 2).toBe(1);
    expect(reports[0].notes[0].message).toMatch(
      /^cluster_arrive\(\) and cluster_wait\(\) by both blocks/,
    );
  });

  it('is no place for copies, waits and initial values', () => {
    expect(faults('foreignCopy')).toMatch(
      /^wild-pointer: asynchronous copy to the shared memory of block \(\d, 0, 0\)/,
    );
    expect(faults('foreignWait')).toMatch(
      /^mbarrier-misuse: wait at .* expected an mbarrier of the block's own/,
    );
    expect(faults('notShared')).toMatch(
      /^wild-pointer: access to the cluster's shared memory at address/,
    );
  });
});

describe.skipIf(noHostCompiler)("another block's mbarrier", () => {
  it.each(['clusterScope', 'tryWait'] as const)('orders what was written: %s', (name) => {
    const values = valuesOf(name);
    expect([values[1], values[3]]).toEqual([5, 5]);
  });

  it.each(['blockScopeArrival', 'blockScopeWait'] as const)(
    'does not with block scope: %s',
    (name) => {
      expect(faults(name)).toMatch(
        /^race: .*this read is not ordered after the write by thread 0 of block/,
      );
    },
  );

  it('orders reads before later writes even with block scope', () => {
    expect(valuesOf('blockScopeForReads')[1]).toBe(3);
  });
});

describe.skipIf(noHostCompiler)('multicast', () => {
  it('brings the box and its bytes to every block of the mask, and to no other', () => {
    const values = valuesOf('multicast');
    for (let block = 0; block < 4; block++)
      for (let i = 0; i < 32; i++) {
        const expected = block === 3 ? 0 : input[(Math.floor(i / 8) + 1) * 16 + 4 + (i % 8)];
        expect(values[64 * block + i]).toBe(expected);
      }
  });

  it('must be waited for by every block that it writes to', () => {
    const { reports } = executeCase('nobodyWaits');
    expect(reports.map(({ kind }) => kind)).toContain('pending-copy');
    expect(reports.find(({ kind }) => kind === 'pending-copy')!.block[0] % 2).toBe(0);
  });
});
