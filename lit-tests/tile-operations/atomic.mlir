// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 -o %t.mlir
// RUN: filecheck %s --check-prefix=THREAD < %t.mlir
// RUN: tile-translate --mlir-to-cuda %t.mlir | filecheck %s --check-prefix=TEXT
// RUN: tile-opt %s --tile-to-hip=arch=gfx942 -o %t.hip.mlir
// RUN: filecheck %s --check-prefix=AMD < %t.hip.mlir
// RUN: tile-translate --mlir-to-hip %t.hip.mlir | filecheck %s --check-prefix=TEXT

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

// Threads hold aligned pairs of a row of f16, which one instruction adds.
// THREAD-LABEL: gpu.func @pairs
// THREAD: nv.atomic_add_pair %{{.*}}[] into %Y[%{{.*}}, %{{.*}}] : memref<2xf16, #gpu.address_space<private>> into memref<64x64xf16>
// THREAD-NOT: memref.atomic_rmw
// AMD-LABEL: gpu.func @pairs
// AMD: amd.atomic_add_pair %{{.*}}[] into %Y
// AMD-NOT: memref.atomic_rmw
// TEXT-LABEL: pairs(
// TEXT: Registers<f16, 2> vector;
// TEXT: atomic_add_pair(Y + {{.*}}, vector);
tile.kernel @pairs(%X: memref<2x64x64xf32>, %Y: memref<64x64xf16>) blocks(%b) = (2) threads(128) {
  %c0 = arith.constant 0 : index
  %x = tile.alloc : !tile.fragment<64x64xf32>
  tile.copy %X[%b, %c0, %c0] to %x : memref<2x64x64xf32> to !tile.fragment<64x64xf32>
  tile.atomic add %x into %Y : !tile.fragment<64x64xf32> into memref<64x64xf16>
}

// The tile begins at an odd column; an order other than relaxed is kept element by element.
// THREAD-LABEL: gpu.func @single
// AMD-LABEL: gpu.func @single
// AMD-NOT: amd.atomic_add_pair
// THREAD-NOT: nv.atomic_add_pair
// THREAD: memref.atomic_rmw addf
// THREAD: memref.atomic_rmw addf {{.*}}tile.order = "acq_rel"
// TEXT-LABEL: single(
// TEXT-NOT: atomic_add_pair
tile.kernel @single(%X: memref<2x64x64xf32>, %Y: memref<64x66xf16>) blocks(%b) = (2) threads(128) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = tile.alloc : !tile.fragment<64x64xf32>
  tile.copy %X[%b, %c0, %c0] to %x : memref<2x64x64xf32> to !tile.fragment<64x64xf32>
  tile.atomic add %x into %Y[%c0, %c1] : !tile.fragment<64x64xf32> into memref<64x66xf16>
  tile.atomic add %x into %Y[%c0, %c0] {order = "acq_rel"} : !tile.fragment<64x64xf32> into memref<64x66xf16>
}
