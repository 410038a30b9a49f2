// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 --draw=halves --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --draw=halves --tolerance=0

// Each thread transposes 3 or 12 elements of a tile with 24 along K on its way in: no power of two.

tile.kernel @three(%A: memref<64x24xf32>, %B: memref<24x64xf32>, %C: memref<64x64xf32>)
    blocks(%b) = (1) threads(512) {
  %a = tile.alloc : !tile.shared<64x24xf32>
  %w = tile.alloc : !tile.shared<24x64xf32>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.copy %A to %a : memref<64x24xf32> to !tile.shared<64x24xf32>
  tile.copy %B to %w : memref<24x64xf32> to !tile.shared<24x64xf32>
  tile.gemm %a, %w into %acc {precision = "tf32"} : !tile.shared<64x24xf32>, !tile.shared<24x64xf32>, !tile.fragment<64x64xf32>
  tile.copy %acc to %C : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

tile.kernel @twelve(%A: memref<24x64xbf16>, %B: memref<24x64xbf16>, %C: memref<64x64xf32>)
    blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<24x64xbf16>
  %w = tile.alloc : !tile.shared<24x64xbf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.copy %A to %a : memref<24x64xbf16> to !tile.shared<24x64xbf16>
  tile.copy %B to %w : memref<24x64xbf16> to !tile.shared<24x64xbf16>
  tile.gemm %a, %w into %acc {transpose_a} : !tile.shared<24x64xbf16>, !tile.shared<24x64xbf16>, !tile.fragment<64x64xf32>
  tile.copy %acc to %C : !tile.fragment<64x64xf32> to memref<64x64xf32>
}
