// A kernel may not be called like a function that emitted text uses.
// RUN: not tile-run %s --on=sim --arch=sm_80 2>&1 | filecheck %s
// RUN: tile-run %s

// CHECK: reserved-kernel-name.mlir:[[@LINE+1]]:{{[0-9]+}}: error: no kernel can be called 'convert' in emitted text, where that name has a meaning of its own
tile.kernel @convert(%A: memref<64xf32>) blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.fragment<64xf32>
  tile.clear %t : !tile.fragment<64xf32>
  tile.copy %t to %A : !tile.fragment<64xf32> to memref<64xf32>
}
