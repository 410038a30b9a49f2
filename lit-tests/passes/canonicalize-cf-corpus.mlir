// Many small functions on cf, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @br_merge(%a: i32) -> i32 {
  cf.br ^bb1(%a : i32)
^bb1(%x: i32):  // pred: ^bb0
  %y = arith.addi %x, %x : i32
  cf.br ^bb2
^bb2:  // pred: ^bb1
  return %y : i32
}
func.func @cond_same(%c: i1, %a: i32) -> i32 {
  cf.cond_br %c, ^bb1(%a : i32), ^bb1(%a : i32)
^bb1(%x: i32):  // 2 preds: ^bb0, ^bb0
  return %x : i32
}
func.func @cond_select(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^bb1(%a : i32), ^bb1(%b : i32)
^bb1(%x: i32):  // 2 preds: ^bb0, ^bb0
  return %x : i32
}
func.func @cond_true(%a: i32) -> i32 {
  %t = arith.constant true
  cf.cond_br %t, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  return %a : i32
^bb2:  // pred: ^bb0
  %z = arith.addi %a, %a : i32
  return %z : i32
}
func.func @cond_passthrough(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  cf.br ^bb3(%a : i32)
^bb2:  // pred: ^bb0
  cf.br ^bb3(%b : i32)
^bb3(%x: i32):  // 2 preds: ^bb1, ^bb2
  return %x : i32
}
func.func @cond_in_branch(%c: i1) -> i32 {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  "test.a"(%c) : (i1) -> ()
  cf.cond_br %c, ^bb3, ^bb4
^bb2:  // pred: ^bb0
  "test.b"(%c) : (i1) -> ()
  cf.cond_br %c, ^bb3, ^bb4
^bb3:  // 2 preds: ^bb1, ^bb2
  return %c1 : i32
^bb4:  // 2 preds: ^bb1, ^bb2
  return %c2 : i32
}
func.func @cond_cond(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  cf.cond_br %c, ^bb3(%a : i32), ^bb3(%b : i32)
^bb2:  // pred: ^bb0
  "test.x"() : () -> ()
  return %a : i32
^bb3(%x: i32):  // 2 preds: ^bb1, ^bb1
  return %x : i32
}
func.func @not(%c: i1, %a: i32, %b: i32) -> i32 {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  cf.cond_br %n, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  "test.a"() : () -> ()
  return %a : i32
^bb2:  // pred: ^bb0
  return %b : i32
}
func.func @switch_const(%a: i32) -> i32 {
  %f = arith.constant 43 : i32
  cf.switch %f : i32, [
    default: ^bb1(%a : i32),
    42: ^bb2,
    43: ^bb3
  ]
^bb1(%x: i32):  // pred: ^bb0
  return %x : i32
^bb2:  // pred: ^bb0
  %k = arith.constant 2 : i32
  return %k : i32
^bb3:  // pred: ^bb0
  %l = arith.constant 3 : i32
  return %l : i32
}
func.func @switch_const_default(%a: i32) -> i32 {
  %f = arith.constant 44 : i32
  cf.switch %f : i32, [
    default: ^bb1(%a : i32),
    42: ^bb2,
    43: ^bb3
  ]
^bb1(%x: i32):  // pred: ^bb0
  return %x : i32
^bb2:  // pred: ^bb0
  %k = arith.constant 2 : i32
  return %k : i32
^bb3:  // pred: ^bb0
  %l = arith.constant 3 : i32
  return %l : i32
}
func.func @switch_default_only(%f: i32, %a: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb1(%a : i32)
  ]
^bb1(%x: i32):  // pred: ^bb0
  return %x : i32
}
func.func @switch_drop(%f: i32, %a: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb1(%a : i32),
    1: ^bb1(%a : i32),
    2: ^bb2
  ]
^bb1(%x: i32):  // 2 preds: ^bb0, ^bb0
  return %x : i32
^bb2:  // pred: ^bb0
  "test.a"() : () -> ()
  return %f : i32
}
func.func @switch_same(%f: i32, %a: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb1(%a : i32),
    1: ^bb1(%a : i32),
    2: ^bb1(%a : i32)
  ]
^bb1(%x: i32):  // 3 preds: ^bb0, ^bb0, ^bb0
  return %x : i32
}
func.func @switch_pass(%f: i32, %a: i32, %b: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb1,
    1: ^bb2,
    2: ^bb3
  ]
^bb1:  // pred: ^bb0
  cf.br ^bb4(%a : i32)
^bb2:  // pred: ^bb0
  cf.br ^bb4(%b : i32)
^bb3:  // pred: ^bb0
  "test.a"() : () -> ()
  return %f : i32
^bb4(%x: i32):  // 2 preds: ^bb1, ^bb2
  return %x : i32
}
func.func @switch_switch(%f: i32, %a: i32, %b: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb1,
    1: ^bb2
  ]
^bb1:  // pred: ^bb0
  "test.u"() : () -> ()
  return %a : i32
^bb2:  // pred: ^bb0
  cf.switch %f : i32, [
    default: ^bb3,
    1: ^bb4,
    2: ^bb5
  ]
^bb3:  // pred: ^bb2
  "test.v"() : () -> ()
  return %a : i32
^bb4:  // pred: ^bb2
  "test.w"() : () -> ()
  return %b : i32
^bb5:  // pred: ^bb2
  "test.x"() : () -> ()
  return %f : i32
}
func.func @switch_default_switch(%f: i32, %a: i32, %b: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^bb2,
    1: ^bb1
  ]
^bb1:  // pred: ^bb0
  "test.u"() : () -> ()
  return %a : i32
^bb2:  // pred: ^bb0
  cf.switch %f : i32, [
    default: ^bb3,
    1: ^bb4,
    2: ^bb5
  ]
^bb3:  // pred: ^bb2
  "test.v"() : () -> ()
  return %a : i32
^bb4:  // pred: ^bb2
  "test.w"() : () -> ()
  return %b : i32
^bb5:  // pred: ^bb2
  "test.x"() : () -> ()
  return %f : i32
}
func.func @assert(%c: i1) {
  %t = arith.constant true
  cf.assert %t, "fine"
  cf.assert %c, "kept"
  %f = arith.constant false
  cf.assert %f, "bad"
  return
}
func.func @unreachable(%a: i32) -> i32 {
  return %a : i32
^bb1:  // pred: ^bb2
  cf.br ^bb2
^bb2:  // pred: ^bb1
  cf.br ^bb1
}
func.func @loop_arg(%a: i32, %c: i1) -> i32 {
  cf.br ^bb1(%a, %a : i32, i32)
^bb1(%x: i32, %y: i32):  // 2 preds: ^bb0, ^bb1
  "test.u"(%x) : (i32) -> ()
  cf.cond_br %c, ^bb1(%x, %x : i32, i32), ^bb2
^bb2:  // pred: ^bb1
  return %y : i32
}
func.func @dead_args(%a: i32, %c: i1) -> i32 {
  cf.br ^bb1(%a, %a : i32, i32)
^bb1(%x: i32, %y: i32):  // 2 preds: ^bb0, ^bb1
  %z = arith.addi %y, %y : i32
  %k = "test.u"(%x) : (i32) -> i32
  cf.cond_br %c, ^bb1(%k, %z : i32, i32), ^bb2
^bb2:  // pred: ^bb1
  return %x : i32
}
func.func @same_blocks(%c: i1, %a: i32) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  "test.u"(%a) : (i32) -> ()
  return %a : i32
^bb2:  // pred: ^bb0
  "test.u"(%a) : (i32) -> ()
  return %a : i32
}
func.func @same_blocks_diff(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  "test.u"(%a) : (i32) -> ()
  return %a : i32
^bb2:  // pred: ^bb0
  "test.u"(%b) : (i32) -> ()
  return %b : i32
}
func.func @self_loop() {
  cf.br ^bb1
^bb1:  // 2 preds: ^bb0, ^bb1
  cf.br ^bb1
}
func.func @select_br(%c: i1, %d: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^bb1, ^bb2(%a : i32)
^bb1:  // pred: ^bb0
  cf.cond_br %d, ^bb2(%b : i32), ^bb3
^bb2(%x: i32):  // 2 preds: ^bb0, ^bb1
  return %x : i32
^bb3:  // pred: ^bb1
  return %a : i32
}
