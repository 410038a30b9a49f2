// Tensor-core instructions of emitted CUDA text. Operands are one thread's registers of the warp's fragments.

//! wrapper ldmatrix_x1: requires types shared_address; since sm_75
/// Loads one 8x8 matrix of 16-bit elements; lane i < 8 gives the address of row i.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x1(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 4, "ldmatrix_x1 fills one 32-bit register");
  asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];"
               : "=r"(word(destination, 0))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper ldmatrix_x2: requires types shared_address; since sm_75
/// Loads two 8x8 matrices of 16-bit elements; lane i < 16 gives the address of row i % 8 of matrix i / 8.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x2(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 8, "ldmatrix_x2 fills two 32-bit registers");
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
               : "=r"(word(destination, 0)), "=r"(word(destination, 1))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper ldmatrix_x4: requires types shared_address; since sm_75
/// Loads four 8x8 matrices of 16-bit elements; lane i gives the address of row i % 8 of matrix i / 8.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x4(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 16, "ldmatrix_x4 fills four 32-bit registers");
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(word(destination, 0)), "=r"(word(destination, 1)),
                 "=r"(word(destination, 2)), "=r"(word(destination, 3))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper ldmatrix_x1_trans: requires types shared_address; since sm_75
/// As ldmatrix_x1, each matrix transposed.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x1_trans(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 4, "ldmatrix_x1_trans fills one 32-bit register");
  asm volatile("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];"
               : "=r"(word(destination, 0))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper ldmatrix_x2_trans: requires types shared_address; since sm_75
/// As ldmatrix_x2, each matrix transposed.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x2_trans(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 8, "ldmatrix_x2_trans fills two 32-bit registers");
  asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
               : "=r"(word(destination, 0)), "=r"(word(destination, 1))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper ldmatrix_x4_trans: requires types shared_address; since sm_75
/// As ldmatrix_x4, each matrix transposed.
template <typename T, int... Extents>
TILEWRIGHT_DEVICE void ldmatrix_x4_trans(Registers<T, Extents...>& destination, const T* row) {
  static_assert(sizeof(destination) == 16, "ldmatrix_x4_trans fills four 32-bit registers");
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(word(destination, 0)), "=r"(word(destination, 1)),
                 "=r"(word(destination, 2)), "=r"(word(destination, 3))
               : "r"(shared_address(row))
               : "memory");
}

//! wrapper mma_m16n8k16_f32_f16: requires types; since sm_80
/// d += a * b: 16x16 by 16x8 f16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k16_f32_f16(Registers<f32, 4>& d, const Registers<f16, 8>& a,
                                            const Registers<f16, 4>& b) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k16_f32_bf16: requires types; since sm_80
/// d += a * b: 16x16 by 16x8 bf16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k16_f32_bf16(Registers<f32, 4>& d, const Registers<bf16, 8>& a,
                                             const Registers<bf16, 4>& b) {
  asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k16_f16_f16: requires types; since sm_80
/// d += a * b: 16x16 by 16x8 f16 operands, f16 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k16_f16_f16(Registers<f16, 4>& d, const Registers<f16, 8>& a,
                                            const Registers<f16, 4>& b) {
  asm("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0, %1}, {%2, %3, %4, %5}, {%6, %7}, "
      "{%0, %1};"
      : "+r"(word(d, 0)), "+r"(word(d, 1))
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k8_f32_tf32: requires types; since sm_80
/// d += a * b: 16x8 by 8x8 f32 operands of which tf32's bits are read (see round_tf32), f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k8_f32_tf32(Registers<f32, 4>& d, const Registers<f32, 4>& a,
                                            const Registers<f32, 2>& b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k32_i32_i8: requires types; since sm_80
/// d += a * b: 16x32 by 32x8 signed 8-bit operands, i32 accumulators that wrap.
TILEWRIGHT_DEVICE void mma_m16n8k32_i32_i8(Registers<i32, 4>& d, const Registers<i8, 16>& a,
                                           const Registers<i8, 8>& b) {
  asm("mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k8_f32_f16: requires types; since sm_75
/// d += a * b: 16x8 by 8x8 f16 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k8_f32_f16(Registers<f32, 4>& d, const Registers<f16, 4>& a,
                                           const Registers<f16, 2>& b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(b, 0)));
}

//! wrapper mma_m16n8k8_f16_f16: requires types; since sm_75
/// d += a * b: 16x8 by 8x8 f16 operands, f16 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k8_f16_f16(Registers<f16, 4>& d, const Registers<f16, 4>& a,
                                           const Registers<f16, 2>& b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16 {%0, %1}, {%2, %3}, {%4}, {%0, %1};"
      : "+r"(word(d, 0)), "+r"(word(d, 1))
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(b, 0)));
}

//! wrapper mma_m8n8k16_i32_i8: requires types; since sm_75
/// d += a * b: 8x16 by 16x8 signed 8-bit operands, i32 accumulators that wrap.
TILEWRIGHT_DEVICE void mma_m8n8k16_i32_i8(Registers<i32, 2>& d, const Registers<i8, 4>& a,
                                          const Registers<i8, 4>& b) {
  asm("mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
      : "+r"(d[0]), "+r"(d[1])
      : "r"(word(a, 0)), "r"(word(b, 0)));
}

//! wrapper mma_m16n8k64_i32_i4: requires types; since sm_80
/// d += a * b: 16x64 by 64x8 signed 4-bit operands, two to a byte, i32 accumulators that wrap.
TILEWRIGHT_DEVICE void mma_m16n8k64_i32_i4(Registers<i32, 4>& d, const Registers<i8, 16>& a,
                                           const Registers<i8, 8>& b) {
  asm("mma.sync.aligned.m16n8k64.row.col.s32.s4.s4.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k32_i32_i4: requires types; since sm_80
/// d += a * b: 16x32 by 32x8 signed 4-bit operands, two to a byte, i32 accumulators that wrap.
TILEWRIGHT_DEVICE void mma_m16n8k32_i32_i4(Registers<i32, 4>& d, const Registers<i8, 8>& a,
                                           const Registers<i8, 4>& b) {
  asm("mma.sync.aligned.m16n8k32.row.col.s32.s4.s4.s32 {%0, %1, %2, %3}, {%4, %5}, {%6}, {%0, %1, %2, %3};"
      : "+r"(d[0]), "+r"(d[1]), "+r"(d[2]), "+r"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(b, 0)));
}

//! wrapper mma_m8n8k32_i32_i4: requires types; since sm_75
/// d += a * b: 8x32 by 32x8 signed 4-bit operands, two to a byte, i32 accumulators that wrap.
TILEWRIGHT_DEVICE void mma_m8n8k32_i32_i4(Registers<i32, 2>& d, const Registers<i8, 4>& a, const Registers<i8, 4>& b) {
  asm("mma.sync.aligned.m8n8k32.row.col.s32.s4.s4.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
      : "+r"(d[0]), "+r"(d[1])
      : "r"(word(a, 0)), "r"(word(b, 0)));
}

//! wrapper mma_m8n8k4_f64_f64: requires types; since sm_80
/// d += a * b: 8x4 by 4x8 f64 operands, f64 accumulators.
TILEWRIGHT_DEVICE void mma_m8n8k4_f64_f64(Registers<f64, 2>& d, const Registers<f64, 1>& a,
                                          const Registers<f64, 1>& b) {
  asm("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
      : "+d"(d[0]), "+d"(d[1])
      : "d"(a[0]), "d"(b[0]));
}

//! wrapper mma_m16n8k32_f32_f8E4M3FN: requires types f8; since sm_89
/// d += a * b: 16x32 by 32x8 f8E4M3FN operands, f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k32_f32_f8E4M3FN(Registers<f32, 4>& d, const Registers<f8E4M3FN, 16>& a,
                                                 const Registers<f8E4M3FN, 8>& b) {
  asm("mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper mma_m16n8k32_f32_f8E5M2: requires types f8; since sm_89
/// d += a * b: 16x32 by 32x8 f8E5M2 operands, f32 accumulators.
TILEWRIGHT_DEVICE void mma_m16n8k32_f32_f8E5M2(Registers<f32, 4>& d, const Registers<f8E5M2, 16>& a,
                                               const Registers<f8E5M2, 8>& b) {
  asm("mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
      "{%0, %1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(word(a, 0)), "r"(word(a, 1)), "r"(word(a, 2)), "r"(word(a, 3)), "r"(word(b, 0)), "r"(word(b, 1)));
}

//! wrapper round_tf32: requires types; since sm_80
/// Rounds to tf32's 10 mantissa bits, to nearest with ties away from zero.
TILEWRIGHT_DEVICE f32 round_tf32(f32 value) {
  u32 bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(value));
  return __uint_as_float(bits);
}
/// The same for every register.
template <int... Extents>
TILEWRIGHT_DEVICE void round_tf32(Registers<f32, Extents...>& registers) {
  f32* elements = reinterpret_cast<f32*>(&registers);
#pragma unroll
  for (int i = 0; i < Registers<f32, Extents...>::size; ++i) elements[i] = round_tf32(elements[i]);
}
