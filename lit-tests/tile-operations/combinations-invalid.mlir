// RUN: tile-opt %s --split-input-file --verify-diagnostics

tile.kernel @bits() blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.shared<4x8xf32>
  %y = tile.alloc : !tile.shared<4xf32>
  // expected-error@+1 {{'tile.reduce' op expected integers for 'xor', found 'f32'}}
  tile.reduce xor %x to %y dim(1) {clear} : !tile.shared<4x8xf32> to !tile.shared<4xf32>
}

// -----

tile.kernel @shape() blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.shared<4x8xf32>
  %y = tile.alloc : !tile.shared<4x4xf32>
  // expected-error@+1 {{'tile.scan' op expected extents of the destination to be 4x8, found 4x4}}
  tile.scan sum %x to %y dim(1) : !tile.shared<4x8xf32> to !tile.shared<4x4xf32>
}

// -----

tile.kernel @dimension() blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.shared<4x8xf32>
  // expected-error@+1 {{'tile.scan' op expected a dimension under 2, found 2}}
  tile.scan sum %x to %x dim(2) : !tile.shared<4x8xf32> to !tile.shared<4x8xf32>
}

// -----

tile.kernel @types() blocks(%b) = (1) threads(32) {
  %x = tile.alloc : !tile.shared<4xf32>
  %y = tile.alloc : !tile.shared<4xf16>
  // expected-error@+1 {{'tile.scan' op expected one element type, found 'f32' and 'f16'}}
  tile.scan sum %x to %y dim(0) : !tile.shared<4xf32> to !tile.shared<4xf16>
}
