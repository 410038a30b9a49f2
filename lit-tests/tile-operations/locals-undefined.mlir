// Elements of local arrays that nobody wrote, read by the program and by the copies of iterations.
// RUN: not tile-run %s --kernel=read 2>&1 | filecheck %s --check-prefix=READ
// RUN: not tile-run %s --kernel=outside 2>&1 | filecheck %s --check-prefix=OUTSIDE
// RUN: not tile-run %s --kernel=copied 2>&1 | filecheck %s --check-prefix=COPIED

tile.kernel @read(%Y: memref<2xf32>) blocks(%b) = (1) threads(64) {
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %v = tile.alloc : !tile.local<2xf32>
  tile.parallel (%i) in (2) {
    %own = tile.alloc : !tile.local<2xf32>
    tile.store %zero, %own[%i] : !tile.local<2xf32>
// READ: locals-undefined.mlir:[[#@LINE+1]]:10: error: element [1] of '%own' is read but was never written
    %x = tile.load %own[%c1] : !tile.local<2xf32>
    tile.store %x, %Y[%i] : memref<2xf32>
  }
}

tile.kernel @outside(%Y: memref<2xf32>) blocks(%b) = (2) threads(64) {
  %c2 = arith.constant 2 : index
  %v = tile.alloc : !tile.local<2xf32>
  tile.clear %v : !tile.local<2xf32>
// OUTSIDE: locals-undefined.mlir:[[#@LINE+1]]:8: error: element [2] is outside of '%v', whose shape is 2
  %x = tile.load %v[%c2] : !tile.local<2xf32>
  tile.store %x, %Y[%b] : memref<2xf32>
}

tile.kernel @copied(%Y: memref<2xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %v = tile.alloc : !tile.local<2xf32>
  tile.store %zero, %v[%c0] : !tile.local<2xf32>
// COPIED: locals-undefined.mlir:[[#@LINE+1]]:3: error: element [1] of '%v' is read but was never written
  tile.parallel (%i) in (2) {
    tile.store %zero, %v[%i] : !tile.local<2xf32>
    %x = tile.load %v[%i] : !tile.local<2xf32>
    tile.store %x, %Y[%i] : memref<2xf32>
  }
}
