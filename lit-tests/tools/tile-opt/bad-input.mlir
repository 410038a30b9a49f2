// Whatever is wrong with the input: one screen with a position, and exit status 1.
// RUN: split-file %s %t
// RUN: not tile-opt %t/syntax.mlir 2>&1 | filecheck %s --check-prefix=SYNTAX
// RUN: not tile-opt %t/unknown-op.mlir 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not tile-opt %t/unknown-dialect.mlir 2>&1 | filecheck %s --check-prefix=DIALECT
// RUN: not tile-opt %t/types.mlir 2>&1 | filecheck %s --check-prefix=TYPES
// RUN: not tile-opt %t/nothing.mlir 2>&1 | filecheck %s --check-prefix=MISSING
// RUN: not tile-opt %t 2>&1 | filecheck %s --check-prefix=DIRECTORY
// RUN: not tile-opt %t/good.mlir %t/good.mlir 2>&1 | filecheck %s --check-prefix=TWO

//--- syntax.mlir
%0 = arith.constant 1 : i32
%1 = arith.addi %0 %0 : i32
// SYNTAX: syntax.mlir:2:19: error: expected ','
// SYNTAX-NEXT: %1 = arith.addi %0 %0 : i32
// SYNTAX-NEXT: ^
// SYNTAX-NOT: at {{.*}}.cjs

//--- unknown-op.mlir
%0 = arith.constant 1 : i32
%1 = arith.addo %0, %0 : i32
// UNKNOWN: unknown-op.mlir:2:6: error: {{.*}}'arith.addo'

//--- unknown-dialect.mlir
"other.op"() : () -> ()
// DIALECT: unknown-dialect.mlir:1:1: error: {{.*}}unregistered dialect

//--- types.mlir
%0 = arith.constant 1 : i32
%1 = arith.addi %0, %0 : i64
// TYPES: types.mlir:2:{{[0-9]+}}: error: use of value '%0' expects different type than prior uses: 'i64' vs 'i32'
// TYPES: types.mlir:1:1: note: prior use here

//--- good.mlir
%0 = arith.constant 1 : i32
// MISSING: {{^}}error: cannot open input file '{{.*}}nothing.mlir': No such file or directory{{$}}
// DIRECTORY: {{^}}error: cannot open input file '{{.*}}': Is a directory{{$}}
// TWO: error: too many positional arguments specified: can specify at most 1
