// RUN: tile-opt %s --split-input-file --verify-diagnostics

tile.kernel @gemm_k() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %b0 = tile.alloc : !tile.shared<64x64xf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op expected K of A (32) to equal K of B (64)}}
  tile.gemm %a, %b0 into %c : !tile.shared<64x32xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
}

// -----

tile.kernel @gemm_m() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %b0 = tile.alloc : !tile.shared<32x64xf16>
  %c = tile.alloc : !tile.fragment<128x64xf32>
  // expected-error@+1 {{'tile.gemm' op expected M of A (64) to equal M of C (128)}}
  tile.gemm %a, %b0 into %c : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<128x64xf32>
}

// -----

tile.kernel @gemm_n() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<32x64xf16>
  %b0 = tile.alloc : !tile.shared<48x32xf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op expected N of B (48) to equal N of C (64)}}
  tile.gemm %a, %b0 into %c {transpose_a, transpose_b} : !tile.shared<32x64xf16>, !tile.shared<48x32xf16>, !tile.fragment<64x64xf32>
}

// -----

tile.kernel @copy_extents() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %c = tile.alloc : !tile.fragment<32x64xf16>
  // expected-error@+1 {{'tile.copy' op expected extents of the source (64x32) to equal those of the destination (32x64)}}
  tile.copy %a to %c : !tile.shared<64x32xf16> to !tile.fragment<32x64xf16>
}

// -----

tile.kernel @copy_rank(%A: memref<64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected the source to have at least 2 dimensions as the tile, found 1}}
  tile.copy %A to %a : memref<64xf16> to !tile.shared<64x32xf16>
}

// -----

tile.kernel @copy_indices(%A: memref<64x64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected 2 indices of the source, found 1}}
  tile.copy %A[%b] to %a : memref<64x64xf16> to !tile.shared<64x32xf16>
}

// -----

tile.kernel @copy_dims_order(%A: memref<64x8x64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected 'dims' in ascending order, found (2, 0): 'tile.transpose' exchanges dimensions}}
  tile.copy %A to %a dims(2, 0) : memref<64x8x64xf16> to !tile.shared<64x32xf16>
}

// -----

tile.kernel @copy_dims_range(%A: memref<64x8x64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected dimensions of the destination under 3 in 'dims', found 3}}
  tile.copy %a to %A dims(0, 3) : !tile.shared<64x32xf16> to memref<64x8x64xf16>
}

// -----

tile.kernel @copy_dims_count(%A: memref<64x8x64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected 'dims' to name 2 dimensions of the source, one for each of the tile, found 1}}
  tile.copy %A to %a dims(0) : memref<64x8x64xf16> to !tile.shared<64x32xf16>
}

// -----

tile.kernel @copy_dims_tiles() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %f = tile.alloc : !tile.fragment<64x32xf16>
  // expected-error@+1 {{'tile.copy' op expected 'dims' only where one side is a tensor in global memory}}
  tile.copy %a to %f dims(0, 1) : !tile.shared<64x32xf16> to !tile.fragment<64x32xf16>
}

// -----

tile.kernel @atomic_dims(%A: memref<64x8x64xf32>) blocks(%b) = (1) threads(128) {
  %one = arith.constant 1.0 : f32
  // expected-error@+1 {{'tile.atomic' op expected 'dims' only where a tile is the source}}
  tile.atomic add %one into %A[%b, %b, %b] dims(0) : f32 into memref<64x8x64xf32>
}

// -----

tile.kernel @copy_dims_text(%A: memref<64x8x64xf16>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{expected integer value}}
  tile.copy %A to %a dims(x) : memref<64x8x64xf16> to !tile.shared<64x32xf16>
}

// -----

tile.kernel @copy_tensors(%A: memref<64xf16>, %B: memref<64xf16>) blocks(%b) = (1) threads(128) {
  // expected-error@+1 {{'tile.copy' op cannot deduce the extents: one side must be a tile}}
  tile.copy %A to %B : memref<64xf16> to memref<64xf16>
}

// -----

// expected-error@+1 {{'tile.kernel' op expected positive grid extents, found 0}}
tile.kernel @no_blocks() blocks(%b) = (0) threads(128) {
}

// -----

// expected-error@+1 {{'tile.kernel' op expected threads to be a positive multiple of 32, found 100}}
tile.kernel @odd_threads() blocks(%b) = (1) threads(100) {
}

// -----

// expected-error@+1 {{expected 2 extents, one for each block index, found 1}}
tile.kernel @extents() blocks(%x, %y) = (1) threads(128) {
}

// -----

tile.kernel @fill() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64xf32>
  %one = arith.constant 1.0 : f16
  // expected-error@+1 {{'tile.fill' op expected a value of the element type 'f32', found 'f16'}}
  tile.fill %a, %one : !tile.fragment<64xf32>, f16
}

// -----

tile.kernel @stages() blocks(%b) = (1) threads(128) {
  // expected-error@+1 {{'tile.pipelined' op expected at least one stage, found 0}}
  tile.pipelined %k = 0 to 64 step 32 stages(0) {
  }
}

// -----

tile.kernel @step() blocks(%b) = (1) threads(128) {
  // expected-error@+1 {{'tile.pipelined' op expected a positive step, found 0}}
  tile.pipelined %k = 0 to 64 step 0 {
  }
}

// -----

tile.kernel @panel() blocks(%b) = (1) threads(128) {
  // expected-error@+1 {{'tile.rasterize' op expected a positive panel, found 0}}
  tile.rasterize row panel(0)
}

// -----

tile.kernel @load() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  // expected-error@+1 {{'tile.load' op expected 2 indices of the tile, found 1}}
  %x = tile.load %a[%b] : !tile.shared<64x32xf16>
}

// -----

tile.kernel @reduce() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf32>
  %m = tile.alloc : !tile.fragment<32xf32>
  // expected-error@+1 {{'tile.reduce' op expected extents of the destination to be 64, found 32}}
  tile.reduce max %a to %m dim(1) : !tile.fragment<64x32xf32> to !tile.fragment<32xf32>
}

// -----

tile.kernel @reduce_to_one() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64xf32>
  %m = tile.alloc : !tile.fragment<2xf32>
  // expected-error@+1 {{'tile.reduce' op expected extents of the destination to be 1, found 2}}
  tile.reduce max %a to %m dim(0) : !tile.fragment<64xf32> to !tile.fragment<2xf32>
}

// -----

tile.kernel @reduce_to_one_of_two_dimensions() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64xf32>
  %m = tile.alloc : !tile.fragment<1x1xf32>
  // expected-error@+1 {{'tile.reduce' op expected extents of the destination to be 1, found 1x1}}
  tile.reduce max %a to %m dim(0) : !tile.fragment<64xf32> to !tile.fragment<1x1xf32>
}

// -----

tile.kernel @reduce_dimension() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf32>
  %m = tile.alloc : !tile.fragment<64xf32>
  // expected-error@+1 {{'tile.reduce' op expected a dimension under 2, found 2}}
  tile.reduce sum %a to %m dim(2) : !tile.fragment<64x32xf32> to !tile.fragment<64xf32>
}

// -----

tile.kernel @annotation() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.annotate_layout' op expected a map to an offset, found '(d0, d1) -> (d0, d1)'}}
  tile.annotate_layout %a, affine_map<(d0, d1) -> (d0, d1)> : !tile.shared<64x32xf32>
}

// -----

tile.kernel @annotation() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf32>
  // expected-error@+1 {{'tile.annotate_layout' op expected a map of 3 dimensions, found '(d0, d1) -> (d0, d1)'}}
  tile.annotate_layout %a, affine_map<(d0, d1) -> (d0, d1)> replicas(2) : !tile.fragment<64x32xf32>
}

// -----

tile.kernel @annotation() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.annotate_layout' op expected a layout of extents 64x32, found 32x64}}
  tile.annotate_layout %a, #layout.shared<(32,64):(64,1)> : !tile.shared<64x32xf32>
}

// -----

tile.kernel @annotation() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf32>
  // expected-error@+1 {{'tile.annotate_layout' op expected a layout of a fragment, found '#layout.shared<(64,32):(32,1)>'}}
  tile.annotate_layout %a, #layout.shared<(64,32):(32,1)> : !tile.fragment<64x32xf32>
}

// -----

tile.kernel @reshape() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.reshape' op expected a result of 65536 bits, found one of 32768}}
  %r = tile.reshape %a : !tile.shared<64x32xf32> to !tile.shared<32x32xf32>
}

// -----

tile.kernel @reshape_type() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.reshape' op expected a result of element type 'f32', found 'i32'}}
  %r = tile.reshape %a : !tile.shared<64x32xf32> to !tile.shared<64x32xi32>
}

// -----

tile.kernel @reshape_scope() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.reshape' op expected a result in the scope of '!tile.shared<64x32xf32>', found '!tile.fragment<64x32xf32>'}}
  %r = tile.reshape %a : !tile.shared<64x32xf32> to !tile.fragment<64x32xf32>
}

// -----

tile.kernel @transpose() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  %c = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.transpose' op expected extents of the destination to be 32x64, found 64x32}}
  tile.transpose %a to %c : !tile.shared<64x32xf32> to !tile.shared<64x32xf32>
}

// -----

tile.kernel @permutation() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf32>
  // expected-error@+1 {{'tile.transpose' op expected a permutation of 2 dimensions, found 0, 0}}
  tile.transpose %a to %a {permutation = array<i64: 0, 0>} : !tile.shared<64x32xf32> to !tile.shared<64x32xf32>
}

// -----

tile.kernel @persistent_blocks() blocks(%b) = (4) threads(32) {
  // expected-error@+1 {{'tile.persistent' op expected a positive number of blocks, found 0}}
  tile.persistent blocks(0)
}

// -----

tile.kernel @persistent_twice() blocks(%b) = (4) threads(32) {
  // expected-note@+1 {{the first one}}
  tile.persistent auto
  // expected-error@+1 {{'tile.persistent' op expected once in a kernel, found a second one}}
  tile.persistent blocks(2)
}

// -----

tile.kernel @persistent_inside() blocks(%b) = (4) threads(32) {
  tile.parallel (%i) in (4) {
    // expected-error@+1 {{'tile.persistent' op expects parent op 'tile.kernel'}}
    tile.persistent auto
  }
}

// -----

tile.kernel @local_copy(%A: memref<4xf32>) blocks(%b) = (4) threads(32) {
  %v = tile.alloc : !tile.local<4xf32>
  // expected-error@+1 {{'tile.copy' op operand #1 must be memref, shared or fragment tile, but got '!tile.local<4xf32>'}}
  tile.copy %A to %v : memref<4xf32> to !tile.local<4xf32>
}

// -----

tile.kernel @local_variable() blocks(%b) = (4) threads(32) {
  %v = tile.alloc : !tile.local<f32>
  // expected-error@+1 {{'tile.load' op expected 0 indices of the tile, found 1}}
  %x = tile.load %v[%b] : !tile.local<f32>
}

// -----

tile.kernel @shared_number() blocks(%b) = (4) threads(32) {
  // expected-error@+1 {{'tile.alloc' op expected a tile with at least one dimension, found '!tile.shared<f32>'; one element is '!tile.shared<1xf32>'}}
  %v = tile.alloc : !tile.shared<f32>
}
