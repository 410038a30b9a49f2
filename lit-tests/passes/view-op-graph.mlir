// RUN: tile-opt %s --view-op-graph -o /dev/null 2>&1 | filecheck %s
// RUN: tile-opt %s --view-op-graph=print-data-flow-edges=false -o /dev/null 2>&1 | filecheck %s --check-prefix=PLAIN --implicit-check-not=' -> '

// CHECK: digraph G {
// CHECK: subgraph cluster_1 {
// CHECK: label = "builtin.module"
// CHECK: [[ARG:v[0-9]+]] [label = "arg0", shape = ellipse];
// CHECK: [[ADD:v[0-9]+]] [label = "arith.addi : (i32)
// CHECK: [[RETURN:v[0-9]+]] [label = "func.return"
// CHECK: [[ARG]] -> [[ADD]] [label = "0"];
// CHECK: [[ARG]] -> [[ADD]] [label = "1"];
// CHECK: [[ADD]] -> [[RETURN]] [label = ""];
// PLAIN: digraph G {
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  return %0 : i32
}
