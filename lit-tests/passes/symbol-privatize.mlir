// RUN: tile-opt %s --symbol-privatize=exclude=main | filecheck %s
// RUN: tile-opt %s --symbol-privatize=exclude=main --symbol-dce | filecheck %s --check-prefix=DCE
// RUN: %if mlir-opt %{ %mlir-opt %s --symbol-privatize=exclude=main | filecheck %s %}

// CHECK: func.func @main
// DCE: func.func @main
// DCE-NOT: func.func
func.func @main() { return }
// CHECK: func.func private @helper
func.func @helper() { return }
// CHECK: module @inner attributes {sym_visibility = "private"}
module @inner {
  // CHECK: func.func @kept
  func.func @kept() { return }
}
