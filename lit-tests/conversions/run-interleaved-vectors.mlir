// Iterations that access several neighbours in memory each, such as pairs and records, access those of a few iterations at once.
// REQUIRES: host-cxx
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=CUDA
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg=n=22 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 --arg=n=64 | filecheck %s
// RUN: tile-opt %s --lower-affine --cse --tile-infer-layouts=arch=sm_80 --remarks=copy -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK

// Rotary embedding of interleaved pairs: eight elements of four pairs.
// CUDA-LABEL: rotary(
// CUDA: Registers<f16, 8> [[IN:vector_[0-9]+]];
// CUDA: Registers<f16, 8> [[OUT:vector_[0-9]+]];
// CUDA: load_vector([[IN]], X + (row * 128 + even));
// CUDA: for (int e = 0; e < 4; ++e) {
// CUDA: const f16 a = [[IN]][{{.*}}];
// CUDA: const f16 b = [[IN]][{{.*}}];
// CUDA: store_vector(Y + (row * 128 + even), [[OUT]]);
// CHECK: rotary: Y: sim equals interp
tile.kernel @rotary(%X: memref<64x128xf16>, %Cos: memref<64x64xf32>, %Sin: memref<64x64xf32>, %Y: memref<64x128xf16>)
    blocks(%bx) = (2) threads(128) {
  %first = affine.apply affine_map<(d0) -> (d0 * 32)>(%bx)
  tile.parallel (%i, %j) in (32, 64) {
    %row = arith.addi %first, %i : index
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %odd = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%j)
    %a = tile.load %X[%row, %even] : memref<64x128xf16>
    %b = tile.load %X[%row, %odd] : memref<64x128xf16>
    %af = arith.extf %a : f16 to f32
    %bf = arith.extf %b : f16 to f32
    %cos = tile.load %Cos[%row, %j] : memref<64x64xf32>
    %sin = tile.load %Sin[%row, %j] : memref<64x64xf32>
    %ac = arith.mulf %af, %cos : f32
    %bs = arith.mulf %bf, %sin : f32
    %as = arith.mulf %af, %sin : f32
    %bc = arith.mulf %bf, %cos : f32
    %x = arith.subf %ac, %bs : f32
    %y = arith.addf %as, %bc : f32
    %xh = arith.truncf %x : f32 to f16
    %yh = arith.truncf %y : f32 to f16
    // In any order, as long as both are written.
    tile.store %yh, %Y[%row, %odd] : memref<64x128xf16>
    tile.store %xh, %Y[%row, %even] : memref<64x128xf16>
  }
}

// In place, and under a condition that a pair has in common; rows of run-time length end between pairs but not between vectors.
// CUDA-LABEL: swap_pairs(
// CUDA: load_vector(vector, X + {{.*}});
// CUDA: store_vector(X + {{.*}}, vector_2);
// CHECK: swap_pairs: X: sim equals interp
tile.kernel @swap_pairs(%n: index, %X: memref<?xf64> sizes(%n)) blocks(%bx) = (1) threads(64) {
  tile.assume affine_set<(d0) : (d0 mod 2 == 0)>(%n)
  %c24 = arith.constant 24 : index
  tile.parallel (%j) in (64) {
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %odd = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%j)
    %isLeft = arith.cmpi slt, %j, %c24 : index
    scf.if %isLeft {
      %a = tile.load %X[%even] : memref<?xf64>
      %b = tile.load %X[%odd] : memref<?xf64>
      tile.store %b, %X[%even] : memref<?xf64>
      tile.store %a, %X[%odd] : memref<?xf64>
    }
  }
}

// Records of four, one for each iteration, to planes.
// CUDA-LABEL: planes(
// CUDA: Registers<f32, 4> [[RECORD:vector[0-9_]*]];
// CUDA: load_vector([[RECORD]], X + r);
// CHECK: planes: Y: sim equals interp
tile.kernel @planes(%X: memref<512xf32>, %Y: memref<4x128xf32>) blocks(%bx) = (1) threads(128) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c3 = arith.constant 3 : index
  tile.parallel (%j) in (128) {
    %r = affine.apply affine_map<(d0) -> (d0 * 4)>(%j)
    %g = affine.apply affine_map<(d0) -> (d0 * 4 + 1)>(%j)
    %b = affine.apply affine_map<(d0) -> (d0 * 4 + 2)>(%j)
    %a = affine.apply affine_map<(d0) -> (d0 * 4 + 3)>(%j)
    %red = tile.load %X[%r] : memref<512xf32>
    %green = tile.load %X[%g] : memref<512xf32>
    %blue = tile.load %X[%b] : memref<512xf32>
    %alpha = tile.load %X[%a] : memref<512xf32>
    tile.store %red, %Y[%c0, %j] : memref<4x128xf32>
    tile.store %green, %Y[%c1, %j] : memref<4x128xf32>
    tile.store %blue, %Y[%c2, %j] : memref<4x128xf32>
    tile.store %alpha, %Y[%c3, %j] : memref<4x128xf32>
  }
}

// Through a tile of shared memory.
// CUDA-LABEL: through_shared(
// CUDA: load_vector({{.*}}, s + {{.*}});
// CHECK: through_shared: Y: sim equals interp
tile.kernel @through_shared(%X: memref<32x64xf16>, %Y: memref<32x32xf16>) blocks(%bx) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<32x64xf16>
  tile.copy %X[%c0, %c0] to %s : memref<32x64xf16> to !tile.shared<32x64xf16>
  tile.parallel (%i, %j) in (32, 32) {
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %odd = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%j)
    %a = tile.load %s[%i, %even] : !tile.shared<32x64xf16>
    %b = tile.load %s[%i, %odd] : !tile.shared<32x64xf16>
    %sum = arith.addf %a, %b : f16
    tile.store %sum, %Y[%i, %j] : memref<32x32xf16>
  }
}

// What is no whole pair: three of which two overlap the next iteration's, one of two, both in different loops.
// CHECK: singles: Y: sim equals interp
// CHECK: singles: W: sim equals interp
tile.kernel @singles(%X: memref<32x130xf32>, %Y: memref<32x64xf32>, %Z: memref<32x128xf32>, %W: memref<32x128xf32>) blocks(%bx) = (1) threads(64) {
  %zero = arith.constant 0.0 : f32
  tile.parallel (%i, %j) in (32, 64) {
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %odd = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%j)
    %next = affine.apply affine_map<(d0) -> (d0 * 2 + 2)>(%j)
    %isVisible = arith.cmpi sle, %j, %i : index
    // REMARK: :[[@LINE+1]]:10: remark: loop loads single elements: iterations that follow each other do not access neighbours
    %a = tile.load %X[%i, %even] : memref<32x130xf32>
    // REMARK: :[[@LINE+1]]:10: remark: loop loads single elements: iterations that follow each other do not access neighbours
    %b = tile.load %X[%i, %odd] : memref<32x130xf32>
    %c = tile.load %X[%i, %next] : memref<32x130xf32>
    %d = scf.if %isVisible -> (f32) {
      %e = tile.load %Z[%i, %even] : memref<32x128xf32>
      scf.yield %e : f32
    } else {
      scf.yield %zero : f32
    }
    %ab = arith.addf %a, %b : f32
    %abc = arith.addf %ab, %c : f32
    %abcd = arith.addf %abc, %d : f32
    tile.store %abcd, %Y[%i, %j] : memref<32x64xf32>
  }
  tile.parallel (%i, %j) in (32, 64) {
    %even = affine.apply affine_map<(d0) -> (d0 * 2)>(%j)
    %a = tile.load %Y[%i, %j] : memref<32x64xf32>
    // REMARK: :[[@LINE+1]]:5: remark: loop stores single elements: iterations that follow each other do not access neighbours
    tile.store %a, %W[%i, %even] : memref<32x128xf32>
  }
  tile.parallel (%i, %j) in (32, 64) {
    %odd = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%j)
    %a = tile.load %Y[%i, %j] : memref<32x64xf32>
    tile.store %a, %W[%i, %odd] : memref<32x128xf32>
  }
}
