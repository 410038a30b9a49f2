// Element types and register arrays of emitted HIP text.

//! wrapper types: requires; since gfx90a
/// Element types by their IR names, and per-thread register arrays that never live in memory.
#include <hip/hip_runtime.h>
#include <stdint.h>

using f16 = _Float16;
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

inline constexpr int warp_size = 64;
#define TILEWRIGHT_DEVICE __device__ __forceinline__

/// bf16 as its 16 bits; arithmetic happens in f32. These targets have no conversion instruction.
struct bf16 {
  u16 bits;
  bf16() = default;
  TILEWRIGHT_DEVICE explicit bf16(f32 value) {
    const u32 word = __builtin_bit_cast(u32, value);
    const u32 rounded = word + 0x7fff + ((word >> 16) & 1);
    bits = static_cast<u16>((value != value ? word | 0x400000 : rounded) >> 16);
  }
  TILEWRIGHT_DEVICE operator f32() const { return __builtin_bit_cast(f32, u32(bits) << 16); }
};

/// The largest power of two up to 16 that divides `bytes`: what a vector access of them may assume.
constexpr int vector_alignment(int bytes) {
  return bytes % 16 == 0 ? 16 : bytes % 8 == 0 ? 8 : bytes % 4 == 0 ? 4 : bytes % 2 == 0 ? 2 : 1;
}

/// Every index must be a constant after unrolling, or the array moves to scratch memory.
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

/// Native vectors as the matrix instructions take them.
template <typename T, int Extent>
using Vector = T __attribute__((ext_vector_type(Extent)));

/// The bits of all elements as another type of the same size.
template <typename V, typename R>
TILEWRIGHT_DEVICE V bits_as(const R& registers) {
  static_assert(sizeof(V) == sizeof(R), "bits_as keeps the size");
  V value;
  __builtin_memcpy(&value, &registers, sizeof(V));
  return value;
}

//! wrapper fill: requires types; since gfx90a
/// Sets every element.
template <typename T, typename V, int... Extents>
TILEWRIGHT_DEVICE void fill(Registers<T, Extents...>& destination, V value) {
  T* elements = reinterpret_cast<T*>(&destination);
#pragma unroll
  for (int i = 0; i < Registers<T, Extents...>::size; ++i) elements[i] = T(value);
}

//! wrapper convert: requires types; since gfx90a
/// Converts element by element, rounding to nearest even.
template <typename To, typename From, int... Extents>
TILEWRIGHT_DEVICE void convert(Registers<To, Extents...>& destination, const Registers<From, Extents...>& source) {
  To* to = reinterpret_cast<To*>(&destination);
  const From* from = reinterpret_cast<const From*>(&source);
#pragma unroll
  for (int i = 0; i < Registers<To, Extents...>::size; ++i) to[i] = To(from[i]);
}

//! wrapper thread_index: requires types; since gfx90a
/// The thread's number in its block; unlike threadIdx.x known to be no negative int, so that / and % by powers of two
/// are one instruction each.
TILEWRIGHT_DEVICE int thread_index() {
  const int index = static_cast<int>(threadIdx.x);
  __builtin_assume(index >= 0 && index < 1024);
  return index;
}

//! wrapper block_index_x: requires types; since gfx90a
/// The block's place in the grid, as no negative int.
TILEWRIGHT_DEVICE int block_index_x() {
  const int index = static_cast<int>(blockIdx.x);
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper block_index_y: requires types; since gfx90a
/// As block_index_x.
TILEWRIGHT_DEVICE int block_index_y() {
  const int index = static_cast<int>(blockIdx.y);
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper block_index_z: requires types; since gfx90a
/// As block_index_x.
TILEWRIGHT_DEVICE int block_index_z() {
  const int index = static_cast<int>(blockIdx.z);
  __builtin_assume(index >= 0);
  return index;
}

//! wrapper bit_cast: requires types; since gfx90a
/// The same bits as another type of the same size.
template <typename To, typename From>
TILEWRIGHT_DEVICE To bit_cast(From value) {
  return __builtin_bit_cast(To, value);
}

//! wrapper floor_divide: requires types; since gfx90a
/// Quotient of integers, rounded down.
template <typename T>
TILEWRIGHT_DEVICE T floor_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) != (b > 0) ? quotient - 1 : quotient;
}

//! wrapper ceil_divide: requires types; since gfx90a
/// Quotient of integers, rounded up.
template <typename T>
TILEWRIGHT_DEVICE T ceil_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) == (b > 0) ? quotient + 1 : quotient;
}

//! wrapper multiply_high: requires types; since gfx90a
/// The upper 64 bits of a product.
TILEWRIGHT_DEVICE i64 multiply_high(i64 a, i64 b) {
  return static_cast<i64>((static_cast<__int128>(a) * b) >> 64);
}
TILEWRIGHT_DEVICE u64 multiply_high(u64 a, u64 b) {
  return static_cast<u64>((static_cast<unsigned __int128>(a) * b) >> 64);
}

//! wrapper f8: requires types; since gfx942
/// 8-bit float element types without negative zero and infinities; conversions to them round to nearest even and saturate.
struct f8E4M3FNUZ {
  u8 bits;
  f8E4M3FNUZ() = default;
  TILEWRIGHT_DEVICE explicit f8E4M3FNUZ(f32 value) {
    const f32 clamped = value > 240.0f ? 240.0f : value < -240.0f ? -240.0f : value;
    bits = static_cast<u8>(__builtin_amdgcn_cvt_pk_fp8_f32(clamped, 0.0f, 0, false));
  }
  TILEWRIGHT_DEVICE operator f32() const { return __builtin_amdgcn_cvt_f32_fp8(bits, 0); }
};
struct f8E5M2FNUZ {
  u8 bits;
  f8E5M2FNUZ() = default;
  TILEWRIGHT_DEVICE explicit f8E5M2FNUZ(f32 value) {
    const f32 clamped = value > 57344.0f ? 57344.0f : value < -57344.0f ? -57344.0f : value;
    bits = static_cast<u8>(__builtin_amdgcn_cvt_pk_bf8_f32(clamped, 0.0f, 0, false));
  }
  TILEWRIGHT_DEVICE operator f32() const { return __builtin_amdgcn_cvt_f32_bf8(bits, 0); }
};
