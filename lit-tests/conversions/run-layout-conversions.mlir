// Programs whose fragments cannot lie as all of their users want, executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --seed=2 | filecheck %s

// The accumulator of one product is the operand of another: rows of it are in other threads.
// CHECK: chained: D: sim equals interp
tile.kernel @chained(%A: memref<64x32xf16>, %B: memref<32x64xf16>, %C: memref<64x32xf16>, %D: memref<64x32xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %Cs = tile.alloc : !tile.shared<64x32xf16>
  %ab = tile.alloc : !tile.fragment<64x64xf32>
  %narrow = tile.alloc : !tile.fragment<64x64xf16>
  %abc = tile.alloc : !tile.fragment<64x32xf32>
  tile.copy %A[%z, %z] to %As : memref<64x32xf16> to !tile.shared<64x32xf16>
  tile.copy %B[%z, %z] to %Bs : memref<32x64xf16> to !tile.shared<32x64xf16>
  tile.copy %C[%z, %z] to %Cs : memref<64x32xf16> to !tile.shared<64x32xf16>
  tile.clear %ab : !tile.fragment<64x64xf32>
  tile.clear %abc : !tile.fragment<64x32xf32>
  tile.gemm %As, %Bs into %ab {policy = "square"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %ab to %narrow : !tile.fragment<64x64xf32> to !tile.fragment<64x64xf16>
  tile.gemm %narrow, %Cs into %abc {policy = "cols"} : !tile.fragment<64x64xf16>, !tile.shared<64x32xf16>, !tile.fragment<64x32xf32>
  tile.copy %abc to %D[%z, %z] : !tile.fragment<64x32xf32> to memref<64x32xf32>
}

// Both operands come from registers, one of them as another product left it.
// CHECK: right: D: sim equals interp
tile.kernel @right(%A: memref<32x32xf16>, %B: memref<32x32xf16>, %D: memref<32x32xf32>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %As = tile.alloc : !tile.shared<32x32xf16>
  %Bs = tile.alloc : !tile.shared<32x32xf16>
  %ab = tile.alloc : !tile.fragment<32x32xf16>
  %a = tile.alloc : !tile.fragment<32x32xf16>
  %d = tile.alloc : !tile.fragment<32x32xf32>
  tile.copy %A[%z, %z] to %As : memref<32x32xf16> to !tile.shared<32x32xf16>
  tile.copy %B[%z, %z] to %Bs : memref<32x32xf16> to !tile.shared<32x32xf16>
  tile.copy %A[%z, %z] to %a : memref<32x32xf16> to !tile.fragment<32x32xf16>
  tile.clear %ab : !tile.fragment<32x32xf16>
  tile.clear %d : !tile.fragment<32x32xf32>
  tile.gemm %As, %Bs into %ab : !tile.shared<32x32xf16>, !tile.shared<32x32xf16>, !tile.fragment<32x32xf16>
  tile.gemm %a, %ab into %d : !tile.fragment<32x32xf16>, !tile.fragment<32x32xf16>, !tile.fragment<32x32xf32>
  tile.gemm %ab, %a into %d {transpose_a, transpose_b} : !tile.fragment<32x32xf16>, !tile.fragment<32x32xf16>, !tile.fragment<32x32xf32>
  tile.copy %d to %D[%z, %z] : !tile.fragment<32x32xf32> to memref<32x32xf32>
}

// Two products accumulate in one fragment, which the author has the warps divide in two ways.
// CHECK: policies: C: sim equals interp
tile.kernel @policies(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to 128 step 32 stages(2) {
    tile.copy %A[%z, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %z] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc {policy = "rows"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    tile.gemm %As, %Bs into %acc {policy = "cols"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// A loop over an accumulator and over the operand of another product, with rows and columns of both.
// CHECK: elementwise: C: sim equals interp
tile.kernel @elementwise(%A: memref<64x64xf16>, %R: memref<64xf32>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<64x64xf16>
  %As = tile.alloc : !tile.shared<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %max = tile.alloc : !tile.fragment<64xf32>
  %row = tile.alloc : !tile.fragment<64xf32>
  tile.copy %A[%z, %z] to %a : memref<64x64xf16> to !tile.fragment<64x64xf16>
  tile.copy %A[%z, %z] to %As : memref<64x64xf16> to !tile.shared<64x64xf16>
  tile.copy %R[%z] to %row : memref<64xf32> to !tile.fragment<64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.gemm %a, %As into %acc {policy = "square"} : !tile.fragment<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
  tile.reduce max %acc to %max dim(0) {clear} : !tile.fragment<64x64xf32> to !tile.fragment<64xf32>
  tile.parallel (%i, %j) in (64, 64) {
    %x = tile.load %acc[%i, %j] : !tile.fragment<64x64xf32>
    %y = tile.load %a[%i, %j] : !tile.fragment<64x64xf16>
    %m = tile.load %max[%i] : !tile.fragment<64xf32>
    %r = tile.load %row[%j] : !tile.fragment<64xf32>
    %t = tile.load %a[%j, %i] : !tile.fragment<64x64xf16>
    %w = arith.extf %y : f16 to f32
    %u = arith.extf %t : f16 to f32
    %s0 = arith.addf %x, %w : f32
    %s1 = arith.subf %s0, %m : f32
    %s2 = arith.addf %s1, %r : f32
    %s3 = arith.addf %s2, %u : f32
    tile.store %s3, %acc[%i, %j] : !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Neighbours, parts and single elements of fragments: what a thread cannot name in its registers it finds in memory.
// CHECK: neighbours: C: sim equals interp
tile.kernel @neighbours(%A: memref<17x33xf32>, %C: memref<17x33xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c33 = arith.constant 33 : index
  %a = tile.alloc : !tile.fragment<17x33xf32>
  %c = tile.alloc : !tile.fragment<17x33xf32>
  %column = tile.alloc : !tile.fragment<17x1xf32>
  %one = tile.alloc : !tile.fragment<1xf32>
  %half = arith.constant 0.5 : f32
  tile.fill %one, %half : !tile.fragment<1xf32>, f32
  tile.copy %A[%z, %z] to %a : memref<17x33xf32> to !tile.fragment<17x33xf32>
  tile.copy %A[%z, %z] to %column : memref<17x33xf32> to !tile.fragment<17x1xf32>
  tile.clear %c : !tile.fragment<17x33xf32>
  tile.parallel (%i, %j) in (17, 33) {
    %n = arith.addi %j, %c1 : index
    %m = arith.remui %n, %c33 : index
    %x = tile.load %a[%i, %m] : !tile.fragment<17x33xf32>
    %first = tile.load %column[%i, %z] : !tile.fragment<17x1xf32>
    %h = tile.load %one[%z] : !tile.fragment<1xf32>
    %y = arith.addf %x, %first : f32
    %w = arith.mulf %y, %h : f32
    tile.store %w, %c[%i, %j] : !tile.fragment<17x33xf32>
  }
  tile.parallel (%j) in (32) {
    %x = tile.load %a[%c1, %j] : !tile.fragment<17x33xf32>
    tile.store %x, %c[%z, %j] : !tile.fragment<17x33xf32>
  }
  tile.copy %c to %C[%z, %z] : !tile.fragment<17x33xf32> to memref<17x33xf32>
}

// A vector that a loop wants along its rows and a copy from memory along nothing.
// CHECK: vectors: C: sim equals interp
tile.kernel @vectors(%R: memref<278xf32>, %N: memref<97xf16>, %C: memref<96x32xf16>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %r = tile.alloc : !tile.fragment<96xf32>
  %n = tile.alloc : !tile.fragment<32xf16>
  %s = tile.alloc : !tile.fragment<96xf32>
  %x = tile.alloc : !tile.fragment<96x32xf32>
  %h = tile.alloc : !tile.fragment<96x32xf16>
  tile.copy %R[%z] to %r : memref<278xf32> to !tile.fragment<96xf32>
  tile.copy %N[%z] to %n : memref<97xf16> to !tile.fragment<32xf16>
  tile.parallel (%i, %j) in (96, 32) {
    %v = tile.load %r[%i] : !tile.fragment<96xf32>
    %w = tile.load %n[%j] : !tile.fragment<32xf16>
    %u = arith.extf %w : f16 to f32
    %t = arith.mulf %u, %v : f32
    tile.store %t, %x[%i, %j] : !tile.fragment<96x32xf32>
  }
  tile.reduce sum %x to %s dim(1) {clear} : !tile.fragment<96x32xf32> to !tile.fragment<96xf32>
  tile.parallel (%i, %j) in (96, 32) {
    %v = tile.load %r[%i] : !tile.fragment<96xf32>
    %w = tile.load %s[%i] : !tile.fragment<96xf32>
    %u = tile.load %x[%i, %j] : !tile.fragment<96x32xf32>
    %t = arith.subf %u, %v : f32
    %q = arith.addf %w, %t : f32
    tile.store %q, %x[%i, %j] : !tile.fragment<96x32xf32>
  }
  tile.copy %x to %h : !tile.fragment<96x32xf32> to !tile.fragment<96x32xf16>
  tile.copy %h to %C[%z, %z] : !tile.fragment<96x32xf16> to memref<96x32xf16>
}
