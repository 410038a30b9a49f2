// A wait for asynchronous copies that is missing from the emitted text.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu
// RUN: sed -e '/^ *cp_async_wait</d' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.broken.cu 2>&1 | filecheck %s

// CHECK: missing-wait.mlir:[[#GEMM:]]:5: error: 'tile.gemm' op read of byte {{[0-9]+}} of shared memory (byte {{[0-9]+}} of '{{As|Bs}}'
// CHECK-SAME: while the asynchronous copy to it by thread {{[0-9]+}} at {{.*}}missing-wait.mlir:[[#COPY:]] has not been waited for [pending-read; block (0, 0, 0), thread
// CHECK: missing-wait.mlir:[[#COPY]]:5: note: thread {{[0-9]+}} starts the copy here, of 'tile.copy'
// CHECK: note: cp_async_commit() and cp_async_wait() by the thread that copies, then a barrier, would order them

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
