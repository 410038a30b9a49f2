// Warp-wide data exchange and scalar mathematics of emitted CUDA text. Every lane of the warp takes part.

//! wrapper shuffle_xor: requires types; since sm_75
/// A byte travels as a word: the instruction has no overload for 8-bit floats.
/// The value of the lane whose number differs in the bits of `mask`.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_xor(T value, int mask) {
  if constexpr (sizeof(T) == 1) {
    i32 word = 0;
    __builtin_memcpy(&word, &value, 1);
    word = __shfl_xor_sync(0xffffffffu, word, mask);
    __builtin_memcpy(&value, &word, 1);
    return value;
  } else {
    return __shfl_xor_sync(0xffffffffu, value, mask);
  }
}

//! wrapper shuffle_index: requires types; since sm_75
/// The value of lane `lane`.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_index(T value, int lane) {
  if constexpr (sizeof(T) == 1) {
    i32 word = 0;
    __builtin_memcpy(&word, &value, 1);
    word = __shfl_sync(0xffffffffu, word, lane);
    __builtin_memcpy(&value, &word, 1);
    return value;
  } else {
    return __shfl_sync(0xffffffffu, value, lane);
  }
}

//! wrapper shuffle_up: requires types; since sm_75
/// The value of the lane `delta` below; lanes under `delta` keep their own.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_up(T value, int delta) {
  if constexpr (sizeof(T) == 1) {
    i32 word = 0;
    __builtin_memcpy(&word, &value, 1);
    word = __shfl_up_sync(0xffffffffu, word, delta);
    __builtin_memcpy(&value, &word, 1);
    return value;
  } else {
    return __shfl_up_sync(0xffffffffu, value, delta);
  }
}

//! wrapper shuffle_down: requires types; since sm_75
/// The value of the lane `delta` above; the last `delta` lanes keep their own.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_down(T value, int delta) {
  if constexpr (sizeof(T) == 1) {
    i32 word = 0;
    __builtin_memcpy(&word, &value, 1);
    word = __shfl_down_sync(0xffffffffu, word, delta);
    __builtin_memcpy(&value, &word, 1);
    return value;
  } else {
    return __shfl_down_sync(0xffffffffu, value, delta);
  }
}

//! wrapper vote_any: requires types; since sm_75
/// True where the predicate holds in any lane.
TILEWRIGHT_DEVICE bool vote_any(bool predicate) {
  return __any_sync(0xffffffffu, predicate);
}

//! wrapper vote_all: requires types; since sm_75
/// True where the predicate holds in every lane.
TILEWRIGHT_DEVICE bool vote_all(bool predicate) {
  return __all_sync(0xffffffffu, predicate);
}

//! wrapper vote_ballot: requires types; since sm_75
/// One bit per lane where the predicate holds.
TILEWRIGHT_DEVICE u64 vote_ballot(bool predicate) {
  return __ballot_sync(0xffffffffu, predicate);
}

//! wrapper fast_exp2: requires types; since sm_75
/// 2 to the power of x by the special-function unit (2 ulp, subnormal results flushed).
TILEWRIGHT_DEVICE f32 fast_exp2(f32 x) {
  f32 result;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

//! wrapper fast_log2: requires types; since sm_75
/// Binary logarithm by the special-function unit (subnormal operands count as zero).
TILEWRIGHT_DEVICE f32 fast_log2(f32 x) {
  f32 result;
  asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

//! wrapper fast_tanh: requires types; since sm_75
/// Hyperbolic tangent by the special-function unit (relative error up to 2^-11).
TILEWRIGHT_DEVICE f32 fast_tanh(f32 x) {
  f32 result;
  asm("tanh.approx.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

//! wrapper fast_sin: requires types; since sm_75
/// Sine by the special-function unit, for angles of a few turns.
TILEWRIGHT_DEVICE f32 fast_sin(f32 x) {
  f32 result;
  asm("sin.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

//! wrapper fast_cos: requires types; since sm_75
/// Cosine by the special-function unit, for angles of a few turns.
TILEWRIGHT_DEVICE f32 fast_cos(f32 x) {
  f32 result;
  asm("cos.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
  return result;
}

//! wrapper fast_divide: requires types; since sm_75
/// Quotient by the reciprocal of the special-function unit (2 ulp; 0 for divisors over 2^126).
TILEWRIGHT_DEVICE f32 fast_divide(f32 a, f32 b) {
  f32 result;
  asm("div.approx.ftz.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
  return result;
}

//! wrapper maximum: requires types; since sm_75
/// The larger value; NaN if either is NaN.
TILEWRIGHT_DEVICE f32 maximum(f32 a, f32 b) {
  f32 result;
  asm("max.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
  return result;
}
TILEWRIGHT_DEVICE f64 maximum(f64 a, f64 b) {
  return a != a ? a : b != b ? b : fmax(a, b);
}

//! wrapper minimum: requires types; since sm_75
/// The smaller value; NaN if either is NaN.
TILEWRIGHT_DEVICE f32 minimum(f32 a, f32 b) {
  f32 result;
  asm("min.NaN.f32 %0, %1, %2;" : "=f"(result) : "f"(a), "f"(b));
  return result;
}
TILEWRIGHT_DEVICE f64 minimum(f64 a, f64 b) {
  return a != a ? a : b != b ? b : fmin(a, b);
}

//! wrapper warp_uniform: requires types; since sm_75
/// The value of the first lane, which the compiler then knows to be uniform; all lanes must hold the same.
TILEWRIGHT_DEVICE i32 warp_uniform(i32 value) {
  return __shfl_sync(0xffffffffu, value, 0);
}
