// gemm: C = A x B for 256x256x256, f16 operands, f32 accumulation. One block of 256 threads computes a 128x128 tile.
#ifdef TILEWRIGHT_SIMULATOR
#include "tilewright/simulator.h"
#else
//! wrappers thread_index block_index_x block_index_y fill load_vector store_vector dynamic_shared_memory sync_threads mfma_32x32x8_f32_f16 launch
#endif

extern "C" __global__ void __launch_bounds__(256)
gemm(const f16* __restrict__ A, const f16* __restrict__ B, f16* __restrict__ C) {
  constexpr int N = 256, K = 256;
  const int thread = thread_index();
  const int lane = thread % 64;
  const int warp_m = thread / 64 % 2;  // 2x2 waves of 64x64
  const int warp_n = thread / 128;
  const int m = block_index_y() * 128;
  const int n = block_index_x() * 128;

  // As: 2 stages of 128x32; Bs: 2 stages of 128x32, transposed on the way in. Two 64-byte rows make one line of 8
  // slots of 16 bytes; the slot is XORed with row/2 % 4 + 4 (row/4 % 2), so that 8 rows and 2x4 columns meet no bank twice.
  f16* const As = reinterpret_cast<f16*>(dynamic_shared_memory());
  f16* const Bs = reinterpret_cast<f16*>(dynamic_shared_memory() + 16384);

  // tile.copy %A[%m, %k] to %As: each thread moves 8 elements of rows thread/4 + 64 i.
  const f16* const A_copy = A + (m + thread / 4) * K + thread % 4 * 8;
  f16* const As_copy = As + thread / 8 * 64 + ((thread / 4 % 2 * 4 + thread % 4) ^ (thread / 8 % 4 + thread / 16 % 2 * 4)) * 8;
  // tile.copy %B[%k, %n] to %Bs: each thread moves and transposes 4x4 elements.
  const int B_column = thread % 2 * 4 + thread / 16 * 8;
  const f16* const B_copy = B + thread / 2 % 8 * 4 * N + n + B_column;
  const int Bs_slot = thread / 4 % 4 ^ (B_column / 2 % 4 + B_column / 4 % 2 * 4);

  Registers<f32, 2, 2, 16> acc;
  fill(acc, 0.0f);

  Registers<f16, 2, 8> A_next;
  Registers<f16, 4, 4> B_next;
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    load_vector(A_next[i], A_copy + 0 + i * 64 * K);
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    load_vector(B_next[i], B_copy + (0 + i) * N);
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    store_vector(As_copy + i * 2048, A_next[i]);
  }
#pragma unroll
  for (int e = 0; e < 4; ++e) {
    Registers<f16, 4> column;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      column[i] = B_next[i][e];
    }
    store_vector(Bs + B_column / 2 * 64 + e / 2 * 64 + (Bs_slot ^ (e % 2 * 4 + e / 2)) * 8 + thread / 2 % 2 * 4, column);
  }

  // Rows of this lane's operands, and their 16-byte slot in a line of two rows; rows 32 apart have the same slot.
  const int A_row = warp_m * 64 + lane % 32;
  const int B_row = warp_n * 64 + lane % 32;
  const int A_slot = (A_row % 2 * 4 + lane / 32) ^ (A_row / 2 % 4 + A_row / 4 % 2 * 4);
  const int B_slot = (B_row % 2 * 4 + lane / 32) ^ (B_row / 2 % 4 + B_row / 4 % 2 * 4);

  int stage = 0;
#pragma unroll 1
  for (int k = 0; k < K; k += 32) {
    sync_threads();
    // The next tile travels to registers while this one is multiplied.
    if (k + 32 < K) {
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        load_vector(A_next[i], A_copy + k + 32 + i * 64 * K);
      }
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        load_vector(B_next[i], B_copy + (k + 32 + i) * N);
      }
    }

    // tile.gemm %As, %Bs into %acc: operands swapped, so that a lane holds 4 consecutive columns of a row of C.
    const f16* const A_tile = As + stage * 4096;
    const f16* const B_tile = Bs + stage * 4096;
#pragma unroll
    for (int step = 0; step < 2; ++step) {
      // 8 consecutive k of one row serve two instructions; A and B permute k alike.
      Registers<f16, 2, 2, 4> a;
      Registers<f16, 2, 2, 4> b;
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        load_vector(a[i], A_tile + (A_row + i * 32) / 2 * 64 + (A_slot ^ step * 2) * 8);
        load_vector(b[i], B_tile + (B_row + i * 32) / 2 * 64 + (B_slot ^ step * 2) * 8);
      }
#pragma unroll
      for (int p = 0; p < 2; ++p) {
#pragma unroll
        for (int i = 0; i < 2; ++i) {
#pragma unroll
          for (int j = 0; j < 2; ++j) {
            mfma_32x32x8_f32_f16(acc[i][j], b[j][p], a[i][p]);
          }
        }
      }
    }

    stage ^= 1;
    if (k + 32 < K) {
#pragma unroll
      for (int i = 0; i < 2; ++i) {
        store_vector(As_copy + stage * 4096 + i * 2048, A_next[i]);
      }
#pragma unroll
      for (int e = 0; e < 4; ++e) {
        Registers<f16, 4> column;
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          column[i] = B_next[i][e];
        }
        store_vector(Bs + stage * 4096 + B_column / 2 * 64 + e / 2 * 64 + (Bs_slot ^ (e % 2 * 4 + e / 2)) * 8 + thread / 2 % 2 * 4, column);
      }
    }
  }

  // tile.copy %acc to %C[%m, %n]: through LDS, so that every global store is 16 bytes of a whole row.
  f16* const Cs = reinterpret_cast<f16*>(dynamic_shared_memory());
  sync_threads();
#pragma unroll
  for (int i = 0; i < 2; ++i) {
#pragma unroll
    for (int j = 0; j < 2; ++j) {
#pragma unroll
      for (int q = 0; q < 4; ++q) {
        const int row = warp_m * 64 + i * 32 + lane % 32;
        const int unit = warp_n * 16 + j * 8 + q * 2 + lane / 32;
        Registers<f16, 4> quad;
#pragma unroll
        for (int e = 0; e < 4; ++e) {
          quad[e] = f16(acc[i][j][q * 4 + e]);
        }
        store_vector(Cs + row * 128 + (unit ^ row % 8 * 2) * 4, quad);
      }
    }
  }
  sync_threads();
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    const int row = thread / 16 + i * 16;
    Registers<f16, 8> values;
    load_vector(values, Cs + row * 128 + (thread % 16 ^ row % 8) * 8);
    store_vector(C + (m + row) * N + n + thread % 16 * 8, values);
  }
}

#if !defined(__HIPCC_RTC__)
extern "C" int launch_gemm(const f16* A, const f16* B, f16* C, stream_t stream) {
  if (!is_aligned(A, 16) || !is_aligned(B, 16) || !is_aligned(C, 16)) return error_misaligned_pointer;
  return launch_kernel(gemm, dim3(2, 2), dim3(256), 32768, stream, A, B, C);
}
TILEWRIGHT_ENTRY(launch_gemm)
#endif
