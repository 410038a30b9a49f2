// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --tile-plan-reductions=arch=sm_80 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 --seed=3

// A row over 256 threads spans 8 warps: their parts meet in shared memory.
// CHECK-LABEL: tile.kernel @across_warps
tile.kernel @across_warps(%A: memref<2x4096xf32>, %B: memref<2xf32>) blocks(%b) = (1) threads(256) {
  %a = tile.alloc : !tile.fragment<2x4096xf32>
  %s = tile.alloc : !tile.fragment<2xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0, %c0] to %a : memref<2x4096xf32> to !tile.fragment<2x4096xf32>
  // CHECK: %scratch = tile.alloc : !tile.shared<8x2xf32
  // CHECK: tile.reduce sum %a to %s dim(1) {clear} : {{.*}} through %scratch
  tile.reduce sum %a to %s dim(1) {clear} : !tile.fragment<2x4096xf32> to !tile.fragment<2xf32>
  tile.copy %s to %B[%c0] : !tile.fragment<2xf32> to memref<2xf32>
}

// A row in four lanes needs none.
// CHECK-LABEL: tile.kernel @within_a_warp
tile.kernel @within_a_warp(%A: memref<64x16xf32>, %B: memref<64xf32>) blocks(%b) = (1) threads(256) {
  %a = tile.alloc : !tile.fragment<64x16xf32>
  %s = tile.alloc : !tile.fragment<64xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0, %c0] to %a : memref<64x16xf32> to !tile.fragment<64x16xf32>
  // CHECK-NOT: tile.shared
  // CHECK: tile.reduce absmax
  tile.reduce absmax %a to %s dim(1) {clear} : !tile.fragment<64x16xf32> to !tile.fragment<64xf32>
  tile.copy %s to %B[%c0] : !tile.fragment<64xf32> to memref<64xf32>
}

// All elements become one, which every thread holds: what reads it needs no exchange.
// CHECK-LABEL: tile.kernel @to_one_element
tile.kernel @to_one_element(%A: memref<576xf32>, %B: memref<576xf32>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<576xf32>
  // CHECK: %s = tile.alloc : !tile.fragment<1xf32, #[[ONE:fragment[0-9]*]]>
  %s = tile.alloc : !tile.fragment<1xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A to %a : memref<576xf32> to !tile.fragment<576xf32>
  // CHECK: %scratch{{.*}} = tile.alloc : !tile.shared<4x1xf32
  // CHECK: tile.reduce sum %a to %s dim(0) {clear} : !tile.fragment<576xf32, {{.*}}> to !tile.fragment<1xf32, #[[ONE]]> through %scratch
  tile.reduce sum %a to %s dim(0) {clear} : !tile.fragment<576xf32> to !tile.fragment<1xf32>
  // CHECK-NOT: layout.convert
  tile.parallel (%i) in (576) {
    %x = tile.load %a[%i] : !tile.fragment<576xf32>
    %sum = tile.load %s[%c0] : !tile.fragment<1xf32>
    %part = arith.divf %x, %sum : f32
    tile.store %part, %B[%i] : memref<576xf32>
  }
}
