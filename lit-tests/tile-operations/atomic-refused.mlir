// RUN: tile-opt %s --split-input-file --tile-to-cuda --verify-diagnostics

tile.kernel @block_before(%A: memref<64xf32>, %B: memref<64xf32>, %x: f32) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{failed to legalize operation 'tile.atomic': one thread alone has the value before; ask for it in 'tile.parallel'}}
  %old = tile.atomic add %x into %A[%b] : f32 into memref<64xf32> -> f32
  tile.store %old, %B[%b] : memref<64xf32>
}
