// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=gfx90a},tile-allocate-shared-memory{arch=gfx90a})' --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=gfx90a},tile-allocate-shared-memory{arch=gfx90a})' --split-input-file | filecheck %s

// %b lives when %a is gone and takes its place; %c overlaps both.
// CHECK-LABEL: tile.kernel @reuse
// CHECK-SAME: attributes {tile.shared_bytes = 8192 : i64, tile.shared_tiles = [{bytes = 4096 : i64
// CHECK: %a = tile.alloc {tile.shared_offset = [[A:[0-9]+]] : i64}
// CHECK: %b = tile.alloc {tile.shared_offset = [[A]] : i64}
// CHECK-NOT: tile.shared_offset = [[A]] :
tile.kernel @reuse(%A: memref<1024xf32>, %C: memref<1024xf32>) blocks(%x) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<1024xf32>
  %b = tile.alloc : !tile.shared<1024xf32>
  %c = tile.alloc : !tile.shared<1024xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %c : memref<1024xf32> to !tile.shared<1024xf32>
  tile.copy %A[%c0] to %a : memref<1024xf32> to !tile.shared<1024xf32>
  tile.copy %a to %C[%c0] : !tile.shared<1024xf32> to memref<1024xf32>
  tile.copy %A[%c0] to %b : memref<1024xf32> to !tile.shared<1024xf32>
  tile.copy %b to %C[%c0] : !tile.shared<1024xf32> to memref<1024xf32>
  tile.copy %c to %C[%c0] : !tile.shared<1024xf32> to memref<1024xf32>
}

// -----

// expected-error@+1 {{'tile.kernel' op needs 98304 bytes of shared memory, but gfx90a has 65536 per block}}
tile.kernel @too_much(%A: memref<16384xf32>, %C: memref<16384xf32>) blocks(%x) = (1) threads(64) {
  // expected-note@+1 {{65536 bytes for '!tile.shared<16384xf32,}}
  %a = tile.alloc : !tile.shared<16384xf32>
  // expected-note@+1 {{32768 bytes for '!tile.shared<8192xf32,}}
  %b = tile.alloc : !tile.shared<8192xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %a : memref<16384xf32> to !tile.shared<16384xf32>
  tile.copy %A[%c0] to %b : memref<16384xf32> to !tile.shared<8192xf32>
  tile.copy %a to %C[%c0] : !tile.shared<16384xf32> to memref<16384xf32>
  tile.copy %b to %C[%c0] : !tile.shared<8192xf32> to memref<16384xf32>
}
