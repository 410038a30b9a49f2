// Element types that memory has no place for are refused where they are first met, as are strided tensors of elements that share a byte.
// RUN: not tile-opt %s --split-input-file --tile-to-cuda=arch=sm_80 2>&1 | filecheck %s
// RUN: not tile-opt %s --split-input-file --tile-to-hip=arch=gfx942 2>&1 | filecheck %s

// CHECK: narrow-types-invalid.mlir{{.*}}:1: error: 'tile.kernel' op uses element type 'i2', but elements of tensors and tiles have 1, 4 or at least 8 bits
tile.kernel @tensor(%A: memref<64x64xi2>) blocks(%b) = (1) threads(128) {
}

// -----

tile.kernel @tile() blocks(%b) = (1) threads(128) {
  // CHECK: narrow-types-invalid.mlir{{.*}}:8: error: 'tile.alloc' op uses element type 'f6E2M3FN', but elements of tensors and tiles have 1, 4 or at least 8 bits
  %s = tile.alloc : !tile.shared<64x64xf6E2M3FN>
  tile.clear %s : !tile.shared<64x64xf6E2M3FN>
}

// -----

// CHECK: error: 'tile.kernel' op uses strides for elements of type 'i4', but tensors of elements that share a byte are dense
tile.kernel @strides(%A: memref<64x64xi4, strided<[128, 1]>>) blocks(%b) = (1) threads(128) {
}

// -----

// CHECK: error: 'tile.kernel' op takes a value of type 'i4', but values that are passed to kernels have 1 or at least 8 bits
tile.kernel @value(%x: i4) blocks(%b) = (1) threads(128) {
}
