// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-allocate-shared-memory{arch=sm_80},tile-insert-barriers{arch=sm_80})' | filecheck %s

// Distributions in which threads access what others wrote: neighbours in turn instead of four in a row.
#other = #layout.fragment<[128], thread = 32:1, value = 4:32>
#small = #layout.fragment<[32], thread = (8,4):(4,1), value = 1:0>

// Write, then read: one barrier. Two reads: none between. The next write waits for both.
// CHECK-LABEL: tile.kernel @line
// CHECK-NOT: gpu.barrier
// CHECK: tile.copy %A{{.*}} to %s
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s to %B
// CHECK-NEXT: tile.copy %s to %C
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.clear %s
// CHECK-NOT: gpu.barrier
tile.kernel @line(%A: memref<128xf32>, %B: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %s : memref<128xf32> to !tile.shared<128xf32>
  tile.copy %s to %B[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  tile.copy %s to %C[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  tile.clear %s : !tile.shared<128xf32>
}

// In a loop the read of one iteration meets the write of the next.
// CHECK-LABEL: tile.kernel @loop
// CHECK: scf.for
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %A
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s
// CHECK-NOT: gpu.barrier
// CHECK: {{^ *}}}
tile.kernel @loop(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %c128 = arith.constant 128 : index
  scf.for %k = %c0 to %c128 step %c32 {
    tile.copy %A[%k] to %s : memref<128xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] {layout = #small} : !tile.shared<32xf32> to memref<128xf32>
  }
}

// A barrier in one branch settles nothing for the other.
// CHECK-LABEL: tile.kernel @branch
// CHECK: scf.if
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s to %B
// CHECK: gpu.barrier
// CHECK-NEXT: tile.copy %s to %C
tile.kernel @branch(%A: memref<128xf32>, %B: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (2) threads(32) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %s : memref<128xf32> to !tile.shared<128xf32>
  %first = arith.cmpi eq, %x, %c0 : index
  scf.if %first {
    tile.copy %s to %B[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  }
  tile.copy %s to %C[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
}

// Fragments are each thread's own.
// CHECK-LABEL: tile.kernel @fragments
// CHECK-NOT: gpu.barrier
tile.kernel @fragments(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %f : memref<128xf32> to !tile.fragment<128xf32>
  tile.copy %f to %C[%c0] : !tile.fragment<128xf32> to memref<128xf32>
}

// Behind a loop that certainly runs its barrier has been met; behind one that may not run a barrier stands.
// CHECK-LABEL: tile.kernel @certain
// CHECK: scf.for
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s to %B
// CHECK-NEXT: {{^ *}}}
// CHECK-NEXT: tile.copy %s to %C
// CHECK: scf.for
// CHECK-NEXT: tile.copy %s to %B
// CHECK-NEXT: {{^ *}}}
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.clear %s
tile.kernel @certain(%n: index, %A: memref<128xf32>, %B: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  tile.copy %A[%c0] to %s : memref<128xf32> to !tile.shared<128xf32>
  scf.for %k = %c0 to %c4 step %c1 {
    tile.copy %s to %B[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  }
  tile.copy %s to %C[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  scf.for %k = %c0 to %n step %c1 {
    tile.copy %s to %B[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  }
  tile.clear %s : !tile.shared<128xf32>
}

// CHECK-LABEL: tile.kernel @perhaps
// CHECK: scf.for
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s to %B
// CHECK-NEXT: {{^ *}}}
// CHECK-NEXT: gpu.barrier
// CHECK-NEXT: tile.copy %s to %C
tile.kernel @perhaps(%n: index, %A: memref<128xf32>, %B: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  tile.copy %A[%c0] to %s : memref<128xf32> to !tile.shared<128xf32>
  scf.for %k = %c0 to %n step %c1 {
    tile.copy %s to %B[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
  }
  tile.copy %s to %C[%c0] {layout = #other} : !tile.shared<128xf32> to memref<128xf32>
}
