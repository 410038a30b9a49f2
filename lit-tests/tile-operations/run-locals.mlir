// Arrays and variables of each thread, executed.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --arg n=17 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=2 --arg n=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=3 --arg n=17 | filecheck %s

// Around a loop whose number of iterations is known at run time: a sum, and the last four numbers in a ring.
// CHECK: ring: Y: sim equals interp
tile.kernel @ring(%n: index, %X: memref<17xf32>, %Y: memref<5xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %sum = tile.alloc : !tile.local<f32>
  %last = tile.alloc : !tile.local<4xf32>
  tile.clear %sum : !tile.local<f32>
  tile.clear %last : !tile.local<4xf32>
  scf.for %i = %c0 to %n step %c1 {
    %x = tile.load %X[%i] : memref<17xf32>
    %before = tile.load %sum[] : !tile.local<f32>
    %after = arith.addf %before, %x : f32
    tile.store %after, %sum[] : !tile.local<f32>
    %place = arith.remui %i, %c4 : index
    tile.store %x, %last[%place] : !tile.local<4xf32>
  }
  scf.for %i = %c0 to %c4 step %c1 {
    %x = tile.load %last[%i] : !tile.local<4xf32>
    tile.store %x, %Y[%i] : memref<5xf32>
  }
  %total = tile.load %sum[] : !tile.local<f32>
  tile.store %total, %Y[%c4] : memref<5xf32>
}

// In a loop over elements: each iteration begins with what the array held, and keeps what it stores for itself.
// CHECK: copies: Y: sim equals interp
tile.kernel @copies(%n: index, %X: memref<33x7xf32>, %Y: memref<33xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c7 = arith.constant 7 : index
  %half = arith.constant 0.5 : f32
  %best = tile.alloc : !tile.local<2xf32>
  tile.fill %best, %half : !tile.local<2xf32>, f32
  tile.parallel (%i) in (33) {
    %own = tile.alloc : !tile.local<3x2xf32>
    tile.fill %own, %half : !tile.local<3x2xf32>, f32
    scf.for %k = %c0 to %c7 step %c1 {
      %x = tile.load %X[%i, %k] : memref<33x7xf32>
      %old = tile.load %best[%c0] : !tile.local<2xf32>
      %new = arith.maximumf %old, %x : f32
      tile.store %new, %best[%c0] : !tile.local<2xf32>
      %row = arith.remui %k, %c2 : index
      tile.store %new, %own[%row, %c1] : !tile.local<3x2xf32>
    }
    %first = tile.load %best[%c0] : !tile.local<2xf32>
    %second = tile.load %own[%c1, %c1] : !tile.local<3x2xf32>
    %third = tile.load %own[%c2, %c0] : !tile.local<3x2xf32>
    %sum = arith.addf %first, %second : f32
    %all = arith.addf %sum, %third : f32
    tile.store %all, %Y[%i] : memref<33xf32>
  }
  // As it was before the loop.
  %kept = tile.load %best[%c0] : !tile.local<2xf32>
  tile.store %kept, %Y[%c0] : memref<33xf32>
}
