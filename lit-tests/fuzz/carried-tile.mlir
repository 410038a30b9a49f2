// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0

// A conditional body that reads what the iteration before copied: that copy may not run ahead.

tile.kernel @carried(%A: memref<64x16xf32>, %O: memref<16xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<16xf32>
  %sum = tile.alloc : !tile.fragment<16xf32>
  %zero = arith.constant 0 : index
  tile.clear %sum : !tile.fragment<16xf32>
  tile.pipelined %k = 0 to 8 step 1 stages(3) {
    %later = arith.cmpi sgt, %k, %zero : index
    scf.if %later {
      tile.parallel (%i) in (16) {
        %x = tile.load %s[%i] : !tile.shared<16xf32>
        %y = tile.load %sum[%i] : !tile.fragment<16xf32>
        %z = arith.addf %x, %y : f32
        tile.store %z, %sum[%i] : !tile.fragment<16xf32>
      }
    }
    tile.copy %A[%k, %zero] to %s : memref<64x16xf32> to !tile.shared<16xf32>
  }
  tile.copy %sum to %O : !tile.fragment<16xf32> to memref<16xf32>
}
