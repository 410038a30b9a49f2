// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "func.func"}
// CHECK: func.func @add(%a: i32, %b: i32) -> i32 attributes {fast} {
"test.begin"() {name = "func.func"} : () -> ()
func.func @add(%a: i32, %b: i32) -> i32 attributes {fast} {
  %c = arith.addi %a, %b : i32
  return %c : i32
}
func.func private @external(memref<4xf32>, index {a.readonly}) -> (i32 {a.range = 3 : i64}, f32)

// -----

// CHECK-LABEL: "test.begin"() {name = "func.return"}
// CHECK: return %c : i32
"test.begin"() {name = "func.return"} : () -> ()
func.func @one() -> i32 {
  %c = arith.constant 1 : i32
  return %c : i32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "func.call"}
// CHECK: %x = call @f(%a) : (i32) -> f32
"test.begin"() {name = "func.call"} : () -> ()
func.func private @f(i32) -> f32
func.func @g(%a: i32) -> f32 {
  %x = call @f(%a) : (i32) -> f32
  return %x : f32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "func.call_indirect"}
// CHECK: %x = call_indirect %f(%a) : (i32) -> f32
"test.begin"() {name = "func.call_indirect"} : () -> ()
func.func @g(%f: (i32) -> f32, %a: i32) -> f32 {
  %x = call_indirect %f(%a) : (i32) -> f32
  return %x : f32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "func.constant"}
// CHECK: %f = constant @f : (i32) -> f32
"test.begin"() {name = "func.constant"} : () -> ()
func.func private @f(i32) -> f32
func.func @g() {
  %f = constant @f : (i32) -> f32
  return
}
