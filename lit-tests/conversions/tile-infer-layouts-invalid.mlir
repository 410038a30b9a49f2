// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-infer-layouts=arch=sm_70 2>&1 | filecheck %s --check-prefix=ARCH

// ARCH: error: unknown target architecture 'sm_70' (did you mean 'sm_80'?), expected one of gfx90a, gfx942, sm_80, sm_89

tile.kernel @partition() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<24x32xf16>
  %Bs = tile.alloc : !tile.shared<32x24xf16>
  %acc = tile.alloc : !tile.fragment<24x24xf32>
  // expected-error@+1 {{'tile.gemm' op has no valid partition of 24x24x32 over 4 warps: the part of one warp must be divisible in M by 16, N by 8 and K by 16 (mma.m16n8k16.f16)}}
  tile.gemm %As, %Bs into %acc : !tile.shared<24x32xf16>, !tile.shared<32x24xf16>, !tile.fragment<24x24xf32>
}

// -----

tile.kernel @types() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf32>
  %Bs = tile.alloc : !tile.shared<32x64xf32>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op has no matrix instruction for f32 x f32 -> f32 on sm_80, which has f16 x f16 -> f32, bf16 x bf16 -> f32}}
  tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf32>, !tile.shared<32x64xf32>, !tile.fragment<64x64xf32>
}

// -----

tile.kernel @policies() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  // expected-note@+1 {{the other layout is demanded here}}
  tile.gemm %As, %Bs into %acc {policy = "rows"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op demands another layout of a fragment than is settled}}
  tile.gemm %As, %Bs into %acc {policy = "cols"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
}
