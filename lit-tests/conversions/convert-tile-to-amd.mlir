// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=gfx90a},tile-allocate-shared-memory{arch=gfx90a},convert-tile-storage-to-memref{arch=gfx90a},convert-tile-to-amd{arch=gfx90a})' --verify-diagnostics
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=gfx90a},tile-allocate-shared-memory{arch=gfx90a},convert-tile-storage-to-memref{arch=gfx90a},convert-tile-to-amd{arch=gfx90a})' | filecheck %s

// A lane reads what two instructions need; with K of one instruction it reads half of that.
// CHECK-LABEL: tile.kernel @two_steps
// CHECK: vector.load %As{{.*}}, vector<8xf16>
// CHECK: vector.load %Bs{{.*}}, vector<8xf16>
// CHECK: amd.mfma "mfma.32x32x8.f16" %b[%{{.*}}, %part], %a[%{{.*}}, %part]
tile.kernel @two_steps() blocks(%x) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<32x16xf16>
  %Bs = tile.alloc : !tile.shared<32x16xf16>
  %acc = tile.alloc : !tile.fragment<32x32xf32>
  tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<32x16xf16>, !tile.shared<32x16xf16>, !tile.fragment<32x32xf32>
}

// CHECK-LABEL: tile.kernel @one_step
// CHECK: vector.load %As{{.*}}, vector<4xf16>
// CHECK: amd.mfma "mfma.16x16x16.f16"
tile.kernel @one_step() blocks(%x) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<16x16xf16>
  %Bs = tile.alloc : !tile.shared<16x16xf16>
  %acc = tile.alloc : !tile.fragment<16x16xf32>
  tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<16x16xf16>, !tile.shared<16x16xf16>, !tile.fragment<16x16xf32>
}

// CHECK-LABEL: tile.kernel @both_ways
// CHECK: memref.load %As
// CHECK: amd.mfma
tile.kernel @both_ways() blocks(%x) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<32x32xf16>
  %acc = tile.alloc : !tile.fragment<32x32xf32>
  // expected-remark@+1 {{K is not contiguous in its tile, which is also read along its other dimension}}
  tile.gemm %As, %As into %acc : !tile.shared<32x32xf16>, !tile.shared<32x32xf16>, !tile.fragment<32x32xf32>
}
