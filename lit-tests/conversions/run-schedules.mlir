// Pipelines by lists of orders and stages, executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg n=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=2 --arg n=32 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=3 --arg n=100 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --arg n=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 --arg n=32 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=3 --arg n=100 | filecheck %s

// Copies of different depth, and the copies behind the product.
// CHECK: depths: C: sim equals interp
tile.kernel @depths(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>, %n: index) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to %n step 32 order([1, 2, 0]) stage([0, 1, 3]) {
    tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// The author's own prefetch through registers: the next tile travels during the product.
// CHECK: registers: C: sim equals interp
tile.kernel @registers(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>, %n: index) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf16>
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to %n step 32 order([2, 0, 1, 3]) stage([0, 1, 0, 2]) {
    tile.copy %A[%c0, %k] to %a : memref<64x128xf16> to !tile.fragment<64x32xf16>
    tile.copy %a to %As : !tile.fragment<64x32xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Two products in different stages, as attention has them: the second works on the scores of the iteration before. The
// loop stands in another, whose prologue meets what the last iteration still reads.
// CHECK: two_products: C: sim equals interp
tile.kernel @two_products(%Q: memref<64x32xf16>, %K: memref<128x32xf16>, %V: memref<128x64xf16>, %C: memref<128x64xf32>, %n: index) blocks(%b) = (1) threads(128) {
  %Qs = tile.alloc : !tile.shared<64x32xf16>
  %Ks = tile.alloc : !tile.shared<32x32xf16>
  %Vs = tile.alloc : !tile.shared<32x64xf16>
  %scores = tile.alloc : !tile.fragment<64x32xf32>
  %p = tile.alloc : !tile.fragment<64x32xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  %h = arith.constant 0.25 : f32
  tile.copy %Q to %Qs : memref<64x32xf16> to !tile.shared<64x32xf16>
  scf.for %o = %c0 to %c128 step %c64 {
    tile.clear %acc : !tile.fragment<64x64xf32>
    tile.pipelined %k = 0 to %n step 32 order([3, 4, 5, 6, 0, 1, 2]) stage([0, 0, 1, 1, 2, 2, 2]) {
      tile.copy %K[%k, %c0] to %Ks : memref<128x32xf16> to !tile.shared<32x32xf16>
      tile.copy %V[%k, %c0] to %Vs : memref<128x64xf16> to !tile.shared<32x64xf16>
      tile.clear %scores : !tile.fragment<64x32xf32>
      tile.gemm %Qs, %Ks into %scores {transpose_b} : !tile.shared<64x32xf16>, !tile.shared<32x32xf16>, !tile.fragment<64x32xf32>
      tile.parallel (%i, %j) in (64, 32) {
        %x = tile.load %scores[%i, %j] : !tile.fragment<64x32xf32>
        %y = arith.mulf %x, %h : f32
        tile.store %y, %scores[%i, %j] : !tile.fragment<64x32xf32>
      }
      tile.copy %scores to %p : !tile.fragment<64x32xf32> to !tile.fragment<64x32xf16>
      tile.gemm %p, %Vs into %acc : !tile.fragment<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    }
    tile.copy %acc to %C[%o, %c0] : !tile.fragment<64x64xf32> to memref<128x64xf32>
  }
}

// A tile that is changed where it was filled, before later stages use it; and a branch as a statement.
// CHECK: in_place: C: sim equals interp
tile.kernel @in_place(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>, %n: index) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %h = arith.constant 0.5 : f16
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to %n step 32 stage([0, 0, 0, 1]) {
    tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.parallel (%i, %j) in (64, 32) {
      %x = tile.load %As[%i, %j] : !tile.shared<64x32xf16>
      %y = arith.mulf %x, %h : f16
      tile.store %y, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    %early = arith.cmpi slt, %k, %c64 : index
    scf.if %early {
      tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    }
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// The row to copy is loaded, and a count goes from statement to statement of one stage.
// CHECK: loaded: C: sim equals interp
tile.kernel @loaded(%I: memref<9xi32>, %A: memref<16x64xf32>, %C: memref<9x64xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<64xf32>
  %f = tile.alloc : !tile.fragment<64xf32>
  %c0 = arith.constant 0 : index
  %c15 = arith.constant 15 : i32
  tile.pipelined %k = 0 to 9 step 1 order([2, 0, 1]) stage([0, 1, 1]) {
    %number = tile.load %I[%k] : memref<9xi32>
    %low = arith.andi %number, %c15 : i32
    %row = arith.index_cast %low : i32 to index
    tile.copy %A[%row, %c0] to %s : memref<16x64xf32> to !tile.shared<64xf32>
    tile.copy %s to %f : !tile.shared<64xf32> to !tile.fragment<64xf32>
    tile.copy %f to %C[%k, %c0] : !tile.fragment<64xf32> to memref<9x64xf32>
  }
}
