// C = op(A) x op(B) in all four storage orders: `n` is row-major as in the formula, `t` transposed.

tile.kernel @gemm_nn(%A: memref<256x256xf16>, %B: memref<256x256xf16>, %C: memref<256x256xf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<128x32xf16>
  %Bs = tile.alloc : !tile.shared<32x128xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<256x256xf16> to !tile.shared<128x32xf16>
    tile.copy %B[%k, %n] to %Bs : memref<256x256xf16> to !tile.shared<32x128xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<128x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf16>
}

tile.kernel @gemm_nt(%A: memref<256x256xf16>, %B: memref<256x256xf16>, %C: memref<256x256xf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<128x32xf16>
  %Bs = tile.alloc : !tile.shared<128x32xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%m, %k] to %As : memref<256x256xf16> to !tile.shared<128x32xf16>
    tile.copy %B[%n, %k] to %Bs : memref<256x256xf16> to !tile.shared<128x32xf16>
    tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<128x32xf16>, !tile.shared<128x32xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf16>
}

tile.kernel @gemm_tn(%A: memref<256x256xf16>, %B: memref<256x256xf16>, %C: memref<256x256xf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<32x128xf16>
  %Bs = tile.alloc : !tile.shared<32x128xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%k, %m] to %As : memref<256x256xf16> to !tile.shared<32x128xf16>
    tile.copy %B[%k, %n] to %Bs : memref<256x256xf16> to !tile.shared<32x128xf16>
    tile.gemm %As, %Bs into %acc {transpose_a} : !tile.shared<32x128xf16>, !tile.shared<32x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf16>
}

tile.kernel @gemm_tt(%A: memref<256x256xf16>, %B: memref<256x256xf16>, %C: memref<256x256xf16>)
    blocks(%bx, %by) = (2, 2) threads(128) {
  %As = tile.alloc : !tile.shared<32x128xf16>
  %Bs = tile.alloc : !tile.shared<128x32xf16>
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  tile.clear %acc : !tile.fragment<128x128xf32>
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    tile.copy %A[%k, %m] to %As : memref<256x256xf16> to !tile.shared<32x128xf16>
    tile.copy %B[%n, %k] to %Bs : memref<256x256xf16> to !tile.shared<128x32xf16>
    tile.gemm %As, %Bs into %acc {transpose_a, transpose_b} : !tile.shared<32x128xf16>, !tile.shared<128x32xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf16>
}
