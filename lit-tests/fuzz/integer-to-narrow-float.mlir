// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0

// 64-bit integers round once to the narrow float types.

tile.kernel @narrow(%A: memref<64xi64>, %O: memref<64xbf16>, %P: memref<64xf16>) blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.fragment<64xi64>
  tile.copy %A to %t : memref<64xi64> to !tile.fragment<64xi64>
  tile.copy %t to %O : !tile.fragment<64xi64> to memref<64xbf16>
  tile.copy %t to %P : !tile.fragment<64xi64> to memref<64xf16>
}
