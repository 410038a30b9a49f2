// C = A B^T for sm_90a by hand, in clusters of two blocks that need the same columns of B: each loads its rows of A and half of
// those columns, which a multicast gives to both. One warp feeds two stages, one warpgroup multiplies, a bulk store writes the tile.
#ifdef TILEWRIGHT_SIMULATOR
#include "tilewright/simulator.h"
#else
//! wrappers types launch dynamic_shared_memory thread_index block_index_x block_index_y fill store_vector named_barrier_sync mbarrier_init mbarrier_arrive_remote mbarrier_arrive_expect mbarrier_wait fence_mbarrier_init fence_proxy_async tensor_map prefetch_tensor_map tma_load_2d tma_load_multicast_2d tma_store_2d bulk_commit bulk_wait wgmma_fence wgmma_commit wgmma_wait wgmma_descriptor wgmma_advance wgmma_m64n128k16_f32_f16 cluster_rank cluster_arrive cluster_wait
#endif

constexpr int K = 256, stages = 2, blocks = 2, warps = 4, stage_bytes = 64 * 64 * 2 + 128 * 64 * 2;

extern "C" __global__ void __launch_bounds__(160) __cluster_dims__(1, 2, 1)
gemm(const __grid_constant__ tensor_map A_map, const __grid_constant__ tensor_map B_map,
     const __grid_constant__ tensor_map C_map) {
  unsigned char* const shared = dynamic_shared_memory();
  f16* const A_tiles = reinterpret_cast<f16*>(shared);
  f16* const B_tiles = reinterpret_cast<f16*>(shared + stages * 8192);
  f16* const C_tile = reinterpret_cast<f16*>(shared + stages * stage_bytes);
  u64* const full = reinterpret_cast<u64*>(shared + stages * stage_bytes + 16384);
  u64* const empty = full + stages;
  const int thread = thread_index(), rank = cluster_rank();
  const int m = block_index_y() * 64, n = block_index_x() * 128;
  if (thread == 128) {
    for (int s = 0; s < stages; ++s) {
      mbarrier_init(full + s, 1);
      mbarrier_init(empty + s, warps * blocks);
    }
    fence_mbarrier_init();
  }
  cluster_arrive();
  cluster_wait();
  if (thread == 128) {
    prefetch_tensor_map(&A_map);
    for (int k = 0; k < K / 64; ++k) {
      const int stage = k % stages, round = k / stages % 2;
      mbarrier_wait(empty + stage, round ^ 1);
      mbarrier_arrive_expect(full + stage, stage_bytes);
      tma_load_2d(A_tiles + stage * 4096, &A_map, full + stage, k * 64, m);
      tma_load_multicast_2d(B_tiles + stage * 8192 + rank * 4096, &B_map, full + stage, 3, k * 64, n + rank * 64);
    }
  }
  if (thread < 128) {
    Registers<f32, 64> acc;
    fill(acc, 0.0f);
    for (int k = 0; k < K / 64; ++k) {
      const int stage = k % stages, round = k / stages % 2;
      mbarrier_wait(full + stage, round);
      const u64 a = wgmma_descriptor<128>(A_tiles + stage * 4096, 0, 1024);
      const u64 b = wgmma_descriptor<128>(B_tiles + stage * 8192, 0, 1024);
      wgmma_fence();
      #pragma unroll
      for (int step = 0; step < 4; ++step) {
        wgmma_m64n128k16_f32_f16(acc, wgmma_advance(a, step * 32), wgmma_advance(b, step * 32), true);
      }
      wgmma_commit();
      wgmma_wait<0>();
      // Both blocks' copies write here: either may go on when the warps of both have read it.
      if (thread % 32 < blocks) mbarrier_arrive_remote(empty + stage, thread % 32);
    }
    const int row = thread / 32 * 16 + thread % 32 / 4, column = thread % 4 * 2;
    #pragma unroll
    for (int i = 0; i < 16; ++i) {
      #pragma unroll
      for (int half = 0; half < 2; ++half) {
        Registers<f16, 2> pair;
        pair[0] = f16(f32(acc[i * 4 + half * 2]));
        pair[1] = f16(f32(acc[i * 4 + half * 2 + 1]));
        store_vector(C_tile + i / 8 * 4096 + (row + half * 8) * 64 + ((i % 8 ^ row % 8) * 8 + column), pair);
      }
    }
    fence_proxy_async();
    named_barrier_sync<1, 128>();
    if (thread == 0) {
      tma_store_2d(&C_map, C_tile, n, m);
      tma_store_2d(&C_map, C_tile + 4096, n + 64, m);
      bulk_commit();
      bulk_wait<0>();
    }
  }
  // No block may end while the other still arrives at its mbarriers.
  cluster_arrive();
  cluster_wait();
}

#if !defined(__CUDACC_RTC__)
extern "C" int launch_gemm(const f16* A, const f16* B, f16* C, stream_t stream) {
  tensor_map A_map, B_map, C_map;
  if (const int error = make_tensor_map(A_map, A, {K, 256}, {1, K}, {64, 64}, 128)) return error;
  if (const int error = make_tensor_map(B_map, B, {K, 256}, {1, K}, {64, 64}, 128)) return error;
  if (const int error = make_tensor_map(C_map, C, {256, 256}, {1, 256}, {64, 64}, 128)) return error;
  return launch_kernel(gemm, dim3(2, 4), dim3(160), stages * stage_bytes + 16384 + 2 * stages * 8, stream, A_map, B_map,
                       C_map);
}
TILEWRIGHT_ENTRY(launch_gemm)
#endif
