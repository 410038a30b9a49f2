// Arrays of each thread that are only accessed at constant places become values; what a loop or a whole copy accesses stays.
// RUN: tile-opt %s --sroa --mem2reg --canonicalize -o %t.mlir
// RUN: filecheck %s --input-file=%t.mlir
// RUN: tile-run %t.mlir --kernel=ends --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s --check-prefix=SIM
// RUN: tile-run %s --kernel=ends --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s --check-prefix=SIM
// RUN: tile-opt %s --sroa --mem2reg --verify-semantics -o %t.checked.mlir

// CHECK-LABEL: tile.kernel @ends
// CHECK-NOT: tile.local
// CHECK: %[[X:.*]] = tile.load %A
// CHECK: %[[Y:.*]] = tile.load %A
// CHECK: arith.mulf %[[X]], %[[Y]]
// CHECK: }
// SIM: ends: B: sim equals interp
tile.kernel @ends(%A: memref<64xf32>, %B: memref<2xf32>) blocks(%bx) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c63 = arith.constant 63 : index
  %two = arith.constant 2.0 : f32
  %pair = tile.alloc : !tile.local<2xf32>
  %scale = tile.alloc : !tile.local<f32>
  tile.fill %scale, %two : !tile.local<f32>, f32
  %first = tile.load %A[%c0] : memref<64xf32>
  tile.store %first, %pair[%c0] : !tile.local<2xf32>
  %last = tile.load %A[%c63] : memref<64xf32>
  tile.store %last, %pair[%c1] : !tile.local<2xf32>
  %x = tile.load %pair[%c0] : !tile.local<2xf32>
  %y = tile.load %pair[%c1] : !tile.local<2xf32>
  %product = arith.mulf %x, %y : f32
  %s = tile.load %scale[] : !tile.local<f32>
  %scaled = arith.mulf %product, %s : f32
  tile.store %scaled, %B[%c0] : memref<2xf32>
  tile.store %y, %B[%c1] : memref<2xf32>
}

// CHECK-LABEL: tile.kernel @stays
// CHECK: tile.alloc : !tile.local<4xf32>
// CHECK: tile.alloc : !tile.local<f32>
// CHECK: tile.alloc : !tile.shared<1xf32>
tile.kernel @stays(%A: memref<4xf32>, %B: memref<4xf32>) blocks(%bx) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %many = tile.alloc : !tile.local<4xf32>
  %sum = tile.alloc : !tile.local<f32>
  %shared = tile.alloc : !tile.shared<1xf32>
  tile.clear %many : !tile.local<4xf32>
  tile.clear %sum : !tile.local<f32>
  scf.for %i = %c0 to %c4 step %c1 {
    %x = tile.load %many[%i] : !tile.local<4xf32>
    %s = tile.load %sum[] : !tile.local<f32>
    %t = arith.addf %x, %s : f32
    tile.store %t, %sum[] : !tile.local<f32>
  }
  %s = tile.load %sum[] : !tile.local<f32>
  tile.store %s, %shared[%c0] : !tile.shared<1xf32>
  %r = tile.load %shared[%c0] : !tile.shared<1xf32>
  tile.store %r, %B[%c0] : memref<4xf32>
}
