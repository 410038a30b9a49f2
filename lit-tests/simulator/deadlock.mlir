// Barriers to which some threads of the block never come: where every thread is, and what it waits for.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --save-text=%t.cu
// RUN: sed -e 's/^ *sync_threads();$/if (thread < 40) sync_threads();/' %t.cu > %t.broken.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.broken.cu 2>&1 | filecheck %s
// RUN: sed -e 's/^ *sync_threads();$/if (thread < 32) sync_threads(); else sync_warp();/' %t.cu > %t.parted.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --text=%t.parted.cu 2>&1 | filecheck %s --check-prefix=PARTED

// CHECK: error: 'tile.gemm' op not all lanes of a warp come to the same operation: {{.*}}[warp-divergence]
// CHECK: note: 24 threads (40-63) wait in ldmatrix, of 'tile.gemm'
// CHECK: deadlock.mlir:[[#@LINE+12]]:3: note: 40 threads (0-39) wait in sync_threads, of 'tile.pipelined'

// PARTED: error: 'tile.{{.*}}' op not all threads of the block come to the barrier: {{.*}}[barrier-divergence]
// PARTED-DAG: note: 32 threads (0-31) wait in sync_threads, of 'tile.
// PARTED-DAG: note: 32 threads (32-63) {{ended|wait in}}

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
