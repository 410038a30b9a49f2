// Many small functions on memref, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @cast_cast(%m: memref<4xf32>) -> memref<?xf32> {
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  %cast_0 = memref.cast %cast : memref<?xf32> to memref<4xf32>
  %cast_1 = memref.cast %cast_0 : memref<4xf32> to memref<?xf32>
  return %cast_1 : memref<?xf32>
}
func.func @cast_load(%m: memref<4xf32>, %i: index, %v: f32) -> f32 {
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  %0 = memref.load %cast[%i] : memref<?xf32>
  memref.store %v, %cast[%i] : memref<?xf32>
  return %0 : f32
}
func.func @cast_dealloc(%n: index) {
  %m = memref.alloc() : memref<4xf32>
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  memref.dealloc %cast : memref<?xf32>
  return
}
func.func @dim_const(%m: memref<4x?xf32>) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %dim = memref.dim %m, %c0 : memref<4x?xf32>
  %dim_0 = memref.dim %m, %c1 : memref<4x?xf32>
  return %dim, %dim_0 : index, index
}
func.func @dim_alloc(%n: index, %k: index) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %m = memref.alloc(%n, %k) : memref<?x3x?xf32>
  %dim = memref.dim %m, %c0 : memref<?x3x?xf32>
  %dim_0 = memref.dim %m, %c2 : memref<?x3x?xf32>
  return %dim, %dim_0 : index, index
}
func.func @dim_cast(%m: memref<?xf32>) -> index {
  %c0 = arith.constant 0 : index
  %cast = memref.cast %m : memref<?xf32> to memref<4xf32>
  %dim = memref.dim %cast, %c0 : memref<4xf32>
  %cast_0 = memref.cast %m : memref<?xf32> to memref<*xf32>
  %dim_1 = memref.dim %cast_0, %c0 : memref<*xf32>
  return %dim_1 : index
}
func.func @dim_view(%b: memref<?xi8>, %o: index, %n: index) -> index {
  %c0 = arith.constant 0 : index
  %v = memref.view %b[%o][%n] : memref<?xi8> to memref<?x4xf32>
  %d = memref.dim %v, %c0 : memref<?x4xf32>
  return %d : index
}
func.func @dim_subview(%m: memref<?x?xf32>, %a: index, %n: index) -> (index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %s = memref.subview %m[%a, %a] [%n, 4] [1, 1] : memref<?x?xf32> to memref<?x4xf32, strided<[?, 1], offset: ?>>
  %d = memref.dim %s, %c0 : memref<?x4xf32, strided<[?, 1], offset: ?>>
  %e = memref.dim %s, %c1 : memref<?x4xf32, strided<[?, 1], offset: ?>>
  return %d, %e : index, index
}
func.func @dim_oob(%m: memref<4xf32>) -> index {
  %c5 = arith.constant 5 : index
  %dim = memref.dim %m, %c5 : memref<4xf32>
  return %dim : index
}
func.func @dim_reshape(%m: memref<?x4xf32>) -> index {
  %c0 = arith.constant 0 : index
  %collapse_shape = memref.collapse_shape %m [[0, 1]] : memref<?x4xf32> into memref<?xf32>
  %dim = memref.dim %collapse_shape, %c0 : memref<?xf32>
  return %dim : index
}
func.func @subview_const(%m: memref<?x?xf32>) -> memref<?x?xf32, strided<[?, ?], offset: ?>> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %subview = memref.subview %m[%c0, %c1] [%c4, %c4] [%c1, %c1] : memref<?x?xf32> to memref<?x?xf32, strided<[?, ?], offset: ?>>
  return %subview : memref<?x?xf32, strided<[?, ?], offset: ?>>
}
func.func @subview_of_cast(%m: memref<16x16xf32>, %i: index) -> memref<4x4xf32, strided<[?, ?], offset: ?>> {
  %c = memref.cast %m : memref<16x16xf32> to memref<?x?xf32, strided<[?, ?], offset: ?>>
  %subview = memref.subview %c[%i, 0] [4, 4] [1, 1] : memref<?x?xf32, strided<[?, ?], offset: ?>> to memref<4x4xf32, strided<[?, ?], offset: ?>>
  return %subview : memref<4x4xf32, strided<[?, ?], offset: ?>>
}
func.func @subview_trivial(%m: memref<4x6xf32>) -> memref<4x6xf32, strided<[6, 1]>> {
  %subview = memref.subview %m[0, 0] [4, 6] [1, 1] : memref<4x6xf32> to memref<4x6xf32, strided<[6, 1]>>
  return %subview : memref<4x6xf32, strided<[6, 1]>>
}
func.func @subview_trivial_same(%m: memref<4x6xf32>) -> memref<4x6xf32> {
  %subview = memref.subview %m[0, 0] [4, 6] [1, 1] : memref<4x6xf32> to memref<4x6xf32>
  return %subview : memref<4x6xf32>
}
func.func @subview_rank_reduce(%m: memref<4x6xf32>) -> memref<?xf32, strided<[?], offset: ?>> {
  %c2 = arith.constant 2 : index
  %c1 = arith.constant 1 : index
  %subview = memref.subview %m[%c2, 0] [1, %c2] [1, %c1] : memref<4x6xf32> to memref<?xf32, strided<[?], offset: ?>>
  return %subview : memref<?xf32, strided<[?], offset: ?>>
}
func.func @subview_copy_dead(%m: memref<4x6xf32>) {
  memref.copy %m, %m : memref<4x6xf32> to memref<4x6xf32>
  return
}
func.func @copy_cast(%a: memref<4xf32>, %b: memref<4xf32>) {
  %cast = memref.cast %a : memref<4xf32> to memref<?xf32>
  %cast_0 = memref.cast %b : memref<4xf32> to memref<?xf32>
  memref.copy %cast, %cast_0 : memref<?xf32> to memref<?xf32>
  return
}
func.func @copy_empty(%a: memref<0xf32>, %b: memref<0xf32>) {
  memref.copy %a, %b : memref<0xf32> to memref<0xf32>
  return
}
func.func @alloc_const() -> memref<?x?xf32> {
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %alloc = memref.alloc(%c4, %c5) : memref<?x?xf32>
  return %alloc : memref<?x?xf32>
}
func.func @alloca_const(%n: index) -> memref<?x?xf32> {
  %c4 = arith.constant 4 : index
  %alloca = memref.alloca(%c4, %n) {alignment = 16 : i64} : memref<?x?xf32>
  "test.use"(%alloca) : (memref<?x?xf32>) -> ()
  return %alloca : memref<?x?xf32>
}
func.func @alloc_dead(%n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %alloc = memref.alloc(%n) : memref<?xf32>
  %alloc_0 = memref.alloc() : memref<f32>
  memref.store %v, %alloc_0[] : memref<f32>
  memref.dealloc %alloc : memref<?xf32>
  memref.dealloc %alloc_0 : memref<f32>
  return
}
func.func @alloc_neg() -> memref<?xf32> {
  %c = arith.constant -4 : index
  %alloc = memref.alloc(%c) : memref<?xf32>
  return %alloc : memref<?xf32>
}
func.func @alloca_stores_dead(%v: f32) {
  %alloca = memref.alloca() : memref<4xf32>
  %c0 = arith.constant 0 : index
  memref.store %v, %alloca[%c0] : memref<4xf32>
  return
}
func.func @view_const(%b: memref<2048xi8>) -> memref<?x?xf32> {
  %c4 = arith.constant 4 : index
  %c16 = arith.constant 16 : index
  %v = memref.view %b[%c16][%c4, %c4] : memref<2048xi8> to memref<?x?xf32>
  return %v : memref<?x?xf32>
}
func.func @view_partial(%b: memref<2048xi8>, %o: index, %n: index) -> memref<?x?xf32> {
  %c4 = arith.constant 4 : index
  %v = memref.view %b[%o][%n, %c4] : memref<2048xi8> to memref<?x?xf32>
  return %v : memref<?x?xf32>
}
func.func @reinterpret_const(%m: memref<f32>) -> memref<?x?xf32, strided<[?, ?], offset: ?>> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c1 = arith.constant 1 : index
  %reinterpret_cast = memref.reinterpret_cast %m to offset: [%c0], sizes: [%c2, %c2], strides: [%c2, %c1] : memref<f32> to memref<?x?xf32, strided<[?, ?], offset: ?>>
  return %reinterpret_cast : memref<?x?xf32, strided<[?, ?], offset: ?>>
}
func.func @reinterpret_of_reinterpret(%m: memref<?xf32>, %n: index) -> memref<2x2xf32> {
  %reinterpret_cast = memref.reinterpret_cast %m to offset: [0], sizes: [4], strides: [1] : memref<?xf32> to memref<4xf32>
  %reinterpret_cast_0 = memref.reinterpret_cast %reinterpret_cast to offset: [0], sizes: [2, 2], strides: [2, 1] : memref<4xf32> to memref<2x2xf32>
  return %reinterpret_cast_0 : memref<2x2xf32>
}
func.func @reinterpret_of_cast(%m: memref<4xf32>, %n: index) -> memref<2x2xf32> {
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  %reinterpret_cast = memref.reinterpret_cast %cast to offset: [0], sizes: [2, 2], strides: [2, 1] : memref<?xf32> to memref<2x2xf32>
  return %reinterpret_cast : memref<2x2xf32>
}
func.func @reinterpret_of_subview(%m: memref<16xf32>, %n: index) -> memref<2x2xf32> {
  %subview = memref.subview %m[0] [8] [1] : memref<16xf32> to memref<8xf32>
  %reinterpret_cast = memref.reinterpret_cast %subview to offset: [0], sizes: [2, 2], strides: [2, 1] : memref<8xf32> to memref<2x2xf32>
  return %reinterpret_cast : memref<2x2xf32>
}
func.func @collapse_expand(%m: memref<4x6xf32>) -> memref<4x6xf32> {
  %collapse_shape = memref.collapse_shape %m [[0, 1]] : memref<4x6xf32> into memref<24xf32>
  %expand_shape = memref.expand_shape %collapse_shape [[0, 1]] output_shape [4, 6] : memref<24xf32> into memref<4x6xf32>
  return %expand_shape : memref<4x6xf32>
}
func.func @collapse_collapse(%m: memref<4x6x2xf32>) -> memref<48xf32> {
  %collapse_shape = memref.collapse_shape %m [[0, 1], [2]] : memref<4x6x2xf32> into memref<24x2xf32>
  %collapse_shape_0 = memref.collapse_shape %collapse_shape [[0, 1]] : memref<24x2xf32> into memref<48xf32>
  return %collapse_shape_0 : memref<48xf32>
}
func.func @expand_expand(%m: memref<48xf32>) -> memref<4x6x2xf32> {
  %expand_shape = memref.expand_shape %m [[0, 1]] output_shape [24, 2] : memref<48xf32> into memref<24x2xf32>
  %expand_shape_0 = memref.expand_shape %expand_shape [[0, 1], [2]] output_shape [4, 6, 2] : memref<24x2xf32> into memref<4x6x2xf32>
  return %expand_shape_0 : memref<4x6x2xf32>
}
func.func @expand_collapse_back(%m: memref<24xf32>) -> memref<24xf32> {
  %expand_shape = memref.expand_shape %m [[0, 1]] output_shape [4, 6] : memref<24xf32> into memref<4x6xf32>
  %collapse_shape = memref.collapse_shape %expand_shape [[0, 1]] : memref<4x6xf32> into memref<24xf32>
  return %collapse_shape : memref<24xf32>
}
func.func @collapse_of_cast(%m: memref<4x6xf32>) -> memref<?xf32> {
  %c = memref.cast %m : memref<4x6xf32> to memref<?x?xf32>
  %collapse_shape = memref.collapse_shape %c [[0, 1]] : memref<?x?xf32> into memref<?xf32>
  return %collapse_shape : memref<?xf32>
}
func.func @expand_const(%m: memref<?xf32>) -> memref<?x4xf32> {
  %c3 = arith.constant 3 : index
  %expand_shape = memref.expand_shape %m [[0, 1]] output_shape [%c3, 4] : memref<?xf32> into memref<?x4xf32>
  return %expand_shape : memref<?x4xf32>
}
func.func @collapse_trivial(%m: memref<4x6xf32>) -> memref<4x6xf32> {
  %collapse_shape = memref.collapse_shape %m [[0], [1]] : memref<4x6xf32> into memref<4x6xf32>
  return %collapse_shape : memref<4x6xf32>
}
func.func @memspace(%m: memref<?xf32, 1>) -> (memref<?xf32, 1>, memref<?xf32>) {
  %memspacecast = memref.memory_space_cast %m : memref<?xf32, 1> to memref<?xf32>
  %memspacecast_0 = memref.memory_space_cast %memspacecast : memref<?xf32> to memref<?xf32, 1>
  %memspacecast_1 = memref.memory_space_cast %memspacecast_0 : memref<?xf32, 1> to memref<?xf32>
  return %memspacecast_0, %memspacecast_1 : memref<?xf32, 1>, memref<?xf32>
}
func.func @alloca_scope() -> f32 {
  %c = arith.constant 1.000000e+00 : f32
  %0 = memref.alloca_scope -> (f32) {
    memref.alloca_scope.return %c : f32
  }
  return %0 : f32
}
func.func @alloca_scope_alloca(%v: f32) {
  memref.alloca_scope {
    %alloca = memref.alloca() : memref<4xf32>
    "test.use"(%alloca) : (memref<4xf32>) -> ()
  }
  return
}
func.func @alloca_scope_loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    memref.alloca_scope {
      %alloca = memref.alloca() : memref<4xf32>
      "test.use"(%alloca) : (memref<4xf32>) -> ()
    }
  }
  return
}
memref.global "private" constant @g : memref<4xf32> = dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]>
func.func @global() -> f32 {
  %c1 = arith.constant 1 : index
  %0 = memref.get_global @g : memref<4xf32>
  %1 = memref.load %0[%c1] : memref<4xf32>
  return %1 : f32
}
func.func @extract_ptr(%m: memref<4x6xf32>) -> index {
  %c = memref.cast %m : memref<4x6xf32> to memref<?x?xf32>
  %0 = memref.extract_aligned_pointer_as_index %c : memref<?x?xf32> -> index
  return %0 : index
}
func.func @rank(%m: memref<4x6xf32>, %u: memref<*xf32>) -> (index, index) {
  %0 = memref.rank %m : memref<4x6xf32>
  %1 = memref.rank %u : memref<*xf32>
  return %0, %1 : index, index
}
func.func @load_dead(%m: memref<4xf32>, %i: index) {
  %0 = memref.load %m[%i] : memref<4xf32>
  return
}
func.func @store_load(%m: memref<4xf32>, %i: index, %v: f32) -> f32 {
  memref.store %v, %m[%i] : memref<4xf32>
  %0 = memref.load %m[%i] : memref<4xf32>
  return %0 : f32
}
func.func @assume(%m: memref<4xf32>) {
  memref.assume_alignment %m, 16 : memref<4xf32>
  return
}
func.func @cast_atomic(%m: memref<4xf32>, %i: index, %v: f32) -> f32 {
  %c = memref.cast %m : memref<4xf32> to memref<?xf32>
  %0 = memref.atomic_rmw addf %v, %c[%i] : (f32, memref<?xf32>) -> f32
  return %0 : f32
}
func.func @subview_subview(%m: memref<16x16xf32>, %i: index) -> memref<4x4xf32, strided<[16, 1], offset: ?>> {
  %subview = memref.subview %m[%i, 0] [8, 8] [1, 1] : memref<16x16xf32> to memref<8x8xf32, strided<[16, 1], offset: ?>>
  %subview_0 = memref.subview %subview[1, 1] [4, 4] [1, 1] : memref<8x8xf32, strided<[16, 1], offset: ?>> to memref<4x4xf32, strided<[16, 1], offset: ?>>
  return %subview_0 : memref<4x4xf32, strided<[16, 1], offset: ?>>
}
func.func @dim_of_subview_const(%n: index) -> index {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %a = memref.alloc(%n) : memref<?xf32>
  %s = memref.subview %a[0] [%c8] [1] : memref<?xf32> to memref<?xf32, strided<[1]>>
  %d = memref.dim %s, %c0 : memref<?xf32, strided<[1]>>
  memref.dealloc %a : memref<?xf32>
  return %d : index
}
func.func @cast_call(%m: memref<4xf32>) {
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  call @ext(%cast) : (memref<?xf32>) -> ()
  return
}
func.func private @ext(memref<?xf32>)
func.func @cast_unranked(%m: memref<4xf32>) -> memref<4xf32> {
  %cast = memref.cast %m : memref<4xf32> to memref<*xf32>
  %cast_0 = memref.cast %cast : memref<*xf32> to memref<4xf32>
  return %cast_0 : memref<4xf32>
}
func.func @cast_chain_incompat(%m: memref<?x?xf32>) -> memref<?x4xf32> {
  %cast = memref.cast %m : memref<?x?xf32> to memref<4x?xf32>
  %cast_0 = memref.cast %cast : memref<4x?xf32> to memref<?x4xf32>
  return %cast_0 : memref<?x4xf32>
}
