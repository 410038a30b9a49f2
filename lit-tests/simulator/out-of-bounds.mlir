// A store that the emitted text was made to place one row too far.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu
// RUN: sed -e 's/store_vector(C + (/store_vector(C + (64 + /' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.broken.cu 2>&1 | filecheck %s

// CHECK: out-of-bounds.mlir:[[#@LINE+16]]:3: error: 'tile.copy' op out-of-bounds write of 16 bytes at element {{4[0-9]+}} of 'C' (4096 elements of f16) [out-of-bounds; block (0, 0, 0), thread
// CHECK-NEXT: tile.copy %acc to %C
// CHECK: note: a guard that keeps the access within 0 to 4095 is missing or lets too much through
// CHECK: out-of-bounds.mlir:[[#@LINE+2]]:1: error: 64 of 4096 elements of 'C' were never written, the first at 0 [unwritten-output]

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
