// C = A x (W * S)^T: weights of 4 bits, with a scale for every 64 of a row. They travel packed, two to a byte, and become f16
// in the registers where the product takes them.

tile.kernel @gemm_dequantize(%A: memref<128x256xf16>, %W: memref<128x256xi4>, %S: memref<128x4xf16>,
    %C: memref<128x128xf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<64x64xf16>
  %Ws = tile.alloc : !tile.shared<64x64xi4>
  %weights = tile.alloc : !tile.fragment<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %k = 0 to 256 step 64 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<128x256xf16> to !tile.shared<64x64xf16>
    tile.copy %W[%n, %k] to %Ws : memref<128x256xi4> to !tile.shared<64x64xi4>
    tile.copy %Ws to %weights : !tile.shared<64x64xi4> to !tile.fragment<64x64xf16>
    %group = affine.apply affine_map<(d0) -> (d0 floordiv 64)>(%k)
    tile.parallel (%i, %j) in (64, 64) {
      %row = arith.addi %n, %i : index
      %scale = tile.load %S[%row, %group] : memref<128x4xf16>
      %weight = tile.load %weights[%i, %j] : !tile.fragment<64x64xf16>
      %scaled = arith.mulf %weight, %scale : f16
      tile.store %scaled, %weights[%i, %j] : !tile.fragment<64x64xf16>
    }
    tile.gemm %As, %weights into %acc {transpose_b} : !tile.shared<64x64xf16>, !tile.fragment<64x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<64x64xf32> to memref<128x128xf16>
}
