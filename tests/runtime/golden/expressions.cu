// expressions: every form of scalar code that emitted text may use, for all three compilers.
#ifdef TILEWRIGHT_SIMULATOR
#include "tilewright/simulator.h"
#else
//! wrappers thread_index fill convert load store load_vector store_vector maximum minimum fast_exp2 fast_log2 fast_tanh fast_sin fast_cos fast_divide shuffle_xor shuffle_index shuffle_up shuffle_down vote_any vote_all vote_ballot warp_uniform sync_threads sync_warp atomic_add atomic_max atomic_min atomic_or dynamic_shared_memory launch
#endif

extern "C" __global__ void __launch_bounds__(128)
expressions(const f16* __restrict__ A, const bf16* __restrict__ B, f32* __restrict__ C, i32* __restrict__ counts, f32 scale, i64 rows) {
  const int thread = thread_index();
  f32* const shared = reinterpret_cast<f32*>(dynamic_shared_memory());
  Registers<f16, 2, 4> a;
  Registers<bf16, 8> b;
  Registers<f32, 2, 4> wide;
  Registers<f32, 2> pair;
  Registers<i32, 2> index;
  Registers<i1, 2> flag;
  load_vector(a, A + thread * 8);
  load_vector(b, B + i64(thread) * 8);
  convert(wide, a);
  fill(pair, 0.0f);
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    const f16 first = a[i][0];
    const f16 sum = a[i][0] + a[i][1] * first - f16(1.0f);
    const f16 quotient = sum / a[i][2];
    wide[i][0] = f32(quotient) + f32(a[i][3]);
    wide[i][1] += wide[i][0] * scale;
    wide[i][2] *= 2.0f;
    wide[i][3] = wide[i][2] > wide[i][1] ? wide[i][2] : wide[i][1];
    pair[i] = pair[i] + f32(b[i]) * f32(bf16(scale));
    index[i] = i32(wide[i][0]) / 3 + thread % 8;
    flag[i] = index[i] > 2 && wide[i][0] < 100.0f;
    a[i][0] = f16(pair[i]);
    b[i] = bf16(wide[i][1]);
  }
  f32 value = flag[0] ? pair[0] : pair[1];
  value = maximum(value, wide[0][0]) + minimum(wide[1][0], 1.0f) + fmaxf(pair[0], fminf(value, 2.0f));
  value += expf(-fabsf(value)) + fast_exp2(-fabsf(value)) + fast_divide(fast_log2(fabsf(value) + 1.0f), 2.0f) + fast_tanh(fast_sin(value) * fast_cos(value)) + sqrtf(fabsf(value)) + rsqrtf(fabsf(value) + 1.0f);
  value = fmaf(value, scale, tanhf(value)) + logf(fabsf(value) + 1.0f) + floorf(value);
  value += shuffle_xor(value, 1) + shuffle_index(value, 0) + shuffle_up(value, 1) + shuffle_down(value, 1);
  value += f32(f64(value) * 0.5) + f32(sqrt(f64(fabsf(value))));
  a[0][1] = shuffle_xor(a[0][0], 2);
  store(shared + thread, value);
  sync_threads();
  value += load(shared + (thread ^ 1));
  sync_warp();
  if (vote_any(value > 0.0f) && !vote_all(value > 1000.0f)) {
    value += f32(i32(vote_ballot(value > 0.0f) & 255)) + f32(warp_uniform(thread));
  }
  atomic_add(counts, 1);
  atomic_max(counts + 1, thread);
  atomic_min(counts + 2, thread);
  atomic_or(counts + 3, 1 << thread % 8);
  i64 row = rows;
  while (row > 3) {
    row = row / 2;
  }
  store(C + thread, row == 2 ? value : f32(a[0][1]) + f32(index[0]) + f32(b[7]));
}

#if !defined(__CUDACC_RTC__) && !defined(__HIPCC_RTC__)
extern "C" int launch_expressions(const f16* A, const bf16* B, f32* C, i32* counts, f32 scale, i64 rows, stream_t stream) {
  if (!is_aligned(A, 16) || !is_aligned(B, 16)) return error_misaligned_pointer;
  return launch_kernel(expressions, dim3(1), dim3(128), 512, stream, A, B, C, counts, scale, rows);
}
TILEWRIGHT_ENTRY(launch_expressions)
#endif
