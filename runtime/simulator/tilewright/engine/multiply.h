// The arithmetic of matrix instructions: which lane holds which element, and the product of the gathered operands.
#pragma once
#include <string.h>

#include "tilewright/types.h"
#include "tilewright/interface.h"

namespace tilewright::simulator {

struct Coordinate {
  int row, column;
};

/// Shape, elements per lane, and the coordinates of element i of lane L: A is (m, k), B is (k, n), D is (m, n).
struct MatrixInstruction {
  int m, n, k;
  int d_elements, a_elements, b_elements;
  Coordinate (*a)(int lane, int i);
  Coordinate (*b)(int lane, int i);
  Coordinate (*d)(int lane, int i);
};

inline constexpr MatrixInstruction mma_16bit = {
    16, 8, 16, 4, 8, 4,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 2 % 2), lane % 4 * 2 + i % 2 + 8 * (i / 4)}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 2 + i % 2 + 8 * (i / 2), lane / 4}; },
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 2), lane % 4 * 2 + i % 2}; },
};

inline constexpr MatrixInstruction mma_tf32 = {
    16, 8, 8, 4, 4, 2,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i % 2), lane % 4 + 4 * (i / 2)}; },
    [](int lane, int i) { return Coordinate{lane % 4 + 4 * i, lane / 4}; },
    mma_16bit.d,
};

inline constexpr MatrixInstruction mma_8bit = {
    16, 8, 32, 4, 16, 8,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 4 % 2), lane % 4 * 4 + i % 4 + 16 * (i / 8)}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 4 + i % 4 + 16 * (i / 4), lane / 4}; },
    mma_16bit.d,
};

inline constexpr MatrixInstruction mma_16bit_half = {
    16, 8, 8, 4, 4, 2,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 2), lane % 4 * 2 + i % 2}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 2 + i, lane / 4}; },
    mma_16bit.d,
};

inline constexpr MatrixInstruction mma_8bit_small = {
    8, 8, 16, 2, 4, 4,
    [](int lane, int i) { return Coordinate{lane / 4, lane % 4 * 4 + i}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 4 + i, lane / 4}; },
    [](int lane, int i) { return Coordinate{lane / 4, lane % 4 * 2 + i}; },
};

/// Elements of 4 bits arrive one to a byte.
inline constexpr MatrixInstruction mma_4bit = {
    16, 8, 64, 4, 32, 16,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 8 % 2), lane % 4 * 8 + i % 8 + 32 * (i / 16)}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 8 + i % 8 + 32 * (i / 8), lane / 4}; },
    mma_16bit.d,
};

inline constexpr MatrixInstruction mma_4bit_half = {
    16, 8, 32, 4, 16, 8,
    [](int lane, int i) { return Coordinate{lane / 4 + 8 * (i / 8), lane % 4 * 8 + i % 8}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 8 + i, lane / 4}; },
    mma_16bit.d,
};

inline constexpr MatrixInstruction mma_4bit_small = {
    8, 8, 32, 2, 8, 8,
    [](int lane, int i) { return Coordinate{lane / 4, lane % 4 * 8 + i}; },
    [](int lane, int i) { return Coordinate{lane % 4 * 8 + i, lane / 4}; },
    mma_8bit_small.d,
};

inline constexpr MatrixInstruction mma_f64 = {
    8, 8, 4, 2, 1, 1,
    [](int lane, int) { return Coordinate{lane / 4, lane % 4}; },
    [](int lane, int) { return Coordinate{lane % 4, lane / 4}; },
    mma_8bit_small.d,
};

/// AMD's square instructions: `Edge` x `Edge` with `Elements` of each operand per lane.
template <int Edge, int Elements>
inline constexpr MatrixInstruction mfma = {
    Edge, Edge, Elements * 64 / Edge, Edge * Edge / 64, Elements, Elements,
    [](int lane, int i) { return Coordinate{lane % Edge, Elements * (lane / Edge) + i}; },
    [](int lane, int i) { return Coordinate{Elements * (lane / Edge) + i, lane % Edge}; },
    [](int lane, int i) { return Coordinate{8 * (i / 4) + 4 * (lane / Edge) + i % 4, lane % Edge}; },
};

inline constexpr MatrixInstruction mfma_f64 = {
    16, 16, 4, 4, 1, 1, mfma<16, 1>.a, mfma<16, 1>.b,
    [](int lane, int i) { return Coordinate{lane / 16 + 4 * i, lane % 16}; },
};

struct F16Bits {
  u16 bits;
  /// As f16_value, but without branches, so that many are converted at once.
  operator f32() const {
    const u32 magnitude = u32(bits & 0x7fff) << 13;
    const u32 is_subnormal = -u32(magnitude < 1u << 23);
    const u32 special = -u32(magnitude >= 31u << 23) & 0x7f800000;
    const u32 subnormal = __builtin_bit_cast(u32, __builtin_bit_cast(f32, magnitude + (113u << 23)) - 0x1p-14f);
    const u32 size = (magnitude + (112u << 23) & ~is_subnormal) | (subnormal & is_subnormal) | special;
    return __builtin_bit_cast(f32, u32(bits & 0x8000) << 16 | size);
  }
};
struct BF16Bits {
  u16 bits;
  operator f32() const { return bf16_value(bits); }
};
/// The hardware reads the upper 19 bits.
struct TF32Bits {
  u32 bits;
  operator f32() const { return __builtin_bit_cast(f32, bits & 0xffffe000); }
};

/// Where the elements of all lanes are in a row-major matrix: runs of `run` elements that are neighbours in both.
template <int Elements>
struct Places {
  static constexpr int count = TILEWRIGHT_WARP_SIZE * Elements;
  int run = 1;
  u16 starts[count] = {};

  constexpr Places(Coordinate (*coordinate)(int, int), int columns) {
    const auto place = [=](int lane, int i) {
      const Coordinate at = coordinate(lane, i);
      return at.row * columns + at.column;
    };
    for (int wider = 2; wider <= Elements && Elements % wider == 0; wider *= 2) {
      bool neighbours = true;
      for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
        for (int i = 0; i < Elements; ++i) {
          neighbours &= place(lane, i) == place(lane, i / wider * wider) + i % wider;
        }
      }
      if (!neighbours) break;
      run = wider;
    }
    int next = 0;
    for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
      for (int i = 0; i < Elements; i += run) starts[next++] = static_cast<u16>(place(lane, i));
    }
  }
};

/// d += a * b over the registers of all lanes. Products are exact in `Sum`, and the sum is rounded to `D` once.
/// `VectorBytes`: how wide the host's registers are.
template <int VectorBytes, const MatrixInstruction& I, typename T, typename Value, typename Sum, typename D>
[[gnu::always_inline]] inline void multiply_fragments(MatrixMultiplyArguments* const* lanes) {
  constexpr MatrixInstruction shape = I;
  static constexpr Places<shape.a_elements> a_places(shape.a, shape.k);
  static constexpr Places<shape.b_elements> b_places(shape.b, shape.n);
  static constexpr Places<shape.d_elements> d_places(shape.d, shape.n);
  alignas(64) static T a_bits[shape.m * shape.k];
  alignas(64) static T b_bits[shape.k * shape.n];
  alignas(64) static Value a_values[shape.m * shape.k];
  alignas(64) static Value b_values[shape.k * shape.n];
  using Vector [[gnu::vector_size(VectorBytes)]] = Sum;
  constexpr int width = VectorBytes / sizeof(Sum);
  constexpr int vectors = shape.n / width;
  static Vector b[shape.k][vectors];
  static Vector product[shape.m][vectors];
  const u16* a_start = a_places.starts;
  const u16* b_start = b_places.starts;
  for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
    const T* a_lane = static_cast<const T*>(lanes[lane]->a);
    const T* b_lane = static_cast<const T*>(lanes[lane]->b);
    for (int i = 0; i < shape.a_elements; i += a_places.run) memcpy(&a_bits[*a_start++], a_lane + i, sizeof(T) * a_places.run);
    for (int i = 0; i < shape.b_elements; i += b_places.run) memcpy(&b_bits[*b_start++], b_lane + i, sizeof(T) * b_places.run);
  }
  for (int i = 0; i < shape.m * shape.k; ++i) a_values[i] = static_cast<Value>(a_bits[i]);
  for (int i = 0; i < shape.k * shape.n; ++i) b_values[i] = static_cast<Value>(b_bits[i]);
  Sum* b_sums = reinterpret_cast<Sum*>(b);
  for (int i = 0; i < shape.k * shape.n; ++i) b_sums[i] = static_cast<Sum>(b_values[i]);
  for (int m = 0; m < shape.m; ++m) {
    Vector row[vectors] = {};
    for (int k = 0; k < shape.k; ++k) {
      const Vector left = static_cast<Sum>(a_values[m * shape.k + k]) - Vector{};
      for (int v = 0; v < vectors; ++v) row[v] += left * b[k][v];
    }
    memcpy(product[m], row, sizeof row);
  }
  const u16* d_start = d_places.starts;
  for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
    D* d_lane = static_cast<D*>(lanes[lane]->d);
    for (int i = 0; i < shape.d_elements; i += d_places.run) {
      const Sum* from = reinterpret_cast<const Sum*>(product) + *d_start++;
      for (int j = 0; j < d_places.run; ++j) d_lane[i + j] = D(static_cast<Sum>(d_lane[i + j]) + from[j]);
    }
  }
}

// The same for the vector instructions that the host has: their operations are those of scalar code, element by element, and nothing
// is fused, so that results are the same to the last bit.
template <const MatrixInstruction& I, typename T, typename Value, typename Sum, typename D>
void multiply_matrices(MatrixMultiplyArguments* const* lanes) {
  multiply_fragments<16, I, T, Value, Sum, D>(lanes);
}
#if defined(__x86_64__)
template <const MatrixInstruction& I, typename T, typename Value, typename Sum, typename D>
[[gnu::target("avx2")]] void multiply_matrices_avx2(MatrixMultiplyArguments* const* lanes) {
  multiply_fragments<32, I, T, Value, Sum, D>(lanes);
}
#endif

struct MultiplyEntry {
  const MatrixInstruction* shape;
  void (*execute)(MatrixMultiplyArguments* const*);
};

/// Null for operations of the other vendor: no emitted text can name them.
inline MultiplyEntry find_multiply(WarpOperation operation) {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
#define TILEWRIGHT_MULTIPLY(...) has_avx2 ? multiply_matrices_avx2<__VA_ARGS__> : multiply_matrices<__VA_ARGS__>
#else
#define TILEWRIGHT_MULTIPLY(...) multiply_matrices<__VA_ARGS__>
#endif
#define TILEWRIGHT_CASE(name, shape, T, Value, Sum, D) \
  case WarpOperation::name: return {&shape, TILEWRIGHT_MULTIPLY(shape, T, Value, Sum, D)};
  switch (operation) {
#if TILEWRIGHT_WARP_SIZE == 32
    TILEWRIGHT_CASE(mma_m16n8k16_f32_f16, mma_16bit, F16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mma_m16n8k16_f32_bf16, mma_16bit, BF16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mma_m16n8k16_f16_f16, mma_16bit, F16Bits, f32, f64, f16)
    TILEWRIGHT_CASE(mma_m16n8k8_f32_tf32, mma_tf32, TF32Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mma_m16n8k32_i32_i8, mma_8bit, i8, i32, u32, i32)
    TILEWRIGHT_CASE(mma_m16n8k8_f32_f16, mma_16bit_half, F16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mma_m16n8k8_f16_f16, mma_16bit_half, F16Bits, f32, f64, f16)
    TILEWRIGHT_CASE(mma_m8n8k16_i32_i8, mma_8bit_small, i8, i32, u32, i32)
    TILEWRIGHT_CASE(mma_m16n8k64_i32_i4, mma_4bit, i8, i32, u32, i32)
    TILEWRIGHT_CASE(mma_m16n8k32_i32_i4, mma_4bit_half, i8, i32, u32, i32)
    TILEWRIGHT_CASE(mma_m8n8k32_i32_i4, mma_4bit_small, i8, i32, u32, i32)
    TILEWRIGHT_CASE(mma_m8n8k4_f64_f64, mma_f64, f64, f64, f64, f64)
    TILEWRIGHT_CASE(mma_m16n8k32_f32_f8E4M3FN, mma_8bit, f8E4M3FN, f32, f64, f32)
    TILEWRIGHT_CASE(mma_m16n8k32_f32_f8E5M2, mma_8bit, f8E5M2, f32, f64, f32)
#else
    TILEWRIGHT_CASE(mfma_32x32x8_f32_f16, (mfma<32, 4>), F16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x16_f32_f16, (mfma<16, 4>), F16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_32x32x8_f32_bf16, (mfma<32, 4>), BF16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x16_f32_bf16, (mfma<16, 4>), BF16Bits, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_32x32x2_f32_f32, (mfma<32, 1>), f32, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x4_f32_f32, (mfma<16, 1>), f32, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x4_f64_f64, mfma_f64, f64, f64, f64, f64)
    TILEWRIGHT_CASE(mfma_32x32x8_i32_i8, (mfma<32, 4>), i8, i32, u32, i32)
    TILEWRIGHT_CASE(mfma_16x16x16_i32_i8, (mfma<16, 4>), i8, i32, u32, i32)
    TILEWRIGHT_CASE(mfma_32x32x16_i32_i8, (mfma<32, 8>), i8, i32, u32, i32)
    TILEWRIGHT_CASE(mfma_16x16x32_i32_i8, (mfma<16, 8>), i8, i32, u32, i32)
    TILEWRIGHT_CASE(mfma_32x32x16_f32_f8E4M3FNUZ, (mfma<32, 8>), f8E4M3FNUZ, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_32x32x16_f32_f8E5M2FNUZ, (mfma<32, 8>), f8E5M2FNUZ, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x32_f32_f8E4M3FNUZ, (mfma<16, 8>), f8E4M3FNUZ, f32, f64, f32)
    TILEWRIGHT_CASE(mfma_16x16x32_f32_f8E5M2FNUZ, (mfma<16, 8>), f8E5M2FNUZ, f32, f64, f32)
#endif
    default: return {nullptr, nullptr};
  }
#undef TILEWRIGHT_CASE
#undef TILEWRIGHT_MULTIPLY
}

}  // namespace tilewright::simulator
