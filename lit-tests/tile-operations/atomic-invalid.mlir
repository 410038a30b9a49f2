// RUN: tile-opt %s --split-input-file --verify-diagnostics
// RUN: tile-opt %s --split-input-file --tile-to-cuda --verify-diagnostics

tile.kernel @scalar(%A: memref<64xf32>, %x: f16) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.atomic' op expected a value of the element type 'f32', found 'f16'}}
  tile.atomic add %x into %A[%b] : f16 into memref<64xf32>
}

// -----

tile.kernel @index_count(%A: memref<64x64xf32>, %x: f32) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.atomic' op expected 2 indices of the destination, found 1}}
  tile.atomic add %x into %A[%b] : f32 into memref<64x64xf32>
}

// -----

tile.kernel @bits(%A: memref<64xf32>, %x: f32) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.atomic' op expected integers for 'or', found 'f32'}}
  tile.atomic or %x into %A[%b] : f32 into memref<64xf32>
}

// -----

tile.kernel @packed(%A: memref<64xi4>, %x: i4) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.atomic' op expected elements of floats or signless integers of at least 8 bits, found 'i4'}}
  tile.atomic add %x into %A[%b] : i4 into memref<64xi4>
}

// -----

tile.kernel @before(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.fragment<64xf32>
  // expected-error@+1 {{'tile.atomic' op expected no result: only the update of one element has a value before}}
  %old = tile.atomic add %x into %A : !tile.fragment<64xf32> into memref<64xf32> -> f32
}

// -----

tile.kernel @rank(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.fragment<4x16xf32>
  // expected-error@+1 {{'tile.atomic' op expected the destination to have at least 2 dimensions as the tile, found 1}}
  tile.atomic add %x into %A : !tile.fragment<4x16xf32> into memref<64xf32>
}
