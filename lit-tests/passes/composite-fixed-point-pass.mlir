// RUN: tile-opt %s --pass-pipeline='builtin.module(composite-fixed-point-pass{pipeline=cse,canonicalize name=both})' | filecheck %s
// RUN: tile-opt %s --composite-fixed-point-pass='pipeline=cse,canonicalize' --mlir-pass-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=COUNT
// RUN: not tile-opt %s --composite-fixed-point-pass 2>&1 | filecheck %s --check-prefix=NONE

// RUN: tile-opt %s --composite-fixed-point-pass='pipeline=cse,canonicalize name=short max-iterations=1' 2>&1 | filecheck %s --check-prefix=SHORT
// SHORT: warning: composite pass 'short' didn't converge in 1 iterations
// COUNT: (S) 2 num-iterations
// NONE: error: composite pass 'CompositeFixedPointPass' has no pipeline
// CHECK: arith.addi
// CHECK-NOT: arith.addi
func.func @f(%a: i32, %b: i32) -> i32 {
  %0 = arith.addi %a, %b : i32
  %1 = arith.addi %a, %b : i32
  %2 = arith.subi %1, %1 : i32
  %3 = arith.addi %0, %2 : i32
  return %3 : i32
}
