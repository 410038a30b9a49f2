// RUN: tile-opt %s --scf-for-loop-unroll=factor=4 --canonicalize | filecheck %s
// RUN: tile-opt %s --scf-for-loop-unroll='factor=1 full-threshold=12' --canonicalize | filecheck %s --check-prefix=FULL
// RUN: tile-opt %s --scf-for-loop-unroll=factor=3 --verify-roundtrip -o /dev/null

// CHECK-LABEL: @exact
// FULL-LABEL: @exact
func.func @exact(%a: memref<12xi32>, %s: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c12 = arith.constant 12 : index
  %c1 = arith.constant 1 : index
  // CHECK: %[[STEP:.*]] = arith.constant 4 : index
  // CHECK: scf.for %[[I:.*]] = %{{.*}} to %{{.*}} step %[[STEP]]
  // CHECK: memref.load %{{.*}}[%[[I]]]
  // CHECK-COUNT-3: memref.load
  // CHECK-NOT: scf.for
  // FULL-NOT: scf.for
  // FULL-COUNT-12: memref.load
  %r = scf.for %i = %c0 to %c12 step %c1 iter_args(%x = %s) -> i32 {
    %v = memref.load %a[%i] : memref<12xi32>
    %y = arith.addi %x, %v : i32
    scf.yield %y : i32
  }
  return %r : i32
}
// CHECK-LABEL: @rest
func.func @rest(%a: memref<?xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %v = arith.constant 1 : i32
  // CHECK: %[[LEFT:.*]] = arith.remsi
  // CHECK: %[[END:.*]] = arith.subi %{{.*}}, %[[LEFT]]
  // CHECK: scf.for %{{.*}} = %{{.*}} to %[[END]]
  // CHECK-COUNT-4: memref.store
  // CHECK: scf.for %{{.*}} = %[[END]] to %{{.*}} step
  // CHECK-COUNT-1: memref.store
  scf.for %i = %c0 to %n step %c1 {
    memref.store %v, %a[%i] : memref<?xi32>
  }
  return
}
