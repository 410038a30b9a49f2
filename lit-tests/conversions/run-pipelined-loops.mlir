// Parallel loops that fill shared tiles from tensors run ahead of a pipelined loop: they load into registers where copies start,
// and store behind the computation.
// REQUIRES: host-cxx
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 2>%t.remarks | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=CUDA
// RUN: filecheck %s --check-prefix=REMARK < %t.remarks
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_89 --compare=interp --schedules=8 --seed=3 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --seed=4 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s

// Rows that a table names, beside a copy that is asynchronous; iterations as many as %n asks for.
// CUDA-LABEL: gathered(
// CUDA: for (int k = 0;
// CUDA: sync_threads();
// CUDA: cp_async<16>(Bs_ahead
// CUDA: load_vector(vector, X
// CUDA: mma_m16n8k16
// CUDA: store_vector(As_ahead
// CUDA-NOT: sync_threads
// CUDA: read_stage =
// CHECK: gathered: Y: sim equals interp
tile.kernel @gathered(%Trips: memref<1xi32>, %Rows: memref<64xi32>, %X: memref<100x160xf16>, %W: memref<160x64xf16>, %Y: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %four = arith.constant 3 : i32
  %mask = arith.constant 63 : i32
  tile.clear %acc : !tile.fragment<64x64xf32>
  %wanted = tile.load %Trips[%c0] : memref<1xi32>
  %low = arith.andi %wanted, %four : i32
  %trips = arith.index_cast %low : i32 to index
  %end = affine.apply affine_map<(d0) -> (d0 * 32)>(%trips)
  tile.pipelined %k = 0 to %end step 32 stages(3) {
    tile.parallel (%i, %j) in (64, 32) {
      %row = tile.load %Rows[%i] : memref<64xi32>
      %known = arith.andi %row, %mask : i32
      %at = arith.index_cast %known : i32 to index
      %column = arith.addi %k, %j : index
      %x = tile.load %X[%at, %column] : memref<100x160xf16>
      %y = arith.addf %x, %x : f16
      tile.store %y, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    tile.copy %W[%k, %c0] to %Bs : memref<160x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %Y : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Nothing but loops, one of them in iterations that a flag asks for.
// CUDA-LABEL: flagged(
// CUDA: store_vector(As_ahead
// CHECK: flagged: Y: sim equals interp
// REMARK: :[[@LINE+10]]:3: remark: loop is pipelined through registers: its body has loops over elements instead of copies
tile.kernel @flagged(%Flags: memref<5xi1>, %X: memref<64x160xf16>, %W: memref<64x160xf16>, %Y: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<64x32xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  tile.clear %acc : !tile.fragment<64x64xf32>

  // Conditions and places are computed ahead.
  tile.pipelined %k = 0 to 160 step 32 stages(2) {
    %number = arith.divui %k, %c32 : index
    %flag = tile.load %Flags[%number] : memref<5xi1>
    scf.if %flag {
      tile.parallel (%i, %j) in (64, 32) {
        %column = arith.addi %k, %j : index
        %x = tile.load %X[%i, %column] : memref<64x160xf16>
        tile.store %x, %As[%i, %j] : !tile.shared<64x32xf16>
      }
      tile.parallel (%i, %j) in (64, 32) {
        %column = arith.addi %k, %j : index
        %x = tile.load %W[%i, %column] : memref<64x160xf16>
        tile.store %x, %Bs[%i, %j] : !tile.shared<64x32xf16>
      }
      tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<64x32xf16>, !tile.shared<64x32xf16>, !tile.fragment<64x64xf32>
    }
  }
  tile.copy %acc to %Y : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// Placed by hand: the loop two iterations ahead of the product.
// CHECK: by_hand: Y: sim equals interp
// REMARK-NOT: by_hand
tile.kernel @by_hand(%X: memref<64x160xf16>, %W: memref<160x64xf16>, %Y: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.pipelined %k = 0 to 160 step 32 order([0, 2, 1]) stage([0, 1, 2]) {
    tile.parallel (%i, %j) in (64, 32) {
      %column = arith.addi %k, %j : index
      %x = tile.load %X[%i, %column] : memref<64x160xf16>
      %y = arith.negf %x : f16
      tile.store %y, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    tile.copy %W[%k, %c0] to %Bs : memref<160x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %Y : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// What keeps a loop from running ahead.
// CHECK: kept: Y: sim equals interp
tile.kernel @kept(%X: memref<64x160xf16>, %W: memref<160x64xf16>, %Y: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c40 = arith.constant 40 : index
  %zero = arith.constant 0.0 : f16
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.fill %As, %zero : !tile.shared<64x32xf16>, f16
  tile.pipelined %k = 0 to 160 step 32 stages(2) {
    // REMARK: :[[@LINE+1]]:5: remark: loop over elements does not run ahead of its loop: a loop over elements does not store one element of its tile in every iteration
    tile.parallel (%i, %j) in (64, 32) {
      %column = arith.addi %k, %j : index
      %x = tile.load %X[%i, %column] : memref<64x160xf16>
      %even = arith.cmpi slt, %i, %c40 : index
      scf.if %even {
        tile.store %x, %As[%i, %j] : !tile.shared<64x32xf16>
      }
    }
    tile.copy %W[%k, %c0] to %Bs : memref<160x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %Y : !tile.fragment<64x64xf32> to memref<64x64xf32>
}
