// Products that no matrix instruction computes are computed by scalar code, and a remark says why.
// RUN: tile-opt %s --split-input-file --tile-infer-layouts=arch=sm_80 | filecheck %s
// RUN: tile-opt %s --split-input-file --tile-infer-layouts=arch=gfx90a | filecheck %s --check-prefix=GFX
// RUN: tile-opt %s --split-input-file --tile-infer-layouts=arch=sm_80 --remarks=gemm -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK
// RUN: tile-opt %s --split-input-file --tile-infer-layouts=arch=gfx90a --remarks=gemm -o /dev/null 2>&1 | filecheck %s --check-prefix=AMD
// RUN: tile-opt %s --split-input-file --tile-infer-layouts=arch=sm_80 2>&1 | filecheck %s --check-prefix=QUIET

// Without being asked for, remarks stay away.
// QUIET-NOT: remark

// REMARK: [[@LINE+10]]:3: remark: product is computed by scalar multiply-adds: sm_80 has no matrix instruction for f32 x f32 -> f32, only for f16 x f16 -> f32, bf16 x bf16 -> f32, f16 x f16 -> f16, tf32 x tf32 -> f32, i8 x i8 -> i32, i4 x i4 -> i32, f64 x f64 -> f64
// CHECK-LABEL: tile.kernel @no_instruction
// CHECK: tile.gemm {{.*}} {instruction = "fma"}
// AMD has one for f32.
// GFX-LABEL: tile.kernel @no_instruction
// GFX: tile.gemm {{.*}} {instruction = "mfma.32x32x2.f32", warps = array<i64: 2, 1>}
tile.kernel @no_instruction() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf32>
  %Bs = tile.alloc : !tile.shared<32x64xf32>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf32>, !tile.shared<32x64xf32>, !tile.fragment<64x64xf32>
}

// -----

// f32 operands that may be rounded have one.
// CHECK-LABEL: tile.kernel @tf32
// CHECK: tile.gemm {{.*}} {instruction = "mma.m16n8k8.tf32", precision = "tf32", warps = array<i64: 2, 2>}
tile.kernel @tf32() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf32>
  %Bs = tile.alloc : !tile.shared<32x64xf32>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %As, %Bs into %acc {precision = "tf32"} : !tile.shared<64x32xf32>, !tile.shared<32x64xf32>, !tile.fragment<64x64xf32>
}

// -----

// REMARK: remark: product is computed by scalar multiply-adds: 4 warps cannot divide 17x33x5 into instructions: the part of one warp must be divisible in M by 16, N by 8 and K by 16 (mma.m16n8k16.f16)
// AMD: remark: product is computed by scalar multiply-adds: 2 warps cannot divide 17x33x5 into instructions: the part of one warp must be divisible in M by 32, N by 32 and K by 8 (mfma.32x32x8.f16) or M by 16, N by 16 and K by 16 (mfma.16x16x16.f16)
tile.kernel @odd() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<17x5xf16>
  %Bs = tile.alloc : !tile.shared<5x33xf16>
  %acc = tile.alloc : !tile.fragment<17x33xf32>
  tile.gemm %As, %Bs into %acc : !tile.shared<17x5xf16>, !tile.shared<5x33xf16>, !tile.fragment<17x33xf32>
}

// -----

// Operands in registers stay there for matrix instructions, and go through shared memory for scalar code.
// REMARK: remark: product is computed by scalar multiply-adds: sm_80 has no matrix instruction for f16 x bf16 -> f32
// REMARK: remark: operand A goes through shared memory: scalar code reads whole rows and columns
// CHECK-LABEL: tile.kernel @registers
// CHECK-NOT: tile.shared
// CHECK: tile.gemm %a, %b into {{.*}}"mma.m16n8k16.f16"
// CHECK: %[[STAGED:.*]] = tile.alloc : !tile.shared<64x32xf16
// CHECK-NEXT: tile.copy %a to %[[STAGED]]
// CHECK-NEXT: tile.gemm %[[STAGED]], %c into
tile.kernel @registers() blocks(%b0) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf16>
  %b = tile.alloc : !tile.fragment<64x32xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %a, %b into %acc {transpose_b} : !tile.fragment<64x32xf16>, !tile.fragment<64x32xf16>, !tile.fragment<64x64xf32>
  %c = tile.alloc : !tile.shared<32x64xbf16>
  %other = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %a, %c into %other : !tile.fragment<64x32xf16>, !tile.shared<32x64xbf16>, !tile.fragment<64x64xf32>
}

// -----

// One fragment cannot lie as two products want it.
// REMARK: remark: operand B goes through shared memory: its fragment is distributed for another operation
// CHECK-LABEL: tile.kernel @twice
tile.kernel @twice() blocks(%b0) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x64xf16>
  %s = tile.alloc : !tile.shared<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %a, %s into %acc : !tile.fragment<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
  tile.gemm %s, %a into %acc : !tile.shared<64x64xf16>, !tile.fragment<64x64xf16>, !tile.fragment<64x64xf32>
}
