// Tensor-core and matrix-core instructions: each lane hands over its registers, the engine computes for the whole warp.
#pragma once

namespace tilewright::simulator {

template <typename T, int... Extents>
inline void load_matrices(Registers<T, Extents...>& destination, const T* row, int matrices, bool transposed, Site site) {
  static_assert(sizeof(T) <= 4, "ldmatrix loads 16-bit elements, or parts and pairs of them");
  MatrixLoadArguments arguments{row, matrices, transposed, {}};
  warp_operation(WarpOperation::ldmatrix, &arguments, site);
  T values[Registers<T, Extents...>::size];
  __builtin_memcpy(values, arguments.result, sizeof(values));
  destination.scatter(values, site);
}

template <typename D, int Accumulators, typename T, int Left, int Right>
inline void multiply(WarpOperation operation, Registers<D, Accumulators>& d, const Registers<T, Left>& a,
                     const Registers<T, Right>& b, Site site) {
  d.check(site);
  a.check(site);
  b.check(site);
  MatrixMultiplyArguments arguments{d.elements, a.elements, b.elements};
  warp_operation(operation, &arguments, site);
  // An undefined accumulator was reported: what follows from it need not be.
  define_registers<Accumulators>(d.states, site);
}

/// Operands of signed 4-bit elements, two to a byte.
template <int Accumulators, int Left, int Right>
inline void multiply_packed(WarpOperation operation, Registers<i32, Accumulators>& d, const Registers<i8, Left>& a,
                            const Registers<i8, Right>& b, Site site) {
  const auto unpack = [](i8* to, const i8* from, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      to[2 * i] = i8(i8(from[i] << 4) >> 4);
      to[2 * i + 1] = i8(from[i] >> 4);
    }
  };
  d.check(site);
  a.check(site);
  b.check(site);
  i8 left[2 * Left], right[2 * Right];
  unpack(left, a.elements, Left);
  unpack(right, b.elements, Right);
  MatrixMultiplyArguments arguments{d.elements, left, right};
  warp_operation(operation, &arguments, site);
  define_registers<Accumulators>(d.states, site);
}

}  // namespace tilewright::simulator

template <typename T, int... Extents>
inline void ldmatrix_x1(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 4, "ldmatrix_x1 fills 4 bytes");
  tilewright::simulator::load_matrices(destination, row, 1, false, site);
}
template <typename T, int... Extents>
inline void ldmatrix_x1_trans(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 4, "ldmatrix_x1_trans fills 4 bytes");
  static_assert(sizeof(T) == 2, "ldmatrix_x1_trans transposes 16-bit elements");
  tilewright::simulator::load_matrices(destination, row, 1, true, site);
}
template <typename T, int... Extents>
inline void ldmatrix_x2(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 8, "ldmatrix_x2 fills 8 bytes");
  tilewright::simulator::load_matrices(destination, row, 2, false, site);
}
template <typename T, int... Extents>
inline void ldmatrix_x2_trans(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 8, "ldmatrix_x2_trans fills 8 bytes");
  static_assert(sizeof(T) == 2, "ldmatrix_x2_trans transposes 16-bit elements");
  tilewright::simulator::load_matrices(destination, row, 2, true, site);
}
template <typename T, int... Extents>
inline void ldmatrix_x4(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 16, "ldmatrix_x4 fills 16 bytes");
  tilewright::simulator::load_matrices(destination, row, 4, false, site);
}
template <typename T, int... Extents>
inline void ldmatrix_x4_trans(Registers<T, Extents...>& destination, const T* row, TILEWRIGHT_SITE) {
  static_assert(Registers<T, Extents...>::size * sizeof(T) == 16, "ldmatrix_x4_trans fills 16 bytes");
  static_assert(sizeof(T) == 2, "ldmatrix_x4_trans transposes 16-bit elements");
  tilewright::simulator::load_matrices(destination, row, 4, true, site);
}

/// The same as of one number for every register.
template <int... Extents>
inline void round_tf32(Registers<f32, Extents...>& registers, TILEWRIGHT_SITE) {
  f32 values[Registers<f32, Extents...>::size];
  registers.gather(values, site);
  for (f32& value : values) value = round_tf32(value);
  registers.scatter(values, site);
}

/// One matrix instruction: element types and elements per lane of d, a and b.
#define TILEWRIGHT_MULTIPLY(name, D, accumulators, T, left, right)                                                \
  inline void name(Registers<D, accumulators>& d, const Registers<T, left>& a, const Registers<T, right>& b,      \
                   TILEWRIGHT_SITE) {                                                                             \
    tilewright::simulator::multiply(tilewright::simulator::WarpOperation::name, d, a, b, site);                   \
  }
#if TILEWRIGHT_WARP_SIZE == 32
TILEWRIGHT_MULTIPLY(mma_m16n8k16_f32_f16, f32, 4, f16, 8, 4)
TILEWRIGHT_MULTIPLY(mma_m16n8k16_f32_bf16, f32, 4, bf16, 8, 4)
TILEWRIGHT_MULTIPLY(mma_m16n8k16_f16_f16, f16, 4, f16, 8, 4)
TILEWRIGHT_MULTIPLY(mma_m16n8k8_f32_tf32, f32, 4, f32, 4, 2)
TILEWRIGHT_MULTIPLY(mma_m16n8k32_i32_i8, i32, 4, i8, 16, 8)
TILEWRIGHT_MULTIPLY(mma_m16n8k8_f32_f16, f32, 4, f16, 4, 2)
TILEWRIGHT_MULTIPLY(mma_m16n8k8_f16_f16, f16, 4, f16, 4, 2)
TILEWRIGHT_MULTIPLY(mma_m8n8k16_i32_i8, i32, 2, i8, 4, 4)
#define TILEWRIGHT_MULTIPLY_PACKED(name, accumulators, left, right)                                               \
  inline void name(Registers<i32, accumulators>& d, const Registers<i8, left>& a, const Registers<i8, right>& b,  \
                   TILEWRIGHT_SITE) {                                                                             \
    tilewright::simulator::multiply_packed(tilewright::simulator::WarpOperation::name, d, a, b, site);            \
  }
TILEWRIGHT_MULTIPLY_PACKED(mma_m16n8k64_i32_i4, 4, 16, 8)
TILEWRIGHT_MULTIPLY_PACKED(mma_m16n8k32_i32_i4, 4, 8, 4)
TILEWRIGHT_MULTIPLY_PACKED(mma_m8n8k32_i32_i4, 2, 4, 4)
#undef TILEWRIGHT_MULTIPLY_PACKED
TILEWRIGHT_MULTIPLY(mma_m8n8k4_f64_f64, f64, 2, f64, 1, 1)
TILEWRIGHT_MULTIPLY(mma_m16n8k32_f32_f8E4M3FN, f32, 4, f8E4M3FN, 16, 8)
TILEWRIGHT_MULTIPLY(mma_m16n8k32_f32_f8E5M2, f32, 4, f8E5M2, 16, 8)
#else
TILEWRIGHT_MULTIPLY(mfma_32x32x8_f32_f16, f32, 16, f16, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_16x16x16_f32_f16, f32, 4, f16, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_32x32x8_f32_bf16, f32, 16, bf16, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_16x16x16_f32_bf16, f32, 4, bf16, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_32x32x2_f32_f32, f32, 16, f32, 1, 1)
TILEWRIGHT_MULTIPLY(mfma_16x16x4_f32_f32, f32, 4, f32, 1, 1)
TILEWRIGHT_MULTIPLY(mfma_16x16x4_f64_f64, f64, 4, f64, 1, 1)
TILEWRIGHT_MULTIPLY(mfma_32x32x8_i32_i8, i32, 16, i8, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_16x16x16_i32_i8, i32, 4, i8, 4, 4)
TILEWRIGHT_MULTIPLY(mfma_32x32x16_i32_i8, i32, 16, i8, 8, 8)
TILEWRIGHT_MULTIPLY(mfma_16x16x32_i32_i8, i32, 4, i8, 8, 8)
TILEWRIGHT_MULTIPLY(mfma_32x32x16_f32_f8E4M3FNUZ, f32, 16, f8E4M3FNUZ, 8, 8)
TILEWRIGHT_MULTIPLY(mfma_32x32x16_f32_f8E5M2FNUZ, f32, 16, f8E5M2FNUZ, 8, 8)
TILEWRIGHT_MULTIPLY(mfma_16x16x32_f32_f8E4M3FNUZ, f32, 4, f8E4M3FNUZ, 8, 8)
TILEWRIGHT_MULTIPLY(mfma_16x16x32_f32_f8E5M2FNUZ, f32, 4, f8E5M2FNUZ, 8, 8)
#endif
#undef TILEWRIGHT_MULTIPLY
