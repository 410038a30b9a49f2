// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-print-ir-after-all -o /dev/null 2>&1 | filecheck %s --check-prefix=AFTER
// RUN: tile-opt %s --allow-unregistered-dialect --cse --canonicalize --mlir-print-ir-before=canonicalize -o /dev/null 2>&1 | filecheck %s --check-prefix=BEFORE
// RUN: tile-opt %s --allow-unregistered-dialect --cse --cse --mlir-print-ir-after-change -o /dev/null 2>&1 | filecheck %s --check-prefix=CHANGE
// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-print-ir-after-change=diff -o /dev/null 2>&1 | filecheck %s --check-prefix=DIFF --match-full-lines
// RUN: not tile-opt %s --allow-unregistered-dialect --load-plugin=%S/Inputs/plugin.mjs --cse --test-fail --mlir-print-ir-after-failure -o /dev/null 2>&1 | filecheck %s --check-prefix=FAILURE
// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-print-ir-after-all --mlir-print-ir-tree-dir=%t -o /dev/null
// RUN: filecheck %s --check-prefix=AFTER --input-file=%t/builtin_module_no-symbol-name/0_cse.mlir
// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-timing -o /dev/null 2>&1 | filecheck %s --check-prefix=TIMING
// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-timing --mlir-timing-display=list --mlir-output-format=json -o /dev/null 2>&1 | filecheck %s --check-prefix=JSON
// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-pass-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=STATISTICS

module {
  %a = arith.constant 1 : i32
  %b = arith.constant 1 : i32
  %c = arith.addi %a, %b : i32
  "test.keep"(%c) : (i32) -> ()
}

// AFTER: // -----// IR Dump After CSE (cse) //----- //
// AFTER-NEXT: module {
// BEFORE: // -----// IR Dump Before Canonicalizer (canonicalize) //----- //
// BEFORE-NOT: IR Dump
// CHANGE: // -----// IR Dump After CSE (cse) //----- //
// CHANGE-NOT: IR Dump
// DIFF: // -----// IR Dump After CSE (cse) //----- //
// DIFF-NEXT: @@ -{{.*}} +{{.*}} @@
// DIFF: - {{.*}}arith.constant{{.*}}
// FAILURE-NOT: After CSE
// FAILURE: // -----// IR Dump After TestFail Failed (test-fail) //----- //
// TIMING: ... Execution time report ...
// TIMING: ----Wall Time---- ----Name----
// TIMING-NEXT: Parser
// TIMING-NEXT: CSE
// TIMING-NEXT:   (A) DominanceInfo
// TIMING-NEXT: Output
// TIMING-NEXT: Rest
// TIMING-NEXT: (100.0%) Total
// JSON: "name": "Parser"
// STATISTICS: ... Pass statistics report ...
// STATISTICS: CSE
// STATISTICS-NEXT: (S) {{[0-9]+}} num-cse'd - Number of operations CSE'd
// STATISTICS-NEXT: (S) {{[0-9]+}} num-dce'd - Number of operations DCE'd
