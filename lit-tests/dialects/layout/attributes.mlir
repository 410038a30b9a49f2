// RUN: tile-opt %s --allow-unregistered-dialect | tile-opt --allow-unregistered-dialect | FileCheck %s

// Repeated layouts become aliases, printed once.
// CHECK-DAG: #[[FRAGMENT:fragment[0-9]*]] = #layout.fragment<[16, 8], thread = (4,8):(2,8), value = (2,2):(1,64)>
// CHECK-DAG: #[[SHARED:shared[0-9]*]] = #layout.shared<swizzle<2,3,3> o 0 o (128,32):(32,1)>
// CHECK: "test.use"() {a = #[[FRAGMENT]], b = #[[SHARED]], c = #[[FRAGMENT]]}
"test.use"() {
  a = #layout.fragment<[16, 8], thread = (4,8):(2,8), value = (2,2):(1,64)>,
  b = #layout.shared<swizzle<2,3,3> o 0 o (128,32):(32,1)>,
  c = #layout.fragment<[16, 8], thread = (4, 8) : (2, 8), value = (2, 2) : (1, 64)>
} : () -> ()
