// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-allocate-shared-memory{arch=sm_80},convert-tile-storage-to-memref{arch=sm_80})' | filecheck %s

// Shared tiles are views of the block's memory, fragments the registers that one thread has of them.
// CHECK-LABEL: tile.kernel @storage
// CHECK-NOT: tile.alloc
// CHECK: %[[SHARED:.*]] = gpu.dynamic_shared_memory
// CHECK: %s = memref.view %[[SHARED]][%{{.*}}][] : {{.*}} to memref<1024xf32, #gpu.address_space<workgroup>>
// CHECK: %f = memref.alloca() : memref<2x4xf32, #gpu.address_space<private>>
tile.kernel @storage(%A: memref<1024xf32>) blocks(%x) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<1024xf32>
  %f = tile.alloc : !tile.fragment<1024xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %s : memref<1024xf32> to !tile.shared<1024xf32>
  tile.copy %A[%c0] to %f : memref<1024xf32> to !tile.fragment<1024xf32>
}
