// Values that nobody needs, in the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --remove-dead-values | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --remove-dead-values > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func private @callee(%used: i32, %unused: i64, %f: f32) -> (i32, f32) {
  %dead = arith.muli %used, %used : i32
  %r = arith.sitofp %used : i32 to f32
  return %used, %r : i32, f32
}
func.func @main(%a: i32, %b: i64, %c: f32) -> f32 {
  %r:2 = call @callee(%a, %b, %c) : (i32, i64, f32) -> (i32, f32)
  return %r#1 : f32
}
func.func @loop(%n: index, %a: i32, %b: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (i32, f32) {
    %s = arith.addi %x, %x : i32
    %t = arith.mulf %y, %y : f32
    scf.yield %s, %t : i32, f32
  }
  return %r#1 : f32
}
func.func @loop_2(%n: index, %a: i32, %b: f32) -> f32 {
  %r:2 = scf.for %i = %n to %n step %n iter_args(%x = %a, %y = %b) -> (i32, f32) {
    %k = arith.constant 4 : i32
    %s = arith.addi %x, %k : i32
    %t = arith.mulf %y, %y : f32
    scf.yield %s, %t : i32, f32
  }
  return %r#1 : f32
}
func.func private @recursive(%n: i32, %unused: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %is_zero = arith.cmpi eq, %n, %zero : i32
  %r = scf.if %is_zero -> (i32) {
    scf.yield %zero : i32
  } else {
    %less = arith.subi %n, %one : i32
    %more = arith.addi %unused, %one : i32
    %s = func.call @recursive(%less, %more) : (i32, i32) -> i32
    scf.yield %s : i32
  }
  return %r : i32
}
func.func @calls_recursive(%n: i32) -> i32 {
  %r = call @recursive(%n, %n) : (i32, i32) -> i32
  return %r : i32
}
func.func @if(%c: i1, %a: i32, %b: i32) -> i32 {
  %r:3 = scf.if %c -> (i32, i32, i32) {
    %x = arith.addi %a, %b : i32
    %y = arith.muli %a, %b : i32
    %z = arith.subi %a, %b : i32
    scf.yield %x, %y, %z : i32, i32, i32
  } else {
    scf.yield %a, %b, %b : i32, i32, i32
  }
  return %r#1 : i32
}
func.func @while(%n: i32, %m: memref<i32>) -> i32 {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %r:3 = scf.while (%i = %c0, %u = %c0, %v = %n) : (i32, i32, i32) -> (i32, i32, i32) {
    %c = arith.cmpi slt, %i, %n : i32
    scf.condition(%c) %i, %u, %v : i32, i32, i32
  } do {
  ^bb0(%i: i32, %u: i32, %v: i32):
    %j = arith.addi %i, %c1 : i32
    %k = arith.addi %u, %c1 : i32
    %l = arith.addi %v, %i : i32
    scf.yield %j, %k, %l : i32, i32, i32
  }
  return %r#2 : i32
}
func.func private @f(%a: i32) -> (i32, i32) {
  return %a, %a : i32, i32
}
func.func @g(%a: i32) {
  %0:2 = call @f(%a) : (i32) -> (i32, i32)
  return
}
func.func @parallel(%n: index, %m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %v = memref.load %m[%i] : memref<?xf32>
    %w = arith.addf %v, %v : f32
    memref.store %v, %m[%i] : memref<?xf32>
    scf.reduce
  }
  return
}
func.func @dead_loop(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %c0) -> (index) {
    %s = arith.addi %x, %i : index
    scf.yield %s : index
  }
  scf.for %i = %c0 to %n step %c1 {
    %s = arith.addi %i, %i : index
  }
  return
}
func.func @iswitch(%i: index, %a: i32) -> i32 {
  %0:2 = scf.index_switch %i -> i32, i32
  case 1 {
    %x = arith.addi %a, %a : i32
    scf.yield %a, %x : i32, i32
  }
  default {
    %x = arith.muli %a, %a : i32
    scf.yield %x, %a : i32, i32
  }
  return %0#0 : i32
}
