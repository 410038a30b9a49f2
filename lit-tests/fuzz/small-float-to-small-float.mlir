// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_89 --compare=interp --schedules=8 --draw=halves --tolerance=0

// From bf16 to 8 bits within registers: each goes through f32.

tile.kernel @narrow(%A: memref<28x96xbf16>, %O: memref<28x96xf16>) blocks(%b) = (1) threads(64) {
  %wide = tile.alloc : !tile.fragment<28x96xbf16>
  %narrow = tile.alloc : !tile.fragment<28x96xf8E4M3FN>
  %zero = arith.constant 0 : index
  tile.copy %A[%zero, %zero] to %wide : memref<28x96xbf16> to !tile.fragment<28x96xbf16>
  tile.copy %wide to %narrow : !tile.fragment<28x96xbf16> to !tile.fragment<28x96xf8E4M3FN>
  tile.copy %narrow to %O[%zero, %zero] : !tile.fragment<28x96xf8E4M3FN> to memref<28x96xf16>
}
