// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --verify-diagnostics

%0 = arith.constant 1.0 : f32
// expected-error@+1 {{'arith.addi' op operand #0 must be signless-integer-like, but got 'f32'}}
%1 = "arith.addi"(%0, %0) : (f32, f32) -> f32

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.addi' op expected 2 operands, but found 1}}
%1 = "arith.addi"(%0) : (i32) -> i32

// -----

%0 = arith.constant 1 : i32
%1 = arith.constant 1 : i64
// expected-error@+1 {{'arith.addi' op requires the same type for all operands and results}}
%2 = "arith.addi"(%0, %1) : (i32, i64) -> i32

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.cmpi' op requires attribute 'predicate'}}
%1 = "arith.cmpi"(%0, %0) : (i32, i32) -> i1

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.cmpi' op attribute 'predicate' failed to satisfy constraint: allowed 64-bit signless integer cases: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
%1 = "arith.cmpi"(%0, %0) {predicate = 42 : i64} : (i32, i32) -> i1

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.cmpi' op result #0 must be bool-like, but got 'i32'}}
%1 = "arith.cmpi"(%0, %0) {predicate = 0 : i64} : (i32, i32) -> i32

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.extsi' op operand type 'i32' and result type 'i16' are cast incompatible}}
%1 = arith.extsi %0 : i32 to i16

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.trunci' op operand type 'i32' and result type 'i64' are cast incompatible}}
%1 = arith.trunci %0 : i32 to i64

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{'arith.sitofp' op result #0 must be floating-point-like, but got 'i64'}}
%1 = arith.sitofp %0 : i32 to i64

// -----

%0 = arith.constant 1.0 : f32
// expected-error@+1 {{'arith.bitcast' op operand type 'f32' and result type 'i64' are cast incompatible}}
%1 = arith.bitcast %0 : f32 to i64

// -----

%0 = arith.constant 1.0 : f32
// expected-error@+1 {{expected fastmath to be one of: none, reassoc, nnan, ninf, nsz, arcp, contract, afn, fast, but got 'foo'}}
%1 = arith.addf %0, %0 fastmath<foo> : f32

// -----

// expected-error@+1 {{'arith.constant' op failed to verify that all of {value, result} have same type}}
%0 = "arith.constant"() {value = 1 : i32} : () -> i64

// -----

%0 = arith.constant 1 : i32
// expected-error@+1 {{expected ','}}
%1 = arith.addi %0 %0 : i32

// -----

// expected-note@+1 {{prior use here}}
%0 = arith.constant 1 : i32
// expected-error@+1 {{use of value '%0' expects different type than prior uses: 'f32' vs 'i32'}}
%1 = arith.addi %0, %0 : f32

// -----

// expected-error@+1 {{'arith.constant' op requires attribute 'value'}}
%0 = "arith.constant"() : () -> i32

// -----

%c = arith.constant 1 : i1
%0 = arith.constant 1 : i32
%1 = arith.constant 1 : i64
// expected-error@+1 {{'arith.select' op failed to verify that all of {true_value, false_value, result} have same type}}
%2 = "arith.select"(%c, %0, %1) : (i1, i32, i64) -> i32
