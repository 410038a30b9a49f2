// Buffers and their views are simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @dim(%m: memref<4x?xf32>, %n: index) -> (index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = memref.dim %m, %c0 : memref<4x?xf32>
  %a = memref.alloc(%n) : memref<4x?xf32>
  %1 = memref.dim %a, %c1 : memref<4x?xf32>
  memref.dealloc %a : memref<4x?xf32>
  %2 = memref.dim %m, %c1 : memref<4x?xf32>
  return %0, %1, %2 : index, index, index
}
func.func @casts(%m: memref<4xf32>, %i: index) -> f32 {
  %0 = memref.cast %m : memref<4xf32> to memref<?xf32>
  %1 = memref.load %0[%i] : memref<?xf32>
  %2 = memref.cast %0 : memref<?xf32> to memref<4xf32>
  memref.store %1, %2[%i] : memref<4xf32>
  return %1 : f32
}
func.func @alloc_const() -> memref<?xf32> {
  %c4 = arith.constant 4 : index
  %0 = memref.alloc(%c4) : memref<?xf32>
  return %0 : memref<?xf32>
}
func.func @dead_alloc(%v: f32) {
  %c0 = arith.constant 0 : index
  %0 = memref.alloc() : memref<4xf32>
  memref.store %v, %0[%c0] : memref<4xf32>
  memref.dealloc %0 : memref<4xf32>
  return
}
func.func @dead_alloc2() {
  %0 = memref.alloc() : memref<4xf32>
  memref.dealloc %0 : memref<4xf32>
  return
}
func.func @subview_whole(%m: memref<8x8xf32>) -> memref<8x8xf32, strided<[8, 1]>> {
  %0 = memref.subview %m[0, 0] [8, 8] [1, 1] : memref<8x8xf32> to memref<8x8xf32, strided<[8, 1]>>
  return %0 : memref<8x8xf32, strided<[8, 1]>>
}
func.func @subview_dim(%m: memref<?x8xf32>, %n: index) -> index {
  %c0 = arith.constant 0 : index
  %0 = memref.subview %m[0, 0] [%n, 8] [1, 1] : memref<?x8xf32> to memref<?x8xf32, strided<[8, 1]>>
  %1 = memref.dim %0, %c0 : memref<?x8xf32, strided<[8, 1]>>
  return %1 : index
}
func.func @copy_self(%m: memref<8xf32>, %e: memref<0xf32>, %f: memref<0xf32>) {
  memref.copy %m, %m : memref<8xf32> to memref<8xf32>
  memref.copy %e, %f : memref<0xf32> to memref<0xf32>
  return
}
func.func @copy_cast(%m: memref<8xf32>, %n: memref<8xf32>) {
  %0 = memref.cast %m : memref<8xf32> to memref<?xf32>
  memref.copy %0, %n : memref<?xf32> to memref<8xf32>
  return
}
func.func @reshape(%m: memref<8x4xf32>) -> memref<8x4xf32> {
  %0 = memref.collapse_shape %m [[0, 1]] : memref<8x4xf32> into memref<32xf32>
  %1 = memref.expand_shape %0 [[0, 1]] output_shape [8, 4] : memref<32xf32> into memref<8x4xf32>
  return %1 : memref<8x4xf32>
}
func.func @reinterpret(%m: memref<32xf32>) -> memref<8x4xf32> {
  %0 = memref.reinterpret_cast %m to offset: [0], sizes: [4, 8], strides: [8, 1] : memref<32xf32> to memref<4x8xf32>
  %1 = memref.reinterpret_cast %0 to offset: [0], sizes: [8, 4], strides: [4, 1] : memref<4x8xf32> to memref<8x4xf32>
  return %1 : memref<8x4xf32>
}
func.func @rank(%m: memref<4x4xf32>) -> index {
  %0 = memref.rank %m : memref<4x4xf32>
  return %0 : index
}
func.func @dead_load(%m: memref<4xf32>, %i: index) {
  %0 = memref.load %m[%i] : memref<4xf32>
  return
}
