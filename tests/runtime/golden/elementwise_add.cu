// add: C = A + B for n f32 elements; one block of 256 threads computes 1024 of them.
#ifdef TILEWRIGHT_SIMULATOR
#include "tilewright/simulator.h"
#else
//! wrappers thread_index block_index_x load store load_vector store_vector launch
#endif

extern "C" __global__ void __launch_bounds__(256)
add(const f32* __restrict__ A, const f32* __restrict__ B, f32* __restrict__ C, i32 n) {
  const int i = block_index_x() * 1024 + thread_index() * 4;
  if (i + 4 <= n) {
    Registers<f32, 4> a;
    Registers<f32, 4> b;
    Registers<f32, 4> c;
    load_vector(a, A + i);
    load_vector(b, B + i);
#pragma unroll
    for (int e = 0; e < 4; ++e) {
      c[e] = a[e] + b[e];
    }
    store_vector(C + i, c);
  } else {
    for (int e = i; e < n; ++e) {
      store(C + e, load(A + e) + load(B + e));
    }
  }
}

#if !defined(__CUDACC_RTC__)
extern "C" int launch_add(const f32* A, const f32* B, f32* C, i32 n, stream_t stream) {
  if (!is_aligned(A, 16) || !is_aligned(B, 16) || !is_aligned(C, 16)) return error_misaligned_pointer;
  return launch_kernel(add, dim3((n + 1023) / 1024), dim3(256), 0, stream, A, B, C, n);
}
TILEWRIGHT_ENTRY(launch_add)
#endif
