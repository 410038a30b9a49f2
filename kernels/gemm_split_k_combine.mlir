// C = A x B in two kernels: blocks along z multiply a part of K each, then the parts are added up. The function launches both.

tile.kernel @split(%A: memref<128x512xf16>, %B: memref<512x128xf16>, %Parts: memref<4x128x128xf32>)
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
  tile.copy %acc to %Parts[%bz, %row, %column] : !tile.fragment<64x64xf32> to memref<4x128x128xf32>
}

tile.kernel @combine(%Parts: memref<4x128x128xf32>, %C: memref<128x128xf16>) blocks(%b) = (16) threads(128) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %row = affine.apply affine_map<(d0) -> (d0 * 8)>(%b)
  %sum = tile.alloc : !tile.fragment<8x128xf32>
  %part = tile.alloc : !tile.fragment<8x128xf32>
  tile.clear %sum : !tile.fragment<8x128xf32>
  scf.for %p = %c0 to %c4 step %c1 {
    tile.copy %Parts[%p, %row, %c0] to %part : memref<4x128x128xf32> to !tile.fragment<8x128xf32>
    tile.parallel (%i, %j) in (8, 128) {
      %x = tile.load %sum[%i, %j] : !tile.fragment<8x128xf32>
      %y = tile.load %part[%i, %j] : !tile.fragment<8x128xf32>
      %z = arith.addf %x, %y : f32
      tile.store %z, %sum[%i, %j] : !tile.fragment<8x128xf32>
    }
  }
  tile.copy %sum to %C[%row, %c0] : !tile.fragment<8x128xf32> to memref<128x128xf16>
}

func.func @gemm_split_k_combine(%A: memref<128x512xf16>, %B: memref<512x128xf16>, %Parts: memref<4x128x128xf32>,
                                %C: memref<128x128xf16>) {
  tile.launch @split(%A, %B, %Parts) : memref<128x512xf16>, memref<512x128xf16>, memref<4x128x128xf32>
  tile.launch @combine(%Parts, %C) : memref<4x128x128xf32>, memref<128x128xf16>
  return
}
