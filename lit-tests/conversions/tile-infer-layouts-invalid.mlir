// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-infer-layouts=arch=sm_70 2>&1 | filecheck %s --check-prefix=ARCH

// ARCH: error: unknown target architecture 'sm_70' (did you mean 'sm_{{[0-9]+}}'?), expected one of gfx90a, gfx942,{{.*}} sm_80,

tile.kernel @policies() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  // expected-note@+1 {{the other layout is demanded here}}
  tile.gemm %As, %Bs into %acc {policy = "rows"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op demands another layout of a fragment than is settled}}
  tile.gemm %As, %Bs into %acc {policy = "cols"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
}
