// Parts of a tensor that a kernel writes several times: a barrier where threads may meet in an element, and none where they
// cannot.
// REQUIRES: host-cxx
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=CUDA
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg=n=3 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 --arg=n=3 | filecheck %s

// All of it, then every other element, by another distribution.
// CUDA-LABEL: overwritten(
// CUDA: store_vector(Y
// CUDA: sync_threads();
// CUDA: store(Y
// CHECK: overwritten: Y: sim equals interp
tile.kernel @overwritten(%X: memref<16x32xf32>, %Y: memref<16x64xf32>) blocks(%b) = (1) threads(64) {
  %zero = arith.constant 0.0 : f32
  tile.parallel (%i, %j) in (16, 64) {
    tile.store %zero, %Y[%i, %j] : memref<16x64xf32>
  }
  tile.parallel (%i, %j) in (16, 32) {
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %x = tile.load %X[%i, %j] : memref<16x32xf32>
    tile.store %x, %Y[%i, %even] : memref<16x64xf32>
  }
}

// All of it twice by the same threads.
// CUDA-LABEL: again(
// CUDA-NOT: sync_threads
// CHECK: again: Y: sim equals interp
tile.kernel @again(%X: memref<32x64xf32>, %Y: memref<32x64xf32>) blocks(%b) = (1) threads(64) {
  %c16 = arith.constant 16 : index
  %zero = arith.constant 0.0 : f32
  tile.parallel (%i, %j) in (32, 64) {
    tile.store %zero, %Y[%i, %j] : memref<32x64xf32>
  }
  tile.parallel (%i, %j) in (32, 64) {
    %x = tile.load %X[%i, %j] : memref<32x64xf32>
    %isUpper = arith.cmpi slt, %i, %c16 : index
    scf.if %isUpper {
      tile.store %x, %Y[%i, %j] : memref<32x64xf32>
    }
  }
}

// Parts of one result: two halves, each in rows of a loop's own, and what is read there.
// CUDA-LABEL: parts(
// CUDA-NOT: sync_threads
// CHECK: parts: Y: sim equals interp
tile.kernel @parts(%n: index, %X: memref<?x16x64xf32> sizes(%n), %Y: memref<?x16x128xf32> sizes(%n)) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %f = tile.alloc : !tile.fragment<16x64xf32>
  scf.for %k = %c0 to %n step %c1 {
    tile.copy %X[%k, %c0, %c0] to %f : memref<?x16x64xf32> to !tile.fragment<16x64xf32>
    tile.copy %f to %Y[%k, %c0, %c64] : !tile.fragment<16x64xf32> to memref<?x16x128xf32>
    tile.parallel (%i, %j) in (16, 64) {
      %x = tile.load %X[%k, %i, %j] : memref<?x16x64xf32>
      %y = arith.mulf %x, %x : f32
      tile.store %y, %Y[%k, %i, %j] : memref<?x16x128xf32>
    }
  }
}

// Windows that overlap the next ones: what an iteration writes, the next reads and overwrites.
// CUDA-LABEL: windows(
// CUDA: for (int k = 0; k < 24; k += 8) {
// CUDA: sync_threads();
// CHECK: windows: Y: sim equals interp
tile.kernel @windows(%X: memref<64xf32>, %Y: memref<64xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c24 = arith.constant 24 : index
  tile.parallel (%i) in (64) {
    %x = tile.load %X[%i] : memref<64xf32>
    tile.store %x, %Y[%i] : memref<64xf32>
  }
  scf.for %k = %c0 to %c24 step %c8 {
    tile.parallel (%i) in (32) {
      %at = arith.addi %k, %i : index
      %y = tile.load %Y[%at] : memref<64xf32>
      %z = arith.addf %y, %y : f32
      tile.store %z, %Y[%at] : memref<64xf32>
    }
  }
}

// Windows side by side, and backwards.
// CUDA-LABEL: apart(
// CUDA: for (int k = 0; k < 64; k += 32) {
// CUDA-NOT: sync_threads
// CHECK: apart: Y: sim equals interp
tile.kernel @apart(%X: memref<64xf32>, %Y: memref<64xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c31 = arith.constant 31 : index
  %c32 = arith.constant 32 : index
  %c64 = arith.constant 64 : index
  scf.for %k = %c0 to %c64 step %c32 {
    tile.parallel (%i) in (32) {
      %mirrored = arith.subi %c31, %i : index
      %from = arith.addi %k, %i : index
      %at = arith.addi %k, %mirrored : index
      %x = tile.load %X[%from] : memref<64xf32>
      tile.store %x, %Y[%at] : memref<64xf32>
    }
  }
}

// Rows that a table names, perhaps one several times, by threads of their own columns.
// CUDA-LABEL: rows(
// CUDA: load(Rows
// CUDA-NOT: sync_threads
// CHECK: rows: Y: sim equals interp
tile.kernel @rows(%Rows: memref<6xi32>, %Y: memref<8x64xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c6 = arith.constant 6 : index
  %low = arith.constant 7 : i32
  %f = tile.alloc : !tile.fragment<1x64xf32>
  scf.for %k = %c0 to %c6 step %c1 {
    %row = tile.load %Rows[%k] : memref<6xi32>
    %known = arith.andi %row, %low : i32
    %at = arith.index_cast %known : i32 to index
    tile.copy %Y[%at, %c0] to %f : memref<8x64xf32> to !tile.fragment<1x64xf32>
    tile.parallel (%i, %j) in (1, 64) {
      %x = tile.load %f[%i, %j] : !tile.fragment<1x64xf32>
      %y = arith.addf %x, %x : f32
      tile.store %y, %f[%i, %j] : !tile.fragment<1x64xf32>
    }
    tile.copy %f to %Y[%at, %c0] : !tile.fragment<1x64xf32> to memref<8x64xf32>
  }
}

// Few elements, of which threads hold copies: one thread runs each iteration that changes what it reads.
// CUDA-LABEL: few(
// CUDA: load_vector(f, X
// CHECK: few: Y: sim equals interp
tile.kernel @few(%X: memref<4x8xf32>, %Y: memref<4x8xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %f = tile.alloc : !tile.fragment<4x8xf32>
  tile.copy %X[%c0, %c0] to %f : memref<4x8xf32> to !tile.fragment<4x8xf32>
  tile.copy %f to %Y[%c0, %c0] : !tile.fragment<4x8xf32> to memref<4x8xf32>
  tile.parallel (%i, %j) in (4, 8) {
    %x = tile.load %Y[%i, %j] : memref<4x8xf32>
    %y = arith.addf %x, %x : f32
    tile.store %y, %Y[%i, %j] : memref<4x8xf32>
  }
}
