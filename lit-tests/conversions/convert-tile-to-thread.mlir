// RUN: tile-opt %s --pass-pipeline='builtin.module(lower-affine,tile-infer-layouts{arch=sm_80},tile-allocate-shared-memory{arch=sm_80},convert-tile-storage-to-memref{arch=sm_80},convert-tile-to-thread{arch=sm_80},convert-tile-kernel-to-gpu{arch=sm_80},canonicalize)' | filecheck %s

// Whole vectors where nothing is converted; guards where the last block reaches over the end.
// CHECK-LABEL: gpu.func @move
// CHECK-SAME: kernel attributes {known_block_size = array<i32: 128, 1, 1>, known_grid_size = array<i32: 2, 1, 1>
// CHECK: %x = gpu.block_id x
// CHECK: %thread = gpu.thread_id x
// CHECK: %[[INSIDE:.*]] = arith.cmpi slt, %{{.*}}, %c1000 : index
// CHECK: scf.if %[[INSIDE]] {
// CHECK: vector.load %A[%{{.*}}] : memref<1000xf32>, vector<4xf32>
// CHECK: } else {
// CHECK: arith.truncf
// CHECK: vector.store {{.*}}, %C[%{{.*}}] : memref<1000xf16>, vector<4xf16>
// CHECK: gpu.return
tile.kernel @move(%A: memref<1000xf32>, %C: memref<1000xf16>) blocks(%x) = (2) threads(128) {
  %f = tile.alloc : !tile.fragment<512xf32>
  %i = affine.apply affine_map<(d0) -> (d0 * 512)>(%x)
  tile.copy %A[%i] to %f : memref<1000xf32> to !tile.fragment<512xf32>
  tile.copy %f to %C[%i] : !tile.fragment<512xf32> to memref<1000xf16>
}

// A loop over a tile runs over the elements that the thread holds.
// CHECK-LABEL: gpu.func @loop
// CHECK: scf.for
// CHECK: %[[X:.*]] = memref.load %f[
// CHECK-NEXT: %[[Y:.*]] = arith.mulf %[[X]], %[[X]] : f32
// CHECK-NEXT: memref.store %[[Y]], %f[
tile.kernel @loop(%A: memref<512xf32>) blocks(%x) = (1) threads(128) {
  %f = tile.alloc : !tile.fragment<512xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %f : memref<512xf32> to !tile.fragment<512xf32>
  tile.parallel (%i) in (512) {
    %v = tile.load %f[%i] : !tile.fragment<512xf32>
    %square = arith.mulf %v, %v : f32
    tile.store %square, %f[%i] : !tile.fragment<512xf32>
  }
}

// Rasterization renumbers the blocks.
// CHECK-LABEL: gpu.func @panels
// CHECK: %block_x = gpu.block_id x
// CHECK: %block_y = gpu.block_id y
// CHECK: arith.divui
tile.kernel @panels(%C: memref<8x8xf32>) blocks(%x, %y) = (8, 8) threads(32) {
  tile.rasterize row panel(4)
  %zero = arith.constant 0.0 : f32
  tile.parallel (%i) in (1) {
    tile.store %zero, %C[%y, %x] : memref<8x8xf32>
  }
}
