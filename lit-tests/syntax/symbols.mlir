// Nested symbols, visibility, and what refers to them; an implicit module around several operations.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --verify-diagnostics
// RUN: not tile-opt %s --allow-unregistered-dialect --split-input-file 2>/dev/null | filecheck %s

// CHECK: module {
// CHECK-NEXT: module @outer {
// CHECK-NEXT: func.func nested @inner
module @outer {
  func.func nested @inner() { return }
  func.func private @hidden()
}
"test.use"() {callee = @outer::@inner} : () -> ()
// -----
// expected-note@+1 {{see existing symbol definition here}}
func.func private @twice()
// expected-error@+1 {{redefinition of symbol named 'twice'}}
func.func private @twice()
// -----
func.func @f() {
  // expected-error@+1 {{'func.call' op 'nobody' does not reference a valid function}}
  func.call @nobody() : () -> ()
  return
}
// -----
// expected-error@+1 {{'func.func' op visibility expected to be one of ["public", "private", "nested"], but got "secret"}}
"func.func"() ({}) {sym_name = "v", function_type = () -> (), sym_visibility = "secret"} : () -> ()
// -----
func.func @f() {
  scf.execute_region {
    // expected-error@+1 {{'func.func' op symbol's parent must have the SymbolTable trait}}
    func.func @g() { return }
    scf.yield
  }
  return
}
