// C = A x B where no extent is a multiple of the tile: rows of 130 and 514 bytes allow only narrow accesses.

tile.kernel @gemm_ragged(%A: memref<129x65xf16>, %B: memref<65x257xf16>, %C: memref<129x257xf16>)
    blocks(%bx, %by) = (3, 2) threads(128) {
  %As = tile.alloc : !tile.shared<128x32xf16>
  %Bs = tile.alloc : !tile.shared<32x128xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 65 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<129x65xf16> to !tile.shared<128x32xf16>
    tile.copy %B[%k, %n] to %Bs : memref<65x257xf16> to !tile.shared<32x128xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<129x257xf16>
}
