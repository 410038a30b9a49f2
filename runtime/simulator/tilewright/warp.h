// Data exchange between lanes, and scalar mathematics.
#pragma once

inline constexpr int warp_size = TILEWRIGHT_WARP_SIZE;

namespace tilewright::simulator {

template <typename T>
inline T shuffle(T value, int source_lane, Site site) {
  static_assert(sizeof(T) <= 8, "a shuffle moves at most 8 bytes");
  ShuffleArguments arguments{0, source_lane, 0};
  __builtin_memcpy(&arguments.value, &value, sizeof(T));
  warp_operation(WarpOperation::shuffle, &arguments, site);
  __builtin_memcpy(&value, &arguments.result, sizeof(T));
  return value;
}

inline u64 ballot(bool predicate, Site site) {
  VoteArguments arguments{predicate, 0};
  warp_operation(WarpOperation::vote, &arguments, site);
  return arguments.ballot;
}

/// A register element stands for its value.
template <typename T> struct ValueOf { using type = T; };
template <typename T> struct ValueOf<Element<T>> { using type = T; };

}  // namespace tilewright::simulator

template <typename V, typename T = typename tilewright::simulator::ValueOf<V>::type>
inline T shuffle_xor(V value, int mask, TILEWRIGHT_SITE) {
  return tilewright::simulator::shuffle<T>(value, tilewright::simulator::lane_number() ^ mask, site);
}
template <typename V, typename T = typename tilewright::simulator::ValueOf<V>::type>
inline T shuffle_index(V value, int lane, TILEWRIGHT_SITE) {
  return tilewright::simulator::shuffle<T>(value, lane & (warp_size - 1), site);
}
template <typename V, typename T = typename tilewright::simulator::ValueOf<V>::type>
inline T shuffle_up(V value, int delta, TILEWRIGHT_SITE) {
  const int lane = tilewright::simulator::lane_number();
  return tilewright::simulator::shuffle<T>(value, lane < delta ? lane : lane - delta, site);
}
template <typename V, typename T = typename tilewright::simulator::ValueOf<V>::type>
inline T shuffle_down(V value, int delta, TILEWRIGHT_SITE) {
  const int lane = tilewright::simulator::lane_number();
  return tilewright::simulator::shuffle<T>(value, lane + delta >= warp_size ? lane : lane + delta, site);
}
inline u64 vote_ballot(bool predicate, TILEWRIGHT_SITE) {
  return tilewright::simulator::ballot(predicate, site);
}
inline bool vote_any(bool predicate, TILEWRIGHT_SITE) {
  return tilewright::simulator::ballot(predicate, site) != 0;
}
inline bool vote_all(bool predicate, TILEWRIGHT_SITE) {
  return tilewright::simulator::ballot(!predicate, site) == 0;
}
inline i32 warp_uniform(i32 value, TILEWRIGHT_SITE) {
  return tilewright::simulator::shuffle<i32>(value, 0, site);
}

// The C library's mathematics, declared here because <math.h> costs more than all of this.
extern "C" {
float expf(float) noexcept;
float exp2f(float) noexcept;
float logf(float) noexcept;
float log2f(float) noexcept;
float log1pf(float) noexcept;
float expm1f(float) noexcept;
float sqrtf(float) noexcept;
float fabsf(float) noexcept;
float fmaxf(float, float) noexcept;
float fminf(float, float) noexcept;
float fmaf(float, float, float) noexcept;
float fmodf(float, float) noexcept;
float tanhf(float) noexcept;
float erff(float) noexcept;
float powf(float, float) noexcept;
float sinf(float) noexcept;
float cosf(float) noexcept;
float tanf(float) noexcept;
float atanf(float) noexcept;
float atan2f(float, float) noexcept;
float floorf(float) noexcept;
float ceilf(float) noexcept;
float roundf(float) noexcept;
float rintf(float) noexcept;
float truncf(float) noexcept;
float copysignf(float, float) noexcept;
double exp(double) noexcept;
double exp2(double) noexcept;
double log(double) noexcept;
double log2(double) noexcept;
double log1p(double) noexcept;
double expm1(double) noexcept;
double sqrt(double) noexcept;
double fabs(double) noexcept;
double fmax(double, double) noexcept;
double fmin(double, double) noexcept;
double fma(double, double, double) noexcept;
double fmod(double, double) noexcept;
double tanh(double) noexcept;
double erf(double) noexcept;
double pow(double, double) noexcept;
double sin(double) noexcept;
double cos(double) noexcept;
double tan(double) noexcept;
double atan(double) noexcept;
double atan2(double, double) noexcept;
double floor(double) noexcept;
double ceil(double) noexcept;
double round(double) noexcept;
double rint(double) noexcept;
double trunc(double) noexcept;
double copysign(double, double) noexcept;
}
inline f32 rsqrtf(f32 x) { return 1.0f / sqrtf(x); }
inline f64 rsqrt(f64 x) { return 1.0 / sqrt(x); }
inline f32 fast_exp2(f32 x) { return exp2f(x); }
inline f32 fast_log2(f32 x) { return log2f(x); }
inline f32 fast_tanh(f32 x) { return tanhf(x); }
inline f32 fast_sin(f32 x) { return sinf(x); }
inline f32 fast_cos(f32 x) { return cosf(x); }
inline f32 fast_divide(f32 a, f32 b) { return a / b; }
inline f32 maximum(f32 a, f32 b) { return a != a ? a : b != b ? b : fmaxf(a, b); }
inline f64 maximum(f64 a, f64 b) { return a != a ? a : b != b ? b : fmax(a, b); }
inline f32 minimum(f32 a, f32 b) { return a != a ? a : b != b ? b : fminf(a, b); }
inline f64 minimum(f64 a, f64 b) { return a != a ? a : b != b ? b : fmin(a, b); }

/// The same bits as another type of the same size.
template <typename To, typename From>
inline To bit_cast(From value) {
  return __builtin_bit_cast(To, value);
}

/// Quotient of integers, rounded down.
template <typename T>
inline T floor_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) != (b > 0) ? quotient - 1 : quotient;
}

/// Quotient of integers, rounded up.
template <typename T>
inline T ceil_divide(T a, T b) {
  const T quotient = a / b;
  return quotient * b != a && (a > 0) == (b > 0) ? quotient + 1 : quotient;
}

/// The upper 64 bits of a product.
inline i64 multiply_high(i64 a, i64 b) {
  return static_cast<i64>((static_cast<__int128>(a) * b) >> 64);
}
inline u64 multiply_high(u64 a, u64 b) {
  return static_cast<u64>((static_cast<unsigned __int128>(a) * b) >> 64);
}

/// To 10 mantissa bits, ties away from zero.
inline f32 round_tf32(f32 value) {
  const u32 bits = __builtin_bit_cast(u32, value);
  if ((bits & 0x7f800000) == 0x7f800000) return value;
  return __builtin_bit_cast(f32, (bits + 0x1000) & 0xffffe000);
}
