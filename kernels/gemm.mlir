// C = A x B, f16 inputs, f32 accumulation. One block computes a 128x128 tile of C.

tile.kernel @gemm(%A: memref<1024x1024xf16>, %B: memref<1024x1024xf16>, %C: memref<1024x1024xf16>)
    blocks(%bx, %by) = (8, 8) threads(128) {
  tile.rasterize row panel(8)
  %As = tile.alloc : !tile.shared<128x32xf16>
  %Bs = tile.alloc : !tile.shared<32x128xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 1024 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<1024x1024xf16> to !tile.shared<128x32xf16>
    tile.copy %B[%k, %n] to %Bs : memref<1024x1024xf16> to !tile.shared<32x128xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<1024x1024xf16>
}
