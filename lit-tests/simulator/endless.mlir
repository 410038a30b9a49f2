// A kernel that never ends is stopped by a limit, with a report.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu
// RUN: sed -e 's/cp_async_wait<0>();/k = 0; cp_async_wait<0>();/' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --step-limit=200000 --text=%t.broken.cu 2>&1 | filecheck %s

// CHECK: endless.mlir:[[#]]:5: error: 'tile.{{.*}}' op the kernel has not ended after 200000 operations [step-limit; block (0, 0, 0), thread

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
