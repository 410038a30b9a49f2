// Causal attention for batches of sequences of any length with 8 heads of 128 elements, of which 4 share one head of K and V
// (grouped queries). Tensors are (batch, row, head, element), as models keep them: a tile lies along the rows and the elements
// of one head, which `dims(1, 3)` says. Rows behind the last one read as zero and are not written; as columns they are
// behind every row that is, so the causal mask hides them.

tile.kernel @flash_attention_heads(%batches: index, %rows: index,
                                   %Q: memref<?x?x8x128xf16> sizes(%batches, %rows), %K: memref<?x?x2x128xf16> sizes(%batches, %rows),
                                   %V: memref<?x?x2x128xf16> sizes(%batches, %rows), %O: memref<?x?x8x128xf16> sizes(%batches, %rows))
    blocks(%bx, %head, %batch) = (%rows ceildiv 128, 8, %batches) threads(128) {
  %Qs = tile.alloc : !tile.shared<128x128xf16>
  %Ks = tile.alloc : !tile.shared<32x128xf16>
  %Vs = tile.alloc : !tile.shared<32x128xf16>
  %S = tile.alloc : !tile.fragment<128x32xf32>
  %P = tile.alloc : !tile.fragment<128x32xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  %max = tile.alloc : !tile.fragment<128xf32>
  %previous = tile.alloc : !tile.fragment<128xf32>
  %scale = tile.alloc : !tile.fragment<128xf32>
  %sum = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  %lowest = arith.constant -1.0e+30 : f32
  // log2(e) / sqrt(128)
  %factor = arith.constant 0.12751743 : f32
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  %group = affine.apply affine_map<(d0) -> (d0 floordiv 4)>(%head)
  // Row i sees columns up to i, so the loop ends with this block's last row.
  %end = affine.apply affine_map<(d0) -> (d0 * 128 + 128)>(%bx)
  tile.copy %Q[%batch, %m, %head, %c0] to %Qs dims(1, 3) : memref<?x?x8x128xf16> to !tile.shared<128x128xf16>
  tile.clear %acc : !tile.fragment<128x128xf32>
  tile.clear %sum : !tile.fragment<128xf32>
  tile.fill %max, %lowest : !tile.fragment<128xf32>, f32
  tile.pipelined %k = 0 to %end step 32 stages(2) {
    tile.copy %K[%batch, %k, %group, %c0] to %Ks dims(1, 3) : memref<?x?x2x128xf16> to !tile.shared<32x128xf16>
    tile.copy %V[%batch, %k, %group, %c0] to %Vs dims(1, 3) : memref<?x?x2x128xf16> to !tile.shared<32x128xf16>
    tile.clear %S : !tile.fragment<128x32xf32>
    tile.gemm %Qs, %Ks into %S {transpose_b} : !tile.shared<128x128xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x32xf32>
    tile.parallel (%i, %j) in (128, 32) {
      %row = arith.addi %m, %i : index
      %column = arith.addi %k, %j : index
      %visible = arith.cmpi sle, %column, %row : index
      %score = tile.load %S[%i, %j] : !tile.fragment<128x32xf32>
      %masked = arith.select %visible, %score, %lowest : f32
      tile.store %masked, %S[%i, %j] : !tile.fragment<128x32xf32>
    }
    tile.copy %max to %previous : !tile.fragment<128xf32> to !tile.fragment<128xf32>
    tile.reduce max %S to %max dim(1) : !tile.fragment<128x32xf32> to !tile.fragment<128xf32>
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
    tile.parallel (%i, %j) in (128, 32) {
      %score = tile.load %S[%i, %j] : !tile.fragment<128x32xf32>
      %top = tile.load %max[%i] : !tile.fragment<128xf32>
      %distance = arith.subf %score, %top : f32
      %exponent = arith.mulf %distance, %factor : f32
      %weight = math.exp2 %exponent fastmath<afn> : f32
      tile.store %weight, %S[%i, %j] : !tile.fragment<128x32xf32>
    }
    tile.parallel (%i, %j) in (128, 128) {
      %output = tile.load %acc[%i, %j] : !tile.fragment<128x128xf32>
      %by = tile.load %scale[%i] : !tile.fragment<128xf32>
      %rescaled = arith.mulf %output, %by : f32
      tile.store %rescaled, %acc[%i, %j] : !tile.fragment<128x128xf32>
    }
    tile.reduce sum %S to %sum dim(1) : !tile.fragment<128x32xf32> to !tile.fragment<128xf32>
    tile.copy %S to %P : !tile.fragment<128x32xf32> to !tile.fragment<128x32xf16>
    tile.gemm %P, %Vs into %acc : !tile.fragment<128x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.parallel (%i) in (128) {
    %one = arith.constant 1.0 : f32
    %total = tile.load %sum[%i] : !tile.fragment<128xf32>
    %inverse = arith.divf %one, %total fastmath<arcp> : f32
    tile.store %inverse, %scale[%i] : !tile.fragment<128xf32>
  }
  tile.parallel (%i, %j) in (128, 128) {
    %output = tile.load %acc[%i, %j] : !tile.fragment<128x128xf32>
    %inverse = tile.load %scale[%i] : !tile.fragment<128xf32>
    %normal = arith.mulf %output, %inverse : f32
    tile.store %normal, %acc[%i, %j] : !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %O[%batch, %m, %head, %c0] dims(1, 3) : !tile.fragment<128x128xf32> to memref<?x?x8x128xf16>
}
