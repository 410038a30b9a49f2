// RUN: tile-opt %s --tile-bind-extents --verify-diagnostics

// expected-error@+1 {{'tile.kernel' op is launched by a function, which needs a name for each run-time stride: expected strides(...) behind 'memref<8x8xf32, strided<[?, 1]>>'}}
tile.kernel @zero(%A: memref<8x8xf32, strided<[?, 1]>>) blocks(%b) = (1) threads(32) {
  %a = tile.alloc : !tile.fragment<8x8xf32>
  tile.clear %a : !tile.fragment<8x8xf32>
  %c0 = arith.constant 0 : index
  tile.copy %a to %A[%c0, %c0] : !tile.fragment<8x8xf32> to memref<8x8xf32, strided<[?, 1]>>
}
func.func @f(%A: memref<8x8xf32, strided<[?, 1]>>) {
  // expected-note@+1 {{it is launched here}}
  tile.launch @zero(%A) : memref<8x8xf32, strided<[?, 1]>>
  return
}
