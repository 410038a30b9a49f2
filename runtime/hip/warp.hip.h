// Wave-wide data exchange and scalar mathematics of emitted HIP text. Every lane of the wave takes part.

//! wrapper shuffle_bits: requires types; since gfx90a
/// Moves a value of any size between lanes, 32 bits at a time; `source` is the lane to read.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_bits(T value, int source) {
  constexpr int words = (sizeof(T) + 3) / 4;
  i32 bits[words] = {};
  __builtin_memcpy(bits, &value, sizeof(T));
#pragma unroll
  for (int i = 0; i < words; ++i) bits[i] = __builtin_amdgcn_ds_bpermute(source * 4, bits[i]);
  __builtin_memcpy(&value, bits, sizeof(T));
  return value;
}

//! wrapper lane_number: requires types; since gfx90a
/// This lane's number in its wave.
TILEWRIGHT_DEVICE int lane_number() {
  return __builtin_amdgcn_mbcnt_hi(~0u, __builtin_amdgcn_mbcnt_lo(~0u, 0));
}

//! wrapper shuffle_xor: requires types shuffle_bits lane_number; since gfx90a
/// The value of the lane whose number differs in the bits of `mask`.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_xor(T value, int mask) {
  return shuffle_bits(value, lane_number() ^ mask);
}

//! wrapper shuffle_index: requires types shuffle_bits; since gfx90a
/// The value of lane `lane`.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_index(T value, int lane) {
  return shuffle_bits(value, lane & (warp_size - 1));
}

//! wrapper shuffle_up: requires types shuffle_bits lane_number; since gfx90a
/// The value of the lane `delta` below; lanes under `delta` keep their own.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_up(T value, int delta) {
  const int lane = lane_number();
  return shuffle_bits(value, lane < delta ? lane : lane - delta);
}

//! wrapper shuffle_down: requires types shuffle_bits lane_number; since gfx90a
/// The value of the lane `delta` above; the last `delta` lanes keep their own.
template <typename T>
TILEWRIGHT_DEVICE T shuffle_down(T value, int delta) {
  const int lane = lane_number();
  return shuffle_bits(value, lane + delta >= warp_size ? lane : lane + delta);
}

//! wrapper vote_ballot: requires types; since gfx90a
/// One bit per lane where the predicate holds.
TILEWRIGHT_DEVICE u64 vote_ballot(bool predicate) {
  return __builtin_amdgcn_ballot_w64(predicate);
}

//! wrapper vote_any: requires types vote_ballot; since gfx90a
/// True where the predicate holds in any lane.
TILEWRIGHT_DEVICE bool vote_any(bool predicate) {
  return vote_ballot(predicate) != 0;
}

//! wrapper vote_all: requires types vote_ballot; since gfx90a
/// True where the predicate holds in every lane.
TILEWRIGHT_DEVICE bool vote_all(bool predicate) {
  return vote_ballot(!predicate) == 0;
}

//! wrapper warp_uniform: requires types; since gfx90a
/// The value of the first lane, which the compiler then keeps in a scalar register; all lanes must hold the same.
TILEWRIGHT_DEVICE i32 warp_uniform(i32 value) {
  return __builtin_amdgcn_readfirstlane(value);
}

//! wrapper fast_exp2: requires types; since gfx90a
/// 2 to the power of x by the transcendental unit (1 ulp, subnormal results flushed).
TILEWRIGHT_DEVICE f32 fast_exp2(f32 x) {
  return __builtin_amdgcn_exp2f(x);
}

//! wrapper fast_log2: requires types; since gfx90a
/// Binary logarithm by the transcendental unit (subnormal operands count as zero).
TILEWRIGHT_DEVICE f32 fast_log2(f32 x) {
  return __builtin_amdgcn_logf(x);
}

//! wrapper fast_sin: requires types; since gfx90a
/// Sine by the transcendental unit, which counts in turns; for angles of a few turns.
TILEWRIGHT_DEVICE f32 fast_sin(f32 x) {
  return __builtin_amdgcn_sinf(x * 0.159154943f);
}

//! wrapper fast_cos: requires types; since gfx90a
/// Cosine by the transcendental unit, which counts in turns; for angles of a few turns.
TILEWRIGHT_DEVICE f32 fast_cos(f32 x) {
  return __builtin_amdgcn_cosf(x * 0.159154943f);
}

//! wrapper fast_divide: requires types; since gfx90a
/// Quotient by the reciprocal of the transcendental unit (1 ulp and a rounding).
TILEWRIGHT_DEVICE f32 fast_divide(f32 a, f32 b) {
  return a * __builtin_amdgcn_rcpf(b);
}

//! wrapper fast_tanh: requires types fast_exp2 fast_divide; since gfx90a
/// Hyperbolic tangent from a power and a reciprocal, both of the transcendental unit.
TILEWRIGHT_DEVICE f32 fast_tanh(f32 x) {
  return 1.0f - fast_divide(2.0f, fast_exp2(2.88539008f * x) + 1.0f);
}

//! wrapper maximum: requires types; since gfx90a
/// The larger value; NaN if either is NaN.
TILEWRIGHT_DEVICE f32 maximum(f32 a, f32 b) {
  return a != a ? a : b != b ? b : __builtin_fmaxf(a, b);
}
TILEWRIGHT_DEVICE f64 maximum(f64 a, f64 b) {
  return a != a ? a : b != b ? b : __builtin_fmax(a, b);
}

//! wrapper minimum: requires types; since gfx90a
/// The smaller value; NaN if either is NaN.
TILEWRIGHT_DEVICE f32 minimum(f32 a, f32 b) {
  return a != a ? a : b != b ? b : __builtin_fminf(a, b);
}
TILEWRIGHT_DEVICE f64 minimum(f64 a, f64 b) {
  return a != a ? a : b != b ? b : __builtin_fmin(a, b);
}
