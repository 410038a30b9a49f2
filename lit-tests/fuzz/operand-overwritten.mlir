// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0

// The loop overwrites an operand after the product has read it: no barrier of the pipeline orders that.

tile.kernel @overwritten(%A: memref<64x32xf32>, %B: memref<32x64xf16>, %O: memref<32x32xf32>)
    blocks(%b) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<32x16xf16>
  %t = tile.alloc : !tile.shared<16x32xf16>
  %acc = tile.alloc : !tile.fragment<32x32xf32>
  %zero = arith.constant 0 : index
  %one = arith.constant 1.0 : f16
  tile.clear %acc : !tile.fragment<32x32xf32>
  tile.pipelined %k = 0 to 32 step 16 stages(2) {
    tile.copy %A[%zero, %k] to %s : memref<64x32xf32> to !tile.shared<32x16xf16>
    tile.copy %B[%k, %zero] to %t : memref<32x64xf16> to !tile.shared<16x32xf16>
    tile.gemm %s, %t into %acc : !tile.shared<32x16xf16>, !tile.shared<16x32xf16>, !tile.fragment<32x32xf32>
    tile.fill %s, %one : !tile.shared<32x16xf16>, f16
  }
  tile.copy %acc to %O : !tile.fragment<32x32xf32> to memref<32x32xf32>
}
