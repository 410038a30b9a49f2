// Copies and products with unusual operands, executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s

// What lies in front of a tensor reads as zero too.
// CHECK: halo: C: sim equals interp
tile.kernel @halo(%A: memref<64x64xf32>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<64x64xf32>
  %z = arith.constant 0 : index
  %m = arith.constant -1 : index
  tile.copy %A[%m, %z] to %a : memref<64x64xf32> to !tile.fragment<64x64xf32>
  tile.copy %a to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// One tile is both operands: read along its rows and along its columns.
// CHECK: square: C: sim equals interp
tile.kernel @square(%A: memref<64x64xf16>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<64x64xf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  %z = arith.constant 0 : index
  tile.clear %c : !tile.fragment<64x64xf32>
  tile.copy %A[%z, %z] to %a : memref<64x64xf16> to !tile.shared<64x64xf16>
  tile.gemm %a, %a into %c : !tile.shared<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %c to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Operands that no copy from memory fills.
// CHECK: filled: C: sim equals interp
tile.kernel @filled(%C: memref<64x64xf32>) blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %w = tile.alloc : !tile.shared<32x64xf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  %z = arith.constant 0 : index
  %h = arith.constant 1.5 : f16
  tile.clear %c : !tile.fragment<64x64xf32>
  tile.fill %a, %h : !tile.shared<64x32xf16>, f16
  tile.parallel (%i, %j) in (32, 64) {
    tile.store %h, %w[%i, %j] : !tile.shared<32x64xf16>
  }
  tile.gemm %a, %w into %c : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %c to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Tiles that are no powers of two.
// CHECK: three_quarters: C: sim equals interp
tile.kernel @three_quarters(%A: memref<96x96xf16>, %B: memref<96x96xf16>, %C: memref<96x96xf16>) blocks(%x, %y) = (1, 2) threads(64) {
  %As = tile.alloc : !tile.shared<48x48xf16>
  %Bs = tile.alloc : !tile.shared<48x96xf16>
  %acc = tile.alloc : !tile.fragment<48x96xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<48x96xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 48)>(%y)
  tile.pipelined %k = 0 to 96 step 48 stages(2) {
    tile.copy %A[%m, %k] to %As : memref<96x96xf16> to !tile.shared<48x48xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<96x96xf16> to !tile.shared<48x96xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<48x48xf16>, !tile.shared<48x96xf16>, !tile.fragment<48x96xf32>
  }
  tile.copy %acc to %C[%m, %c0] : !tile.fragment<48x96xf32> to memref<96x96xf16>
}
