// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0

// A copy whose region starts before the tensor: the elements before it read as zero, in every dimension.

tile.kernel @rows_and_columns(%A: memref<16x40xf32>, %O: memref<24x56xf32>) blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.shared<24x56xf32>
  %row = arith.constant -3 : index
  %column = arith.constant -8 : index
  tile.copy %A[%row, %column] to %t : memref<16x40xf32> to !tile.shared<24x56xf32>
  tile.copy %t to %O : !tile.shared<24x56xf32> to memref<24x56xf32>
}

// The fixed index of a dimension that the tile does not have may lie outside as well.
tile.kernel @leading(%A: memref<2x16x16xf16>, %O: memref<4x16x16xf16>) blocks(%b) = (4) threads(64) {
  %t = tile.alloc : !tile.shared<16x16xf16>
  %zero = arith.constant 0 : index
  %leading = affine.apply affine_map<(d0) -> (d0 - 1)>(%b)
  tile.copy %A[%leading, %zero, %zero] to %t : memref<2x16x16xf16> to !tile.shared<16x16xf16>
  tile.copy %t to %O[%b, %zero, %zero] : !tile.shared<16x16xf16> to memref<4x16x16xf16>
}
