// A 3x3 convolution of padding 1 as a product: y[n, h, w, f] is the sum over p, q and c of x[n, h + p - 1, w + q - 1, c] times
// W[p, q, c, f]. A row of the left operand holds the 3x3 pixels around one of 2 images of 16x16 pixels with 64 channels each. It
// is gathered while it is copied (im2col): 8 channels at a time, zeros outside of the image, ahead of the product that uses it.

tile.kernel @convolution(%X: memref<2x16x16x64xf16>, %W: memref<576x128xf16>, %Y: memref<512x128xf16>)
    blocks(%bx, %by) = (2, 8) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %k = 0 to 576 step 32 stages(3) {
    tile.parallel (%i, %j) in (64, 32) {
      // The pixel of the row, and the neighbour and channel of the column.
      %pixel = arith.addi %row, %i : index
      %place = arith.addi %k, %j : index
      %image = affine.apply affine_map<(d0) -> (d0 floordiv 256)>(%pixel)
      %h = affine.apply affine_map<(d0, d1) -> ((d0 floordiv 16) mod 16 + d1 floordiv 192 - 1)>(%pixel, %place)
      %w = affine.apply affine_map<(d0, d1) -> (d0 mod 16 + (d1 floordiv 64) mod 3 - 1)>(%pixel, %place)
      %channel = affine.apply affine_map<(d0) -> (d0 mod 64)>(%place)
      // Elements outside of the tensor, and so of the image, read as zero.
      %x = tile.load %X[%image, %h, %w, %channel] : memref<2x16x16x64xf16>
      tile.store %x, %As[%i, %j] : !tile.shared<64x32xf16>
    }
    tile.copy %W[%k, %column] to %Bs : memref<576x128xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %Y[%row, %column] : !tile.fragment<64x64xf32> to memref<512x128xf16>
}
