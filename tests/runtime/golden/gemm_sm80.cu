// gemm: C = A x B for 256x256x256, f16 operands, f32 accumulation. One block of 128 threads computes a 128x128 tile.
#ifdef TILEWRIGHT_SIMULATOR
#include "tilewright/simulator.h"
#else
//! wrappers thread_index block_index_x block_index_y fill convert load_vector store_vector dynamic_shared_memory sync_threads cp_async cp_async_commit cp_async_wait ldmatrix_x4 ldmatrix_x4_trans mma_m16n8k16_f32_f16 launch
#endif

extern "C" __global__ void __launch_bounds__(128)
gemm(const f16* __restrict__ A, const f16* __restrict__ B, f16* __restrict__ C) {
  constexpr int N = 256, K = 256;
  const int thread = thread_index();
  const int lane = thread % 32;
  const int warp_m = thread / 32 % 2;  // 2x2 warps of 64x64
  const int warp_n = thread / 64;
  const int m = block_index_y() * 128;
  const int n = block_index_x() * 128;

  // As: 3 stages of 128x32 in 64-byte rows, swizzle<2,3,3>; Bs: 3 stages of 32x128 in 256-byte rows, swizzle<3,3,4>.
  f16* const As = reinterpret_cast<f16*>(dynamic_shared_memory());
  f16* const Bs = reinterpret_cast<f16*>(dynamic_shared_memory() + 24576);

  // tile.copy %A[%m, %k] to %As: each thread copies 8 elements of rows thread/4 + 32 i.
  const f16* const A_copy = A + (m + thread / 4) * K + thread % 4 * 8;
  f16* const As_copy = As + thread / 4 * 32 + (thread % 4 ^ thread / 8 % 4) * 8;
  // tile.copy %B[%k, %n] to %Bs: each thread copies 8 elements of rows thread/16 + 8 i.
  const f16* const B_copy = B + thread / 16 * N + n + thread % 16 * 8;
  f16* const Bs_copy = Bs + thread / 16 * 128 + (thread % 16 ^ thread / 16 % 8) * 8;

  Registers<f32, 4, 8, 4> acc;
  fill(acc, 0.0f);

  // Prologue: two of the three stages are in flight before the loop.
#pragma unroll
  for (int stage = 0; stage < 2; ++stage) {
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      cp_async<16>(As_copy + stage * 4096 + i * 1024, A_copy + stage * 32 + i * 32 * K);
    }
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      cp_async<16>(Bs_copy + stage * 4096 + i * 1024, B_copy + (stage * 32 + i * 8) * N);
    }
    cp_async_commit();
  }

  // Rows and 16-byte chunks that this lane gives to ldmatrix.
  const int A_row = warp_m * 64 + lane % 16;
  const int B_row = lane % 16;

  int read_stage = 0;
  int write_stage = 2;
#pragma unroll 1
  for (int k = 0; k < K; k += 32) {
    cp_async_wait<1>();
    sync_threads();
    if (k + 64 < K) {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        cp_async<16>(As_copy + write_stage * 4096 + i * 1024, A_copy + k + 64 + i * 32 * K);
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        cp_async<16>(Bs_copy + write_stage * 4096 + i * 1024, B_copy + (k + 64 + i * 8) * N);
      }
    }
    cp_async_commit();

    // tile.gemm %As, %Bs into %acc
    const f16* const A_tile = As + read_stage * 4096;
    const f16* const B_tile = Bs + read_stage * 4096;
#pragma unroll
    for (int step = 0; step < 2; ++step) {
      Registers<f16, 4, 8> a;
      Registers<f16, 4, 2, 4> b;
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        ldmatrix_x4(a[i], A_tile + (A_row + i * 16) * 32 + ((step * 2 + lane / 16) ^ A_row / 2 % 4) * 8);
      }
#pragma unroll
      for (int j = 0; j < 4; ++j) {
        ldmatrix_x4_trans(b[j], B_tile + (B_row + step * 16) * 128 + ((warp_n * 8 + j * 2 + lane / 16) ^ B_row % 8) * 8);
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
#pragma unroll
        for (int j = 0; j < 8; ++j) {
          mma_m16n8k16_f32_f16(acc[i][j], a[i], b[j / 2][j % 2]);
        }
      }
    }
    read_stage = read_stage == 2 ? 0 : read_stage + 1;
    write_stage = write_stage == 2 ? 0 : write_stage + 1;
  }

  // tile.copy %acc to %C[%m, %n]: through shared memory, so that every global store is 16 bytes of a whole row.
  f16* const Cs = reinterpret_cast<f16*>(dynamic_shared_memory());
  sync_threads();
#pragma unroll
  for (int i = 0; i < 4; ++i) {
#pragma unroll
    for (int j = 0; j < 8; ++j) {
#pragma unroll
      for (int h = 0; h < 2; ++h) {
        const int row = warp_m * 64 + i * 16 + h * 8 + lane / 4;
        const int chunk = (warp_n * 8 + j) ^ row % 8;
        Registers<f16, 2> pair;
        pair[0] = f16(acc[i][j][2 * h]);
        pair[1] = f16(acc[i][j][2 * h + 1]);
        store_vector(Cs + row * 128 + chunk * 8 + lane % 4 * 2, pair);
      }
    }
  }
  sync_threads();
#pragma unroll
  for (int i = 0; i < 16; ++i) {
    const int row = thread / 16 + i * 8;
    Registers<f16, 8> values;
    load_vector(values, Cs + row * 128 + (thread % 16 ^ row % 8) * 8);
    store_vector(C + (m + row) * N + n + thread % 16 * 8, values);
  }
}

#if !defined(__CUDACC_RTC__)
extern "C" int launch_gemm(const f16* A, const f16* B, f16* C, stream_t stream) {
  if (!is_aligned(A, 16) || !is_aligned(B, 16) || !is_aligned(C, 16)) return error_misaligned_pointer;
  return launch_kernel(gemm, dim3(2, 2), dim3(128), 49152, stream, A, B, C);
}
TILEWRIGHT_ENTRY(launch_gemm)
#endif
