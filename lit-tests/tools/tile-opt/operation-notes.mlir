// What flags attach to the diagnostics of operations.
// RUN: not tile-opt %s --mlir-print-op-on-diagnostic 2>&1 | filecheck %s --check-prefix=OPERATION
// RUN: not tile-opt %s --mlir-print-stacktrace-on-diagnostic 2>&1 | filecheck %s --check-prefix=STACK
// RUN: tile-opt %s --mlir-print-op-on-diagnostic --verify-diagnostics
// RUN: not tile-opt %s 2>&1 | filecheck %s --check-prefix=NONE

// OPERATION: error: 'func.return' op has 0 operands, but enclosing function (@f) returns 1
// OPERATION: note: see current operation: "func.return"() : () -> ()
// STACK: error: 'func.return' op has 0 operands
// STACK: note: diagnostic emitted with trace:
// STACK: at {{.*}}emitError
// NONE-NOT: note:
func.func @f() -> i32 {
  // expected-error @below {{'func.return' op has 0 operands, but enclosing function (@f) returns 1}}
  func.return
}
