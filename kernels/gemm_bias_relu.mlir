// C = max(A x B + bias, 0): the epilogue works on the accumulator where it is, in registers.

tile.kernel @gemm_bias_relu(%A: memref<256x256xf16>, %B: memref<256x256xf16>, %bias: memref<256xf32>,
    %C: memref<256x256xf16>)
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
  tile.parallel (%i, %j) in (128, 128) {
    %column = arith.addi %n, %j : index
    %x = tile.load %acc[%i, %j] : !tile.fragment<128x128xf32>
    %b = tile.load %bias[%column] : memref<256xf32>
    %sum = arith.addf %x, %b : f32
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %sum, %zero : f32
    tile.store %relu, %acc[%i, %j] : !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C[%m, %n] : !tile.fragment<128x128xf32> to memref<256x256xf16>
}
