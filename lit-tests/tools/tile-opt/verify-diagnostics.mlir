// Every diagnostic must be expected and every expectation met. Programs without errors are printed all the same.
// RUN: split-file %s %t
// RUN: tile-opt %t/met.mlir --verify-diagnostics --split-input-file
// RUN: tile-opt %t/printed.mlir --verify-diagnostics --split-input-file | filecheck %s --check-prefix=PRINTED
// RUN: not tile-opt %t/unmet.mlir --verify-diagnostics 2>&1 | filecheck %s --check-prefix=UNMET
// RUN: not tile-opt %t/unexpected.mlir --verify-diagnostics 2>&1 | filecheck %s --check-prefix=UNEXPECTED
// RUN: tile-opt %t/unexpected.mlir --verify-diagnostics=only-expected
// RUN: not tile-opt %t/malformed.mlir --verify-diagnostics 2>&1 | filecheck %s --check-prefix=MALFORMED
// RUN: not tile-opt %t/regex.mlir --verify-diagnostics 2>&1 | filecheck %s --check-prefix=REGEX

//--- met.mlir
// expected-note@+1 {{prior use here}}
%0 = arith.constant 1 : i32
// expected-error@below {{use of value '%0' expects different type}}
%1 = arith.addi %0, %0 : i64

// -----
%0 = arith.nothing 1 : i32 // expected-error {{arith.nothing}}

// -----
%0 = arith.nothing 1 : i32
// expected-error-re@above {{'arith.{{[a-z]+}}'}}

//--- printed.mlir
%0 = arith.nothing 1 : i32 // expected-error {{arith.nothing}}

// -----
%0 = arith.constant 1 : i32
// PRINTED: {{^}}// -----
// PRINTED-NEXT: module {
// PRINTED-NEXT: %{{.*}} = arith.constant 1 : i32

//--- unmet.mlir
// expected-error@+1 {{something}}
%0 = arith.constant 1 : i32
// UNMET: unmet.mlir:1:4: error: expected error "something" was not produced

//--- unexpected.mlir
%0 = arith.nothing 1 : i32
// UNEXPECTED: unexpected.mlir:1:6: error: unexpected error: {{.*}}arith.nothing

//--- malformed.mlir
// expected-eror@+1 {{something}}
// expected-error {something}
// MALFORMED: malformed.mlir:1:4: error: malformed expected diagnostic
// MALFORMED: malformed.mlir:2:4: error: malformed expected diagnostic
// MALFORMED: 2 errors

//--- regex.mlir
// expected-error-re {{a{{(}}}}
// REGEX: regex.mlir:1:4: error: invalid regex:
