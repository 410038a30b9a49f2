// Branches are simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @truth(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^x, ^y
^x:
  %s = arith.select %c, %a, %b : i32
  "test.use"(%c) : (i1) -> ()
  cf.cond_br %c, ^z(%s : i32), ^w
^y:
  "test.use2"(%c) : (i1) -> ()
  cf.cond_br %c, ^z(%a : i32), ^w
^z(%q: i32):
  return %q : i32
^w:
  return %b : i32
}
func.func @same(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^x(%a : i32), ^x(%b : i32)
^x(%q: i32):
  "test.use"(%q) : (i32) -> ()
  return %q : i32
}
func.func @sw(%f: i32, %a: i32, %b: i32) -> i32 {
  cf.switch %f : i32, [
    default: ^x(%a : i32),
    1: ^y(%b: i32),
    2: ^x(%a : i32),
    3: ^z
  ]
^x(%q: i32):
  "test.x"(%q) : (i32) -> ()
  return %q : i32
^y(%r: i32):
  cf.br ^x(%r : i32)
^z:
  "test.z"(%b) : (i32) -> ()
  return %b : i32
}
func.func @swc(%a: i32, %b: i32) -> i32 {
  %c3 = arith.constant 3 : i32
  cf.switch %c3 : i32, [
    default: ^x(%a : i32),
    1: ^x(%b: i32),
    3: ^z
  ]
^x(%q: i32):
  return %q : i32
^z:
  %true = arith.constant true
  cf.assert %true, "ok"
  return %b : i32
}
func.func @loop(%c: i1) {
  cf.br ^a
^a:
  cf.cond_br %c, ^b, ^d
^b:
  cf.br ^c
^c:
  cf.br ^a
^d:
  return
}
