// RUN: tile-opt %s --allow-unregistered-dialect --cse --mlir-generate-reproducer=%t.mlir -o /dev/null
// RUN: filecheck %s --input-file=%t.mlir
// RUN: tile-opt %t.mlir --allow-unregistered-dialect --run-reproducer | filecheck %s --check-prefix=REPLAY
// RUN: not tile-opt %s --allow-unregistered-dialect --run-reproducer 2>&1 | filecheck %s --check-prefix=NONE
// RUN: not tile-opt %s --allow-unregistered-dialect --load-plugin=%S/Inputs/plugin.mjs --test-fail --mlir-pass-pipeline-crash-reproducer=%t.crash.mlir 2>&1 | filecheck %s --check-prefix=FAIL
// RUN: filecheck %s --check-prefix=FAILED --input-file=%t.crash.mlir
// RUN: not tile-opt %s --allow-unregistered-dialect --load-plugin=%S/Inputs/plugin.mjs --cse --test-fail --mlir-pass-pipeline-crash-reproducer=%t.local.mlir --mlir-pass-pipeline-local-reproducer
// RUN: filecheck %s --check-prefix=LOCAL --input-file=%t.local.mlir
// RUN: env TMPDIR=%t.folder mkdir -p %t.folder
// RUN: env TMPDIR=%t.folder not tile-opt %s --allow-unregistered-dialect --load-plugin=%S/Inputs/plugin.mjs --test-crash 2>&1 | filecheck %s --check-prefix=CRASH

%0 = arith.constant 1 : i32
%1 = arith.constant 1 : i32
%2 = arith.addi %0, %1 : i32
"test.keep"(%2) : (i32) -> ()

// CHECK: {-#
// CHECK-NEXT: external_resources: {
// CHECK-NEXT: mlir_reproducer: {
// CHECK-NEXT: pipeline: "builtin.module(cse)",
// CHECK-NEXT: disable_threading: true,
// CHECK-NEXT: verify_each: true
// REPLAY: module
// NONE: holds no reproducer
// FAIL: error: failures have been detected while processing an MLIR pass pipeline
// FAIL: note: pipeline failed while executing 'builtin.module(test-fail)': reproducer generated at
// FAILED: pipeline: "builtin.module(test-fail)"
// LOCAL: arith.constant
// LOCAL-NOT: arith.constant
// LOCAL: pipeline: "builtin.module(test-fail)"
// CRASH: error: internal error in pass 'test-crash': out of luck
// CRASH: note: reproducer generated at '{{.*}}tile-opt-reproducer-{{[0-9]+}}.mlir'
// CRASH-NOT: {{^ +at }}
