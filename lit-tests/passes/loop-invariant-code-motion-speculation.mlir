// What may run in a loop that runs no time at all moves out only where it can do no harm; the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --loop-invariant-code-motion | filecheck %s
// RUN: tile-opt %s --loop-invariant-code-motion | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --loop-invariant-code-motion --allow-unregistered-dialect > %t.theirs
// RUN: diff %t.theirs %t.ours

// CHECK-LABEL: func.func @divisions
// CHECK: arith.divsi %{{.*}}, %c2
// CHECK-NEXT: arith.divui %{{.*}}, %m1
// CHECK-NEXT: arith.ceildivui %{{.*}}, %c2
// CHECK-NEXT: scf.for
// CHECK-NEXT: arith.divsi %a, %b
// CHECK-NEXT: arith.divsi %a, %m1
// CHECK-NEXT: arith.divsi %a, %zero
// CHECK-NEXT: arith.divui %a, %b
// CHECK-NEXT: arith.ceildivsi %a, %b
// CHECK-NEXT: arith.ceildivui %a, %b
func.func @divisions(%a: i32, %b: i32, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : i32
  %m1 = arith.constant -1 : i32
  %zero = arith.constant 0 : i32
  scf.for %i = %c0 to %n step %c1 {
    %0 = arith.divsi %a, %b : i32
    %1 = arith.divsi %a, %c2 : i32
    %2 = arith.divsi %a, %m1 : i32
    %3 = arith.divsi %a, %zero : i32
    %4 = arith.divui %a, %b : i32
    %5 = arith.divui %a, %m1 : i32
    %6 = arith.ceildivsi %a, %b : i32
    %7 = arith.ceildivui %a, %b : i32
    %8 = arith.ceildivui %a, %c2 : i32
    func.call @use(%0, %1, %2, %3, %4, %5, %6, %7, %8) : (i32, i32, i32, i32, i32, i32, i32, i32, i32) -> ()
  }
  return
}

// Only a dimension that exists has an extent.
// CHECK-LABEL: func.func @dimensions
// CHECK: memref.dim %m, %c0
// CHECK-NEXT: scf.for
// CHECK-NEXT: memref.dim %m, %i0
// CHECK-NEXT: memref.dim %m, %c1
func.func @dimensions(%m: memref<?xi32>, %i0: index, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = memref.dim %m, %c0 : memref<?xi32>
    %1 = memref.dim %m, %i0 : memref<?xi32>
    %2 = memref.dim %m, %c1 : memref<?xi32>
    func.call @use3(%0, %1, %2) : (index, index, index) -> ()
  }
  return
}

// A loop moves with what is in it, if it is known to end.
// CHECK-LABEL: func.func @loops
// CHECK: scf.for {{.*}} step %c1 iter_args
// CHECK: affine.for
// CHECK: scf.for {{.*}} step %c1 {
// CHECK-NEXT: scf.for {{.*}} step %n iter_args
// CHECK: scf.for {{.*}} step %c1 iter_args
// CHECK-NEXT: arith.divui
// CHECK: affine.for {{.*}} step 3
func.func @loops(%a: i32, %b: i32, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %0 = scf.for %j = %c0 to %n step %c1 iter_args(%x = %a) -> i32 {
      %q = arith.addi %x, %b : i32
      scf.yield %q : i32
    }
    %1 = scf.for %j = %c0 to %n step %n iter_args(%x = %a) -> i32 {
      scf.yield %x : i32
    }
    %2 = scf.for %j = %c0 to %n step %c1 iter_args(%x = %a) -> i32 {
      %q = arith.divui %x, %b : i32
      scf.yield %q : i32
    }
    %3 = affine.for %j = 0 to 7 iter_args(%x = %a) -> i32 {
      affine.yield %x : i32
    }
    %4 = affine.for %j = 0 to 7 step 3 iter_args(%x = %a) -> i32 {
      affine.yield %x : i32
    }
    func.call @use5(%0, %1, %2, %3, %4) : (i32, i32, i32, i32, i32) -> ()
  }
  return
}

func.func private @use(i32, i32, i32, i32, i32, i32, i32, i32, i32)
func.func private @use3(index, index, index)
func.func private @use5(i32, i32, i32, i32, i32)
