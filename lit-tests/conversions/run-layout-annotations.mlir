// Layouts that the author gives are kept, whatever their neighbours want; executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s

// Four lanes hold pairs of columns and shall hold runs of eight.
// CHECK: transposed_lanes: C: sim equals interp
tile.kernel @transposed_lanes(%A: memref<64x32xf32>, %C: memref<64x32xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(2,32), value = (2,4,2):(1,8,1024)>>
  %c = tile.alloc : !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(8,32), value = (8,2):(1,1024)>>
  tile.copy %A[%z, %z] to %a : memref<64x32xf32> to !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(2,32), value = (2,4,2):(1,8,1024)>>
  tile.copy %a to %c : !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(2,32), value = (2,4,2):(1,8,1024)>> to !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(8,32), value = (8,2):(1,1024)>>
  tile.copy %c to %C[%z, %z] : !tile.fragment<64x32xf32, #layout.fragment<[64, 32], thread = (4,32):(8,32), value = (8,2):(1,1024)>> to memref<64x32xf32>
}

// Registers alone: the same elements in another order. Narrow elements travel, wide ones are made of them.
// CHECK: renamed: C: sim equals interp
tile.kernel @renamed(%A: memref<64x16xf16>, %C: memref<64x16xf32>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<64x16xf16>
  %c = tile.alloc : !tile.fragment<64x16xf32>
  tile.annotate_layout %a, #layout.fragment<[64, 16], thread = 64:16, value = (4,4):(1,4)> : !tile.fragment<64x16xf16>
  tile.annotate_layout %c, #layout.fragment<[64, 16], thread = 64:16, value = (4,4):(4,1)> : !tile.fragment<64x16xf32>
  tile.copy %A[%z, %z] to %a : memref<64x16xf16> to !tile.fragment<64x16xf16>
  tile.copy %a to %c : !tile.fragment<64x16xf16> to !tile.fragment<64x16xf32>
  tile.copy %c to %C[%z, %z] : !tile.fragment<64x16xf32> to memref<64x16xf32>
}

// Neighbouring lanes change places in pairs, halves and wholes; one of them broadcasts; lanes are left out.
// CHECK: lanes: C: sim equals interp
// CHECK-NEXT: lanes: D: sim equals interp
tile.kernel @lanes(%A: memref<64xf16>, %C: memref<64xf16>, %D: memref<64xf16>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<64xf16>
  %reversed = tile.alloc : !tile.fragment<64xf16>
  %held = tile.alloc : !tile.fragment<64xf16>
  tile.annotate_layout %a, affine_map<(d0) -> (d0, 0)> : !tile.fragment<64xf16>
  tile.annotate_layout %reversed, affine_map<(d0) -> ((d0 mod 2) * 16 + (d0 mod 32) floordiv 2 + (d0 floordiv 32) * 32, 0)> : !tile.fragment<64xf16>
  tile.annotate_layout %held, affine_map<(d0, d1) -> (d1 * 32 + d0 mod 32, d0 floordiv 32)> replicas(2) : !tile.fragment<64xf16>
  tile.copy %A[%z] to %a : memref<64xf16> to !tile.fragment<64xf16>
  tile.copy %a to %reversed : !tile.fragment<64xf16> to !tile.fragment<64xf16>
  tile.copy %a to %held : !tile.fragment<64xf16> to !tile.fragment<64xf16>
  tile.copy %reversed to %C[%z] : !tile.fragment<64xf16> to memref<64xf16>
  tile.copy %held to %D[%z] : !tile.fragment<64xf16> to memref<64xf16>
}
