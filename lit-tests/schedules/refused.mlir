// What could change results is refused, with the operation that is in the way.
// RUN: echo 'kernels: { row_sums: { tiles: { bx: 32 } }, positions: { tiles: { bx: 32 } }, running: { tiles: { k: 32 } } }' > %t.yaml
// RUN: not tile-opt --apply-schedule=%t.yaml %s 2>&1 | filecheck %s

// CHECK: yaml:1:37: error: 'bx' cannot become 32 where it is 16: a reduction combines its elements, so each block has its share
// CHECK: refused.mlir:[[#@LINE+6]]:3: note: here
tile.kernel @row_sums(%A: memref<64x64xf32>, %S: memref<64xf32>) blocks(%bx) = (4) threads(32) {
  %c0 = arith.constant 0 : index
  %m = affine.apply affine_map<(d0) -> (d0 * 16)>(%bx)
  %t = tile.alloc : !tile.fragment<16x64xf32>
  %s = tile.alloc : !tile.fragment<64xf32>
  tile.reduce sum %t to %s dim(0) {clear} : !tile.fragment<16x64xf32> to !tile.fragment<64xf32>
  tile.copy %A[%m, %c0] to %t : memref<64x64xf32> to !tile.fragment<16x64xf32>
}

// CHECK: error: 'bx' cannot become 32 where it is 16: 'arith.index_cast' uses the place of an element within its tile
tile.kernel @positions(%A: memref<64xi32>) blocks(%bx) = (4) threads(32) {
  %m = affine.apply affine_map<(d0) -> (d0 * 16)>(%bx)
  %t = tile.alloc : !tile.fragment<16xi32>
  tile.parallel (%i) in (16) {
    %x = arith.index_cast %i : index to i32
    tile.store %x, %t[%i] : !tile.fragment<16xi32>
  }
  tile.copy %t to %A[%m] : !tile.fragment<16xi32> to memref<64xi32>
}

// CHECK: error: 'k' cannot become 32 where it is 16: it uses what the iterations so far have accumulated, so their number matters
tile.kernel @running(%A: memref<16x64xf32>, %M: memref<16x64xf32>) blocks(%bx) = (1) threads(32) {
  %c0 = arith.constant 0 : index
  %t = tile.alloc : !tile.fragment<16x16xf32>
  %s = tile.alloc : !tile.fragment<16xf32>
  tile.clear %s : !tile.fragment<16xf32>
  tile.pipelined %k = 0 to 64 step 16 {
    tile.copy %A[%c0, %k] to %t : memref<16x64xf32> to !tile.fragment<16x16xf32>
    tile.reduce max %t to %s dim(1) : !tile.fragment<16x16xf32> to !tile.fragment<16xf32>
    tile.parallel (%i, %j) in (16, 16) {
      %x = tile.load %s[%i] : !tile.fragment<16xf32>
      tile.store %x, %t[%i, %j] : !tile.fragment<16x16xf32>
    }
    tile.copy %t to %M[%c0, %k] : !tile.fragment<16x16xf32> to memref<16x64xf32>
  }
}
