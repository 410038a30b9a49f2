// C = A + B for 100,000 numbers: one block of 128 threads adds 1024 of them, the last block fewer.

tile.kernel @elementwise_add(%A: memref<100000xf32>, %B: memref<100000xf32>, %C: memref<100000xf32>)
    blocks(%bx) = (98) threads(128) {
  %a = tile.alloc : !tile.fragment<1024xf32>
  %b = tile.alloc : !tile.fragment<1024xf32>
  %i = affine.apply affine_map<(d0) -> (d0 * 1024)>(%bx)
  tile.copy %A[%i] to %a : memref<100000xf32> to !tile.fragment<1024xf32>
  tile.copy %B[%i] to %b : memref<100000xf32> to !tile.fragment<1024xf32>
  tile.parallel (%t) in (1024) {
    %x = tile.load %a[%t] : !tile.fragment<1024xf32>
    %y = tile.load %b[%t] : !tile.fragment<1024xf32>
    %sum = arith.addf %x, %y : f32
    tile.store %sum, %a[%t] : !tile.fragment<1024xf32>
  }
  tile.copy %a to %C[%i] : !tile.fragment<1024xf32> to memref<100000xf32>
}
