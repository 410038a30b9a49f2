// Element types of the simulator: 16-bit and 8-bit floats in software, exact to the last bit.
#pragma once
#include <stdint.h>

/// 32 on NVIDIA, 64 on AMD.
#ifndef TILEWRIGHT_WARP_SIZE
#define TILEWRIGHT_WARP_SIZE 32
#endif

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

namespace tilewright::simulator {

/// Narrows to f32 with the lost bits kept as a sticky last bit, so that a second rounding is still exact.
inline f32 narrow_to_odd(f64 value) {
  const f32 near = static_cast<f32>(value);
  if (static_cast<f64>(near) == value || value != value) return near;
  u32 bits = __builtin_bit_cast(u32, near);
  if ((bits & 1) != 0 || (bits & 0x7fffffff) == 0x7f800000) return near;
  const f64 size = value < 0 ? -value : value;
  const f64 near_size = near < 0 ? -static_cast<f64>(near) : static_cast<f64>(near);
  bits = near_size > size ? bits - 1 : bits + 1;
  return __builtin_bit_cast(f32, bits);
}

/// An integer with the bits beyond the 53 of f64 kept as a sticky last bit.
inline f32 narrow_to_odd(u64 magnitude, bool negative) {
  const bool is_long = magnitude >> 53 != 0;
  const u64 kept = is_long ? magnitude >> 11 | u64((magnitude & 0x7ff) != 0) : magnitude;
  const f64 size = static_cast<f64>(kept) * (is_long ? 2048.0 : 1.0);
  return narrow_to_odd(negative ? -size : size);
}

/// Rounds to nearest even into a float format of `Exponent` and `Mantissa` bits; the caller handles overflow and NaN.
/// The result may exceed the format's largest exponent by carrying into it.
template <int Exponent, int Mantissa>
constexpr u32 round_magnitude(u32 magnitude) {
  constexpr int bias = (1 << (Exponent - 1)) - 1;
  constexpr int drop = 23 - Mantissa;
  constexpr u32 smallest_normal = u32(127 - bias + 1) << 23;
  if (magnitude >= smallest_normal) {
    const u32 rebased = magnitude - (u32(127 - bias) << 23);
    return (rebased + (1u << (drop - 1)) - 1 + ((rebased >> drop) & 1)) >> drop;
  }
  // Subnormal: shift the full mantissa right until its unit is the format's smallest step.
  const int exponent = static_cast<int>(magnitude >> 23);
  const int shift = drop + (127 - bias + 1) - (exponent == 0 ? 1 : exponent);
  if (shift > 24) return 0;
  const u32 mantissa = (magnitude & 0x7fffff) | (exponent == 0 ? 0 : 0x800000);
  const u32 half = 1u << (shift - 1);
  return (mantissa + half - 1 + ((mantissa >> shift) & 1)) >> shift;
}

constexpr u16 f16_bits(f32 value) {
  const u32 bits = __builtin_bit_cast(u32, value);
  const u32 magnitude = bits & 0x7fffffff;
  const u16 sign = static_cast<u16>(bits >> 16 & 0x8000);
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  return sign | static_cast<u16>(round_magnitude<5, 10>(magnitude));
}

constexpr f32 f16_value(u16 bits) {
  const u32 sign = u32(bits & 0x8000) << 16;
  const u32 exponent = bits >> 10 & 31;
  const u32 mantissa = bits & 0x3ff;
  if (exponent == 31) return __builtin_bit_cast(f32, sign | 0x7f800000 | mantissa << 13);
  if (exponent != 0) return __builtin_bit_cast(f32, sign | (exponent + 112) << 23 | mantissa << 13);
  const f32 size = static_cast<f32>(mantissa) * 0x1p-24f;
  return sign != 0 ? -size : size;
}

constexpr u16 bf16_bits(f32 value) {
  const u32 bits = __builtin_bit_cast(u32, value);
  if ((bits & 0x7fffffff) > 0x7f800000) return static_cast<u16>(bits >> 16 | 0x40);
  return static_cast<u16>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

constexpr f32 bf16_value(u16 bits) {
  return __builtin_bit_cast(f32, u32(bits) << 16);
}

/// E4M3 without infinities: overflow saturates to 448, as the conversion instructions do.
constexpr u8 f8e4m3fn_bits(f32 value) {
  const u32 bits = __builtin_bit_cast(u32, value);
  const u8 sign = static_cast<u8>(bits >> 24 & 0x80);
  const u32 magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7f;
  const u32 rounded = magnitude >= 0x44000000 ? 0x7e : round_magnitude<4, 3>(magnitude);
  return sign | static_cast<u8>(rounded > 0x7e ? 0x7e : rounded);
}

constexpr f32 f8e4m3fn_value(u8 bits) {
  const u32 exponent = bits >> 3 & 15;
  const u32 mantissa = bits & 7;
  if ((bits & 0x7f) == 0x7f) return __builtin_bit_cast(f32, u32(bits & 0x80) << 24 | 0x7fc00000);
  const f32 size = exponent == 0 ? static_cast<f32>(mantissa) * 0x1p-9f
                                 : __builtin_bit_cast(f32, (exponent + 120) << 23 | mantissa << 20);
  return (bits & 0x80) != 0 ? -size : size;
}

/// E5M2: overflow saturates to 57344, as the conversion instructions do.
constexpr u8 f8e5m2_bits(f32 value) {
  const u32 bits = __builtin_bit_cast(u32, value);
  const u8 sign = static_cast<u8>(bits >> 24 & 0x80);
  const u32 magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7f;
  const u32 rounded = magnitude >= 0x47800000 ? 0x7b : round_magnitude<5, 2>(magnitude);
  return sign | static_cast<u8>(rounded > 0x7b ? 0x7b : rounded);
}

constexpr f32 f8e5m2_value(u8 bits) {
  return f16_value(static_cast<u16>(bits << 8));
}

/// The FNUZ formats have a bias one higher than IEEE's, no infinities, and NaN in place of negative zero: their values are
/// half of what the bits would mean otherwise, and every other exponent pattern is a number.
template <int Exponent, int Mantissa>
constexpr u8 fnuz_bits(f32 value) {
  constexpr u32 largest = 0x7f;
  const u32 bits = __builtin_bit_cast(u32, value);
  const u32 magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x80;
  const u32 rounded = magnitude >= 0x48000000 ? largest : round_magnitude<Exponent, Mantissa>(magnitude + 0x800000);
  if (magnitude < 0x800000 || rounded == 0) return 0;
  return static_cast<u8>(bits >> 24 & 0x80) | static_cast<u8>(rounded > largest ? largest : rounded);
}

template <int Exponent, int Mantissa>
constexpr f32 fnuz_value(u8 bits) {
  constexpr int bias = 1 << (Exponent - 1);
  if (bits == 0x80) return __builtin_nanf("");
  const u32 exponent = (bits & 0x7f) >> Mantissa;
  const u32 mantissa = bits & ((1u << Mantissa) - 1);
  const f32 size = exponent == 0
                       ? static_cast<f32>(mantissa) * __builtin_bit_cast(f32, u32(127 + 1 - bias - Mantissa) << 23)
                       : __builtin_bit_cast(f32, (exponent + 127 - bias) << 23 | mantissa << (23 - Mantissa));
  return (bits & 0x80) != 0 ? -size : size;
}

constexpr u8 f8e4m3fnuz_bits(f32 value) { return fnuz_bits<4, 3>(value); }
constexpr f32 f8e4m3fnuz_value(u8 bits) { return fnuz_value<4, 3>(bits); }
constexpr u8 f8e5m2fnuz_bits(f32 value) { return fnuz_bits<5, 2>(value); }
constexpr f32 f8e5m2fnuz_value(u8 bits) { return fnuz_value<5, 2>(bits); }

}  // namespace tilewright::simulator

/// One small float type: its bits, conversion to f32, and conversion from numbers by one rounding.
#define TILEWRIGHT_SMALL_FLOAT(Name, Storage, encode, decode)                                                     \
  struct Name {                                                                                                   \
    Storage bits;                                                                                                 \
    Name() = default;                                                                                             \
    constexpr explicit Name(f32 value) : bits(tilewright::simulator::encode(value)) {}                            \
    explicit Name(f64 value) : bits(tilewright::simulator::encode(tilewright::simulator::narrow_to_odd(value))) {} \
    explicit Name(i32 value) : Name(static_cast<f64>(value)) {}                                                   \
    explicit Name(u32 value) : Name(static_cast<f64>(value)) {}                                                   \
    explicit Name(i64 value)                                                                                      \
        : Name(tilewright::simulator::narrow_to_odd(value < 0 ? -static_cast<u64>(value) : static_cast<u64>(value), value < 0)) {} \
    explicit Name(u64 value) : Name(tilewright::simulator::narrow_to_odd(value, false)) {}                         \
    constexpr operator f32() const { return tilewright::simulator::decode(bits); }                                \
  };
TILEWRIGHT_SMALL_FLOAT(f16, u16, f16_bits, f16_value)
TILEWRIGHT_SMALL_FLOAT(bf16, u16, bf16_bits, bf16_value)
TILEWRIGHT_SMALL_FLOAT(f8E4M3FN, u8, f8e4m3fn_bits, f8e4m3fn_value)
TILEWRIGHT_SMALL_FLOAT(f8E5M2, u8, f8e5m2_bits, f8e5m2_value)
TILEWRIGHT_SMALL_FLOAT(f8E4M3FNUZ, u8, f8e4m3fnuz_bits, f8e4m3fnuz_value)
TILEWRIGHT_SMALL_FLOAT(f8E5M2FNUZ, u8, f8e5m2fnuz_bits, f8e5m2fnuz_value)
#undef TILEWRIGHT_SMALL_FLOAT

// f16 arithmetic rounds once per operation; f32 holds every exact intermediate of + - * and rounds / innocuously.
inline f16 operator+(f16 a, f16 b) { return f16(f32(a) + f32(b)); }
inline f16 operator-(f16 a, f16 b) { return f16(f32(a) - f32(b)); }
inline f16 operator*(f16 a, f16 b) { return f16(f32(a) * f32(b)); }
inline f16 operator/(f16 a, f16 b) { return f16(f32(a) / f32(b)); }
inline f16 operator-(f16 a) { return f16(-f32(a)); }
inline f16& operator+=(f16& a, f16 b) { return a = a + b; }
inline f16& operator-=(f16& a, f16 b) { return a = a - b; }
inline f16& operator*=(f16& a, f16 b) { return a = a * b; }
inline f16& operator/=(f16& a, f16 b) { return a = a / b; }
