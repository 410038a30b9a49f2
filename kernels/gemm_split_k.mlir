// C += A x B with K divided over 4 blocks of the grid, which add their parts atomically.

tile.kernel @gemm_split_k(%A: memref<128x512xf16>, %B: memref<512x128xf16>, %C: memref<128x128xf32>)
    blocks(%bx, %by, %bz) = (2, 2, 4) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  %first = affine.apply affine_map<(d0) -> (d0 * 128)>(%bz)
  tile.pipelined %i = 0 to 128 step 32 stages(3) {
    %k = arith.addi %first, %i : index
    tile.copy %A[%row, %k] to %As : memref<128x512xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %column] to %Bs : memref<512x128xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.atomic add %acc into %C[%row, %column] : !tile.fragment<64x64xf32> into memref<128x128xf32>
}
