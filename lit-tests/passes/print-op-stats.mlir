// RUN: tile-opt %s --print-op-stats -o /dev/null 2>&1 | filecheck %s
// RUN: tile-opt %s --print-op-stats=json -o /dev/null 2>&1 | filecheck %s --check-prefix=JSON
// RUN: tile-opt %s --print-ir=label=here -o /dev/null 2>&1 | filecheck %s --check-prefix=PRINT

// CHECK: Operations encountered:
// CHECK: arith.constant , 2
// CHECK-NEXT: builtin.module , 1
// JSON: "arith.constant" : 2,
// PRINT: // -----// IR Dump here //----- //
%0 = arith.constant 1 : i32
%1 = arith.constant 2 : i32
