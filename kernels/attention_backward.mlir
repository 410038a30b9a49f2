// The gradients of attention for one head of 256 rows with d = 64. From O = P x V with P = softmax(Q x K^T / sqrt(d)), from the
// gradient dO, and from L, the logarithms to base 2 of the sums that the softmax divides by, a block computes dK and dV of 64 keys
// and adds its part to dQ, which has to be zero before. The scores are computed anew, transposed, so that P^T and dS^T stay in
// registers as operands of the next products; dS goes through shared memory for dQ.

// The sum of dO * O over each row, which the softmax's gradient subtracts.
tile.kernel @row_products(%O: memref<256x64xf16>, %dO: memref<256x64xf16>, %delta: memref<256xf32>) blocks(%bx) = (4) threads(128) {
  %c0 = arith.constant 0 : index
  %m = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  %o = tile.alloc : !tile.fragment<64x64xf32>
  %d = tile.alloc : !tile.fragment<64x64xf32>
  %sum = tile.alloc : !tile.fragment<64xf32>
  tile.copy %O[%m, %c0] to %o : memref<256x64xf16> to !tile.fragment<64x64xf32>
  tile.copy %dO[%m, %c0] to %d : memref<256x64xf16> to !tile.fragment<64x64xf32>
  tile.parallel (%i, %j) in (64, 64) {
    %x = tile.load %o[%i, %j] : !tile.fragment<64x64xf32>
    %y = tile.load %d[%i, %j] : !tile.fragment<64x64xf32>
    %p = arith.mulf %x, %y : f32
    tile.store %p, %o[%i, %j] : !tile.fragment<64x64xf32>
  }
  tile.reduce sum %o to %sum dim(1) {clear} : !tile.fragment<64x64xf32> to !tile.fragment<64xf32>
  tile.copy %sum to %delta[%m] : !tile.fragment<64xf32> to memref<256xf32>
}

tile.kernel @attention_backward(%Q: memref<256x64xf16>, %K: memref<256x64xf16>, %V: memref<256x64xf16>, %dO: memref<256x64xf16>,
                                %L: memref<256xf32>, %delta: memref<256xf32>,
                                %dQ: memref<256x64xf32>, %dK: memref<256x64xf16>, %dV: memref<256x64xf16>)
    blocks(%bx) = (4) threads(128) {
  %Ks = tile.alloc : !tile.shared<64x64xf16>
  %Vs = tile.alloc : !tile.shared<64x64xf16>
  %Qs = tile.alloc : !tile.shared<64x64xf16>
  %dOs = tile.alloc : !tile.shared<64x64xf16>
  %Ls = tile.alloc : !tile.shared<64xf32>
  %deltas = tile.alloc : !tile.shared<64xf32>
  %S = tile.alloc : !tile.fragment<64x64xf32>
  %P = tile.alloc : !tile.fragment<64x64xf16>
  %dP = tile.alloc : !tile.fragment<64x64xf32>
  %dS = tile.alloc : !tile.fragment<64x64xf16>
  %dSs = tile.alloc : !tile.shared<64x64xf16>
  %dk = tile.alloc : !tile.fragment<64x64xf32>
  %dv = tile.alloc : !tile.fragment<64x64xf32>
  %dq = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  // log2(e) / sqrt(64), and 1 / sqrt(64)
  %factor = arith.constant 0.18033688 : f32
  %scale = arith.constant 0.125 : f32
  %n = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.copy %K[%n, %c0] to %Ks : memref<256x64xf16> to !tile.shared<64x64xf16>
  tile.copy %V[%n, %c0] to %Vs : memref<256x64xf16> to !tile.shared<64x64xf16>
  tile.clear %dk : !tile.fragment<64x64xf32>
  tile.clear %dv : !tile.fragment<64x64xf32>
  tile.pipelined %m = 0 to 256 step 64 stages(2) {
    tile.copy %Q[%m, %c0] to %Qs : memref<256x64xf16> to !tile.shared<64x64xf16>
    tile.copy %dO[%m, %c0] to %dOs : memref<256x64xf16> to !tile.shared<64x64xf16>
    tile.copy %L[%m] to %Ls : memref<256xf32> to !tile.shared<64xf32>
    tile.copy %delta[%m] to %deltas : memref<256xf32> to !tile.shared<64xf32>
    tile.clear %S : !tile.fragment<64x64xf32>
    tile.gemm %Ks, %Qs into %S {transpose_b} : !tile.shared<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.parallel (%i, %j) in (64, 64) {
      %score = tile.load %S[%i, %j] : !tile.fragment<64x64xf32>
      %norm = tile.load %Ls[%j] : !tile.shared<64xf32>
      %scaled = arith.mulf %score, %factor : f32
      %exponent = arith.subf %scaled, %norm : f32
      %weight = math.exp2 %exponent fastmath<afn> : f32
      tile.store %weight, %S[%i, %j] : !tile.fragment<64x64xf32>
    }
    tile.copy %S to %P : !tile.fragment<64x64xf32> to !tile.fragment<64x64xf16>
    tile.gemm %P, %dOs into %dv : !tile.fragment<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.clear %dP : !tile.fragment<64x64xf32>
    tile.gemm %Vs, %dOs into %dP {transpose_b} : !tile.shared<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.parallel (%i, %j) in (64, 64) {
      %weight = tile.load %S[%i, %j] : !tile.fragment<64x64xf32>
      %gradient = tile.load %dP[%i, %j] : !tile.fragment<64x64xf32>
      %mean = tile.load %deltas[%j] : !tile.shared<64xf32>
      %difference = arith.subf %gradient, %mean : f32
      %product = arith.mulf %weight, %difference : f32
      %scaled = arith.mulf %product, %scale : f32
      tile.store %scaled, %dP[%i, %j] : !tile.fragment<64x64xf32>
    }
    tile.copy %dP to %dS : !tile.fragment<64x64xf32> to !tile.fragment<64x64xf16>
    tile.gemm %dS, %Qs into %dk : !tile.fragment<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.copy %dS to %dSs : !tile.fragment<64x64xf16> to !tile.shared<64x64xf16>
    tile.clear %dq : !tile.fragment<64x64xf32>
    tile.gemm %dSs, %Ks into %dq {transpose_a} : !tile.shared<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.atomic add %dq into %dQ[%m, %c0] : !tile.fragment<64x64xf32> into memref<256x64xf32>
  }
  tile.copy %dk to %dK[%n, %c0] : !tile.fragment<64x64xf32> to memref<256x64xf16>
  tile.copy %dv to %dV[%n, %c0] : !tile.fragment<64x64xf32> to memref<256x64xf16>
}

func.func @attention_gradients(%Q: memref<256x64xf16>, %K: memref<256x64xf16>, %V: memref<256x64xf16>, %O: memref<256x64xf16>,
                               %dO: memref<256x64xf16>, %L: memref<256xf32>, %delta: memref<256xf32>,
                               %dQ: memref<256x64xf32>, %dK: memref<256x64xf16>, %dV: memref<256x64xf16>) {
  tile.launch @row_products(%O, %dO, %delta) : memref<256x64xf16>, memref<256x64xf16>, memref<256xf32>
  tile.launch @attention_backward(%Q, %K, %V, %dO, %L, %delta, %dQ, %dK, %dV)
      : memref<256x64xf16>, memref<256x64xf16>, memref<256x64xf16>, memref<256x64xf16>, memref<256xf32>, memref<256xf32>, memref<256x64xf32>, memref<256x64xf16>, memref<256x64xf16>
  return
}
