// A barrier that is missing from the emitted text: the report names both accesses, their threads, the tile, the operations
// they come from, and what would order them. The text is the one that was emitted, without its barriers.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu | filecheck %s --check-prefix=RIGHT
// RUN: sed -e '/^ *sync_threads();$/d' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.broken.cu 2>&1 | filecheck %s

// RIGHT: gemm: executed by sim

// CHECK: race.mlir:[[#GEMM:]]:5: error: 'tile.gemm' op data race at byte {{[0-9]+}} of shared memory (byte {{[0-9]+}} of '{{As|Bs}}'
// CHECK-SAME: this read is not ordered after the write by thread {{[0-9]+}} at {{.*}}race.mlir:[[#COPY:]] [race; block (0, 0, 0), thread
// CHECK-NEXT: tile.gemm %As, %Bs into %acc
// CHECK: race.mlir:[[#COPY]]:5: note: the write by thread {{[0-9]+}} is here, of 'tile.copy'
// CHECK-NEXT: tile.copy
// CHECK: race.mlir:[[#GEMM]]:5: note: a barrier that both pass between the two, such as sync_threads(), would order them

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
