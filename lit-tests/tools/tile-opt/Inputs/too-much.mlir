tile.kernel @too_much(%A: memref<256x256xf32>) blocks(%bx) = (1) threads(128) {
  %t = tile.alloc : !tile.shared<256x256xf32>
  tile.copy %A to %t : memref<256x256xf32> to !tile.shared<256x256xf32>
  tile.copy %t to %A : !tile.shared<256x256xf32> to memref<256x256xf32>
}
