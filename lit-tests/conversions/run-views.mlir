// Tiles seen under other shapes, other element types and with other dimensions first; executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --seed=2 | filecheck %s

// What is written through a view is read through the tile, in shared memory and in registers.
// CHECK: reshaped: C: sim equals interp
tile.kernel @reshaped(%A: memref<32x96xf32>, %C: memref<96x32xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<32x96xf32>
  %flat = tile.reshape %s : !tile.shared<32x96xf32> to !tile.shared<3072xf32>
  %cube = tile.reshape %flat : !tile.shared<3072xf32> to !tile.shared<48x2x32xf32>
  %f = tile.alloc : !tile.fragment<96x32xf32>
  %rows = tile.reshape %f : !tile.fragment<96x32xf32> to !tile.fragment<32x96xf32>
  tile.copy %A[%z, %z] to %s : memref<32x96xf32> to !tile.shared<32x96xf32>
  tile.parallel (%i) in (3072) {
    %x = tile.load %flat[%i] : !tile.shared<3072xf32>
    %y = arith.addf %x, %x : f32
    tile.store %y, %flat[%i] : !tile.shared<3072xf32>
  }
  tile.parallel (%i, %k) in (48, 32) {
    %c1 = arith.constant 1 : index
    %x = tile.load %cube[%i, %z, %k] : !tile.shared<48x2x32xf32>
    tile.store %x, %cube[%i, %c1, %k] : !tile.shared<48x2x32xf32>
  }
  tile.copy %s to %rows : !tile.shared<32x96xf32> to !tile.fragment<32x96xf32>
  tile.parallel (%i, %j) in (96, 32) {
    %x = tile.load %f[%i, %j] : !tile.fragment<96x32xf32>
    %y = arith.negf %x : f32
    tile.store %y, %f[%i, %j] : !tile.fragment<96x32xf32>
  }
  tile.copy %f to %C[%z, %z] : !tile.fragment<96x32xf32> to memref<96x32xf32>
}

// Bits of floats as words and halves, written through one and read through the other.
// CHECK: words: C: sim equals interp
// CHECK-NEXT: words: D: sim equals interp
tile.kernel @words(%A: memref<17x6xf32>, %C: memref<17x12xi16>, %D: memref<17x6xi32>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %one = arith.constant 1 : i16
  %s = tile.alloc : !tile.shared<17x6xf32>
  %halves = tile.view %s : !tile.shared<17x6xf32> to !tile.shared<17x12xi16>
  %whole = tile.view %halves : !tile.shared<17x12xi16> to !tile.shared<17x6xi32>
  tile.copy %A[%z, %z] to %s : memref<17x6xf32> to !tile.shared<17x6xf32>
  tile.copy %halves to %C[%z, %z] : !tile.shared<17x12xi16> to memref<17x12xi16>
  tile.parallel (%i) in (17) {
    tile.store %one, %halves[%i, %z] : !tile.shared<17x12xi16>
  }
  tile.copy %whole to %D[%z, %z] : !tile.shared<17x6xi32> to memref<17x6xi32>
}

// From memory to memory, to registers and back, and between registers.
// CHECK: transposed: C: sim equals interp
// CHECK-NEXT: transposed: D: sim equals interp
tile.kernel @transposed(%A: memref<48x32xf16>, %C: memref<32x48xf32>, %D: memref<48x32xf16>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<48x32xf16>
  %t = tile.alloc : !tile.shared<32x48xf16>
  %f = tile.alloc : !tile.fragment<48x32xf16>
  %g = tile.alloc : !tile.fragment<32x48xf32>
  %back = tile.alloc : !tile.shared<48x32xf16>
  tile.copy %A[%z, %z] to %s : memref<48x32xf16> to !tile.shared<48x32xf16>
  tile.transpose %s to %t : !tile.shared<48x32xf16> to !tile.shared<32x48xf16>
  tile.transpose %t to %f : !tile.shared<32x48xf16> to !tile.fragment<48x32xf16>
  tile.transpose %f to %g : !tile.fragment<48x32xf16> to !tile.fragment<32x48xf32>
  tile.transpose %g to %back : !tile.fragment<32x48xf32> to !tile.shared<48x32xf16>
  tile.copy %g to %C[%z, %z] : !tile.fragment<32x48xf32> to memref<32x48xf32>
  tile.copy %back to %D[%z, %z] : !tile.shared<48x32xf16> to memref<48x32xf16>
}

// Odd extents, three dimensions.
// CHECK: permuted: C: sim equals interp
tile.kernel @permuted(%A: memref<3x17x5xf32>, %C: memref<5x3x17xf32>) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %f = tile.alloc : !tile.fragment<3x17x5xf32>
  %g = tile.alloc : !tile.fragment<5x3x17xf32>
  %h = tile.alloc : !tile.fragment<5x3x17xf32>
  tile.copy %A[%z, %z, %z] to %f : memref<3x17x5xf32> to !tile.fragment<3x17x5xf32>
  tile.transpose %f to %g {permutation = array<i64: 2, 0, 1>} : !tile.fragment<3x17x5xf32> to !tile.fragment<5x3x17xf32>
  tile.copy %g to %h : !tile.fragment<5x3x17xf32> to !tile.fragment<5x3x17xf32>
  tile.copy %h to %C[%z, %z, %z] : !tile.fragment<5x3x17xf32> to memref<5x3x17xf32>
}

// A tile of a pipeline as an operand in another shape, and single elements of a fragment outside of loops.
// CHECK: pipelined: C: sim equals interp
tile.kernel @pipelined(%A: memref<64x128xf16>, %B: memref<128x64xf16>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %z = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %Bt = tile.alloc : !tile.shared<64x32xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to 128 step 32 stages(2) {
    tile.copy %A[%z, %k] to %As : memref<64x128xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %z] to %Bs : memref<128x64xf16> to !tile.shared<32x64xf16>
    %Ar = tile.reshape %As : !tile.shared<64x32xf16> to !tile.shared<32x64xf16>
    tile.gemm %Ar, %Bs into %acc {transpose_a} : !tile.shared<32x64xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
    tile.transpose %Bs to %Bt : !tile.shared<32x64xf16> to !tile.shared<64x32xf16>
    tile.gemm %As, %Bt into %acc {transpose_b} : !tile.shared<64x32xf16>, !tile.shared<64x32xf16>, !tile.fragment<64x64xf32>
  }
  %x = tile.load %acc[%c5, %z] : !tile.fragment<64x64xf32>
  tile.store %x, %acc[%z, %c5] : !tile.fragment<64x64xf32>
  tile.copy %acc to %C[%z, %z] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}
