// Maxima and minima ignore NaN, and are NaN of elements that all are: an infinity to begin with is no element. Rows 0 and
// 3 are NaN alone, in the others every third number is.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --tolerance=0 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --tolerance=0 | filecheck %s

// CHECK: only_nan: R: sim equals interp
// CHECK: only_nan: M: sim equals interp
// CHECK: only_nan: S: sim equals interp
// CHECK: only_nan: T: sim equals interp
tile.kernel @only_nan(%X: memref<5x70xf32>, %R: memref<5xf32>, %M: memref<5xf32>, %S: memref<5x70xf32>, %T: memref<5x70xf16>)
    blocks(%b) = (1) threads(64) {
  %x = tile.alloc : !tile.fragment<5x70xf32>
  %s = tile.alloc : !tile.shared<5x70xf32>
  %h = tile.alloc : !tile.shared<5x70xf16>
  %r = tile.alloc : !tile.fragment<5xf32>
  %m = tile.alloc : !tile.fragment<5xf32>
  %zero = arith.constant 0 : index
  %three = arith.constant 3 : index
  %nan = arith.constant 0x7FC00000 : f32
  tile.copy %X to %x : memref<5x70xf32> to !tile.fragment<5x70xf32>
  tile.parallel (%i, %j) in (5, 70) {
    %old = tile.load %x[%i, %j] : !tile.fragment<5x70xf32>
    %product = arith.muli %i, %j : index
    %rest = arith.remui %product, %three : index
    %isNaN = arith.cmpi eq, %rest, %zero : index
    %new = arith.select %isNaN, %nan, %old : f32
    tile.store %new, %x[%i, %j] : !tile.fragment<5x70xf32>
  }
  tile.reduce max %x to %r dim(1) {clear} : !tile.fragment<5x70xf32> to !tile.fragment<5xf32>
  tile.reduce absmax %x to %m dim(1) {clear} : !tile.fragment<5x70xf32> to !tile.fragment<5xf32>
  tile.copy %x to %s : !tile.fragment<5x70xf32> to !tile.shared<5x70xf32>
  tile.copy %x to %h : !tile.fragment<5x70xf32> to !tile.shared<5x70xf16>
  tile.scan min %s to %s dim(1) {exclusive} : !tile.shared<5x70xf32> to !tile.shared<5x70xf32>
  tile.scan max %h to %h dim(1) {reverse} : !tile.shared<5x70xf16> to !tile.shared<5x70xf16>
  tile.copy %r to %R : !tile.fragment<5xf32> to memref<5xf32>
  tile.copy %m to %M : !tile.fragment<5xf32> to memref<5xf32>
  tile.copy %s to %S : !tile.shared<5x70xf32> to memref<5x70xf32>
  tile.copy %h to %T : !tile.shared<5x70xf16> to memref<5x70xf16>
}
