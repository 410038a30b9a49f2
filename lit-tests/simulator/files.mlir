// Nothing is written but the outputs that were named (and the cache, which is elsewhere).
// REQUIRES: host-cxx
// RUN: rm -rf %t && mkdir -p %t
// RUN: cd %t && tile-run %s --on=sim --arch=sm_80 --out C=c.npy --save-text=k.cu
// RUN: ls %t | filecheck %s

// CHECK: c.npy
// CHECK-NEXT: k.cu
// CHECK-NOT: {{.}}

tile.kernel @clear(%C: memref<8xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<8xf32>
  tile.clear %t : !tile.fragment<8xf32>
  tile.copy %t to %C : !tile.fragment<8xf32> to memref<8xf32>
}
