// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --tolerance=0
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --tolerance=0
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | filecheck %s

// A truth value counts as one in numbers, and numbers are rounded and cut to 0 and 1.

// CHECK-LABEL: gpu.func @widened
// CHECK: arith.extui %{{.*}} : i1 to i8
// CHECK: arith.uitofp %{{.*}} : i1 to f32
tile.kernel @widened(%A: memref<67xi1>, %O: memref<67xi8>, %P: memref<67xf32>) blocks(%b) = (1) threads(64) {
  %integers = tile.alloc : !tile.fragment<67xi8>
  %floats = tile.alloc : !tile.fragment<67xf32>
  tile.copy %A[%b] to %integers : memref<67xi1> to !tile.fragment<67xi8>
  tile.copy %A[%b] to %floats : memref<67xi1> to !tile.fragment<67xf32>
  tile.copy %integers to %O[%b] : !tile.fragment<67xi8> to memref<67xi8>
  tile.copy %floats to %P[%b] : !tile.fragment<67xf32> to memref<67xf32>
}

// CHECK-LABEL: gpu.func @narrowed
// CHECK: arith.fptoui %{{.*}} : f32 to i1
tile.kernel @narrowed(%A: memref<67xf32>, %O: memref<67xi1>) blocks(%b) = (1) threads(64) {
  %truth = tile.alloc : !tile.fragment<67xi1>
  tile.copy %A[%b] to %truth : memref<67xf32> to !tile.fragment<67xi1>
  tile.copy %truth to %O[%b] : !tile.fragment<67xi1> to memref<67xi1>
}
