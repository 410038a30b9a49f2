// The generic form of any operation: results, operands, successors, properties, regions, attributes, types, locations.
// RUN: tile-opt --allow-unregistered-dialect --mlir-print-op-generic %s | filecheck %s
// RUN: tile-opt --allow-unregistered-dialect --mlir-print-op-generic %s > %t
// RUN: tile-opt --allow-unregistered-dialect --mlir-print-op-generic %t | diff - %t

// CHECK: #map = affine_map<(d0) -> (d0 * 2)>
#double = affine_map<(d0) -> (d0 * 2)>
!pair = tuple<i32, f32>

// CHECK: %two:2, %one = "t.results"() : () -> (i32, i32, f32)
%two:2, %one = "t.results"() : () -> (i32, i32, f32)
// CHECK-NEXT: "t.all"(%two#1, %one) <{p = 1 : i8, q}> ({
"t.all"(%two#1, %one) <{q, p = 1 : i8}> ({
// CHECK-NEXT: "t.branch"()[^later] : () -> ()
  "t.branch"()[^later] : () -> ()
// CHECK-NEXT: ^later: // pred: ^bb0
^later:
// CHECK-NEXT: "t.end"() : () -> ()
  "t.end"() : () -> ()
// CHECK-NEXT: }, {
}, {
// CHECK-NEXT: ^bb0(%arg: !t.opaque<4 x, "[">):
^bb0(%arg: !t.opaque<4 x, "[">):
// CHECK-NEXT: }) {d.m = #map, d.t = tuple<i32, f32>} : (i32, f32) -> ()
}) {d.t = !pair, d.m = #double} : (i32, f32) -> () loc("elsewhere":1:2)
