// A vector access whose index was made odd in the emitted text.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu
// RUN: sed -e 's/store_vector(C + (/store_vector(C + (1 + /' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.broken.cu 2>&1 | filecheck %s

// CHECK: misaligned.mlir:[[#@LINE+15]]:3: error: 'tile.copy' op misaligned write of 16 bytes at byte offset {{[0-9]+}}, element {{[0-9]+}} of 'C' (4096 elements of f16) [misaligned; block (0, 0, 0), thread
// CHECK-NEXT: tile.copy %acc to %C
// CHECK: note: an access of 16 bytes needs an offset that is a multiple of 16; this one is 2 too far

tile.kernel @gemm(%A: memref<64x64xf16>, %B: memref<64x64xf16>, %C: memref<64x64xf16>) blocks(%bx) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As : memref<64x64xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<64x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf16>
}
