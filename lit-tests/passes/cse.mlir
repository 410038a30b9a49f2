// RUN: tile-opt %s --cse --split-input-file | filecheck %s
// RUN: tile-opt %s --cse --split-input-file --mlir-pass-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=STATISTICS
// STATISTICS: (S) {{[1-9]}} num-cse'd

// CHECK-LABEL: func.func @simple
// CHECK-COUNT-1: arith.addi
// CHECK-NEXT: %[[M:.*]] = arith.muli %[[S:.*]], %[[S]] : i32
// CHECK-NEXT: return %[[M]]
func.func @simple(%a: i32, %b: i32) -> i32 {
  %x = arith.addi %a, %b : i32
  %y = arith.addi %b, %a : i32
  %m = arith.muli %x, %y : i32
  return %m : i32
}

// -----
// Attributes tell operations apart.
// CHECK-LABEL: func.func @predicates
// CHECK-COUNT-2: arith.cmpi
func.func @predicates(%a: i32, %b: i32) -> (i1, i1) {
  %x = arith.cmpi slt, %a, %b : i32
  %y = arith.cmpi sle, %a, %b : i32
  return %x, %y : i1, i1
}

// -----
// What one side of a branch computed is not there on the other; what dominates both is.
// CHECK-LABEL: func.func @branches
// CHECK: arith.addi
// CHECK: ^{{.*}}:
// CHECK-NEXT: arith.muli
// CHECK-NEXT: return
// CHECK: ^{{.*}}:
// CHECK-NEXT: arith.muli
// CHECK-NEXT: return
func.func @branches(%c: i1, %a: i32) -> i32 {
  %x = arith.addi %a, %a : i32
  cf.cond_br %c, ^one, ^two
^one:
  %y = arith.addi %a, %a : i32
  %m = arith.muli %y, %x : i32
  return %m : i32
^two:
  %z = arith.addi %a, %a : i32
  %n = arith.muli %z, %a : i32
  return %n : i32
}

// -----
// A loop's body sees what is around the loop, but nothing leaves it.
// CHECK-LABEL: func.func @loop
// CHECK: arith.addi
// CHECK: scf.for
// CHECK-NEXT: arith.muli
// CHECK-NOT: arith.addi
// CHECK: }
// CHECK-NEXT: arith.muli
func.func @loop(%a: i32, %n: index) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = arith.addi %a, %a : i32
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%s = %x) -> (i32) {
    %y = arith.addi %a, %a : i32
    %m = arith.muli %a, %y : i32
    %t = arith.subi %s, %m : i32
    scf.yield %t : i32
  }
  %m = arith.muli %a, %x : i32
  return %r, %m : i32, i32
}

// -----
// Reads are the same until something is written.
// CHECK-LABEL: func.func @memory
// CHECK-COUNT-2: memref.load
// CHECK-NOT: memref.load
func.func @memory(%m: memref<4xf32>, %i: index, %v: f32) -> (f32, f32, f32) {
  %a = memref.load %m[%i] : memref<4xf32>
  %b = memref.load %m[%i] : memref<4xf32>
  memref.store %v, %m[%i] : memref<4xf32>
  %c = memref.load %m[%i] : memref<4xf32>
  return %a, %b, %c : f32, f32, f32
}

// -----
// Regions that compute the same from the same are the same; from different values they are not.
// CHECK-LABEL: func.func @regions
// CHECK-COUNT-2: scf.if
// CHECK-NOT: scf.if
func.func @regions(%c: i1, %a: i32, %b: i32) -> (i32, i32, i32) {
  %x = scf.if %c -> (i32) {
    scf.yield %a : i32
  } else {
    scf.yield %b : i32
  }
  %y = scf.if %c -> (i32) {
    scf.yield %a : i32
  } else {
    scf.yield %b : i32
  }
  %z = scf.if %c -> (i32) {
    scf.yield %b : i32
  } else {
    scf.yield %a : i32
  }
  return %x, %y, %z : i32, i32, i32
}
