// Persistent grids, executed: fewer blocks than tiles, more, and a number of tiles that is known at run time.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg m=70 --arg n=136 --arg k=40 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=2 --arg m=300 --arg n=24 --arg k=96 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=3 --arg m=0 --arg n=24 --arg k=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --arg m=70 --arg n=136 --arg k=40 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 --arg m=300 --arg n=24 --arg k=0 | filecheck %s

// A product of any size in a pipeline: the prologue of a tile meets what the last iteration of the tile before still reads.
// CHECK: product: C: sim equals interp
tile.kernel @product(%m: index, %n: index, %k: index, %A: memref<?x?xf16> sizes(%m, %k), %B: memref<?x?xf16> sizes(%k, %n),
    %C: memref<?x?xf32> sizes(%m, %n)) blocks(%bx, %by) = (%n ceildiv 64, %m ceildiv 64) threads(128) {
  tile.assume affine_set<(d0, d1) : (d0 mod 8 == 0, d1 mod 8 == 0)>(%n, %k)
  tile.persistent blocks(2)
  tile.rasterize row panel(2)
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 64)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %l = 0 to %k step 32 stages(3) {
    tile.copy %A[%row, %l] to %As : memref<?x?xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%l, %column] to %Bs : memref<?x?xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%row, %column] : !tile.fragment<64x64xf32> to memref<?x?xf32>
}

// Three dimensions, a panel that does not divide the rows, and a block whose rows are summed through shared memory.
// CHECK: sums: Y: sim equals interp
tile.kernel @sums(%X: memref<2x50x96xf32>, %Y: memref<2x3x50xf32>) blocks(%bx, %by, %bz) = (3, 5, 2) threads(64) {
  tile.rasterize column panel(2)
  tile.persistent blocks(7)
  %s = tile.alloc : !tile.shared<10x32xf32>
  %f = tile.alloc : !tile.fragment<10x32xf32>
  %y = tile.alloc : !tile.fragment<10xf32>
  %row = affine.apply affine_map<(d0) -> (d0 * 10)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 32)>(%bx)
  tile.copy %X[%bz, %row, %column] to %s : memref<2x50x96xf32> to !tile.shared<10x32xf32>
  tile.copy %s to %f : !tile.shared<10x32xf32> to !tile.fragment<10x32xf32>
  tile.reduce sum %f to %y dim(1) {clear} : !tile.fragment<10x32xf32> to !tile.fragment<10xf32>
  tile.copy %y to %Y[%bz, %bx, %row] : !tile.fragment<10xf32> to memref<2x3x50xf32>
}

// One block for each multiprocessor, of which there are more than tiles.
// CHECK: few: Y: sim equals interp
tile.kernel @few(%X: memref<100xf32>, %Y: memref<100xf32>) blocks(%b) = (4) threads(64) {
  tile.persistent auto
  %i = affine.apply affine_map<(d0) -> (d0 * 32)>(%b)
  %x = tile.alloc : !tile.fragment<32xf32>
  tile.copy %X[%i] to %x : memref<100xf32> to !tile.fragment<32xf32>
  tile.copy %x to %Y[%i] : !tile.fragment<32xf32> to memref<100xf32>
}
