// C = A x B for any M, N and K. Rows of A, B and C hold multiples of 8 elements, which wide accesses are decided by.

tile.kernel @gemm_dynamic(%m: index, %n: index, %k: index, %A: memref<?x?xf16> sizes(%m, %k),
                          %B: memref<?x?xf16> sizes(%k, %n), %C: memref<?x?xf16> sizes(%m, %n))
    blocks(%bx, %by) = (%n ceildiv 128, %m ceildiv 128) threads(128) {
  tile.assume affine_set<(d0, d1) : (d0 mod 8 == 0, d1 mod 8 == 0)>(%n, %k)
  %As = tile.alloc : !tile.shared<128x32xf16>
  %Bs = tile.alloc : !tile.shared<32x128xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %i = 0 to %k step 32 stages(3) {
    tile.copy %A[%row, %i] to %As : memref<?x?xf16> to !tile.shared<128x32xf16>
    tile.copy %B[%i, %column] to %Bs : memref<?x?xf16> to !tile.shared<32x128xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%row, %column] : !tile.fragment<128x128xf32> to memref<?x?xf16>
}
