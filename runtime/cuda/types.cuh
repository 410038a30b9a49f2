// Element types and register arrays of emitted CUDA text.

//! wrapper types: requires; since sm_75
/// Element types by their IR names, and per-thread register arrays that never live in memory.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <stdint.h>

using f16 = __half;
using bf16 = __nv_bfloat16;
using f32 = float;
using f64 = double;
using i1 = bool;
using i8 = int8_t;
using i16 = int16_t;
using i32 = int32_t;
using i64 = int64_t;
using u8 = uint8_t;
using u16 = uint16_t;
using u32 = uint32_t;
using u64 = uint64_t;

inline constexpr int warp_size = 32;
#define TILEWRIGHT_DEVICE __device__ __forceinline__

/// The largest power of two up to 16 that divides `bytes`: what a vector access of them may assume.
constexpr int vector_alignment(int bytes) {
  return bytes % 16 == 0 ? 16 : bytes % 8 == 0 ? 8 : bytes % 4 == 0 ? 4 : bytes % 2 == 0 ? 2 : 1;
}

/// Every index must be a constant after unrolling, or the array moves to local memory.
template <typename T, int Extent, int... Rest>
struct Registers {
  static constexpr int size = Extent * Registers<T, Rest...>::size;
  Registers<T, Rest...> elements[Extent];
  TILEWRIGHT_DEVICE Registers<T, Rest...>& operator[](int index) { return elements[index]; }
  TILEWRIGHT_DEVICE const Registers<T, Rest...>& operator[](int index) const { return elements[index]; }
};

template <typename T, int Extent>
struct alignas(vector_alignment(Extent * int(sizeof(T)))) Registers<T, Extent> {
  static constexpr int size = Extent;
  T elements[Extent];
  TILEWRIGHT_DEVICE T& operator[](int index) { return elements[index]; }
  TILEWRIGHT_DEVICE const T& operator[](int index) const { return elements[index]; }
};

/// The 32-bit registers that hold the elements: two 16-bit or four 8-bit elements each.
template <typename R>
TILEWRIGHT_DEVICE u32& word(R& registers, int index) {
  return reinterpret_cast<u32*>(&registers)[index];
}
template <typename R>
TILEWRIGHT_DEVICE const u32& word(const R& registers, int index) {
  return reinterpret_cast<const u32*>(&registers)[index];
}

//! wrapper fill: requires types; since sm_75
/// Sets every element.
template <typename T, typename V, int... Extents>
TILEWRIGHT_DEVICE void fill(Registers<T, Extents...>& destination, V value) {
  T* elements = reinterpret_cast<T*>(&destination);
#pragma unroll
  for (int i = 0; i < Registers<T, Extents...>::size; ++i) elements[i] = T(value);
}

//! wrapper convert: requires types; since sm_75
/// Converts element by element, rounding to nearest even; pairs of f32 go to f16 and bf16 in one instruction.
template <typename To, typename From, int... Extents>
TILEWRIGHT_DEVICE void convert(Registers<To, Extents...>& destination, const Registers<From, Extents...>& source) {
  To* to = reinterpret_cast<To*>(&destination);
  const From* from = reinterpret_cast<const From*>(&source);
#pragma unroll
  for (int i = 0; i < Registers<To, Extents...>::size; ++i) to[i] = To(from[i]);
}
template <int Extent>
TILEWRIGHT_DEVICE void convert(Registers<f16, Extent>& destination, const Registers<f32, Extent>& source) {
#pragma unroll
  for (int i = 0; i + 1 < Extent; i += 2) {
    reinterpret_cast<__half2*>(&destination)[i / 2] = __floats2half2_rn(source[i], source[i + 1]);
  }
  if (Extent % 2 != 0) destination[Extent - 1] = f16(source[Extent - 1]);
}
template <int Extent>
TILEWRIGHT_DEVICE void convert(Registers<bf16, Extent>& destination, const Registers<f32, Extent>& source) {
#pragma unroll
  for (int i = 0; i + 1 < Extent; i += 2) {
    reinterpret_cast<__nv_bfloat162*>(&destination)[i / 2] = __floats2bfloat162_rn(source[i], source[i + 1]);
  }
  if (Extent % 2 != 0) destination[Extent - 1] = bf16(source[Extent - 1]);
}

//! wrapper bit_cast: requires types; since sm_75
/// The same bits as another type of the same size.
template <typename To, typename From>
TILEWRIGHT_DEVICE To bit_cast(From value) {
  return __builtin_bit_cast(To, value);
}

//! wrapper floor_divide: requires types; since sm_75
/// Quotient of integers, rounded down.
template <typename T>
TILEWRIGHT_DEVICE T floor_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) != (b > 0) ? quotient - 1 : quotient;
}

//! wrapper ceil_divide: requires types; since sm_75
/// Quotient of integers, rounded up.
template <typename T>
TILEWRIGHT_DEVICE T ceil_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) == (b > 0) ? quotient + 1 : quotient;
}

//! wrapper multiply_high: requires types; since sm_75
/// The upper 64 bits of a product.
TILEWRIGHT_DEVICE i64 multiply_high(i64 a, i64 b) {
  return static_cast<i64>((static_cast<__int128>(a) * b) >> 64);
}
TILEWRIGHT_DEVICE u64 multiply_high(u64 a, u64 b) {
  return static_cast<u64>((static_cast<unsigned __int128>(a) * b) >> 64);
}

//! wrapper f8: requires types; since sm_75
/// 8-bit float element types; conversions to them round to nearest even and saturate.
#include <cuda_fp8.h>
using f8E4M3FN = __nv_fp8_e4m3;
using f8E5M2 = __nv_fp8_e5m2;

//! wrapper thread_index: requires types; since sm_75
/// The thread's number in its block; unlike threadIdx.x known to be no negative int, so that / and % by powers of two
/// are one instruction each.
TILEWRIGHT_DEVICE int thread_index() {
  const int index = static_cast<int>(threadIdx.x);
  __builtin_assume(index >= 0 && index < 1024);
  return index;
}

//! wrapper block_index_x: requires types; since sm_75
/// The block's place in the grid, as no negative int.
TILEWRIGHT_DEVICE int block_index_x() {
  const int index = static_cast<int>(blockIdx.x);
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper block_index_y: requires types; since sm_75
/// As block_index_x.
TILEWRIGHT_DEVICE int block_index_y() {
  const int index = static_cast<int>(blockIdx.y);
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper block_index_z: requires types; since sm_75
/// As block_index_x.
TILEWRIGHT_DEVICE int block_index_z() {
  const int index = static_cast<int>(blockIdx.z);
  __builtin_assume(index >= 0);
  return index;
}
