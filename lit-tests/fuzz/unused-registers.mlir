// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --draw=halves --tolerance=0

// 336 elements over 64 threads: the last register of some threads holds nothing, is never written, and may not be copied.

tile.kernel @copied(%A: memref<3x16x7xf16>, %O: memref<3x16x7xi32>) blocks(%b) = (1) threads(64) {
  %first = tile.alloc : !tile.fragment<3x16x7xi32>
  %second = tile.alloc : !tile.fragment<3x16x7xi32>
  %zero = arith.constant 0 : index
  tile.parallel (%i, %j, %l) in (3, 16, 7) {
    %x = tile.load %A[%i, %j, %l] : memref<3x16x7xf16>
    %y = arith.fptosi %x : f16 to i32
    tile.store %y, %first[%i, %j, %l] : !tile.fragment<3x16x7xi32>
  }
  tile.copy %first to %second : !tile.fragment<3x16x7xi32> to !tile.fragment<3x16x7xi32>
  tile.copy %second to %O[%zero, %zero, %zero] : !tile.fragment<3x16x7xi32> to memref<3x16x7xi32>
}
