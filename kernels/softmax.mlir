// Softmax over the rows of a matrix; 17 rows are no multiple of the 4 that a block takes, 96 columns no power of two.

tile.kernel @softmax(%A: memref<17x96xf32>, %B: memref<17x96xf32>)
    blocks(%bx) = (5) threads(128) {
  %a = tile.alloc : !tile.fragment<4x96xf32>
  %m = tile.alloc : !tile.fragment<4xf32>
  %s = tile.alloc : !tile.fragment<4xf32>
  %c0 = arith.constant 0 : index
  %i = affine.apply affine_map<(d0) -> (d0 * 4)>(%bx)
  tile.copy %A[%i, %c0] to %a : memref<17x96xf32> to !tile.fragment<4x96xf32>
  tile.reduce max %a to %m dim(1) {clear} : !tile.fragment<4x96xf32> to !tile.fragment<4xf32>
  tile.parallel (%r, %c) in (4, 96) {
    %x = tile.load %a[%r, %c] : !tile.fragment<4x96xf32>
    %t = tile.load %m[%r] : !tile.fragment<4xf32>
    %d = arith.subf %x, %t : f32
    %e = math.exp %d fastmath<afn> : f32
    tile.store %e, %a[%r, %c] : !tile.fragment<4x96xf32>
  }
  tile.reduce sum %a to %s dim(1) {clear} : !tile.fragment<4x96xf32> to !tile.fragment<4xf32>
  tile.parallel (%r, %c) in (4, 96) {
    %x = tile.load %a[%r, %c] : !tile.fragment<4x96xf32>
    %t = tile.load %s[%r] : !tile.fragment<4xf32>
    %d = arith.divf %x, %t fastmath<arcp> : f32
    tile.store %d, %a[%r, %c] : !tile.fragment<4x96xf32>
  }
  tile.copy %a to %B[%i, %c0] : !tile.fragment<4x96xf32> to memref<17x96xf32>
}
