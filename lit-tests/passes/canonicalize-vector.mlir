// Vectors are simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @extract_insert(%v: vector<4xf32>, %x: f32) -> (f32, f32) {
  %0 = vector.insert %x, %v [1] : f32 into vector<4xf32>
  %1 = vector.extract %0[1] : f32 from vector<4xf32>
  %2 = vector.extract %0[2] : f32 from vector<4xf32>
  return %1, %2 : f32, f32
}
func.func @extract_broadcast(%x: f32, %v: vector<4xf32>) -> (f32, f32, vector<4xf32>) {
  %0 = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.extract %0[1] : f32 from vector<4xf32>
  %2 = vector.broadcast %v : vector<4xf32> to vector<2x4xf32>
  %3 = vector.extract %2[1] : vector<4xf32> from vector<2x4xf32>
  %4 = vector.extract %2[1, 2] : f32 from vector<2x4xf32>
  return %1, %4, %3 : f32, f32, vector<4xf32>
}
func.func @extract_splat(%x: f32) -> f32 {
  %0 = vector.splat %x : vector<4xf32>
  %1 = vector.extract %0[3] : f32 from vector<4xf32>
  return %1 : f32
}
func.func @extract_extract(%v: vector<2x4xf32>) -> f32 {
  %0 = vector.extract %v[1] : vector<4xf32> from vector<2x4xf32>
  %1 = vector.extract %0[2] : f32 from vector<4xf32>
  return %1 : f32
}
func.func @shape_casts(%v: vector<8xf32>) -> (vector<8xf32>, vector<2x2x2xf32>) {
  %0 = vector.shape_cast %v : vector<8xf32> to vector<2x4xf32>
  %1 = vector.shape_cast %0 : vector<2x4xf32> to vector<8xf32>
  %2 = vector.shape_cast %0 : vector<2x4xf32> to vector<2x2x2xf32>
  return %1, %2 : vector<8xf32>, vector<2x2x2xf32>
}
func.func @transpose(%v: vector<2x4xf32>) -> (vector<2x4xf32>, vector<2x4xf32>) {
  %0 = vector.transpose %v, [1, 0] : vector<2x4xf32> to vector<4x2xf32>
  %1 = vector.transpose %0, [1, 0] : vector<4x2xf32> to vector<2x4xf32>
  %2 = vector.transpose %v, [0, 1] : vector<2x4xf32> to vector<2x4xf32>
  return %1, %2 : vector<2x4xf32>, vector<2x4xf32>
}
func.func @bitcast(%v: vector<4xf32>) -> vector<4xf32> {
  %0 = vector.bitcast %v : vector<4xf32> to vector<4xi32>
  %1 = vector.bitcast %0 : vector<4xi32> to vector<4xf32>
  return %1 : vector<4xf32>
}
func.func @slices(%v: vector<8xf32>) -> (vector<8xf32>, vector<2xf32>) {
  %0 = vector.extract_strided_slice %v {offsets = [0], sizes = [8], strides = [1]} : vector<8xf32> to vector<8xf32>
  %1 = vector.extract_strided_slice %v {offsets = [2], sizes = [4], strides = [1]} : vector<8xf32> to vector<4xf32>
  %2 = vector.extract_strided_slice %1 {offsets = [1], sizes = [2], strides = [1]} : vector<4xf32> to vector<2xf32>
  return %0, %2 : vector<8xf32>, vector<2xf32>
}
func.func @broadcast_const() -> vector<4xf32> {
  %c = arith.constant 1.0 : f32
  %0 = vector.broadcast %c : f32 to vector<4xf32>
  return %0 : vector<4xf32>
}
func.func @broadcast_broadcast(%x: f32) -> vector<2x4xf32> {
  %0 = vector.broadcast %x : f32 to vector<4xf32>
  %1 = vector.broadcast %0 : vector<4xf32> to vector<2x4xf32>
  return %1 : vector<2x4xf32>
}
func.func @reduction_one(%v: vector<1xf32>) -> f32 {
  %0 = vector.reduction <add>, %v : vector<1xf32> into f32
  return %0 : f32
}
func.func @shuffle(%a: vector<2xf32>, %b: vector<2xf32>) -> (vector<2xf32>, vector<2xf32>) {
  %0 = vector.shuffle %a, %b [0, 1] : vector<2xf32>, vector<2xf32>
  %1 = vector.shuffle %a, %b [2, 3] : vector<2xf32>, vector<2xf32>
  return %0, %1 : vector<2xf32>, vector<2xf32>
}
