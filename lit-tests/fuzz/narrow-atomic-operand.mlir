// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --draw=halves --tolerance=0

// C++ promotes constants and results of narrow integers to int, which is not the type of the element that is updated.

tile.kernel @histogram(%H: memref<14xi8>, %G: memref<14xi16>) blocks(%b) = (2) threads(64) {
  tile.parallel (%i, %j) in (2, 16) {
    %bins = arith.constant 14 : index
    %one = arith.constant 1 : i8
    %bin = arith.remui %j, %bins : index
    %before = tile.atomic add %one into %H[%bin] : i8 into memref<14xi8> -> i8
    %low = arith.index_cast %i : index to i16
    tile.atomic or %low into %G[%bin] : i16 into memref<14xi16>
  }
}

tile.kernel @converted(%X: memref<5x3xf16>, %H: memref<5x3xi8>, %G: memref<5x3xi16>) blocks(%b) = (2) threads(64) {
  %x = tile.alloc : !tile.fragment<5x3xf16>
  tile.copy %X to %x : memref<5x3xf16> to !tile.fragment<5x3xf16>
  tile.atomic add %x into %H : !tile.fragment<5x3xf16> into memref<5x3xi8>
  tile.atomic min %x into %G : !tile.fragment<5x3xf16> into memref<5x3xi16>
}
