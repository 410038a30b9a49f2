// Element types of which several share a byte are refused where they are first met.
// RUN: not tile-opt %s --split-input-file --tile-to-cuda=arch=sm_80 2>&1 | filecheck %s
// RUN: not tile-opt %s --split-input-file --tile-to-hip=arch=gfx942 2>&1 | filecheck %s

// CHECK: narrow-types-invalid.mlir{{.*}}:1: error: 'tile.kernel' op uses element type 'i4', but elements of tensors and tiles have at least 8 bits
tile.kernel @tensor(%A: memref<64x64xi4>) blocks(%b) = (1) threads(128) {
}

// -----

tile.kernel @tile() blocks(%b) = (1) threads(128) {
  // CHECK: narrow-types-invalid.mlir{{.*}}:8: error: 'tile.alloc' op uses element type 'f4E2M1FN', but elements of tensors and tiles have at least 8 bits
  %s = tile.alloc : !tile.shared<64x64xf4E2M1FN>
  tile.clear %s : !tile.shared<64x64xf4E2M1FN>
}
