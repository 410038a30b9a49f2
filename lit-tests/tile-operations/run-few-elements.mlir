// Threads without an element of a narrow tile read no register of it.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp | filecheck %s

// CHECK: few: Y: sim equals interp
tile.kernel @few(%A: memref<3x2xf32>, %Y: memref<3xf32>) blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<3x2xf32>
  %h = tile.alloc : !tile.fragment<3x2xf4E2M1FN>
  %s = tile.alloc : !tile.shared<3xf4E2M1FN>
  %y = tile.alloc : !tile.fragment<3xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A to %a : memref<3x2xf32> to !tile.fragment<3x2xf32>
  tile.copy %a to %h : !tile.fragment<3x2xf32> to !tile.fragment<3x2xf4E2M1FN>
  tile.reduce min %h to %s dim(1) {clear} : !tile.fragment<3x2xf4E2M1FN> to !tile.shared<3xf4E2M1FN>
  tile.copy %s to %y : !tile.shared<3xf4E2M1FN> to !tile.fragment<3xf32>
  tile.copy %y to %Y : !tile.fragment<3xf32> to memref<3xf32>
}
