// Iterations of parallel loops that follow each other access neighbours in memory at once, also under conditions that they
// have in common.
// REQUIRES: host-cxx
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=CUDA
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s
// RUN: tile-opt %s --lower-affine --tile-infer-layouts=arch=sm_80 --remarks=copy -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK

// The rows of a 3x3 convolution's operand (im2col): which pixel it is and whether it lies inside of the image is the same for
// 8 channels.
// CUDA-LABEL: convolution(
// CUDA: for (int k = 0; k < 288; k += 32) {
// CUDA: const bool in = a && b;
// CUDA: if (in && {{.*}}) {
// CUDA-NEXT: load_vector(vector, X + ({{.*}}));
// CUDA-NEXT: } else {
// CUDA-NEXT: fill(vector, f16(0.0f));
// CUDA: store_vector(As_ahead
// CHECK: convolution: Y: sim equals interp
tile.kernel @convolution(%X: memref<1x8x16x32xf16>, %W: memref<288x64xf16>, %Y: memref<128x64xf16>) blocks(%by) = (2) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %zero = arith.constant 0.0 : f16
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  %c16 = arith.constant 16 : index
  tile.clear %acc : !tile.fragment<64x64xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  tile.pipelined %k = 0 to 288 step 32 stages(2) {
    tile.parallel (%i, %j) in (64, 32) {
      %m = arith.addi %row, %i : index
      %kk = arith.addi %k, %j : index
      %h = affine.apply affine_map<(d0, d1) -> (d0 floordiv 16 + d1 floordiv 96 - 1)>(%m, %kk)
      %w = affine.apply affine_map<(d0, d1) -> (d0 mod 16 + (d1 floordiv 32) mod 3 - 1)>(%m, %kk)
      %c = affine.apply affine_map<(d0) -> (d0 mod 32)>(%kk)
      %h0 = arith.cmpi sge, %h, %c0 : index
      %h1 = arith.cmpi slt, %h, %c8 : index
      %w0 = arith.cmpi sge, %w, %c0 : index
      %w1 = arith.cmpi slt, %w, %c16 : index
      %a = arith.andi %h0, %h1 : i1
      %b = arith.andi %w0, %w1 : i1
      %in = arith.andi %a, %b : i1
      %x = scf.if %in -> (f16) {
        %v = tile.load %X[%c0, %h, %w, %c] : memref<1x8x16x32xf16>
        scf.yield %v : f16
      } else {
        scf.yield %zero : f16
      }
      tile.store %x, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    tile.copy %W[%k, %c0] to %Bs : memref<288x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %Y[%row, %c0] : !tile.fragment<64x64xf32> to memref<128x64xf16>
}

// Rows that a table names.
// CUDA-LABEL: gather(
// CUDA: load(Rows + i
// CUDA: load_vector(vector, X + {{.*}});
// CUDA: store_vector(Y + {{.*}}, vector_2);
// CHECK: gather: Y: sim equals interp
tile.kernel @gather(%Rows: memref<48xi32>, %X: memref<64x64xf16>, %Y: memref<48x64xf32>) blocks(%b) = (1) threads(64) {
  %mask = arith.constant 63 : i32
  tile.parallel (%i, %j) in (48, 64) {
    %row = tile.load %Rows[%i] : memref<48xi32>
    %low = arith.andi %row, %mask : i32
    %at = arith.index_cast %low : i32 to index
    %x = tile.load %X[%at, %j] : memref<64x64xf16>
    %y = arith.extf %x : f16 to f32
    tile.store %y, %Y[%i, %j] : memref<48x64xf32>
  }
}

// In place, one of two values.
// CUDA-LABEL: in_place(
// CUDA: load_vector(vector, X
// CUDA: store_vector(X
// CHECK: in_place: X: sim equals interp
tile.kernel @in_place(%X: memref<30x64xf32>) blocks(%b) = (1) threads(64) {
  %c16 = arith.constant 16 : index
  %one = arith.constant 1.0 : f32
  tile.parallel (%i, %j) in (30, 64) {
    %x = tile.load %X[%i, %j] : memref<30x64xf32>
    %left = arith.cmpi slt, %j, %c16 : index
    scf.if %left {
      %y = arith.addf %x, %one : f32
      tile.store %y, %X[%i, %j] : memref<30x64xf32>
    } else {
      %y = arith.mulf %x, %x : f32
      tile.store %y, %X[%i, %j] : memref<30x64xf32>
    }
  }
}

// The end of rows lies between vectors where it is a multiple of them, and single elements are moved where it is not.
// CUDA-LABEL: ragged(
// CUDA: const bool condition = j < 36;
// CUDA: if (condition) {
// CUDA-NEXT: load_vector(vector, X
// CUDA: store_vector(Z
// CUDA: const f32 y = load(Y
// CHECK: ragged: Z: sim equals interp
tile.kernel @ragged(%X: memref<20x36xf32>, %Y: memref<20x37xf32>, %Z: memref<20x64xf32>) blocks(%b) = (1) threads(64) {
  tile.parallel (%i, %j) in (20, 64) {
    %x = tile.load %X[%i, %j] : memref<20x36xf32>
    %z = arith.addf %x, %x : f32
    tile.store %z, %Z[%i, %j] : memref<20x64xf32>
  }
  tile.parallel (%i, %j) in (20, 37) {
    // REMARK: :[[@LINE+1]]:10: remark: loop loads single elements: rows of the loop have 37 iterations
    %y = tile.load %Y[%i, %j] : memref<20x37xf32>
    %z = tile.load %Z[%i, %j] : memref<20x64xf32>
    %w = arith.addf %y, %z : f32
    tile.store %w, %Z[%i, %j] : memref<20x64xf32>
  }
}

// What may keep neighbours apart.
// CHECK: apart: Z: sim equals interp
tile.kernel @apart(%X: memref<32x64xf32>, %Y: memref<32x64xf32>, %Z: memref<32x64xf32>) blocks(%b) = (1) threads(64) {
  %zero = arith.constant 0.0 : f32
  %c1 = arith.constant 1 : index
  %c63 = arith.constant 63 : index
  tile.parallel (%i, %j) in (32, 64) {
    %next = arith.addi %j, %c1 : index
    %mirrored = arith.subi %c63, %j : index
    %visible = arith.cmpi sle, %j, %i : index
    // REMARK: :[[@LINE+1]]:10: remark: loop loads single elements: its place in a row is known to be a multiple of 1
    %a = tile.load %X[%i, %next] : memref<32x64xf32>
    // REMARK: :[[@LINE+1]]:11: remark: loop loads single elements: iterations that follow each other do not access neighbours
    %b2 = tile.load %X[%i, %mirrored] : memref<32x64xf32>
    %c = scf.if %visible -> (f32) {
      // REMARK: :[[@LINE+1]]:12: remark: loop loads single elements: its condition may differ between neighbours
      %y = tile.load %Y[%i, %j] : memref<32x64xf32>
      scf.yield %y : f32
    } else {
      scf.yield %zero : f32
    }
    %d = arith.addf %a, %b2 : f32
    %e = arith.addf %c, %d : f32
    // REMARK: :[[@LINE+1]]:5: remark: loop stores single elements: 'tile.load' behind it accesses the same memory
    tile.store %e, %Z[%i, %j] : memref<32x64xf32>
    %f = tile.load %Z[%i, %j] : memref<32x64xf32>
    %g = arith.addf %f, %f : f32
    tile.store %g, %Z[%i, %j] : memref<32x64xf32>
  }
}
