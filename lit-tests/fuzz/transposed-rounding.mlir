// A transpose rounds as a copy does: the product, which one executor reads as tf32 and the other as f32, may end in the
// next number of bf16. The default tolerance did not know it.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --seed=5 --schedules=8 | filecheck %s

// CHECK: transposed: Y: sim equals interp
tile.kernel @transposed(%A: memref<1x1xf32>, %B: memref<72x67xf32>, %Y: memref<24x20xf16>) blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.shared<20x24xf32>
  %w = tile.alloc : !tile.shared<24x24xf32>
  %acc = tile.alloc : !tile.fragment<20x24xf32>
  %y = tile.alloc : !tile.fragment<24x20xbf16>
  tile.clear %acc : !tile.fragment<20x24xf32>
  tile.copy %A to %a : memref<1x1xf32> to !tile.shared<20x24xf32>
  tile.copy %B to %w : memref<72x67xf32> to !tile.shared<24x24xf32>
  tile.gemm %a, %w into %acc {precision = "tf32", transpose_b} : !tile.shared<20x24xf32>, !tile.shared<24x24xf32>, !tile.fragment<20x24xf32>
  tile.transpose %acc to %y : !tile.fragment<20x24xf32> to !tile.fragment<24x20xbf16>
  tile.copy %y to %Y : !tile.fragment<24x20xbf16> to memref<24x20xf16>
}
