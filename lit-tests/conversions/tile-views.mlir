// Views have the layout of their storage in their own coordinates; transpositions keep elements in their threads.
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --tile-allocate-shared-memory=arch=sm_80 --tile-insert-barriers --convert-tile-storage-to-memref | filecheck %s --check-prefix=MEMORY

// CHECK-DAG: #[[PADDED:.*]] = #layout.shared<(8,8):(9,1)>
// CHECK-DAG: #[[LINES:.*]] = #layout.shared<((2,8),4):((4,9),1)>
// CHECK-DAG: #[[HALVES:.*]] = #layout.shared<(8,16):(18,1)>
// CHECK-LABEL: tile.kernel @shared
// CHECK: tile.reshape %{{.*}} : !tile.shared<8x8xf32, #[[PADDED]]> to !tile.shared<16x4xf32, #[[LINES]]>
// CHECK: tile.view %{{.*}} : !tile.shared<8x8xf32, #[[PADDED]]> to !tile.shared<8x16xi16, #[[HALVES]]>
// The same bytes, and what one thread writes through a view another reads from the tile.
// MEMORY-LABEL: tile.kernel @shared
// MEMORY: memref.view %{{.*}}[%[[START:.*]]][] : {{.*}} to memref<71xf32
// MEMORY: memref.view %{{.*}}[%[[START]]][] : {{.*}} to memref<142xi16
// MEMORY: tile.parallel
// MEMORY: gpu.barrier
// MEMORY: tile.copy
tile.kernel @shared(%C: memref<8x8xf32>) blocks(%b) = (1) threads(32) {
  %z = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %s = tile.alloc : !tile.shared<8x8xf32>
  tile.annotate_layout %s, affine_map<(d0, d1) -> (d0 * 9 + d1)> : !tile.shared<8x8xf32>
  %lines = tile.reshape %s : !tile.shared<8x8xf32> to !tile.shared<16x4xf32>
  %halves = tile.view %s : !tile.shared<8x8xf32> to !tile.shared<8x16xi16>
  %two = arith.constant 2 : i16
  tile.parallel (%i, %j) in (16, 4) {
    tile.store %one, %lines[%i, %j] : !tile.shared<16x4xf32>
  }
  tile.parallel (%i) in (8) {
    tile.store %two, %halves[%i, %z] : !tile.shared<8x16xi16>
  }
  tile.copy %s to %C[%z, %z] : !tile.shared<8x8xf32> to memref<8x8xf32>
}

// CHECK-LABEL: tile.kernel @fragments
// CHECK: tile.alloc : !tile.fragment<16x8xf32, #[[ROWS:.*]]>
// CHECK: tile.alloc : !tile.fragment<8x16xf32, #[[COLUMNS:.*]]>
// CHECK-NOT: layout.convert
// CHECK: tile.transpose %{{.*}} {layout = #[[COLUMNS]]} : !tile.fragment<16x8xf32, #[[ROWS]]> to !tile.fragment<8x16xf32, #[[COLUMNS]]>
tile.kernel @fragments() blocks(%b) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<16x8xf32>
  %g = tile.alloc : !tile.fragment<8x16xf32>
  tile.annotate_layout %f, #layout.fragment<[16, 8], thread = (4,8):(2,8), value = (2,2):(1,64)> : !tile.fragment<16x8xf32>
  tile.transpose %f to %g : !tile.fragment<16x8xf32> to !tile.fragment<8x16xf32>
}
