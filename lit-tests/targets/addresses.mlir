// RUN: tile-translate --mlir-to-cuda %s | filecheck %s
// RUN: tile-translate --mlir-to-hip %s | filecheck %s

// What all threads of a block share is added to a pointer to global memory on its own, before what is the thread's own and
// before what unrolling makes a constant of: a base that needs no registers of each thread.

// CHECK-LABEL: parts(const f32* __restrict__ A, f32* __restrict__ C
gpu.module @m {
  gpu.func @parts(%A: memref<8x64x32xf32>, %C: memref<8x64x32xf32>, %n: index) kernel attributes {known_block_size = array<i32: 32, 1, 1>, known_grid_size = array<i32: 2, 8, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %bx = gpu.block_id x
    %head = gpu.block_id y
    %t = gpu.thread_id x
    %m = arith.muli %bx, %c32 : index
    // CHECK: for (int k = 0; k < n; ++k) {
    scf.for %k = %c0 to %n step %c1 {
      %from = arith.addi %m, %k : index
      // CHECK: for (int i = 0; i < 4; ++i) {
      scf.for %i = %c0 to %c4 step %c1 {
        %0 = arith.muli %i, %c8 : index
        %1 = arith.addi %from, %0 : index
        // CHECK-NEXT: const f32 v = load(A + (head * 2048 + from * 32) + t + i * 256);
        %v = memref.load %A[%head, %1, %t] : memref<8x64x32xf32>
        // A sum of the block's part and the thread's.
        %2 = arith.addi %from, %t : index
        // CHECK-NEXT: store(C + (head * 2048 + from * 32) + t * 32 + i, v);
        memref.store %v, %C[%head, %2, %i] : memref<8x64x32xf32>
      } {tile.unroll}
      // The variable of a loop that each thread runs from its own place is not shared.
      // CHECK: for (int j = t; j < 32; ++j) {
      scf.for %j = %t to %c32 step %c1 {
        // CHECK-NEXT: const f32 w = load(A + (head * 2048 + m * 32) + j);
        %w = memref.load %A[%head, %m, %j] : memref<8x64x32xf32>
        memref.store %w, %C[%head, %m, %j] : memref<8x64x32xf32>
      }
    }
    gpu.return
  }
}
