// RUN: tile-opt %s --lower-affine | filecheck %s

// Products and sums of signed arithmetic; quotients round towards negative infinity, as affine expressions mean them.
// CHECK-LABEL: func.func @apply
// CHECK-NOT: affine.
func.func @apply(%i: index, %n: index) -> (index, index) {
  // CHECK: %[[C128:.*]] = arith.constant 128 : index
  // CHECK: %[[PRODUCT:.*]] = arith.muli %i, %[[C128]] : index
  %0 = affine.apply affine_map<(d0) -> (d0 * 128)>(%i)
  // CHECK: %[[TWICE:.*]] = arith.muli %n, %{{.*}} : index
  // CHECK: arith.addi %i, %[[TWICE]] : index
  %1 = affine.apply affine_map<(d0)[s0] -> (d0 + s0 * 2)>(%i)[%n]
  return %0, %1 : index, index
}

// CHECK-LABEL: func.func @bounds
func.func @bounds(%i: index) -> (index, index) {
  // CHECK: arith.minsi %i, %{{.*}} : index
  %0 = affine.min affine_map<(d0) -> (d0, 64)>(%i)
  // CHECK: arith.maxsi
  %1 = affine.max affine_map<(d0) -> (d0 - 1, 0)>(%i)
  return %0, %1 : index, index
}
