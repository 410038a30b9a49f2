// RUN: tile-opt %s --pass-pipeline='builtin.module(lower-affine,canonicalize,tile-infer-layouts{arch=sm_75},tile-expand-persistent{arch=sm_75},canonicalize,cse)' | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_75 --canonicalize | filecheck %s --check-prefix=LOWERED

// The number of tiles is known at run time; what a launch checks stays outside.
// CHECK-LABEL: tile.kernel @walk
// CHECK-SAME: blocks(%block) = (3)
// CHECK: tile.assume
// CHECK: %a = tile.alloc
// CHECK: scf.for %bx = %block to %{{.*}} step %c3 {
// CHECK-NEXT: tile.clear %a
// CHECK-NEXT: %i = arith.muli %bx, %c128
// CHECK-NEXT: tile.copy %a to %A[%i]
// LOWERED-LABEL: gpu.func @walk
// LOWERED-SAME: known_grid_size = array<i32: 3, 1, 1>
tile.kernel @walk(%n: index, %A: memref<?xf32> sizes(%n)) blocks(%bx) = (%n ceildiv 128) threads(128) {
  tile.assume affine_set<(d0) : (d0 mod 4 == 0)>(%n)
  tile.persistent blocks(3)
  %a = tile.alloc : !tile.fragment<128xf32>
  tile.clear %a : !tile.fragment<128xf32>
  %i = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.copy %a to %A[%i] : !tile.fragment<128xf32> to memref<?xf32>
}

// As many blocks as the target has multiprocessors, in the order of the rasterization: panels of 4 rows, 32 tiles each.
// CHECK-LABEL: tile.kernel @panels
// CHECK-SAME: blocks(%block) = (40)
// CHECK: scf.for %tile = %block to %c64 step %c40 {
// CHECK-NEXT: %[[PANEL:.*]] = arith.divui %tile, %c32
// CHECK-NEXT: %[[WITHIN:.*]] = arith.remui %tile, %c32
// CHECK-NEXT: %[[FIRST:.*]] = arith.muli %[[PANEL]], %c4
// CHECK-NEXT: %x = arith.divui %[[WITHIN]], %c4
// CHECK-NEXT: %[[ROW:.*]] = arith.remui %[[WITHIN]], %c4
// CHECK-NEXT: %y = arith.addi %[[FIRST]], %[[ROW]]
tile.kernel @panels(%A: memref<8x8xf32>) blocks(%x, %y) = (8, 8) threads(32) {
  tile.persistent auto
  tile.rasterize row panel(4)
  %zero = arith.constant 0.0 : f32
  tile.parallel (%i) in (1) {
    tile.store %zero, %A[%y, %x] : memref<8x8xf32>
  }
}
