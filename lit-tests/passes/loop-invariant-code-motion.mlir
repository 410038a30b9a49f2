// RUN: tile-opt %s --loop-invariant-code-motion | filecheck %s

// CHECK-LABEL: func.func @nested
// CHECK: arith.muli %[[A:.*]], %[[A]] : i32
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: arith.muli
func.func @nested(%a: i32, %n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %s = scf.for %j = %c0 to %n step %c1 iter_args(%y = %x) -> (i32) {
      %m = arith.muli %a, %a : i32
      %t = arith.addi %y, %m : i32
      scf.yield %t : i32
    }
    scf.yield %s : i32
  }
  return %r : i32
}

// Reads stay where they are.
// CHECK-LABEL: func.func @stay
// CHECK: scf.for
// CHECK-NEXT: memref.load
func.func @stay(%a: i32, %b: i32, %n: index, %m: memref<4xi32>) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %l = memref.load %m[%c0] : memref<4xi32>
    %s = arith.addi %b, %l : i32
    %t = arith.addi %x, %s : i32
    scf.yield %t : i32
  }
  return %r : i32
}
