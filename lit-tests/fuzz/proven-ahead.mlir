// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | filecheck %s

// The copies stay within 511 elements; of the copy that runs three iterations ahead that is not seen any more, and it must
// be as wide as was decided before, when a wide asynchronous copy was promised.

// CHECK-NOT: nv.cp_async {{[24]}} %
tile.kernel @ahead(%A: memref<511xf16>, %C: memref<64xf16>) blocks(%b) = (1) threads(32) {
  %a = tile.alloc : !tile.shared<64xf16>
  %sum = tile.alloc : !tile.fragment<64xf16>
  tile.clear %sum : !tile.fragment<64xf16>
  tile.pipelined %k = 64 to 160 step 32 stages(4) {
    %at = affine.apply affine_map<(d0) -> (d0 * 2)>(%k)
    tile.copy %A[%at] to %a : memref<511xf16> to !tile.shared<64xf16>
    tile.parallel (%i) in (64) {
      %x = tile.load %a[%i] : !tile.shared<64xf16>
      %y = tile.load %sum[%i] : !tile.fragment<64xf16>
      %z = arith.addf %x, %y : f16
      tile.store %z, %sum[%i] : !tile.fragment<64xf16>
    }
  }
  tile.copy %sum to %C : !tile.fragment<64xf16> to memref<64xf16>
}
