// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 -o %t.mlir
// RUN: filecheck %s --check-prefix=THREAD < %t.mlir
// RUN: tile-translate --mlir-to-cuda %t.mlir | filecheck %s --check-prefix=TEXT
// RUN: tile-opt %s --tile-to-hip=arch=gfx942 | tile-translate --mlir-to-hip | filecheck %s --check-prefix=TEXT

// CHECK-LABEL: tile.kernel @updates
// CHECK: tile.atomic add %x into %Y[%b] {order = "release"} : !tile.fragment<64xf32> into memref<128xf32>
// CHECK: %old = tile.atomic max %n into %Z[%i] : i32 into memref<64xi32> -> i32
// THREAD-LABEL: gpu.func @updates
// THREAD: memref.atomic_rmw addf %{{.*}}, %Y[%{{.*}}] {tile.order = "release"} : (f32, memref<128xf32>) -> f32
// THREAD: memref.atomic_rmw maxs
// A release is a fence in front of the update; the value before has a name where it is used.
// TEXT-LABEL: updates(
// TEXT: memory_fence();
// TEXT-NEXT: atomic_add(Y + {{.*}}, f32({{.*}}));
// TEXT: const i32 {{.*}} = atomic_max(Z +
tile.kernel @updates(%X: memref<64xf32>, %Y: memref<128xf32>, %Z: memref<64xi32>, %O: memref<64xi32>)
    blocks(%b) = (2) threads(64) {
  %x = tile.alloc : !tile.fragment<64xf32>
  tile.copy %X to %x : memref<64xf32> to !tile.fragment<64xf32>
  tile.atomic add %x into %Y[%b] {order = "release"} : !tile.fragment<64xf32> into memref<128xf32>
  tile.parallel (%i) in (64) {
    %n = arith.index_cast %i : index to i32
    %old = tile.atomic max %n into %Z[%i] : i32 into memref<64xi32> -> i32
    tile.store %old, %O[%i] : memref<64xi32>
  }
}
