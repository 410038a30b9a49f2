// Chunks are independent; all of them run, and one that fails prints nothing and fails the run.
// RUN: not tile-opt %s --split-input-file 2>&1 | filecheck %s
// RUN: not tile-opt %s --split-input-file='// CUT' 2>&1 | filecheck %s --check-prefix=CUT
// RUN: not tile-opt %s --split-input-file --output-split-marker='// NEXT' 2>&1 | filecheck %s --check-prefix=MARKER

// CHECK: within split at {{.*}}split-input.mlir:[[#@LINE+15]] offset :2:6: error: {{.*}}'arith.nothing'
// CHECK: module {
// CHECK-NEXT: %a = arith.constant 1 : i32
// CHECK-NEXT: }
// CHECK-NEXT: // -----
// CHECK-NEXT: // -----
// CHECK-NEXT: module {
// CHECK-NEXT: %c = arith.constant 3 : i32
// CUT: split-input.mlir:{{.*}} error: {{.*}}'arith.nothing'
// MARKER: // NEXT
// MARKER-NEXT: // NEXT
// MARKER-NEXT: module

%a = arith.constant 1 : i32

// -----
%b = arith.nothing 2 : i32

// -----
%c = arith.constant 3 : i32
