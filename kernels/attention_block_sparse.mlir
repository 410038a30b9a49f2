// Block-sparse attention for one head of 256 rows with d = 64: block i of 128 rows of O sees those blocks of 64 rows of K
// and V for which mask[i, j] is true. Blocks that are not wanted are neither copied nor computed; the copies of those
// that are run ahead of the computation as in flash_attention.mlir.

tile.kernel @attention_block_sparse(%Q: memref<256x64xf16>, %K: memref<256x64xf16>, %V: memref<256x64xf16>, %mask: memref<2x4xi1>,
    %O: memref<256x64xf16>)
    blocks(%bx) = (2) threads(128) {
  %Qs = tile.alloc : !tile.shared<128x64xf16>
  %Ks = tile.alloc : !tile.shared<64x64xf16>
  %Vs = tile.alloc : !tile.shared<64x64xf16>
  %S = tile.alloc : !tile.fragment<128x64xf32>
  %P = tile.alloc : !tile.fragment<128x64xf16>
  %acc = tile.alloc : !tile.fragment<128x64xf32>
  %max = tile.alloc : !tile.fragment<128xf32>
  %previous = tile.alloc : !tile.fragment<128xf32>
  %scale = tile.alloc : !tile.fragment<128xf32>
  %sum = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  %lowest = arith.constant -1.0e+30 : f32
  // log2(e) / sqrt(64)
  %factor = arith.constant 0.18033688 : f32
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.copy %Q[%m, %c0] to %Qs : memref<256x64xf16> to !tile.shared<128x64xf16>
  tile.clear %acc : !tile.fragment<128x64xf32>
  tile.clear %sum : !tile.fragment<128xf32>
  tile.fill %max, %lowest : !tile.fragment<128xf32>, f32
  tile.pipelined %k = 0 to 256 step 64 stages(2) {
    %block = affine.apply affine_map<(d0) -> (d0 floordiv 64)>(%k)
    %wanted = tile.load %mask[%bx, %block] : memref<2x4xi1>
    scf.if %wanted {
      tile.copy %K[%k, %c0] to %Ks : memref<256x64xf16> to !tile.shared<64x64xf16>
      tile.copy %V[%k, %c0] to %Vs : memref<256x64xf16> to !tile.shared<64x64xf16>
      tile.clear %S : !tile.fragment<128x64xf32>
      tile.gemm %Qs, %Ks into %S {transpose_b} : !tile.shared<128x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<128x64xf32>
      tile.copy %max to %previous : !tile.fragment<128xf32> to !tile.fragment<128xf32>
      tile.reduce max %S to %max dim(1) : !tile.fragment<128x64xf32> to !tile.fragment<128xf32>
      tile.parallel (%i) in (128) {
        %before = tile.load %previous[%i] : !tile.fragment<128xf32>
        %now = tile.load %max[%i] : !tile.fragment<128xf32>
        %change = arith.subf %before, %now : f32
        %scaled = arith.mulf %change, %factor : f32
        %power = math.exp2 %scaled fastmath<afn> : f32
        tile.store %power, %scale[%i] : !tile.fragment<128xf32>
        %old = tile.load %sum[%i] : !tile.fragment<128xf32>
        %new = arith.mulf %old, %power : f32
        tile.store %new, %sum[%i] : !tile.fragment<128xf32>
      }
      tile.parallel (%i, %j) in (128, 64) {
        %score = tile.load %S[%i, %j] : !tile.fragment<128x64xf32>
        %top = tile.load %max[%i] : !tile.fragment<128xf32>
        %distance = arith.subf %score, %top : f32
        %exponent = arith.mulf %distance, %factor : f32
        %weight = math.exp2 %exponent fastmath<afn> : f32
        tile.store %weight, %S[%i, %j] : !tile.fragment<128x64xf32>
        %output = tile.load %acc[%i, %j] : !tile.fragment<128x64xf32>
        %by = tile.load %scale[%i] : !tile.fragment<128xf32>
        %rescaled = arith.mulf %output, %by : f32
        tile.store %rescaled, %acc[%i, %j] : !tile.fragment<128x64xf32>
      }
      tile.reduce sum %S to %sum dim(1) : !tile.fragment<128x64xf32> to !tile.fragment<128xf32>
      tile.copy %S to %P : !tile.fragment<128x64xf32> to !tile.fragment<128x64xf16>
      tile.gemm %P, %Vs into %acc : !tile.fragment<128x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<128x64xf32>
    }
  }
  tile.parallel (%i) in (128) {
    %one = arith.constant 1.0 : f32
    %zero = arith.constant 0.0 : f32
    %total = tile.load %sum[%i] : !tile.fragment<128xf32>
    %reciprocal = arith.divf %one, %total fastmath<arcp> : f32
    // Rows without any block are 0.
    %empty = arith.cmpf oeq, %total, %zero : f32
    %inverse = arith.select %empty, %zero, %reciprocal : f32
    tile.store %inverse, %scale[%i] : !tile.fragment<128xf32>
  }
  tile.parallel (%i, %j) in (128, 64) {
    %output = tile.load %acc[%i, %j] : !tile.fragment<128x64xf32>
    %inverse = tile.load %scale[%i] : !tile.fragment<128xf32>
    %normal = arith.mulf %output, %inverse : f32
    tile.store %normal, %acc[%i, %j] : !tile.fragment<128x64xf32>
  }
  tile.copy %acc to %O[%m, %c0] : !tile.fragment<128x64xf32> to memref<256x64xf16>
}
