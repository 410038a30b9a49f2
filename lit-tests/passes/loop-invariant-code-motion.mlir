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

// Remainders and quotients that are rounded down obey the law of divisions: MLIR 19 moves them whatever the divisor is.
// CHECK-LABEL: func.func @remainders
// CHECK: arith.remsi %a, %c3
// CHECK-NEXT: arith.divsi %v, %threes
// CHECK-NEXT: scf.for
// CHECK-NEXT: arith.remsi %a, %b
// CHECK-NEXT: arith.remui %a, %b
// CHECK-NEXT: arith.floordivsi %a, %b
func.func @remainders(%a: i32, %b: i32, %v: vector<4xi32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : i32
  %threes = arith.constant dense<3> : vector<4xi32>
  scf.for %i = %c0 to %n step %c1 {
    %0 = arith.remsi %a, %b : i32
    %1 = arith.remui %a, %b : i32
    %2 = arith.floordivsi %a, %b : i32
    %3 = arith.remsi %a, %c3 : i32
    %4 = arith.divsi %v, %threes : vector<4xi32>
    func.call @use(%0, %1, %2, %3, %4) : (i32, i32, i32, i32, vector<4xi32>) -> ()
  }
  return
}

func.func private @use(i32, i32, i32, i32, vector<4xi32>)
