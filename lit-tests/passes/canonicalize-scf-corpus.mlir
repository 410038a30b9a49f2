// Many small functions on scf, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @for_zero(%a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c1 to %c0 step %c1 iter_args(%x = %a) -> (i32) {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @for_one(%a: i32, %lb: index) -> i32 {
  %c5 = arith.constant 5 : index
  %ub = arith.addi %lb, %c5 : index
  %r = scf.for %i = %lb to %ub step %c5 iter_args(%x = %a) -> (i32) {
    %j = arith.index_cast %i : index to i32
    %y = arith.addi %x, %j : i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @for_i32(%a: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%x = %a) -> (i32) : i32 {
    %y = arith.addi %x, %i : i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @for_dead_iter(%n: index, %a: i32, %b: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:3 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b, %z = %a) -> (i32, i32, i32) {
    %s = arith.addi %x, %y : i32
    scf.yield %s, %y, %s : i32, i32, i32
  }
  return %r#0 : i32
}
func.func @for_swap_unused(%n: index, %a: i32, %b: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %a) -> (i32, i32) {
    "test.use"(%x, %y) : (i32, i32) -> ()
    %s = arith.addi %x, %y : i32
    scf.yield %s, %s : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @for_empty(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
  }
  return
}
func.func @for_outside(%n: index, %a: i32, %b: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    scf.yield %b : i32
  }
  return %r : i32
}
func.func @for_outside_known(%a: i32, %b: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c10 = arith.constant 10 : index
  %r = scf.for %i = %c0 to %c10 step %c1 iter_args(%x = %a) -> (i32) {
    scf.yield %b : i32
  }
  return %r : i32
}
func.func @for_memref_cast(%m: memref<4xf32>, %n: index) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %cast) -> (memref<?xf32>) {
    %u = "test.use"(%x) : (memref<?xf32>) -> memref<4xf32>
    %k = memref.cast %u : memref<4xf32> to memref<?xf32>
    scf.yield %k : memref<?xf32>
  }
  return %r : memref<?xf32>
}
func.func @for_trunc_bounds(%n: index) {
  %c0 = arith.constant 0 : index
  %c10 = arith.constant 10 : index
  %cm = arith.constant -1 : index
  scf.for %i = %c10 to %c0 step %c10 {
    "test.a"(%i) : (index) -> ()
  }
  scf.for %i = %cm to %c0 step %c10 {
    "test.b"(%i) : (index) -> ()
  }
  return
}
func.func @if_true(%a: i32) -> i32 {
  %t = arith.constant true
  %r = scf.if %t -> (i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x : i32
  }
  return %r : i32
}
func.func @if_empty(%c: i1) {
  scf.if %c {
  } else {
  }
  return
}
func.func @if_else_only(%c: i1) {
  scf.if %c {
  } else {
    "test.b"() : () -> ()
  }
  return
}
func.func @if_same(%c: i1, %a: i32, %b: i32) -> (i32, i32) {
  %r:2 = scf.if %c -> (i32, i32) {
    "test.a"() : () -> ()
    scf.yield %a, %b : i32, i32
  } else {
    "test.b"() : () -> ()
    scf.yield %a, %a : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @if_cond_prop(%c: i1) {
  scf.if %c {
    "test.a"(%c) : (i1) -> ()
  } else {
    "test.b"(%c) : (i1) -> ()
    scf.if %c {
      "test.c"() : () -> ()
    }
  }
  return
}
func.func @if_not(%c: i1) -> i32 {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  %r = scf.if %n -> (i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x : i32
  }
  return %r : i32
}
func.func @if_not2(%c: i1) {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  scf.if %n {
    "test.a"() : () -> ()
  }
  return
}
func.func @if_bools(%c: i1) -> (i1, i1) {
  %t = arith.constant true
  %f = arith.constant false
  %r:2 = scf.if %c -> (i1, i1) {
    "test.a"() : () -> ()
    scf.yield %t, %f : i1, i1
  } else {
    "test.b"() : () -> ()
    scf.yield %f, %t : i1, i1
  }
  return %r#0, %r#1 : i1, i1
}
func.func @if_bools_inside(%c: i1) -> (i1, i1) {
  %r:2 = scf.if %c -> (i1, i1) {
    %t = arith.constant true
    %f = arith.constant false
    "test.a"() : () -> ()
    scf.yield %t, %f : i1, i1
  } else {
    %t = arith.constant true
    %f = arith.constant false
    "test.b"() : () -> ()
    scf.yield %f, %t : i1, i1
  }
  return %r#0, %r#1 : i1, i1
}
func.func @if_consec(%c: i1) -> i32 {
  %0 = scf.if %c -> (i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x : i32
  }
  %1 = scf.if %c -> (i32) {
    %x = "test.c"(%0) : (i32) -> i32
    scf.yield %x : i32
  } else {
    %x = "test.d"(%0) : (i32) -> i32
    scf.yield %x : i32
  }
  return %1 : i32
}
func.func @if_consec_not(%c: i1) {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  scf.if %c {
    "test.a"() : () -> ()
  }
  scf.if %n {
    "test.b"() : () -> ()
  }
  return
}
func.func @if_consec_not2(%c: i1) -> i32 {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  %0 = scf.if %c -> (i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x : i32
  }
  %1 = scf.if %n -> (i32) {
    %x = "test.c"(%0) : (i32) -> i32
    scf.yield %x : i32
  } else {
    %x = "test.d"(%0) : (i32) -> i32
    scf.yield %x : i32
  }
  return %1 : i32
}
func.func @if_nested(%c: i1, %d: i1) {
  scf.if %c {
    scf.if %d {
      "test.a"() : () -> ()
    }
  }
  return
}
func.func @if_nested_yield(%c: i1, %d: i1, %a: i32) -> (i32, i32) {
  %r:2 = scf.if %c -> (i32, i32) {
    %s:2 = scf.if %d -> (i32, i32) {
      %x = "test.a"() : () -> i32
      scf.yield %x, %a : i32, i32
    } else {
      scf.yield %a, %a : i32, i32
    }
    scf.yield %s#0, %s#1 : i32, i32
  } else {
    scf.yield %a, %a : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @if_nested_yield2(%c: i1, %d: i1, %a: i32, %b: i32) -> i32 {
  %r = scf.if %c -> (i32) {
    %s = scf.if %d -> (i32) {
      %x = "test.a"() : () -> i32
      scf.yield %x : i32
    } else {
      scf.yield %b : i32
    }
    scf.yield %s : i32
  } else {
    scf.yield %b : i32
  }
  return %r : i32
}
func.func @if_nested_then_ops(%c: i1, %d: i1) {
  scf.if %c {
    "test.x"() : () -> ()
    scf.if %d {
      "test.a"() : () -> ()
    }
  }
  return
}
func.func @if_unused(%c: i1) -> i32 {
  %r:2 = scf.if %c -> (i32, i32) {
    %x:2 = "test.a"() : () -> (i32, i32)
    scf.yield %x#0, %x#1 : i32, i32
  } else {
    %x:2 = "test.b"() : () -> (i32, i32)
    scf.yield %x#0, %x#1 : i32, i32
  }
  return %r#1 : i32
}
func.func @if_pure_dead(%c: i1, %a: i32) {
  %r = scf.if %c -> (i32) {
    %x = arith.addi %a, %a : i32
    scf.yield %x : i32
  } else {
    scf.yield %a : i32
  }
  return
}
func.func @exec_region(%a: i32) -> i32 {
  %r = scf.execute_region -> i32 {
    %x = arith.addi %a, %a : i32
    scf.yield %x : i32
  }
  return %r : i32
}
func.func @exec_region_multi(%a: i32, %c: i1) -> i32 {
  %r = scf.execute_region -> i32 {
    cf.cond_br %c, ^bb1, ^bb2
  ^bb1:  // pred: ^bb0
    scf.yield %a : i32
  ^bb2:  // pred: ^bb0
    %x = arith.addi %a, %a : i32
    scf.yield %x : i32
  }
  return %r : i32
}
func.func @exec_region_loop(%n: index, %c: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.execute_region {
      cf.cond_br %c, ^bb1, ^bb2
    ^bb1:  // pred: ^bb0
      "test.a"() : () -> ()
      scf.yield
    ^bb2:  // pred: ^bb0
      scf.yield
    }
  }
  return
}
func.func @while_const(%a: i32) {
  %t = arith.constant true
  scf.while : () -> () {
    %c = "test.c"() : () -> i1
    scf.condition(%c)
  } do {
    "test.b"() : () -> ()
    scf.yield
  }
  return
}
func.func @while_cond_arg() -> i1 {
  %r = scf.while : () -> i1 {
    %c = "test.c"() : () -> i1
    scf.condition(%c) %c : i1
  } do {
  ^bb0(%x: i1):
    "test.b"(%x) : (i1) -> ()
    scf.yield
  }
  return %r : i1
}
func.func @while_unused(%a: i32) -> i32 {
  %r:3 = scf.while (%x = %a) : (i32) -> (i32, i64, i32) {
    %c:4 = "test.c"(%x) : (i32) -> (i1, i32, i64, i32)
    scf.condition(%c#0) %c#1, %c#2, %c#3 : i32, i64, i32
  } do {
  ^bb0(%x: i32, %y: i64, %z: i32):
    %n = "test.b"(%z) : (i32) -> i32
    scf.yield %n : i32
  }
  return %r#0 : i32
}
func.func @while_dup(%a: i32) -> (i32, i32) {
  %r:2 = scf.while (%x = %a) : (i32) -> (i32, i32) {
    %c:2 = "test.c"(%x) : (i32) -> (i1, i32)
    scf.condition(%c#0) %c#1, %c#1 : i32, i32
  } do {
  ^bb0(%x: i32, %y: i32):
    %n = "test.b"(%x, %y) : (i32, i32) -> i32
    scf.yield %n : i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @while_invariant(%a: i32, %b: i64) -> i64 {
  %r:2 = scf.while (%x = %a, %y = %b) : (i32, i64) -> (i32, i64) {
    %c = "test.c"(%x, %y) : (i32, i64) -> i1
    scf.condition(%c) %x, %y : i32, i64
  } do {
  ^bb0(%x: i32, %y: i64):
    %n = "test.b"(%x, %y) : (i32, i64) -> i32
    scf.yield %n, %y : i32, i64
  }
  return %r#1 : i64
}
func.func @while_unused_before(%a: i32, %b: i64) -> i64 {
  %r = scf.while (%x = %a, %y = %b) : (i32, i64) -> i64 {
    %c = "test.c"(%y) : (i64) -> i1
    scf.condition(%c) %y : i64
  } do {
  ^bb0(%y: i64):
    %n:2 = "test.b"(%y) : (i64) -> (i32, i64)
    scf.yield %n#0, %n#1 : i32, i64
  }
  return %r : i64
}
func.func @while_to_for_order(%a: i32, %b: i32) -> (i32, i32) {
  %r:2 = scf.while (%x = %a, %y = %b) : (i32, i32) -> (i32, i32) {
    %c = "test.c"(%x) : (i32) -> i1
    scf.condition(%c) %y, %x : i32, i32
  } do {
  ^bb0(%y: i32, %x: i32):
    %n = "test.b"(%x) : (i32) -> i32
    scf.yield %n, %y : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @while_true_false(%a: i32) -> i32 {
  %f = arith.constant false
  %r = scf.while (%x = %a) : (i32) -> i32 {
    scf.condition(%f) %x : i32
  } do {
  ^bb0(%x: i32):
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @iswitch() -> i32 {
  %c1 = arith.constant 1 : index
  %0 = scf.index_switch %c1 -> i32
  case 0 {
    %a = arith.constant 5 : i32
    scf.yield %a : i32
  }
  case 1 {
    %a = arith.constant 6 : i32
    scf.yield %a : i32
  }
  default {
    %a = arith.constant 7 : i32
    scf.yield %a : i32
  }
  return %0 : i32
}
func.func @iswitch_default(%x: i32) -> i32 {
  %c1 = arith.constant 12 : index
  %0 = scf.index_switch %c1 -> i32
  case 0 {
    scf.yield %x : i32
  }
  default {
    %a = "test.a"() : () -> i32
    scf.yield %a : i32
  }
  return %0 : i32
}
func.func @iswitch_same(%i: index, %x: i32) -> i32 {
  %0 = scf.index_switch %i -> i32
  case 0 {
    scf.yield %x : i32
  }
  case 3 {
    scf.yield %x : i32
  }
  default {
    scf.yield %x : i32
  }
  return %0 : i32
}
func.func @iswitch_two(%i: index, %x: i32) -> (i32, i32) {
  %0:2 = scf.index_switch %i -> i32, i32
  case 0 {
    scf.yield %x, %x : i32, i32
  }
  default {
    %a = "test.a"() : () -> i32
    scf.yield %a, %x : i32, i32
  }
  return %0#0, %0#1 : i32, i32
}
func.func @par_one(%m: memref<?x?xf32>, %n: index, %v: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %j) = (%c0, %c0) to (%c1, %n) step (%c1, %c1) {
    memref.store %v, %m[%i, %j] : memref<?x?xf32>
    scf.reduce
  }
  return
}
func.func @par_zero(%m: memref<?x?xf32>, %n: index, %v: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.parallel (%i, %j) = (%c0, %c0) to (%c0, %n) step (%c1, %c1) init (%v) -> f32 {
    scf.reduce(%v : f32) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      scf.reduce.return %s : f32
    }
  }
  return %r : f32
}
func.func @par_all_one(%v: f32, %w: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.parallel (%i, %j) = (%c0, %c0) to (%c1, %c1) step (%c1, %c1) init (%v) -> f32 {
    scf.reduce(%w : f32) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      scf.reduce.return %s : f32
    }
  }
  return %r : f32
}
func.func @par_nested(%n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%k) step (%c1) {
      "test.a"(%i, %j) : (index, index) -> ()
      scf.reduce
    }
    scf.reduce
  }
  return
}
func.func @par_nested2(%n: index, %k: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.parallel (%j) = (%c0) to (%i) step (%c1) {
      "test.a"(%i, %j) : (index, index) -> ()
      scf.reduce
    }
    scf.reduce
  }
  return
}
func.func @par_empty(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    scf.reduce
  }
  return
}
func.func @if_hoist_select(%c: i1, %a: index, %b: index) -> (index, i32) {
  %r:2 = scf.if %c -> (index, i32) {
    %x = "test.a"() : () -> i32
    scf.yield %a, %x : index, i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %b, %x : index, i32
  }
  return %r#0, %r#1 : index, i32
}
func.func @move_if(%a: i32, %b: i32) -> i32 {
  %r = scf.while (%x = %a) : (i32) -> i32 {
    %c = "test.c"(%x) : (i32) -> i1
    %v = scf.if %c -> (i32) {
      %y = "test.t"(%x) : (i32) -> i32
      scf.yield %y : i32
    } else {
      scf.yield %x : i32
    }
    scf.condition(%c) %v : i32
  } do {
  ^bb0(%x: i32):
    scf.yield %x : i32
  }
  return %r : i32
}
func.func @move_if2(%a: i32, %b: i32) {
  %0 = scf.while (%x = %a) : (i32) -> i32 {
    %c = "test.c"(%x) : (i32) -> i1
    scf.if %c {
      "test.t"(%x) : (i32) -> ()
    }
    scf.condition(%c) %x : i32
  } do {
  ^bb0(%x: i32):
    "test.u"() : () -> ()
    scf.yield %x : i32
  }
  return
}
func.func @while_outside(%a: i32, %b: i32) -> (i32, i32) {
  %r:2 = scf.while (%x = %a) : (i32) -> (i32, i32) {
    %c = "test.c"(%x) : (i32) -> i1
    scf.condition(%c) %b, %x : i32, i32
  } do {
  ^bb0(%y: i32, %x: i32):
    %z = "test.u"(%y, %x) : (i32, i32) -> i32
    scf.yield %z : i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @while_args(%a: i32, %b: i32, %d: i32) -> i32 {
  %r:2 = scf.while (%x = %a, %y = %b, %z = %d) : (i32, i32, i32) -> (i32, i32) {
    %c = "test.c"(%x) : (i32) -> i1
    scf.condition(%c) %z, %x : i32, i32
  } do {
  ^bb0(%y: i32, %x: i32):
    %z = "test.u"(%y, %x) : (i32, i32) -> i32
    scf.yield %z, %x, %y : i32, i32, i32
  }
  return %r#1 : i32
}
func.func @while_swapped(%n: i32, %a: i32) -> i32 {
  %r = scf.while (%x = %a) : (i32) -> i32 {
    %c = arith.cmpi slt, %n, %x : i32
    scf.condition(%c) %x : i32
  } do {
  ^bb0(%x: i32):
    %c = arith.cmpi sge, %n, %x : i32
    %y = "test.u"(%c, %x) : (i1, i32) -> i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @nested_not_same(%c: i1, %d: i1, %a: i32, %b: i32) -> i32 {
  %r = scf.if %c -> (i32) {
    %s = scf.if %d -> (i32) {
      %x = "test.a"() : () -> i32
      scf.yield %x : i32
    } else {
      scf.yield %a : i32
    }
    scf.yield %s : i32
  } else {
    scf.yield %b : i32
  }
  return %r : i32
}
func.func @nested_else(%c: i1, %d: i1) {
  scf.if %c {
    scf.if %d {
      "test.a"() : () -> ()
    } else {
      "test.b"() : () -> ()
    }
  }
  return
}
func.func @combine_ifs_results(%c: i1) -> (i32, i32) {
  %0 = scf.if %c -> (i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x : i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x : i32
  }
  scf.if %c {
    "test.m"(%0) : (i32) -> ()
  }
  %1 = scf.if %c -> (i32) {
    %x = "test.c"(%0) : (i32) -> i32
    scf.yield %x : i32
  } else {
    %x = "test.d"(%0) : (i32) -> i32
    scf.yield %x : i32
  }
  return %0, %1 : i32, i32
}
func.func @combine_not_first(%c: i1) {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  scf.if %n {
    "test.b"() : () -> ()
  }
  scf.if %c {
    "test.a"() : () -> ()
  }
  return
}
func.func @par_reduce2(%v: f32, %w: f32) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.parallel (%i) = (%c0) to (%c1) step (%c1) init (%v, %w) -> (f32, f32) {
    %k = "test.x"(%i) : (index) -> f32
    scf.reduce(%w, %k : f32, f32) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      scf.reduce.return %s : f32
    }, {
    ^bb0(%a: f32, %b: f32):
      %s = arith.mulf %b, %a : f32
      scf.reduce.return %s : f32
    }
  }
  return %r#0, %r#1 : f32, f32
}
func.func @par_nested3(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i, %k) = (%c0, %c0) to (%n, %n) step (%c1, %c1) {
    scf.parallel (%j) = (%c1) to (%n) step (%c1) {
      "test.a"(%i, %k, %j) : (index, index, index) -> ()
      scf.reduce
    }
    scf.reduce
  }
  return
}
func.func @exec_nested(%c: i1) {
  scf.execute_region {
    scf.execute_region {
      cf.cond_br %c, ^bb1, ^bb2
    ^bb1:  // pred: ^bb0
      "test.a"() : () -> ()
      cf.br ^bb3
    ^bb2:  // pred: ^bb0
      "test.b"() : () -> ()
      cf.br ^bb3
    ^bb3:  // 2 preds: ^bb1, ^bb2
      scf.yield
    }
    "test.c"() : () -> ()
    scf.yield
  }
  return
}
func.func @exec_in_if(%c: i1, %d: i1) {
  scf.if %d {
    scf.execute_region {
      cf.cond_br %c, ^bb1, ^bb2
    ^bb1:  // pred: ^bb0
      "test.a"() : () -> ()
      cf.br ^bb3
    ^bb2:  // pred: ^bb0
      "test.b"() : () -> ()
      cf.br ^bb3
    ^bb3:  // 2 preds: ^bb1, ^bb2
      scf.yield
    }
  }
  return
}
func.func @if_partial(%c: i1, %a: i32) -> (i32, i32, i32) {
  %r:3 = scf.if %c -> (i32, i32, i32) {
    %x = "test.a"() : () -> i32
    scf.yield %x, %a, %x : i32, i32, i32
  } else {
    %x = "test.b"() : () -> i32
    scf.yield %x, %a, %a : i32, i32, i32
  }
  return %r#0, %r#1, %r#2 : i32, i32, i32
}
func.func @for_result_cast(%m: memref<4xf32>, %n: index) -> memref<?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %cast = memref.cast %m : memref<4xf32> to memref<?xf32>
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %cast) -> (memref<?xf32>) {
    scf.yield %x : memref<?xf32>
  }
  return %r : memref<?xf32>
}
func.func @for_step_big(%a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %r = scf.for %i = %c0 to %c3 step %c5 iter_args(%x = %a) -> (i32) {
    %y = "test.y"(%x, %i) : (i32, index) -> i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func @for_dup_iter(%n: index, %a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %a) -> (i32, i32) {
    %k = "test.u"(%x, %y) : (i32, i32) -> i32
    scf.yield %k, %k : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}
func.func @if_else_if(%c: i1, %d: i1) {
  scf.if %c {
  } else {
    scf.if %d {
      "test.a"() : () -> ()
    }
  }
  return
}
func.func @cond_uses(%c: i1, %a: i32) -> i32 {
  %r = scf.if %c -> (i32) {
    %k = arith.select %c, %a, %a : i32
    %z = arith.extui %c : i1 to i32
    scf.yield %z : i32
  } else {
    %z = arith.extui %c : i1 to i32
    scf.yield %z : i32
  }
  return %r : i32
}
func.func @iswitch_noresults(%i: index) {
  scf.index_switch %i
  case 1 {
    "test.a"() : () -> ()
    scf.yield
  }
  default {
  }
  return
}
func.func @iswitch_empty(%i: index) {
  scf.index_switch %i
  case 1 {
    scf.yield
  }
  default {
  }
  return
}
