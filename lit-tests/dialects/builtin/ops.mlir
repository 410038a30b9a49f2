// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "builtin.module"}
// CHECK: module @kernels attributes {tile.target = "sm_80"} {
"test.begin"() {name = "builtin.module"} : () -> ()
module @kernels attributes {tile.target = "sm_80"} {
  func.func private @f()
}

// -----

// CHECK-LABEL: "test.begin"() {name = "builtin.unrealized_conversion_cast"}
// CHECK: %x = unrealized_conversion_cast %c : i32 to ui32
"test.begin"() {name = "builtin.unrealized_conversion_cast"} : () -> ()
%c = arith.constant 1 : i32
%x = builtin.unrealized_conversion_cast %c : i32 to ui32
