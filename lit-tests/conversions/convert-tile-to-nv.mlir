// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-allocate-shared-memory{arch=sm_80},convert-tile-storage-to-memref{arch=sm_80},convert-tile-to-nv{arch=sm_80})' | filecheck %s

// One ldmatrix.x4 fills the B fragments of two instruction tiles; 3 tiles along N are loaded one by one.
// CHECK-LABEL: tile.kernel @pairs
// CHECK: nv.ldmatrix 4 %As
// CHECK: nv.ldmatrix 4 %Bs{{.*}} {transpose}
// CHECK: nv.mma_sync "mma.m16n8k16.f16"
// CHECK-NOT: tile.gemm
tile.kernel @pairs() blocks(%x) = (1) threads(32) {
  %As = tile.alloc : !tile.shared<16x16xf16>
  %Bs = tile.alloc : !tile.shared<16x16xf16>
  %acc = tile.alloc : !tile.fragment<16x16xf32>
  tile.gemm %As, %Bs into %acc : !tile.shared<16x16xf16>, !tile.shared<16x16xf16>, !tile.fragment<16x16xf32>
}

// CHECK-LABEL: tile.kernel @odd
// CHECK: nv.ldmatrix 4 %As
// CHECK: nv.ldmatrix 2 %Bs
// CHECK: nv.mma_sync
tile.kernel @odd() blocks(%x) = (1) threads(32) {
  %As = tile.alloc : !tile.shared<16x16xf16>
  %Bs = tile.alloc : !tile.shared<16x24xf16>
  %acc = tile.alloc : !tile.fragment<16x24xf32>
  tile.gemm %As, %Bs into %acc : !tile.shared<16x16xf16>, !tile.shared<16x24xf16>, !tile.fragment<16x24xf32>
}

// Asynchronous copies take what the rows allow: 16 bytes, and 4 where they are 130 elements long, guarded.
// CHECK-LABEL: tile.kernel @widths
// CHECK: nv.cp_async 16 %A
// CHECK: nv.cp_async 4 %B{{.*}} if %
tile.kernel @widths(%A: memref<64x128xf16>, %B: memref<60x130xf16>) blocks(%x) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<64x32xf16>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0, %c0] to %As {mode = "async"} : memref<64x128xf16> to !tile.shared<64x32xf16>
  tile.copy %B[%c0, %c0] to %Bs {mode = "async"} : memref<60x130xf16> to !tile.shared<64x32xf16>
}
