// Matrix instructions of emitted HIP text. Operands are one lane's registers of the wave's fragments.

//! wrapper mfma_32x32x8_f32_f16: requires types; since gfx90a
/// d += a * b: 32x8 by 8x32 f16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x8_f32_f16(Registers<f32, 16>& d, const Registers<f16, 4>& a,
                                            const Registers<f16, 4>& b) {
  using Accumulator = Vector<f32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_32x32x8f16(bits_as<Vector<f16, 4>>(a), bits_as<Vector<f16, 4>>(b),
                                           bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x16_f32_f16: requires types; since gfx90a
/// d += a * b: 16x16 by 16x16 f16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x16_f32_f16(Registers<f32, 4>& d, const Registers<f16, 4>& a,
                                             const Registers<f16, 4>& b) {
  using Accumulator = Vector<f32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_16x16x16f16(bits_as<Vector<f16, 4>>(a), bits_as<Vector<f16, 4>>(b),
                                            bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x8_f32_bf16: requires types; since gfx90a
/// d += a * b: 32x8 by 8x32 bf16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x8_f32_bf16(Registers<f32, 16>& d, const Registers<bf16, 4>& a,
                                             const Registers<bf16, 4>& b) {
  using Accumulator = Vector<f32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_32x32x8bf16_1k(bits_as<Vector<i16, 4>>(a), bits_as<Vector<i16, 4>>(b),
                                               bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x16_f32_bf16: requires types; since gfx90a
/// d += a * b: 16x16 by 16x16 bf16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x16_f32_bf16(Registers<f32, 4>& d, const Registers<bf16, 4>& a,
                                              const Registers<bf16, 4>& b) {
  using Accumulator = Vector<f32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_16x16x16bf16_1k(bits_as<Vector<i16, 4>>(a), bits_as<Vector<i16, 4>>(b),
                                                bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x2_f32_f32: requires types; since gfx90a
/// d += a * b: 32x2 by 2x32 f32 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x2_f32_f32(Registers<f32, 16>& d, const Registers<f32, 1>& a,
                                            const Registers<f32, 1>& b) {
  using Accumulator = Vector<f32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_32x32x2f32(a[0], b[0], bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x4_f32_f32: requires types; since gfx90a
/// d += a * b: 16x4 by 4x16 f32 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x4_f32_f32(Registers<f32, 4>& d, const Registers<f32, 1>& a,
                                            const Registers<f32, 1>& b) {
  using Accumulator = Vector<f32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_16x16x4f32(a[0], b[0], bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x4_f64_f64: requires types; since gfx90a
/// d += a * b: 16x4 by 4x16 f64 operands, f64 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x4_f64_f64(Registers<f64, 4>& d, const Registers<f64, 1>& a,
                                            const Registers<f64, 1>& b) {
  using Accumulator = Vector<f64, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f64_16x16x4f64(a[0], b[0], bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x8_i32_i8: requires types; since gfx90a only
/// d += a * b: 32x8 by 8x32 signed 8-bit operands, i32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x8_i32_i8(Registers<i32, 16>& d, const Registers<i8, 4>& a,
                                           const Registers<i8, 4>& b) {
  using Accumulator = Vector<i32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_i32_32x32x8i8(bits_as<i32>(a), bits_as<i32>(b), bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x16_i32_i8: requires types; since gfx90a only
/// d += a * b: 16x16 by 16x16 signed 8-bit operands, i32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x16_i32_i8(Registers<i32, 4>& d, const Registers<i8, 4>& a,
                                            const Registers<i8, 4>& b) {
  using Accumulator = Vector<i32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_i32_16x16x16i8(bits_as<i32>(a), bits_as<i32>(b), bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x16_i32_i8: requires types; since gfx942
/// d += a * b: 32x16 by 16x32 signed 8-bit operands, i32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x16_i32_i8(Registers<i32, 16>& d, const Registers<i8, 8>& a,
                                            const Registers<i8, 8>& b) {
  using Accumulator = Vector<i32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_i32_32x32x16_i8(bits_as<long>(a), bits_as<long>(b), bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x32_i32_i8: requires types; since gfx942
/// d += a * b: 16x32 by 32x16 signed 8-bit operands, i32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x32_i32_i8(Registers<i32, 4>& d, const Registers<i8, 8>& a,
                                            const Registers<i8, 8>& b) {
  using Accumulator = Vector<i32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_i32_16x16x32_i8(bits_as<long>(a), bits_as<long>(b), bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x16_f32_f8E4M3FNUZ: requires types f8; since gfx942
/// d += a * b: 32x16 by 16x32 f8E4M3FNUZ operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x16_f32_f8E4M3FNUZ(Registers<f32, 16>& d, const Registers<f8E4M3FNUZ, 8>& a,
                                                    const Registers<f8E4M3FNUZ, 8>& b) {
  using Accumulator = Vector<f32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_32x32x16_fp8_fp8(bits_as<long>(a), bits_as<long>(b),
                                                 bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_32x32x16_f32_f8E5M2FNUZ: requires types f8; since gfx942
/// d += a * b: 32x16 by 16x32 f8E5M2FNUZ operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_32x32x16_f32_f8E5M2FNUZ(Registers<f32, 16>& d, const Registers<f8E5M2FNUZ, 8>& a,
                                                    const Registers<f8E5M2FNUZ, 8>& b) {
  using Accumulator = Vector<f32, 16>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_32x32x16_bf8_bf8(bits_as<long>(a), bits_as<long>(b),
                                                 bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x32_f32_f8E4M3FNUZ: requires types f8; since gfx942
/// d += a * b: 16x32 by 32x16 f8E4M3FNUZ operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x32_f32_f8E4M3FNUZ(Registers<f32, 4>& d, const Registers<f8E4M3FNUZ, 8>& a,
                                                    const Registers<f8E4M3FNUZ, 8>& b) {
  using Accumulator = Vector<f32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_16x16x32_fp8_fp8(bits_as<long>(a), bits_as<long>(b),
                                                 bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}

//! wrapper mfma_16x16x32_f32_f8E5M2FNUZ: requires types f8; since gfx942
/// d += a * b: 16x32 by 32x16 f8E5M2FNUZ operands, f32 accumulators.
TILEWRIGHT_DEVICE void mfma_16x16x32_f32_f8E5M2FNUZ(Registers<f32, 4>& d, const Registers<f8E5M2FNUZ, 8>& a,
                                                    const Registers<f8E5M2FNUZ, 8>& b) {
  using Accumulator = Vector<f32, 4>;
  const Accumulator sum =
      __builtin_amdgcn_mfma_f32_16x16x32_bf8_bf8(bits_as<long>(a), bits_as<long>(b),
                                                 bits_as<Accumulator>(d), 0, 0, 0);
  __builtin_memcpy(&d, &sum, sizeof(sum));
}
