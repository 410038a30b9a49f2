// RUN: tile-opt --allow-unregistered-dialect %s --control-flow-sink | filecheck %s
// RUN: %if mlir-opt %{ %mlir-opt --allow-unregistered-dialect %s --control-flow-sink | filecheck %s %}
// RUN: tile-opt --allow-unregistered-dialect %s --control-flow-sink --mlir-pass-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=STATISTICS

// STATISTICS: (S) 3 num-sunk
// CHECK-LABEL: @arms
func.func @arms(%c: i1, %a: i32, %b: i32) -> i32 {
  // CHECK: %[[SHARED:.*]] = arith.addi
  %shared = arith.addi %a, %b : i32
  %x = arith.muli %a, %b : i32
  %y = arith.subi %x, %a : i32
  %z = arith.subi %a, %b : i32
  // CHECK-NEXT: scf.if
  // CHECK-NEXT: arith.muli
  // CHECK-NEXT: arith.subi
  // CHECK-NEXT: arith.addi
  %r = scf.if %c -> i32 {
    %s = arith.addi %y, %shared : i32
    scf.yield %s : i32
  // CHECK: else
  // CHECK-NEXT: arith.subi
  } else {
    %s = arith.muli %z, %shared : i32
    scf.yield %s : i32
  }
  return %r : i32
}
// CHECK-LABEL: @loops_stay
func.func @loops_stay(%n: index, %a: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: arith.addi
  %x = arith.addi %a, %a : i32
  // CHECK: scf.for
  scf.for %i = %c0 to %n step %c1 {
    "test.use"(%x) : (i32) -> ()
  }
  return
}
