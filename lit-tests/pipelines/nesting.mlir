// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(cse,canonicalize{max-iterations=3}),symbol-dce)' --dump-pass-pipeline 2>&1 | filecheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(cse))' --mlir-print-ir-after-all --mlir-print-ir-module-scope -o /dev/null 2>&1 | filecheck %s --check-prefix=SCOPE
// RUN: tile-opt %s --pass-pipeline='builtin.module(any(cse))' --mlir-print-ir-after-all -o /dev/null 2>&1 | filecheck %s --check-prefix=ANY
// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(cse,canonicalize))' --mlir-print-ir-after-all --mlir-print-ir-tree-dir=%t -o /dev/null
// RUN: filecheck %s --check-prefix=TREE --input-file=%t/builtin_module_no-symbol-name/func_func_f/0_1_canonicalize.mlir
// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(cse))' --mlir-timing -o /dev/null 2>&1 | filecheck %s --check-prefix=TIMING

// CHECK: Pass Manager with 2 passes:
// CHECK-NEXT: builtin.module(func.func(cse,canonicalize{max-iterations=3
// CHECK: func.func @f
// CHECK-NOT: @unused
// SCOPE: // -----// IR Dump After CSE (cse) ('func.func' operation: @f) //----- //
// SCOPE-NEXT: module {
// ANY: // -----// IR Dump After CSE (cse) //----- //
// ANY-NEXT: func.func @f
// TREE: IR Dump After Canonicalizer (canonicalize)
// TIMING: 'func.func' Pipeline
// TIMING-NEXT: CSE
func.func @f(%a: i32) -> i32 {
  %x = arith.addi %a, %a : i32
  %y = arith.addi %a, %a : i32
  %z = arith.muli %x, %y : i32
  return %z : i32
}
func.func private @unused() {
  return
}
