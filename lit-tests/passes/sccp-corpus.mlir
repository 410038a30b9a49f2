// Constants that are propagated, in the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --sccp | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --sccp > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @simple() -> i32 {
  %c1_i32 = arith.constant 1 : i32
  %c2_i32 = arith.constant 2 : i32
  %0 = arith.addi %c1_i32, %c2_i32 : i32
  return %0 : i32
}
func.func @cond(%a: i32) -> i32 {
  %t = arith.constant true
  cf.cond_br %t, ^bb1(%a : i32), ^bb2
^bb1(%x: i32):  // 2 preds: ^bb0, ^bb2
  return %x : i32
^bb2:  // pred: ^bb0
  %c = arith.constant 5 : i32
  cf.br ^bb1(%c : i32)
}
func.func @phi(%c: i1) -> i32 {
  %a = arith.constant 5 : i32
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  cf.br ^bb3(%a : i32)
^bb2:  // pred: ^bb0
  %b = arith.constant 5 : i32
  cf.br ^bb3(%b : i32)
^bb3(%x: i32):  // 2 preds: ^bb1, ^bb2
  %y = arith.addi %x, %x : i32
  return %y : i32
}
func.func @loop(%n: index) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = arith.constant 5 : i32
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %z = arith.constant 0 : i32
    %y = arith.addi %x, %z : i32
    scf.yield %y : i32
  }
  return %r : i32
}
func.func private @f(%x: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  %y = arith.addi %x, %c1 : i32
  return %y : i32
}
func.func @g() -> i32 {
  %c2 = arith.constant 2 : i32
  %0 = call @f(%c2) : (i32) -> i32
  %1 = call @f(%c2) : (i32) -> i32
  %2 = arith.addi %0, %1 : i32
  return %2 : i32
}
func.func @h(%x: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  %y = arith.addi %x, %c1 : i32
  return %y : i32
}
func.func @g_2() -> i32 {
  %c2 = arith.constant 2 : i32
  %0 = call @h(%c2) : (i32) -> i32
  return %0 : i32
}
func.func @ifs(%c: i1) -> (i32, i32) {
  %t = arith.constant true
  %0:2 = scf.if %t -> (i32, i32) {
    %a = arith.constant 1 : i32
    %x = "test.x"() : () -> i32
    scf.yield %a, %x : i32, i32
  } else {
    %a = arith.constant 2 : i32
    scf.yield %a, %a : i32, i32
  }
  return %0#0, %0#1 : i32, i32
}
func.func @whiles() -> i32 {
  %a = arith.constant 1 : i32
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
func.func @switch() -> i32 {
  %f = arith.constant 2 : i32
  cf.switch %f : i32, [
    default: ^bb1,
    1: ^bb2,
    2: ^bb3
  ]
^bb1:  // pred: ^bb0
  %a = arith.constant 10 : i32
  cf.br ^bb4(%a : i32)
^bb2:  // pred: ^bb0
  %b = arith.constant 20 : i32
  cf.br ^bb4(%b : i32)
^bb3:  // pred: ^bb0
  %c = arith.constant 30 : i32
  cf.br ^bb4(%c : i32)
^bb4(%x: i32):  // 3 preds: ^bb1, ^bb2, ^bb3
  return %x : i32
}
func.func @unused_private_arg() {
  %c = arith.constant 3 : i32
  call @k(%c) : (i32) -> ()
  return
}
func.func private @k(%x: i32) {
  "test.use"(%x) : (i32) -> ()
  return
}
func.func private @rec(%x: i32, %c: i1) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  %0 = call @rec(%x, %c) : (i32, i1) -> i32
  return %0 : i32
^bb2:  // pred: ^bb0
  return %x : i32
}
func.func @main(%c: i1) -> i32 {
  %k = arith.constant 9 : i32
  %0 = call @rec(%k, %c) : (i32, i1) -> i32
  return %0 : i32
}
func.func @select(%c: i1, %z: i32) -> i32 {
  %a = arith.constant 4 : i32
  %s = arith.select %c, %a, %a : i32
  %t = arith.muli %s, %a : i32
  %zero = arith.constant 0 : i32
  %m = arith.muli %z, %zero : i32
  %u = arith.addi %t, %m : i32
  return %u : i32
}
func.func @affine() -> index {
  %c4 = arith.constant 4 : index
  %0 = affine.apply affine_map<(d0) -> (d0 * 2)>(%c4)
  %1 = arith.addi %0, %c4 : index
  return %1 : index
}
