// Shared by the tests of schedules: odd extents, blocks of 64 x 64, steps of 32.
tile.kernel @gemm(%A: memref<100x80xf16>, %B: memref<80x128xf16>, %C: memref<100x128xf32>) blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %k = 0 to 80 step 32 stages(2) {
    tile.copy %A[%m, %k] to %As : memref<100x80xf16> to !tile.shared<64x32xf16> loc("fetch")
    tile.copy %B[%k, %n] to %Bs : memref<80x128xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<64x64xf32> to memref<100x128xf32>
}
