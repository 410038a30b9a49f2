// C = A x B + A for any shape: guarded single elements, because nothing is known of the extents.

tile.kernel @elementwise_dynamic(%m: index, %n: index, %A: memref<?x?xf32> sizes(%m, %n),
                                 %B: memref<?x?xf32> sizes(%m, %n), %C: memref<?x?xf32> sizes(%m, %n))
    blocks(%bx, %by) = (%n ceildiv 64, %m ceildiv 16) threads(128) {
  %row = affine.apply affine_map<(d0) -> (d0 * 16)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  %a = tile.alloc : !tile.fragment<16x64xf32>
  tile.copy %A[%row, %column] to %a : memref<?x?xf32> to !tile.fragment<16x64xf32>
  tile.parallel (%i, %j) in (16, 64) {
    %x = tile.load %a[%i, %j] : !tile.fragment<16x64xf32>
    %gi = arith.addi %row, %i : index
    %gj = arith.addi %column, %j : index
    %y = tile.load %B[%gi, %gj] : memref<?x?xf32>
    %product = arith.mulf %x, %y : f32
    %sum = arith.addf %product, %x : f32
    tile.store %sum, %C[%gi, %gj] : memref<?x?xf32>
  }
}

// Y = 2 X: extents that have no names are read by memref.dim; rows are whole vectors.
tile.kernel @scale_rows(%X: memref<?x128xf16>, %Y: memref<?x128xf16>, %rows: index)
    blocks(%b) = (%rows ceildiv 8) threads(64) {
  %row = affine.apply affine_map<(d0) -> (d0 * 8)>(%b)
  %c0 = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<8x128xf16>
  tile.copy %X[%row, %c0] to %a : memref<?x128xf16> to !tile.fragment<8x128xf16>
  %extent = memref.dim %X, %c0 : memref<?x128xf16>
  %last = arith.subi %extent, %row : index
  tile.parallel (%i, %j) in (8, 128) {
    %isPast = arith.cmpi sge, %i, %last : index
    %x = tile.load %a[%i, %j] : !tile.fragment<8x128xf16>
    %twice = arith.addf %x, %x : f16
    %y = arith.select %isPast, %x, %twice : f16
    tile.store %y, %a[%i, %j] : !tile.fragment<8x128xf16>
  }
  tile.copy %a to %Y[%row, %c0] : !tile.fragment<8x128xf16> to memref<?x128xf16>
}
