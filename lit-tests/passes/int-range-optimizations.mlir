// RUN: tile-opt %s --int-range-optimizations --canonicalize | filecheck %s
// RUN: %if mlir-opt %{ %mlir-opt %s --int-range-optimizations --canonicalize | filecheck %s %}

// CHECK-LABEL: @loop
func.func @loop(%m: memref<128xi1>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK: scf.for %[[I:.*]] =
  scf.for %i = %c0 to %c128 step %c1 {
    // CHECK-NEXT: memref.store %[[TRUE]], %{{.*}}[%[[I]]]
    %in = arith.cmpi slt, %i, %c128 : index
    memref.store %in, %m[%i] : memref<128xi1>
  }
  return
}
// CHECK-LABEL: @masked
func.func @masked(%a: i32) -> (i1, i1) {
  %c15 = arith.constant 15 : i32
  %c16 = arith.constant 16 : i32
  %c8 = arith.constant 8 : i32
  // CHECK-DAG: %[[TRUE:.*]] = arith.constant true
  // CHECK: %[[OPEN:.*]] = arith.cmpi ult
  // CHECK: return %[[TRUE]], %[[OPEN]]
  %x = arith.andi %a, %c15 : i32
  %lt = arith.cmpi ult, %x, %c16 : i32
  %open = arith.cmpi ult, %x, %c8 : i32
  return %lt, %open : i1, i1
}
// Sums may wrap around, so nothing follows from their operands.
// CHECK-LABEL: @wraps
func.func @wraps(%a: i32) -> i1 {
  %c1 = arith.constant 1 : i32
  // CHECK: arith.cmpi
  %x = arith.addi %a, %c1 : i32
  %r = arith.cmpi sgt, %x, %a : i32
  return %r : i1
}
// CHECK-LABEL: @remainder
func.func @remainder(%n: index) -> index {
  %c64 = arith.constant 64 : index
  // CHECK: %[[R:.*]] = arith.remui
  // CHECK-NEXT: return %[[R]]
  %r = arith.remui %n, %c64 : index
  %s = arith.remui %r, %c64 : index
  return %s : index
}
// Through what a loop carries, and through calls of private functions.
// CHECK-LABEL: @carried
func.func @carried(%n: index) -> (i1, i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c7 = arith.constant 7 : i32
  %zero = arith.constant 0 : i32
  // CHECK: %[[TRUE:.*]] = arith.constant true
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%a = %zero) -> i32 {
    %j = arith.index_cast %i : index to i32
    %m = arith.remui %j, %c7 : i32
    scf.yield %m : i32
  }
  %lt = arith.cmpi slt, %r, %c7 : i32
  %s = call @below(%r) : (i32) -> i1
  // CHECK: return %[[TRUE]]
  return %lt, %s : i1, i1
}
// CHECK-LABEL: func.func private @below
func.func private @below(%x: i32) -> i1 {
  // CHECK: %[[TRUE:.*]] = arith.constant true
  // CHECK: return %[[TRUE]]
  %c7 = arith.constant 7 : i32
  %lt = arith.cmpi ult, %x, %c7 : i32
  return %lt : i1
}
