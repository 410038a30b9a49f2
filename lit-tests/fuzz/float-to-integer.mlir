// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0

// A copy rounds floats to the nearest integer, ties to even, and clamps them.

tile.kernel @halves(%A: memref<64xf16>, %O: memref<64xi32>) blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.fragment<64xf16>
  tile.copy %A to %t : memref<64xf16> to !tile.fragment<64xf16>
  tile.copy %t to %O : !tile.fragment<64xf16> to memref<64xi32>
}

tile.kernel @large(%A: memref<64xf32>, %O: memref<64xi8>, %P: memref<64xi32>, %Q: memref<64xi64>)
    blocks(%b) = (1) threads(64) {
  %t = tile.alloc : !tile.fragment<64xf32>
  tile.copy %A to %t : memref<64xf32> to !tile.fragment<64xf32>
  tile.parallel (%i) in (64) {
    %x = tile.load %t[%i] : !tile.fragment<64xf32>
    %j = arith.index_cast %i : index to i32
    %f = arith.sitofp %j : i32 to f32
    %power = math.exp2 %f : f32
    %y = arith.mulf %x, %power : f32
    %inf = arith.constant 0x7F800000 : f32
    %last = arith.constant 63 : index
    %is_last = arith.cmpi eq, %i, %last : index
    %nan = arith.subf %inf, %inf : f32
    %z = arith.select %is_last, %nan, %y : f32
    tile.store %z, %t[%i] : !tile.fragment<64xf32>
  }
  tile.copy %t to %O : !tile.fragment<64xf32> to memref<64xi8>
  tile.copy %t to %P : !tile.fragment<64xf32> to memref<64xi32>
  tile.copy %t to %Q : !tile.fragment<64xf32> to memref<64xi64>
}
