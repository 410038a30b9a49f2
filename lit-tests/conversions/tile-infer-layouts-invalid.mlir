// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-infer-layouts=arch=sm_70 2>&1 | filecheck %s --check-prefix=ARCH

// ARCH: error: unknown target architecture 'sm_70' (did you mean 'sm_{{[0-9]+}}'?), expected one of gfx90a, gfx942,{{.*}} sm_80,

// What the author demands is not overridden: where two demands cannot both be met, both are named.

tile.kernel @twice() blocks(%b) = (1) threads(64) {
  // expected-note@+1 {{the other layout is demanded here}}
  %a = tile.alloc : !tile.fragment<64xf32, #layout.fragment<[64], thread = 64:1, value = 1:0>>
  // expected-error@+1 {{'tile.annotate_layout' op demands another layout of a tile than the author did before}}
  tile.annotate_layout %a, #layout.fragment<[64], thread = (32,2):(2,1), value = 1:0> : !tile.fragment<64xf32, #layout.fragment<[64], thread = 64:1, value = 1:0>>
}

// -----

tile.kernel @twice_in_memory() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<8x8xf32>
  // expected-note@+1 {{the other layout is demanded here}}
  tile.annotate_layout %a, #layout.shared<(8,8):(9,1)> : !tile.shared<8x8xf32>
  // expected-error@+1 {{'tile.annotate_layout' op demands another layout of a tile than the author did before}}
  tile.annotate_layout %a, affine_map<(d0, d1) -> (d0 + d1 * 8)> : !tile.shared<8x8xf32>
}

// -----

// expected-note@+1 {{the number of threads is demanded here}}
tile.kernel @threads() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64xf32>
  // expected-error@+1 {{'tile.annotate_layout' op demands a distribution over 64 threads, but the kernel has 128}}
  tile.annotate_layout %a, #layout.fragment<[64], thread = 64:1, value = 1:0> : !tile.fragment<64xf32>
}

// -----

tile.kernel @missing() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<64x2xf32>
  // expected-error@+1 {{'tile.annotate_layout' op demands a distribution in which no thread holds element (32, 0)}}
  tile.annotate_layout %a, #layout.fragment<[64, 2], thread = 64:1, value = 1:0> : !tile.fragment<64x2xf32>
}

// -----

tile.kernel @loop() blocks(%b) = (1) threads(64) {
  // expected-error@+1 {{'tile.parallel' op demands a distribution in which no thread holds element (32, 0)}}
  tile.parallel (%i, %j) in (64, 2) attributes {layout = #layout.fragment<[64, 2], thread = 64:1, value = 1:0>} {
  }
}

// -----

tile.kernel @overlap() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<4x8xf32>
  // expected-error@+1 {{'tile.annotate_layout' op expected a layout with one place for each element}}
  tile.annotate_layout %a, #layout.shared<(4,8):(4,1)> : !tile.shared<4x8xf32>
}

// -----

// Maps become layouts where they are sums of strides over digits, after a swizzle or without.
tile.kernel @map_overlap() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<4x8xf32>
  // expected-error@+1 {{'tile.annotate_layout' op cannot use 'affine_map<(d0, d1) -> (d0 * 4 + d1)>' as a layout: (0, 4) and (1, 0) both lie at offset 4}}
  tile.annotate_layout %a, affine_map<(d0, d1) -> (d0 * 4 + d1)> : !tile.shared<4x8xf32>
}

// -----

tile.kernel @map_shape() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<4x8xf32>
  // expected-error@+1 {{cannot use 'affine_map<(d0, d1) -> (((d0 * 8 + d1) * 7) mod 32)>' as a layout: the offsets are no sum of strides over digits of the coordinates, nor one after an XOR swizzle}}
  tile.annotate_layout %a, affine_map<(d0, d1) -> (((d0 * 8 + d1) * 7) mod 32)> : !tile.shared<4x8xf32>
}

// -----

tile.kernel @map_threads() blocks(%b) = (1) threads(32) {
  %a = tile.alloc : !tile.fragment<64xf32>
  // expected-error@+1 {{cannot use 'affine_map<(d0) -> (d0, 0)>' as a layout: expected a thread under 32 and a register, found 32 and 0 for (32)}}
  tile.annotate_layout %a, affine_map<(d0) -> (d0, 0)> : !tile.fragment<64xf32>
}

// -----

// Pairs of floats in rows of nine places do not lie where wide elements could.
tile.kernel @view() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<8x8xf32>
  // expected-note@+1 {{the layout '(8,8):(9,1)' is demanded here}}
  tile.annotate_layout %a, #layout.shared<(8,8):(9,1)> : !tile.shared<8x8xf32>
  // expected-error@+1 {{'tile.view' op needs a layout of its source in which its own elements lie in strides}}
  %r = tile.view %a : !tile.shared<8x8xf32> to !tile.shared<8x4xf64>
}
