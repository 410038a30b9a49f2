// RUN: tile-opt %s | tile-opt | FileCheck %s
// RUN: tile-opt %s --mlir-print-op-generic | tile-opt | FileCheck %s

// CHECK-LABEL: tile.kernel @operations(%A: memref<100x64xf16>, %x: f32) blocks(%bx, %by) = (4, 2) threads(128) {
tile.kernel @operations(%A: memref<100x64xf16>, %x: f32) blocks(%bx, %by) = (4, 2) threads(128) {
  // CHECK-NEXT: tile.rasterize column panel(4)
  tile.rasterize column panel(4)
  // CHECK-NEXT: tile.persistent blocks(108)
  tile.persistent blocks(108)
  // CHECK-NEXT: %s = tile.alloc : !tile.shared<16x64xf16>
  %s = tile.alloc : !tile.shared<16x64xf16>
  // CHECK-NEXT: %f = tile.alloc : !tile.fragment<16x64xf32>
  %f = tile.alloc : !tile.fragment<16x64xf32>
  // CHECK-NEXT: tile.clear %s : !tile.shared<16x64xf16>
  tile.clear %s : !tile.shared<16x64xf16>
  // CHECK-NEXT: tile.fill %f, %x : !tile.fragment<16x64xf32>, f32
  tile.fill %f, %x : !tile.fragment<16x64xf32>, f32
  // CHECK-NEXT: tile.copy %A[%bx, %by] to %s : memref<100x64xf16> to !tile.shared<16x64xf16>
  tile.copy %A[%bx, %by] to %s : memref<100x64xf16> to !tile.shared<16x64xf16>
  // CHECK-NEXT: tile.copy %s to %A[%bx, %by] {in_bounds, mode = "sync"} : !tile.shared<16x64xf16> to memref<100x64xf16>
  tile.copy %s to %A[%bx, %by] {in_bounds, mode = "sync"} : !tile.shared<16x64xf16> to memref<100x64xf16>
  // CHECK-NEXT: tile.parallel (%i, %j) in (16, 64) {
  tile.parallel (%i, %j) in (16, 64) {
    // CHECK-NEXT: %v = tile.load %f[%i, %j] : !tile.fragment<16x64xf32>
    %v = tile.load %f[%i, %j] : !tile.fragment<16x64xf32>
    // CHECK-NEXT: tile.store %v, %f[%i, %j] : !tile.fragment<16x64xf32>
    tile.store %v, %f[%i, %j] : !tile.fragment<16x64xf32>
  }
  // CHECK: tile.pipelined %k = 0 to 256 step 32 stages(3) {
  tile.pipelined %k = 0 to 256 step 32 stages(3) {
    // CHECK-NEXT: tile.pipelined %l = %bx to %k step %by {
    tile.pipelined %l = %bx to %k step %by {
    }
  }
  // CHECK: tile.pipelined %k = 0 to 256 step 32 order([1, 0]) stage([0, 1]) {
  tile.pipelined %k = 0 to 256 step 32 order([1, 0]) stage([0, 1]) {
    tile.clear %s : !tile.shared<16x64xf16>
    tile.copy %s to %f : !tile.shared<16x64xf16> to !tile.fragment<16x64xf32>
  }
  // CHECK: tile.pipelined %k = 0 to 256 step 32 stage([]) {
  tile.pipelined %k = 0 to 256 step 32 stage([]) {
  }
  // CHECK: %versions = tile.alloc : !tile.shared<3x16x64xf16>
  %versions = tile.alloc : !tile.shared<3x16x64xf16>
  // CHECK-NEXT: %version = tile.slice %versions[%bx] : !tile.shared<3x16x64xf16> to !tile.shared<16x64xf16>
  %version = tile.slice %versions[%bx] : !tile.shared<3x16x64xf16> to !tile.shared<16x64xf16>
}
