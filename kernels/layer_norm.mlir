// Layer normalization of rows with a gain for each column. A row of 512 takes 64 threads: two warps exchange their parts of its
// sums, at a barrier of their own where there is one, while other warps do the same for other rows.

tile.kernel @layer_norm(%X: memref<21x512xf16>, %gain: memref<512xf32>, %Y: memref<21x512xf16>)
    blocks(%b) = (6) threads(256) {
  %x = tile.alloc : !tile.fragment<4x512xf32>
  %sum = tile.alloc : !tile.fragment<4xf32>
  %squares = tile.alloc : !tile.fragment<4xf32>
  %d2 = tile.alloc : !tile.fragment<4x512xf32>
  %c0 = arith.constant 0 : index
  %n = arith.constant 512.0 : f32
  %epsilon = arith.constant 0.001 : f32
  %i = affine.apply affine_map<(d0) -> (d0 * 4)>(%b)
  tile.copy %X[%i, %c0] to %x : memref<21x512xf16> to !tile.fragment<4x512xf32>
  tile.reduce sum %x to %sum dim(1) {clear} : !tile.fragment<4x512xf32> to !tile.fragment<4xf32>
  tile.parallel (%r, %c) in (4, 512) {
    %v = tile.load %x[%r, %c] : !tile.fragment<4x512xf32>
    %s = tile.load %sum[%r] : !tile.fragment<4xf32>
    %mean = arith.divf %s, %n : f32
    %d = arith.subf %v, %mean : f32
    %dd = arith.mulf %d, %d : f32
    tile.store %d, %x[%r, %c] : !tile.fragment<4x512xf32>
    tile.store %dd, %d2[%r, %c] : !tile.fragment<4x512xf32>
  }
  tile.reduce sum %d2 to %squares dim(1) {clear} : !tile.fragment<4x512xf32> to !tile.fragment<4xf32>
  tile.parallel (%r, %c) in (4, 512) {
    %d = tile.load %x[%r, %c] : !tile.fragment<4x512xf32>
    %s = tile.load %squares[%r] : !tile.fragment<4xf32>
    %w = tile.load %gain[%c] : memref<512xf32>
    %variance = arith.divf %s, %n : f32
    %shifted = arith.addf %variance, %epsilon : f32
    %scale = math.rsqrt %shifted : f32
    %unit = arith.mulf %d, %scale : f32
    %y = arith.mulf %unit, %w : f32
    tile.store %y, %x[%r, %c] : !tile.fragment<4x512xf32>
  }
  tile.copy %x to %Y[%i, %c0] : !tile.fragment<4x512xf32> to memref<21x512xf16>
}
