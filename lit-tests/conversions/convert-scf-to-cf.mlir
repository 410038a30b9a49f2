// Structured control flow becomes the blocks that upstream makes of it.
// RUN: split-file %s %t
// RUN: tile-opt %t/same.mlir --allow-unregistered-dialect --convert-scf-to-cf | filecheck %s
// RUN: %if mlir-opt %{ tile-opt %t/same.mlir --allow-unregistered-dialect --convert-scf-to-cf | %mlir-opt --allow-unregistered-dialect > %t.ours %}
// RUN: %if mlir-opt %{ %mlir-opt %t/same.mlir --allow-unregistered-dialect --convert-scf-to-cf > %t.theirs %}
// RUN: %if mlir-opt %{ diff %t.theirs %t.ours %}
// RUN: not tile-opt %t/wrong.mlir --convert-scf-to-cf 2>&1 | filecheck %s --check-prefix=WRONG

// WRONG: wrong.mlir:4:5: error: 'scf.if' op cannot become blocks inside 'affine.for', whose regions have one block
// CHECK-LABEL: func.func @sum
// CHECK-NOT: scf.

//--- same.mlir
func.func @f(%n: index, %m: memref<?xf32>, %c: i1, %z: f32, %k: index) -> (f32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %i0 = arith.constant 0 : i32
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %z) -> f32 {
    %x = memref.load %m[%i] : memref<?xf32>
    %y = scf.if %c -> f32 {
      %s = arith.addf %a, %x : f32
      scf.yield %s : f32
    } else {
      scf.yield %a : f32
    }
    scf.for %j = %c0 to %i step %c1 {
      memref.store %y, %m[%j] : memref<?xf32>
    }
    scf.if %c {
      memref.store %z, %m[%i] : memref<?xf32>
    }
    scf.yield %y : f32
  }
  %w = scf.while (%v = %i0) : (i32) -> i32 {
    %lt = "test.cond"(%v) : (i32) -> i1
    scf.condition(%lt) %v : i32
  } do {
  ^bb0(%v: i32):
    %v2 = arith.addi %v, %v : i32
    scf.yield %v2 : i32
  }
  %q = scf.index_switch %k -> i32
  case 1 {
    scf.yield %w : i32
  }
  case 5 {
    scf.yield %i0 : i32
  }
  default {
    %t = "test.default"() : () -> i32
    scf.yield %t : i32
  }
  %e = scf.execute_region -> i32 {
    cf.cond_br %c, ^a, ^b
  ^a:
    scf.yield %q : i32
  ^b:
    scf.yield %w : i32
  }
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %n) step (%c1, %c1) {
    "test.op"(%i, %j) : (index, index) -> ()
  }
  return %r, %e : f32, i32
}
func.func @sum(%n: index, %m: memref<?x?xf32>, %z: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.parallel (%i, %j) = (%c0, %c0) to (%n, %n) step (%c1, %c1) init (%z) -> f32 {
    %x = memref.load %m[%i, %j] : memref<?x?xf32>
    scf.reduce(%x : f32) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      scf.reduce.return %s : f32
    }
  }
  return %r : f32
}

//--- wrong.mlir
func.func @f(%m: memref<8xf32>, %c: i1, %v: f32) {
  affine.for %i = 0 to 8 {
    // Blocks have no place in here.
    scf.if %c {
      affine.store %v, %m[%i] : memref<8xf32>
    }
  }
  return
}
