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
