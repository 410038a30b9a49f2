// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-mark-stages,tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize,cse)' --verify-diagnostics
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-mark-stages,tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize,cse)' | filecheck %s
// RUN: tile-opt %s --tile-mark-stages --split-input-file 2>/dev/null | filecheck %s --check-prefix=MARK

// The compiler's own form, in lists.
// MARK: tile.pipelined %k = 0 to 96 step 32 stages(3) {
// MARK: tile.copy %B{{.*}} {tile.order = 0 : i64, tile.stage = 0 : i64}
// CHECK-LABEL: tile.kernel @product
// CHECK: %As = tile.alloc : !tile.shared<3x64x32xf16
// CHECK: scf.for %k = %c0 to %c96 step %c32 iter_args(%read_stage = %c0, %write_stage = %c2)
// CHECK-NEXT: nv.cp_async_wait 1
// CHECK-NEXT: gpu.barrier
// CHECK: tile.copy %B
// CHECK: tile.copy %A
// CHECK: nv.cp_async_commit
// CHECK-NOT: tile.order
tile.kernel @product(%A: memref<64x96xf16>, %B: memref<96x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 96 step 32 order([1, 0, 2]) stage([0, 0, 2]) {
    tile.copy %A[%c0, %k] to %As : memref<64x96xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<96x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
}

// Two depths: four versions of A, three of B. The product comes first, then the copies. All but one group must have
// arrived, because B is used two iterations after it was asked for.
// CHECK-LABEL: tile.kernel @depths
// CHECK: %As = tile.alloc : !tile.shared<4x64x32xf16
// CHECK: %Bs = tile.alloc : !tile.shared<3x32x64xf16
// CHECK: tile.slice %As[%c0] {tile.versioned = "prologue"}
// CHECK: nv.cp_async_commit
// CHECK: tile.slice %As[%c1] {tile.versioned = "loop"}
// CHECK: tile.slice %Bs[%c0] {tile.versioned = "prologue"}
// CHECK: nv.cp_async_commit
// CHECK: tile.slice %As[%c2]
// CHECK: tile.slice %Bs[%c1]
// CHECK: nv.cp_async_commit
// CHECK: scf.for
// CHECK-NEXT: nv.cp_async_wait 1
// CHECK-NEXT: gpu.barrier
// CHECK: tile.gemm
// CHECK: %[[A:.*]] = arith.addi %k, %c96
// CHECK: tile.copy %A[%c0, %[[A]]]{{.*}}mode = "async"
// CHECK: %[[B:.*]] = arith.addi %k, %c64
// CHECK: tile.copy %B[%[[B]], %c0]{{.*}}mode = "async"
// CHECK: nv.cp_async_commit
tile.kernel @depths(%A: memref<64x128xf16>, %B: memref<128x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 128 step 32 order([1, 2, 0]) stage([0, 1, 3]) {
    tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
}

// One stage: the order changes, nothing overlaps, nothing is copied twice.
// CHECK-LABEL: tile.kernel @reordered
// CHECK: scf.for
// CHECK-NEXT: tile.copy %B
// CHECK-NEXT: tile.copy %A
// CHECK-NEXT: {{^ *}}}
tile.kernel @reordered(%A: memref<64xf32>, %B: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<32xf32>
  %g = tile.alloc : !tile.fragment<32xf32>
  tile.pipelined %k = 0 to 64 step 32 order([1, 0]) stage([0, 0]) {
    tile.copy %A[%k] to %f : memref<64xf32> to !tile.fragment<32xf32>
    tile.copy %B[%k] to %g : memref<64xf32> to !tile.fragment<32xf32>
  }
}

// A copy whose tile is used in its own stage cannot be left to run.
// CHECK-LABEL: tile.kernel @waits
// CHECK-NOT: async
tile.kernel @waits(%A: memref<256xf32>, %C: memref<256xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %f = tile.alloc : !tile.fragment<32xf32>
  tile.pipelined %k = 0 to 256 step 32 order([1, 2, 0]) stage([0, 0, 1]) {
    // expected-remark@+1 {{copy is finished where it stands, so nothing overlaps it: iterations do not have versions of the tile}}
    tile.copy %A[%k] to %s : memref<256xf32> to !tile.shared<32xf32>
    tile.copy %s to %f : !tile.shared<32xf32> to !tile.fragment<32xf32>
    tile.copy %f to %C[%k] : !tile.fragment<32xf32> to memref<256xf32>
  }
}
