// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "scf.for"}
// CHECK: %sum = scf.for %i = %lb to %ub step %step iter_args(%acc = %init) -> (f32) {
"test.begin"() {name = "scf.for"} : () -> ()
%lb = arith.constant 0 : index
%ub = arith.constant 8 : index
%init = arith.constant 0.0 : f32
%one = arith.constant 1.0 : f32
%step = arith.constant 2 : index
%sum = scf.for %i = %lb to %ub step %step iter_args(%acc = %init) -> (f32) {
  %next = arith.addf %acc, %one : f32
  scf.yield %next : f32
}
scf.for %i = %lb to %ub step %step {
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.if"}
// CHECK: %x = scf.if %c -> (i32) {
"test.begin"() {name = "scf.if"} : () -> ()
%c = arith.constant true
%x = scf.if %c -> (i32) {
  %a = arith.constant 1 : i32
  scf.yield %a : i32
} else {
  %b = arith.constant 2 : i32
  scf.yield %b : i32
}
scf.if %c {
  scf.yield
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.while"}
// CHECK: %r = scf.while (%a = %init) : (i32) -> i32 {
"test.begin"() {name = "scf.while"} : () -> ()
%init = arith.constant 1 : i32
%limit = arith.constant 100 : i32
%r = scf.while (%a = %init) : (i32) -> i32 {
  %c = arith.cmpi slt, %a, %limit : i32
  scf.condition(%c) %a : i32
} do {
^bb0(%b: i32):
  %d = arith.addi %b, %b : i32
  scf.yield %d : i32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.condition"}
// CHECK: scf.condition(%t)
"test.begin"() {name = "scf.condition"} : () -> ()
%t = arith.constant true
scf.while : () -> () {
  scf.condition(%t)
} do {
  scf.yield
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.parallel"}
// CHECK: scf.parallel (%i, %j) = (%c0, %c0) to (%c8, %c8) step (%c1, %c1) {
"test.begin"() {name = "scf.parallel"} : () -> ()
%c0 = arith.constant 0 : index
%c1 = arith.constant 1 : index
%c8 = arith.constant 8 : index
scf.parallel (%i, %j) = (%c0, %c0) to (%c8, %c8) step (%c1, %c1) {
  scf.reduce
}
%init = arith.constant 0.0 : f32
%sum = scf.parallel (%i) = (%c0) to (%c8) step (%c1) init (%init) -> f32 {
  %x = arith.constant 1.0 : f32
  scf.reduce(%x : f32) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    scf.reduce.return %s : f32
  }
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.execute_region"}
// CHECK: %x = scf.execute_region -> i32 {
"test.begin"() {name = "scf.execute_region"} : () -> ()
%x = scf.execute_region -> i32 {
  %a = arith.constant 1 : i32
  scf.yield %a : i32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "scf.index_switch"}
// CHECK: %x = scf.index_switch %i -> i32
"test.begin"() {name = "scf.index_switch"} : () -> ()
%i = arith.constant 2 : index
%x = scf.index_switch %i -> i32
case 2 {
  %a = arith.constant 10 : i32
  scf.yield %a : i32
}
default {
  %b = arith.constant 30 : i32
  scf.yield %b : i32
}
