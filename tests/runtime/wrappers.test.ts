import { describe, expect, it } from 'vitest';
import { compileCuda, compileHip } from '../../src/runtime/compile/index.js';
import { loadWrappers, parseWrappers, selectWrappers } from '../../src/targets/wrappers.js';

describe('wrapper libraries', () => {
  it.each(['cuda', 'hip'] as const)(
    '%s: every wrapper has a doc line and stands after what it needs',
    (target) => {
      const library = loadWrappers(target);
      expect(library.wrappers.size).toBeGreaterThan(25);
      for (const wrapper of library.wrappers.values()) {
        expect(wrapper.doc, wrapper.name).not.toBe('');
        const text = selectWrappers(library, [wrapper.name]);
        expect(text.endsWith(wrapper.text)).toBe(true);
        for (const name of wrapper.requires)
          expect(text).toContain(library.wrappers.get(name)!.text);
      }
    },
  );

  it('selects each wrapper once, in an order that does not depend on the names', () => {
    const library = loadWrappers('cuda');
    const text = selectWrappers(library, ['cp_async', 'ldmatrix_x4', 'fill']);
    expect(selectWrappers(library, ['fill', 'cp_async', 'ldmatrix_x4', 'fill'])).toBe(text);
    expect(text.match(/u32 shared_address\(/g)).toHaveLength(1);
    expect(text).not.toContain('ldmatrix_x2');
    expect(text).not.toContain('//! ');
  });

  it('names what is wrong', () => {
    expect(() => selectWrappers(loadWrappers('hip'), ['cp_async'])).toThrow(
      "no hip wrapper is named 'cp_async'",
    );
    expect(() => parseWrappers('//! wrapper x requires y\n', 'f.cuh')).toThrow(
      "f.cuh: expected '//! wrapper <name>: requires <names>; since <arch>', found '//! wrapper x requires y'",
    );
  });

  it.for(['sm_75', 'sm_80', 'sm_89', 'sm_90a'])(
    'all CUDA wrappers of %s compile together',
    (arch, { skip }) => {
      const library = loadWrappers('cuda');
      const names = [...library.wrappers.values()]
        .filter((wrapper) => wrapper.since <= arch)
        .map((wrapper) => wrapper.name);
      const result = compileCuda(selectWrappers(library, names), arch);
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
    },
  );

  it("ptxas takes a warpgroup's product of every type, and named barriers and bulk copies of every rank", ({
    skip,
  }) => {
    const library = loadWrappers('cuda');
    const products = [...library.wrappers.keys()].filter((name) =>
      /^wgmma_m64n(8|64|256)k/.test(name),
    );
    expect(products).toHaveLength(3 * 7);
    const leftRegisters: Record<string, string> = {
      f16: 'f16, 8',
      bf16: 'bf16, 8',
      tf32: 'f32, 4',
      f8E4M3FN: 'f8E4M3FN, 16',
      f8E5M2: 'f8E5M2, 16',
      i8: 'i8, 16',
    };
    const kernels = products.map((name, i) => {
      const [, n, , d, ab] = /^wgmma_m64n(\d+)k(\d+)_(\w+?)_(\w+)$/.exec(name)!;
      return `extern "C" __global__ void __launch_bounds__(128) k${i}(f32* out, ${ab === 'tf32' ? 'f32' : ab} value, u64 a, u64 b) {
  Registers<${d}, ${Number(n) / 2}> sums;
  Registers<${leftRegisters[ab]}> left;
  fill(left, value);
  wgmma_fence();
  ${name}(sums, a, b, false);
  ${name}(sums, left, b, true);
  wgmma_commit();
  wgmma_wait<0>();
  for (int i = 0; i < ${Number(n) / 2}; ++i) out[i * 128 + thread_index()] = f32(sums[i]);
}
`;
    });
    const ranks = [1, 2, 3, 4, 5].map((rank) => {
      const at = Array.from({ length: rank }, (_, i) => i).join(', ');
      return `  tma_load_${rank}d(tile, &map, barrier, ${at});\n  tma_store_${rank}d(&map, tile, ${at});\n`;
    });
    const copies = `extern "C" __global__ void __launch_bounds__(256) copies(const __grid_constant__ tensor_map map) {
  f32* const tile = reinterpret_cast<f32*>(dynamic_shared_memory());
  u64* const barrier = reinterpret_cast<u64*>(dynamic_shared_memory() + 32768);
  prefetch_tensor_map(&map);
  mbarrier_init(barrier, 1);
  fence_mbarrier_init();
  if (thread_index() < 128) decrease_registers<40>(); else increase_registers<232>();
  named_barrier_arrive<1, 512>();
  named_barrier_sync<2, 256>();
  mbarrier_expect(barrier, 16);
  mbarrier_arrive_expect(barrier, 16);
${ranks.join('')}  tma_reduce_add_2d(&map, tile, 0, 0);
  fence_proxy_async();
  bulk_commit();
  bulk_wait_read<1>();
  bulk_wait<0>();
  mbarrier_arrive(barrier);
  mbarrier_wait(barrier, 0);
  mbarrier_invalidate(barrier);
}
`;
    const multicasts = [1, 2, 3, 4, 5].map((rank) => {
      const at = Array.from({ length: rank }, (_, i) => i).join(', ');
      return `  tma_load_multicast_${rank}d(tile, &map, barrier, 3, ${at});\n`;
    });
    const updates = ['u32', 'i32', 'u64', 'f32'].map(
      (type) => `  atomic_add_cluster(reinterpret_cast<${type}*>(remote), ${type}(1));\n`,
    );
    const moves = ['u8', 'f16', 'f32', 'f64'].map(
      (type) =>
        `  store_cluster(reinterpret_cast<${type}*>(remote), load_cluster(reinterpret_cast<const ${type}*>(remote) + 1));\n`,
    );
    const cluster = `extern "C" __global__ void __launch_bounds__(128) __cluster_dims__(2, 1, 1) cluster(const __grid_constant__ tensor_map map) {
  f32* const tile = reinterpret_cast<f32*>(dynamic_shared_memory());
  u64* const barrier = reinterpret_cast<u64*>(dynamic_shared_memory() + 32768);
  const int rank = cluster_rank() ^ (cluster_size() - 1);
  f32* const remote = map_shared_rank(tile, rank);
  cluster_arrive_relaxed();
  cluster_wait();
${multicasts.join('')}${updates.join('')}${moves.join('')}  mbarrier_arrive_remote(barrier, rank);
  mbarrier_arrive_expect_remote(barrier, rank, 16);
  mbarrier_arrive_cluster(barrier, cluster_block_index_x() + cluster_block_index_y() + cluster_block_index_z());
  mbarrier_wait_cluster(barrier, 0);
  cluster_arrive();
  cluster_wait();
}
extern "C" int launch_cluster(const tensor_map& map, stream_t stream) {
  return launch_cluster_kernel(cluster, dim3(4), dim3(128), dim3(2), 65536, stream, map);
}
`;
    const text = [...kernels, copies, cluster].join('');
    const names = [...text.matchAll(/\w+/g)].map(([word]) => word);
    const used = [...library.wrappers.keys()].filter((name) => names.includes(name));
    const wrappers = selectWrappers(library, ['types', 'launch_cluster', 'f8', ...used]);
    const result = compileCuda(wrappers + text, 'sm_90a');
    if (!result.available) return skip(result.reason);
    expect(result.ok, result.diagnostics).toBe(true);
    expect(result.kernels).toHaveLength(products.length + 2);
  });

  it.for(['gfx90a', 'gfx942'] as const)(
    'all HIP wrappers of %s compile together',
    (arch, { skip }) => {
      const library = loadWrappers('hip');
      const names = [...library.wrappers.values()]
        .filter((wrapper) => (wrapper.only ? wrapper.since === arch : wrapper.since <= arch))
        .map((wrapper) => wrapper.name);
      const result = compileHip(selectWrappers(library, names), arch);
      if (!result.available) return skip(result.reason);
      expect(result.ok, result.diagnostics).toBe(true);
    },
  );
});
