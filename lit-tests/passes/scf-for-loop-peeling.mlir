// RUN: tile-opt %s --scf-for-loop-peeling | filecheck %s
// RUN: %if mlir-opt %{ %mlir-opt %s --scf-for-loop-peeling | filecheck %s %}
// RUN: tile-opt %s --scf-for-loop-peeling --verify-roundtrip -o /dev/null
// RUN: tile-opt %s --scf-for-loop-peeling='peel-front=true' | filecheck %s --check-prefix=FRONT
// RUN: %if mlir-opt %{ %mlir-opt %s --scf-for-loop-peeling='peel-front=true' | filecheck %s --check-prefix=FRONT %}

// FRONT: #[[NEXT:.*]] = affine_map<()[s0, s1] -> (s0 + s1)>
// FRONT-LABEL: @dynamic
// FRONT: %[[SPLIT:.*]] = affine.apply #[[NEXT]]()[%[[LB:.*]], %[[STEP:.*]]]
// FRONT: %[[FIRST:.*]] = scf.for %{{.*}} = %[[LB]] to %[[SPLIT]] step %[[STEP]] iter_args
// FRONT: scf.for %{{.*}} = %[[SPLIT]] to %{{.*}} step %[[STEP]] iter_args(%{{.*}} = %[[FIRST]])

// CHECK: #[[MAP:.*]] = affine_map<()[s0, s1, s2] -> (s1 - (s1 - s0) mod s2)>
// CHECK-LABEL: @dynamic
func.func @dynamic(%lb: index, %ub: index, %step: index, %a: i32) -> i32 {
  // CHECK: %[[SPLIT:.*]] = affine.apply #[[MAP]]()[%[[LB:.*]], %[[UB:.*]], %[[STEP:.*]]]
  // CHECK: %[[MAIN:.*]] = scf.for %{{.*}} = %[[LB]] to %[[SPLIT]] step %[[STEP]] iter_args
  // CHECK: scf.for %{{.*}} = %[[SPLIT]] to %[[UB]] step %[[STEP]] iter_args(%{{.*}} = %[[MAIN]])
  %r = scf.for %i = %lb to %ub step %step iter_args(%x = %a) -> i32 {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %r : i32
}
// CHECK-LABEL: @divides
func.func @divides(%a: i32, %m: memref<12xi32>) {
  %c0 = arith.constant 0 : index
  %c12 = arith.constant 12 : index
  %c4 = arith.constant 4 : index
  // CHECK-COUNT-1: scf.for
  // CHECK-NOT: scf.for
  scf.for %i = %c0 to %c12 step %c4 {
    memref.store %a, %m[%i] : memref<12xi32>
  }
  return
}
