// C = A x B with bf16 inputs and f32 accumulation, results as bf16 and as f32.

tile.kernel @gemm_bf16(%A: memref<256x256xbf16>, %B: memref<256x256xbf16>, %C: memref<256x256xbf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<128x32xbf16>
  %Bs = tile.alloc : !tile.shared<32x128xbf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<256x256xbf16> to !tile.shared<128x32xbf16>
    tile.copy %B[%k, %n] to %Bs : memref<256x256xbf16> to !tile.shared<32x128xbf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xbf16>, !tile.shared<32x128xbf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xbf16>
}

tile.kernel @gemm_bf16_f32(%A: memref<256x256xbf16>, %B: memref<256x256xbf16>, %C: memref<256x256xf32>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<128x32xbf16>
  %Bs = tile.alloc : !tile.shared<32x128xbf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<256x256xbf16> to !tile.shared<128x32xbf16>
    tile.copy %B[%k, %n] to %Bs : memref<256x256xbf16> to !tile.shared<32x128xbf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xbf16>, !tile.shared<32x128xbf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf32>
}
