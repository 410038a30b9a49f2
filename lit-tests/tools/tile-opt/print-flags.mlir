// Every flag that says how a program is printed.
// RUN: tile-opt %s --mlir-print-op-generic | filecheck %s --check-prefix=GENERIC
// RUN: tile-opt %s --mlir-print-op-generic --mlir-print-no-properties | filecheck %s --check-prefix=NOPROP
// RUN: tile-opt %s --color=always | filecheck %s --check-prefix=COLOR
// RUN: tile-opt %s --mlir-print-debuginfo --mlir-print-local-scope | filecheck %s --check-prefix=LOCAL
// RUN: tile-opt %s --mlir-pretty-debuginfo --mlir-print-debuginfo | filecheck %s --check-prefix=PRETTY
// RUN: tile-opt %s --mlir-print-value-users | filecheck %s --check-prefix=USERS
// RUN: tile-opt %s --mlir-print-unique-ssa-ids | filecheck %s --check-prefix=UNIQUE
// RUN: tile-opt %s --mlir-print-skip-regions | filecheck %s --check-prefix=SKIP
// RUN: tile-opt %s --mlir-print-assume-verified | filecheck %s --check-prefix=ELEMENTS
// RUN: tile-opt %s --mlir-elide-elementsattrs-if-larger=3 | filecheck %s --check-prefix=ELIDE
// RUN: tile-opt %s --mlir-print-elementsattrs-with-hex-if-larger=3 | filecheck %s --check-prefix=HEX
// RUN: tile-opt %s --mlir-print-elementsattrs-with-hex-if-larger=-1 | filecheck %s --check-prefix=ELEMENTS
// RUN: tile-opt %s --verify-roundtrip -o %t.mlir
// RUN: filecheck %s --check-prefix=ELEMENTS --input-file=%t.mlir
// RUN: tile-opt %s --mlir-disable-threading --mlir-use-nameloc-as-prefix | filecheck %s --check-prefix=ELEMENTS
// RUN: tile-opt --show-dialects | filecheck %s --check-prefix=DIALECTS

// GENERIC: "builtin.module"() ({
// GENERIC: "func.func"() <{
// GENERIC: "arith.constant"() <{value = dense<
// NOPROP: "arith.constant"() {value = dense<[1, 2, 3, 4]> : tensor<4xi32>} : () -> tensor<4xi32>
// COLOR: {{.}}[36m%0{{.}}[0m = {{.}}[1marith.addi{{.}}[0m {{.}}[36m%a{{.}}[0m
// LOCAL-NOT: loc(#loc
// LOCAL: arith.addi {{.*}} loc("{{.*}}print-flags.mlir":[[#]]:[[#]])
// PRETTY: arith.addi %{{.*}} : i32 {{.*}}print-flags.mlir:[[#]]:[[#]]
// USERS: // %a is used by
// USERS: arith.addi {{.*}} // user
// UNIQUE: func.func @f(%[[A:a[_0-9]*]]: i32)
// UNIQUE-NOT: @g(%[[A]]:
// SKIP: module {...}
// SKIP-NOT: func
// ELEMENTS: dense<[1, 2, 3, 4]> : tensor<4xi32>
// ELIDE: dense_resource<__elided__> : tensor<4xi32>
// HEX: dense<"0x01000000020000000300000004000000"> : tensor<4xi32>
// DIALECTS: Available Dialects: {{.*}}arith{{.*}}tile
func.func @f(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  %1 = arith.constant dense<[1, 2, 3, 4]> : tensor<4xi32>
  return %0 : i32
}
func.func @g(%a: i32) -> i32 {
  return %a : i32
}
