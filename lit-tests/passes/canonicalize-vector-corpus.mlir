// Many small functions on vector, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --canonicalize | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @extract_broadcast(%a: f32) -> f32 {
  %b = vector.broadcast %a : f32 to vector<4x8xf32>
  %0 = vector.extract %b[1, 2] : f32 from vector<4x8xf32>
  return %0 : f32
}
func.func @extract_broadcast_vec(%a: vector<8xf32>) -> vector<8xf32> {
  %b = vector.broadcast %a : vector<8xf32> to vector<4x8xf32>
  %0 = vector.extract %b[1] : vector<8xf32> from vector<4x8xf32>
  return %0 : vector<8xf32>
}
func.func @extract_broadcast_vec_elem(%a: vector<8xf32>) -> f32 {
  %b = vector.broadcast %a : vector<8xf32> to vector<4x8xf32>
  %0 = vector.extract %b[1, 3] : f32 from vector<4x8xf32>
  return %0 : f32
}
func.func @extract_splat(%a: f32) -> f32 {
  %b = vector.splat %a : vector<8xf32>
  %0 = vector.extract %b[3] : f32 from vector<8xf32>
  return %0 : f32
}
func.func @extract_const() -> (f32, vector<2xf32>) {
  %b = arith.constant dense<[[1.000000e+00, 2.000000e+00], [3.000000e+00, 4.000000e+00]]> : vector<2x2xf32>
  %0 = vector.extract %b[1, 0] : f32 from vector<2x2xf32>
  %1 = vector.extract %b[1] : vector<2xf32> from vector<2x2xf32>
  return %0, %1 : f32, vector<2xf32>
}
func.func @extract_extract(%a: vector<2x4x8xf32>) -> (f32, vector<8xf32>) {
  %0 = vector.extract %a[1] : vector<4x8xf32> from vector<2x4x8xf32>
  %1 = vector.extract %0[2, 3] : f32 from vector<4x8xf32>
  %2 = vector.extract %0[0] : vector<8xf32> from vector<4x8xf32>
  return %1, %2 : f32, vector<8xf32>
}
func.func @shape_cast_const() -> (vector<4xf32>, vector<2x2xi32>) {
  %b = arith.constant dense<2.000000e+00> : vector<2x2xf32>
  %0 = vector.shape_cast %b : vector<2x2xf32> to vector<4xf32>
  %c = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
  %1 = vector.shape_cast %c : vector<4xi32> to vector<2x2xi32>
  return %0, %1 : vector<4xf32>, vector<2x2xi32>
}
func.func @broadcast_broadcast(%a: f32) -> (vector<4x8xf32>, vector<8xf32>) {
  %b = vector.broadcast %a : f32 to vector<8xf32>
  %0 = vector.broadcast %b : vector<8xf32> to vector<4x8xf32>
  %1 = vector.broadcast %b : vector<8xf32> to vector<8xf32>
  return %0, %1 : vector<4x8xf32>, vector<8xf32>
}
func.func @broadcast_const() -> (vector<4xf32>, vector<2x2xi32>) {
  %a = arith.constant 1.000000e+00 : f32
  %0 = vector.broadcast %a : f32 to vector<4xf32>
  %b = arith.constant dense<3> : vector<2xi32>
  %1 = vector.broadcast %b : vector<2xi32> to vector<2x2xi32>
  return %0, %1 : vector<4xf32>, vector<2x2xi32>
}
func.func @splat_const() -> vector<4xf32> {
  %a = arith.constant 1.000000e+00 : f32
  %0 = vector.splat %a : vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @transpose_chain(%a: vector<2x3x4xf32>) -> (vector<2x3x4xf32>, vector<4x3x2xf32>) {
  %0 = vector.transpose %a, [1, 0, 2] : vector<2x3x4xf32> to vector<3x2x4xf32>
  %1 = vector.transpose %0, [1, 0, 2] : vector<3x2x4xf32> to vector<2x3x4xf32>
  %2 = vector.transpose %0, [2, 0, 1] : vector<3x2x4xf32> to vector<4x3x2xf32>
  return %1, %2 : vector<2x3x4xf32>, vector<4x3x2xf32>
}
func.func @transpose_id(%a: vector<2x3xf32>) -> vector<2x3xf32> {
  %0 = vector.transpose %a, [0, 1] : vector<2x3xf32> to vector<2x3xf32>
  return %0 : vector<2x3xf32>
}
func.func @insert_broadcast_same(%s: f32) -> vector<4xf32> {
  %a = vector.broadcast %s : f32 to vector<4xf32>
  %0 = vector.insert %s, %a [2] : f32 into vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @insert_const() -> (vector<4xi32>, vector<2x2xi32>) {
  %a = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
  %s = arith.constant 9 : i32
  %0 = vector.insert %s, %a [2] : i32 into vector<4xi32>
  %b = arith.constant dense<0> : vector<2x2xi32>
  %c = arith.constant dense<[7, 8]> : vector<2xi32>
  %1 = vector.insert %c, %b [1] : vector<2xi32> into vector<2x2xi32>
  return %0, %1 : vector<4xi32>, vector<2x2xi32>
}
func.func @insert_overwrite(%a: vector<4xf32>, %x: f32, %y: f32) -> vector<4xf32> {
  %0 = vector.insert %x, %a [2] : f32 into vector<4xf32>
  %1 = vector.insert %y, %0 [2] : f32 into vector<4xf32>
  return %1 : vector<4xf32>
}
func.func @extractelement(%a: vector<4xf32>, %x: f32, %i: index) -> (f32, f32, f32) {
  %c1 = arith.constant 1 : index
  %0 = vector.extractelement %a[%c1 : index] : vector<4xf32>
  %b = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.extractelement %b[%i : index] : vector<4xf32>
  %k = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : vector<4xf32>
  %2 = vector.extractelement %k[%c1 : index] : vector<4xf32>
  return %0, %1, %2 : f32, f32, f32
}
func.func @insertelement() -> vector<4xf32> {
  %c1 = arith.constant 1 : index
  %x = arith.constant 9.000000e+00 : f32
  %k = arith.constant dense<[1.000000e+00, 2.000000e+00, 3.000000e+00, 4.000000e+00]> : vector<4xf32>
  %0 = vector.insertelement %x, %k[%c1 : index] : vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @extract_dyn(%a: vector<4x8xf32>, %i: index) -> (f32, vector<8xf32>) {
  %c1 = arith.constant 1 : index
  %0 = vector.extract %a[%c1, %i] : f32 from vector<4x8xf32>
  %1 = vector.extract %a[%c1] : vector<8xf32> from vector<4x8xf32>
  return %0, %1 : f32, vector<8xf32>
}
func.func @extract_strided_id(%a: vector<8xf32>) -> (vector<8xf32>, vector<2xf32>) {
  %0 = vector.extract_strided_slice %a {offsets = [0], sizes = [8], strides = [1]} : vector<8xf32> to vector<8xf32>
  %1 = vector.extract_strided_slice %a {offsets = [2], sizes = [4], strides = [1]} : vector<8xf32> to vector<4xf32>
  %2 = vector.extract_strided_slice %1 {offsets = [1], sizes = [2], strides = [1]} : vector<4xf32> to vector<2xf32>
  return %0, %2 : vector<8xf32>, vector<2xf32>
}
func.func @extract_strided_const() -> (vector<2xi32>, vector<1x2xi32>) {
  %a = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
  %0 = vector.extract_strided_slice %a {offsets = [1], sizes = [2], strides = [1]} : vector<4xi32> to vector<2xi32>
  %b = arith.constant dense<[[1, 2], [3, 4]]> : vector<2x2xi32>
  %1 = vector.extract_strided_slice %b {offsets = [1], sizes = [1], strides = [1]} : vector<2x2xi32> to vector<1x2xi32>
  return %0, %1 : vector<2xi32>, vector<1x2xi32>
}
func.func @insert_strided_full(%a: vector<4xf32>, %b: vector<4xf32>) -> vector<4xf32> {
  %0 = vector.insert_strided_slice %a, %b {offsets = [0], strides = [1]} : vector<4xf32> into vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @insert_strided_const() -> vector<4xi32> {
  %a = arith.constant dense<[8, 9]> : vector<2xi32>
  %b = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
  %0 = vector.insert_strided_slice %a, %b {offsets = [1], strides = [1]} : vector<2xi32> into vector<4xi32>
  return %0 : vector<4xi32>
}
func.func @shuffle_id(%a: vector<4xf32>, %b: vector<4xf32>) -> (vector<4xf32>, vector<4xf32>) {
  %0 = vector.shuffle %a, %b [0, 1, 2, 3] : vector<4xf32>, vector<4xf32>
  %1 = vector.shuffle %a, %b [4, 5, 6, 7] : vector<4xf32>, vector<4xf32>
  return %0, %1 : vector<4xf32>, vector<4xf32>
}
func.func @shuffle_0d(%a: vector<f32>, %b: vector<f32>) -> vector<3xf32> {
  %0 = vector.shuffle %a, %b [0, 1, 0] : vector<f32>, vector<f32>
  return %0 : vector<3xf32>
}
func.func @bitcast(%a: vector<4xf32>) -> (vector<4xf32>, vector<2xi64>, vector<4xf32>) {
  %0 = vector.bitcast %a : vector<4xf32> to vector<4xf32>
  %1 = vector.bitcast %a : vector<4xf32> to vector<4xi32>
  %2 = vector.bitcast %1 : vector<4xi32> to vector<2xi64>
  %3 = vector.bitcast %1 : vector<4xi32> to vector<4xf32>
  return %0, %2, %3 : vector<4xf32>, vector<2xi64>, vector<4xf32>
}
func.func @bitcast_const() -> (vector<4xi32>, vector<2xf32>) {
  %a = arith.constant dense<1.000000e+00> : vector<4xf32>
  %0 = vector.bitcast %a : vector<4xf32> to vector<4xi32>
  %b = arith.constant dense<0> : vector<2xi32>
  %1 = vector.bitcast %b : vector<2xi32> to vector<2xf32>
  return %0, %1 : vector<4xi32>, vector<2xf32>
}
func.func @create_mask() -> (vector<4xi1>, vector<4x3xi1>, vector<4xi1>) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c9 = arith.constant 9 : index
  %0 = vector.create_mask %c2 : vector<4xi1>
  %1 = vector.create_mask %c2, %c9 : vector<4x3xi1>
  %2 = vector.create_mask %c0 : vector<4xi1>
  return %0, %1, %2 : vector<4xi1>, vector<4x3xi1>, vector<4xi1>
}
func.func @create_mask_partial(%n: index) -> vector<4x3xi1> {
  %c9 = arith.constant 9 : index
  %0 = vector.create_mask %n, %c9 : vector<4x3xi1>
  return %0 : vector<4x3xi1>
}
func.func @masked(%m: memref<16xf32>, %p: vector<4xf32>, %i: index) -> (vector<4xf32>, vector<4xf32>) {
  %t = vector.constant_mask [4] : vector<4xi1>
  %f = vector.constant_mask [0] : vector<4xi1>
  %0 = vector.maskedload %m[%i], %t, %p : memref<16xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  %1 = vector.maskedload %m[%i], %f, %p : memref<16xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  vector.maskedstore %m[%i], %t, %p : memref<16xf32>, vector<4xi1>, vector<4xf32>
  vector.maskedstore %m[%i], %f, %p : memref<16xf32>, vector<4xi1>, vector<4xf32>
  return %0, %1 : vector<4xf32>, vector<4xf32>
}
func.func @masked_load_partial(%m: memref<16xf32>, %p: vector<4xf32>, %i: index) -> vector<4xf32> {
  %t = vector.constant_mask [2] : vector<4xi1>
  %0 = vector.maskedload %m[%i], %t, %p : memref<16xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @load_cast(%m: memref<16xf32>, %i: index) -> vector<4xf32> {
  %c = memref.cast %m : memref<16xf32> to memref<?xf32>
  %0 = vector.load %c[%i] : memref<?xf32>, vector<4xf32>
  vector.store %0, %c[%i] : memref<?xf32>, vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @tr_oob(%m: memref<8x16xf32>, %i: index) -> vector<4xf32> {
  %c0 = arith.constant 0 : index
  %f = arith.constant 0.000000e+00 : f32
  %0 = vector.transfer_read %m[%c0, %i], %f : memref<8x16xf32>, vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @tr_cast(%m: memref<8x16xf32>, %i: index) -> vector<4xf32> {
  %k = memref.cast %m : memref<8x16xf32> to memref<?x?xf32>
  %f = arith.constant 0.000000e+00 : f32
  %0 = vector.transfer_read %k[%i, %i], %f : memref<?x?xf32>, vector<4xf32>
  vector.transfer_write %0, %k[%i, %i] : vector<4xf32>, memref<?x?xf32>
  return %0 : vector<4xf32>
}
func.func @fma_const() -> vector<2xf32> {
  %a = arith.constant dense<2.000000e+00> : vector<2xf32>
  %0 = vector.fma %a, %a, %a : vector<2xf32>
  return %0 : vector<2xf32>
}
func.func @shape_cast_ext(%a: vector<4x1xf32>) -> vector<4xf32> {
  %0 = vector.shape_cast %a : vector<4x1xf32> to vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @extract_mask() -> (vector<3xi1>, i1) {
  %a = vector.constant_mask [2, 2] : vector<4x3xi1>
  %0 = vector.extract %a[3] : vector<3xi1> from vector<4x3xi1>
  %1 = vector.extract %a[1, 1] : i1 from vector<4x3xi1>
  return %0, %1 : vector<3xi1>, i1
}
func.func @store_to_load(%m: memref<4x4xf32>, %v: vector<1x4xf32>) -> vector<1x4xf32> {
  %c0 = arith.constant 0 : index
  %f = arith.constant 0.000000e+00 : f32
  vector.transfer_write %v, %m[%c0, %c0] {in_bounds = [true, true]} : vector<1x4xf32>, memref<4x4xf32>
  %0 = vector.transfer_read %m[%c0, %c0], %f {in_bounds = [true, true]} : memref<4x4xf32>, vector<1x4xf32>
  return %0 : vector<1x4xf32>
}
func.func @arith_splat(%a: vector<4xi32>, %s: i32) -> vector<4xi32> {
  %x = vector.splat %s : vector<4xi32>
  %y = vector.splat %s : vector<4xi32>
  %0 = arith.addi %x, %y : vector<4xi32>
  return %0 : vector<4xi32>
}
