// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | filecheck %s
// RUN: tile-opt %s --tile-to-hip=arch=gfx942 | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 --sroa --mem2reg --canonicalize | filecheck %s --check-prefix=PROMOTED

// Every thread has an array of its own and stores without asking who it is. Constant places need no memory.
// CHECK-LABEL: gpu.func @constants
// CHECK: %v = memref.alloca() : memref<2xf32, #gpu.address_space<private>>
// CHECK: %s = memref.alloca() : memref<1xf32, #gpu.address_space<private>>
// CHECK: %x = memref.load %X
// CHECK-NEXT: memref.store %x, %v[%c0]
// CHECK-NEXT: memref.store %x, %v[%c1]
// PROMOTED-LABEL: gpu.func @constants
// PROMOTED-NOT: memref.alloca
// PROMOTED: %x = memref.load %X
// PROMOTED: memref.store %x, %Y
tile.kernel @constants(%X: memref<2xf32>, %Y: memref<2xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = tile.alloc : !tile.local<2xf32>
  %s = tile.alloc : !tile.local<f32>
  %x = tile.load %X[%c0] : memref<2xf32>
  tile.store %x, %v[%c0] : !tile.local<2xf32>
  tile.store %x, %v[%c1] : !tile.local<2xf32>
  %y = tile.load %v[%c1] : !tile.local<2xf32>
  tile.store %y, %s[] : !tile.local<f32>
  %z = tile.load %s[] : !tile.local<f32>
  tile.store %z, %Y[%c0] : memref<2xf32>
}

// An array that iterations only read is the thread's own; one that they write is copied for each.
// CHECK-LABEL: gpu.func @copies
// CHECK: %read = memref.alloca()
// CHECK: %written = memref.alloca()
// CHECK: scf.if
// CHECK: %[[COPY:.*]] = memref.alloca()
// CHECK: %[[ONE:.*]] = memref.load %written
// CHECK-NEXT: memref.store %[[ONE]], %[[COPY]]
// CHECK: %[[R:.*]] = memref.load %read[%c0]
// CHECK: memref.store %[[R]], %[[COPY]][%c0]
tile.kernel @copies(%Y: memref<2xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %read = tile.alloc : !tile.local<1xf32>
  %written = tile.alloc : !tile.local<2xf32>
  tile.clear %read : !tile.local<1xf32>
  tile.clear %written : !tile.local<2xf32>
  tile.parallel (%i) in (2) {
    %x = tile.load %read[%c0] : !tile.local<1xf32>
    tile.store %x, %written[%c0] : !tile.local<2xf32>
    %y = tile.load %written[%i] : !tile.local<2xf32>
    tile.store %y, %Y[%i] : memref<2xf32>
  }
}
