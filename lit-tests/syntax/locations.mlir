// Locations: their aliases may be defined behind the uses, as they are printed.
// RUN: tile-opt --allow-unregistered-dialect --mlir-print-op-generic --mlir-print-debuginfo %s | filecheck %s
// RUN: tile-opt --allow-unregistered-dialect --mlir-print-op-generic %s | filecheck %s --check-prefix=PLAIN

// CHECK: "t.a"() : () -> () loc([[A:#loc[0-9]*]])
// PLAIN: "t.a"() : () -> (){{$}}
"t.a"() : () -> () loc(#outer)
// CHECK-DAG: [[FILE:#loc[0-9]*]] = loc("kernel.c":12:3)
// CHECK-DAG: [[UNKNOWN:#loc[0-9]*]] = loc(unknown)
// CHECK-DAG: [[NAME:#loc[0-9]*]] = loc("inlined"([[FILE]]))
// CHECK: [[A]] = loc(callsite([[NAME]] at [[UNKNOWN]]))
#outer = loc(callsite("inlined"(#inner) at unknown))
#inner = loc("kernel.c":12:3)
