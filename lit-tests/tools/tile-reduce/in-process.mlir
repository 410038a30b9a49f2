// tile-opt runs in the process of the reducer, which makes thousands of tests a minute possible.
// RUN: tile-reduce %S/Inputs/planted.mlir --tile-opt='--allow-unregistered-dialect' --expect='un\.in' | filecheck %s
// RUN: not tile-reduce %S/Inputs/planted.mlir --tile-opt=--cse --expect='(' 2>&1 | filecheck %s --check-prefix=REGEX
// RUN: tile-reduce %s --tile-opt='--load-plugin=%S/../tile-opt/Inputs/plugin.mjs --test-crash' --expect='out of luck' --quiet | filecheck %s --check-prefix=CRASH

// CHECK: module {
// CHECK-NEXT: "un.in"() : () -> ()
// CHECK-NEXT: }
// REGEX: error: invalid regular expression in --expect
// CRASH: module {
// CRASH-NEXT: }
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  return %0 : i32
}
