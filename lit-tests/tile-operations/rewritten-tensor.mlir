// A tensor that a kernel reads and writes: a barrier where one thread may write what another reads, none where the same
// thread does both.
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | filecheck %s

// CHECK-LABEL: gpu.func @reversed
// CHECK: gpu.barrier
// CHECK: gpu.return
tile.kernel @reversed(%Y: memref<256xf32>) blocks(%b) = (1) threads(64) {
  %c255 = arith.constant 255 : index
  %y = tile.alloc : !tile.fragment<256xf32>
  tile.copy %Y to %y : memref<256xf32> to !tile.fragment<256xf32>
  tile.parallel (%i) in (256) {
    %v = tile.load %y[%i] : !tile.fragment<256xf32>
    %j = arith.subi %c255, %i : index
    tile.store %v, %Y[%j] : memref<256xf32>
  }
}

// CHECK-LABEL: gpu.func @doubled
// CHECK-NOT: gpu.barrier
// CHECK: gpu.return
tile.kernel @doubled(%Y: memref<256xf32>) blocks(%b) = (1) threads(64) {
  %y = tile.alloc : !tile.fragment<256xf32>
  tile.copy %Y to %y : memref<256xf32> to !tile.fragment<256xf32>
  tile.parallel (%i) in (256) {
    %v = tile.load %y[%i] : !tile.fragment<256xf32>
    %w = arith.addf %v, %v : f32
    tile.store %w, %y[%i] : !tile.fragment<256xf32>
  }
  tile.copy %y to %Y : !tile.fragment<256xf32> to memref<256xf32>
}
