// Programs around pipelines that a lowering gets wrong easily, executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg n=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg n=32 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg n=100 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --arg n=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --arg n=32 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --arg n=128 | filecheck %s

// The number of iterations is known at run time only: none, fewer than the stages, more.
// CHECK: run_time_bound: C: sim equals interp
tile.kernel @run_time_bound(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>, %n: index) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to %n step 32 stages(3) {
    tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// A tile that is changed in place needs a barrier of its own.
// CHECK: in_place: C: sim equals interp
tile.kernel @in_place(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %h = arith.constant 0.5 : f16
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to 128 step 32 stages(3) {
    tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.parallel (%i, %j) in (64, 32) {
      %x = tile.load %As[%i, %j] : !tile.shared<64x32xf16>
      %y = arith.mulf %x, %h : f16
      tile.store %y, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// The prologue of the next execution overwrites what the last iteration of this one reads.
// CHECK: nested: C: sim equals interp
tile.kernel @nested(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<192x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c64 = arith.constant 64 : index
  %c192 = arith.constant 192 : index
  scf.for %o = %c0 to %c192 step %c64 {
    tile.clear %acc : !tile.fragment<64x64xf32>
    tile.pipelined %k = 0 to 128 step 32 stages(3) {
      tile.copy %A[%c0, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
      tile.copy %B[%k, %c0] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
      tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    }
    tile.copy %acc to %C[%o, %c0] : !tile.fragment<64x64xf32> to memref<192x64xf32>
  }
}

// A guarded use in front of the copy sees the iteration before.
// CHECK: guarded_use: C: sim equals interp
tile.kernel @guarded_use(%A: memref<256xf32>, %C: memref<256xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<64xf32>
  %f = tile.alloc : !tile.fragment<64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 256 step 64 stages(2) {
    tile.clear %f : !tile.fragment<64xf32>
    %later = arith.cmpi sgt, %k, %c0 : index
    scf.if %later {
      tile.copy %s to %f : !tile.shared<64xf32> to !tile.fragment<64xf32>
    }
    tile.copy %f to %C[%k] : !tile.fragment<64xf32> to memref<256xf32>
    tile.copy %A[%k] to %s : memref<256xf32> to !tile.shared<64xf32>
  }
}

// Two pipelines after each other share memory.
// CHECK: two_loops: C: sim equals interp
tile.kernel @two_loops(%A: memref<64x96xf16>, %B: memref<96x64xf16>, %C: memref<64x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %At = tile.alloc : !tile.shared<64x32xf16>
  %Bt = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to 96 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As : memref<64x96xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<96x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.pipelined %k = 32 to 96 step 32 stages(3) {
    tile.copy %A[%c0, %k] to %At : memref<64x96xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bt : memref<96x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %At, %Bt into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf16>
}
