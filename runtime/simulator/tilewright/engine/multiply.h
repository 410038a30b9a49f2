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
  operator f32() const { return f16_value(bits); }
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

/// d += a * b over the registers of all lanes. Products are exact in `Sum`, and the sum is rounded to `D` once.
template <const MatrixInstruction& I, typename T, typename Value, typename Sum, typename D>
void multiply_matrices(MatrixMultiplyArguments* const* lanes) {
  constexpr MatrixInstruction shape = I;
  static Value a[shape.m][shape.k];
  static Value b[shape.k][shape.n];
  for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
    const T* a_lane = static_cast<const T*>(lanes[lane]->a);
    const T* b_lane = static_cast<const T*>(lanes[lane]->b);
    for (int i = 0; i < shape.a_elements; ++i) {
      const Coordinate at = shape.a(lane, i);
      a[at.row][at.column] = static_cast<Value>(a_lane[i]);
    }
    for (int i = 0; i < shape.b_elements; ++i) {
      const Coordinate at = shape.b(lane, i);
      b[at.row][at.column] = static_cast<Value>(b_lane[i]);
    }
  }
  static Sum product[shape.m][shape.n];
  for (int m = 0; m < shape.m; ++m) {
    Sum row[shape.n] = {};
    for (int k = 0; k < shape.k; ++k) {
      const Sum left = static_cast<Sum>(a[m][k]);
      for (int n = 0; n < shape.n; ++n) row[n] += left * static_cast<Sum>(b[k][n]);
    }
    memcpy(product[m], row, sizeof row);
  }
  for (int lane = 0; lane < TILEWRIGHT_WARP_SIZE; ++lane) {
    D* d_lane = static_cast<D*>(lanes[lane]->d);
    for (int i = 0; i < shape.d_elements; ++i) {
      const Coordinate at = shape.d(lane, i);
      d_lane[i] = D(static_cast<Sum>(d_lane[i]) + product[at.row][at.column]);
    }
  }
}

struct MultiplyEntry {
  const MatrixInstruction* shape;
  void (*execute)(MatrixMultiplyArguments* const*);
};

/// Null for operations of the other vendor: no emitted text can name them.
inline MultiplyEntry find_multiply(WarpOperation operation) {
#define TILEWRIGHT_CASE(name, shape, T, Value, Sum, D) \
  case WarpOperation::name: return {&shape, multiply_matrices<shape, T, Value, Sum, D>};
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
}

}  // namespace tilewright::simulator
