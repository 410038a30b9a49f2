// Element types that a target cannot represent; everything else is multiplied somehow.
// RUN: tile-opt %s --tile-infer-layouts=arch=gfx942 --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --tile-infer-layouts=arch=gfx90a --split-input-file 2>&1 | filecheck %s --check-prefix=NONE

// NONE: error: 'tile.kernel' op uses element type 'f8E4M3FN', but gfx90a has no 8-bit floats

// expected-error@+1 {{'tile.kernel' op uses element type 'f8E4M3FN', but gfx942 has f8E4M3FNUZ and f8E5M2FNUZ}}
tile.kernel @argument(%A: memref<64x64xf8E4M3FN>) blocks(%b) = (1) threads(128) {
}

// -----

tile.kernel @tile() blocks(%b) = (1) threads(128) {
  // expected-error@+1 {{'tile.alloc' op uses element type 'f8E5M2', but gfx942 has f8E4M3FNUZ and f8E5M2FNUZ}}
  %a = tile.alloc : !tile.shared<64x64xf8E5M2>
}

// -----

tile.kernel @precision() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %b0 = tile.alloc : !tile.shared<32x64xf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  // expected-error@+1 {{'tile.gemm' op expected operands of f32 for precision 'tf32', found 'f16'}}
  tile.gemm %a, %b0 into %c {precision = "tf32"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
}
