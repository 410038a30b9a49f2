// Structured control flow is simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @if_unused(%c: i1, %a: i32) -> i32 {
  %0:2 = scf.if %c -> (i32, i32) {
    %x = arith.addi %a, %a : i32
    %y = "test.op"(%a) : (i32) -> i32
    scf.yield %x, %y : i32, i32
  } else {
    scf.yield %a, %a : i32, i32
  }
  return %0#1 : i32
}
func.func @if_select(%c: i1, %a: i32, %b: i32) -> i32 {
  %0 = scf.if %c -> i32 {
    scf.yield %a : i32
  } else {
    scf.yield %b : i32
  }
  return %0 : i32
}
func.func @if_select_some(%c: i1, %a: i32, %b: i32) -> (i32, i32) {
  %0:2 = scf.if %c -> (i32, i32) {
    %x = "test.op"(%a) : (i32) -> i32
    scf.yield %a, %x : i32, i32
  } else {
    scf.yield %b, %b : i32, i32
  }
  return %0#0, %0#1 : i32, i32
}
func.func @if_not(%c: i1) {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  scf.if %n {
    "test.a"() : () -> ()
  } else {
    "test.b"() : () -> ()
  }
  return
}
func.func @if_empty_else(%c: i1) {
  scf.if %c {
    "test.a"() : () -> ()
  } else {
  }
  return
}
func.func @if_empty_then(%c: i1) {
  scf.if %c {
  } else {
    "test.a"() : () -> ()
  }
  return
}
func.func @if_twice(%c: i1) {
  scf.if %c {
    "test.a"() : () -> ()
  }
  scf.if %c {
    "test.b"() : () -> ()
  } else {
    "test.c"() : () -> ()
  }
  return
}
func.func @if_twice_not(%c: i1, %v: i32) -> (i32, i32) {
  %0 = scf.if %c -> i32 {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    scf.yield %v : i32
  }
  %1 = scf.if %c -> i32 {
    %y = "test.b"(%0) : (i32) -> i32
    scf.yield %y : i32
  } else {
    scf.yield %0 : i32
  }
  return %0, %1 : i32, i32
}
func.func @if_nested(%c: i1, %d: i1) {
  scf.if %c {
    scf.if %d {
      "test.a"() : () -> ()
    }
  }
  return
}
func.func @if_bools(%c: i1) -> (i1, i1) {
  %t = arith.constant true
  %f = arith.constant false
  %0:2 = scf.if %c -> (i1, i1) {
    "test.a"() : () -> ()
    scf.yield %t, %f : i1, i1
  } else {
    "test.b"() : () -> ()
    scf.yield %f, %t : i1, i1
  }
  return %0#0, %0#1 : i1, i1
}
func.func @if_same_values(%c: i1, %v: i32) -> i32 {
  %0 = scf.if %c -> i32 {
    "test.a"() : () -> ()
    scf.yield %v : i32
  } else {
    "test.b"() : () -> ()
    scf.yield %v : i32
  }
  return %0 : i32
}
func.func @for_zero(%a: i32, %n: index) -> i32 {
  %c5 = arith.constant 5 : index
  %c2 = arith.constant 2 : index
  %0 = scf.for %i = %c5 to %c2 step %c2 iter_args(%x = %a) -> i32 {
    %y = "test.op"(%x) : (i32) -> i32
    scf.yield %y : i32
  }
  return %0 : i32
}
func.func @for_same_bounds(%a: i32, %n: index, %s: index) -> i32 {
  %0 = scf.for %i = %n to %n step %s iter_args(%x = %a) -> i32 {
    %y = "test.op"(%x) : (i32) -> i32
    scf.yield %y : i32
  }
  return %0 : i32
}
func.func @for_once(%n: index, %a: i32) -> i32 {
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = scf.for %i = %c1 to %c2 step %c2 iter_args(%x = %a) -> i32 {
    %y = "test.op"(%x, %i) : (i32, index) -> i32
    scf.yield %y : i32
  }
  return %0 : i32
}
func.func @for_step_once(%n: index) {
  %c1 = arith.constant 1 : index
  %0 = arith.addi %n, %c1 : index
  scf.for %i = %n to %0 step %c1 {
    "test.op"(%i) : (index) -> ()
  }
  return
}
func.func @for_empty(%n: index, %a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> i32 {
    scf.yield %x : i32
  }
  return %0 : i32
}
func.func @for_dup_args(%n: index, %a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %a) -> (i32, i32) {
    %z = "test.op"(%x, %y) : (i32, i32) -> i32
    scf.yield %z, %z : i32, i32
  }
  return %0#0, %0#1 : i32, i32
}
func.func @for_constant_args(%n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : i32
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %c5) -> i32 {
    scf.yield %c5 : i32
  }
  return %0 : i32
}
func.func @for_outside_values(%n: index, %a: i32, %b: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  %0 = scf.for %i = %c0 to %c8 step %c1 iter_args(%x = %a) -> i32 {
    scf.yield %b : i32
  }
  return %0 : i32
}
func.func @while_unused(%a: i32, %b: i32) -> i32 {
  %0:2 = scf.while (%x = %a, %y = %b) : (i32, i32) -> (i32, i32) {
    %c = "test.cond"(%x) : (i32) -> i1
    scf.condition(%c) %x, %y : i32, i32
  } do {
  ^bb0(%p: i32, %q: i32):
    "test.op"(%p) : (i32) -> ()
    scf.yield %p, %q : i32, i32
  }
  return %0#0 : i32
}
func.func @while_false(%a: i32) -> i32 {
  %f = arith.constant false
  %0 = scf.while (%x = %a) : (i32) -> i32 {
    "test.before"(%x) : (i32) -> ()
    scf.condition(%f) %x : i32
  } do {
  ^bb0(%p: i32):
    "test.op"(%p) : (i32) -> ()
    scf.yield %p : i32
  }
  return %0 : i32
}
func.func @while_cond_truth() {
  scf.while : () -> () {
    %c = "test.cond"() : () -> i1
    scf.condition(%c)
  } do {
    scf.yield
  }
  return
}
func.func @while_cmp(%a: i32) {
  %0 = scf.while (%x = %a) : (i32) -> i1 {
    %c = "test.cond"(%x) : (i32) -> i1
    scf.condition(%c) %c : i1
  } do {
  ^bb0(%p: i1):
    "test.op"(%p) : (i1) -> ()
    scf.yield %a : i32
  }
  "test.after"(%0) : (i1) -> ()
  return
}
func.func @exec(%c: i32) -> i32 {
  %0 = scf.execute_region -> i32 {
    %x = "test.op"() : () -> i32
    scf.yield %x : i32
  }
  return %0 : i32
}
func.func @switch_const() -> i32 {
  %c2 = arith.constant 2 : index
  %0 = scf.index_switch %c2 -> i32
  case 1 {
    %a = "test.one"() : () -> i32
    scf.yield %a : i32
  }
  case 2 {
    %a = "test.two"() : () -> i32
    scf.yield %a : i32
  }
  default {
    %a = "test.default"() : () -> i32
    scf.yield %a : i32
  }
  return %0 : i32
}
func.func @parallel_empty(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c0) step (%c1, %c1) {
    "test.op"(%i, %j) : (index, index) -> ()
  }
  return
}
func.func @parallel_single(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%n, %c1) step (%c1, %c1) {
    "test.op"(%i, %j) : (index, index) -> ()
  }
  return
}
