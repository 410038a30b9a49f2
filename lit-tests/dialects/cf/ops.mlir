// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "cf.assert"}
// CHECK: cf.assert %t, "expected a positive size"
"test.begin"() {name = "cf.assert"} : () -> ()
%t = arith.constant true
cf.assert %t, "expected a positive size"

// -----

// CHECK-LABEL: "test.begin"() {name = "cf.br"}
// CHECK: cf.br ^next(%a : i32)
"test.begin"() {name = "cf.br"} : () -> ()
func.func @f(%a: i32) -> i32 {
  cf.br ^next(%a : i32)
^next(%b: i32):
  return %b : i32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "cf.cond_br"}
// CHECK: cf.cond_br %c, ^one(%a : i32), ^two
"test.begin"() {name = "cf.cond_br"} : () -> ()
func.func @f(%c: i1, %a: i32) -> i32 {
  cf.cond_br %c, ^one(%a : i32), ^two
^one(%b: i32):
  return %b : i32
^two:
  return %a : i32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "cf.switch"}
// CHECK: cf.switch %flag : i32, [
"test.begin"() {name = "cf.switch"} : () -> ()
func.func @f(%flag: i32, %a: i32) -> i32 {
  cf.switch %flag : i32, [
    default: ^one(%a : i32),
    42: ^one(%flag : i32),
    43: ^two
  ]
^one(%b: i32):
  return %b : i32
^two:
  return %a : i32
}
