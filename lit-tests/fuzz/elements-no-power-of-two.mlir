// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0

// 36 neighbouring elements of a thread divide into accesses of 4, not of 8.

tile.kernel @annotated(%A: memref<3x16x96xf32>, %O: memref<3x16x96xbf16>) blocks(%b) = (1) threads(128) {
  %tile = tile.alloc : !tile.fragment<3x16x96xbf16>
  tile.annotate_layout %tile, affine_map<(d0, d1, d2) -> (((d0 * 1536 + d1 * 96 + d2) floordiv 36) mod 128, (d0 * 1536 + d1 * 96 + d2) mod 36)> : !tile.fragment<3x16x96xbf16>
  %zero = arith.constant 0 : index
  tile.copy %A[%zero, %zero, %zero] to %tile : memref<3x16x96xf32> to !tile.fragment<3x16x96xbf16>
  tile.copy %tile to %O[%zero, %zero, %zero] : !tile.fragment<3x16x96xbf16> to memref<3x16x96xbf16>
}
