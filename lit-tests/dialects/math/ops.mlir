// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "math.absf"}
// CHECK: %b = math.absf %a : f32
"test.begin"() {name = "math.absf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.absf %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.acos"}
// CHECK: %b = math.acos %a : f32
"test.begin"() {name = "math.acos"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.acos %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.acosh"}
// CHECK: %b = math.acosh %a : f32
"test.begin"() {name = "math.acosh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.acosh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.asin"}
// CHECK: %b = math.asin %a : f32
"test.begin"() {name = "math.asin"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.asin %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.asinh"}
// CHECK: %b = math.asinh %a : f32
"test.begin"() {name = "math.asinh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.asinh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.atan"}
// CHECK: %b = math.atan %a : f32
"test.begin"() {name = "math.atan"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.atan %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.atanh"}
// CHECK: %b = math.atanh %a : f32
"test.begin"() {name = "math.atanh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.atanh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.cbrt"}
// CHECK: %b = math.cbrt %a : f32
"test.begin"() {name = "math.cbrt"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.cbrt %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.ceil"}
// CHECK: %b = math.ceil %a : f32
"test.begin"() {name = "math.ceil"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.ceil %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.cos"}
// CHECK: %b = math.cos %a : f32
"test.begin"() {name = "math.cos"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.cos %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.cosh"}
// CHECK: %b = math.cosh %a : f32
"test.begin"() {name = "math.cosh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.cosh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.erf"}
// CHECK: %b = math.erf %a : f32
"test.begin"() {name = "math.erf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.erf %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.exp"}
// CHECK: %b = math.exp %a : f32
"test.begin"() {name = "math.exp"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.exp %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.exp2"}
// CHECK: %b = math.exp2 %a : f32
"test.begin"() {name = "math.exp2"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.exp2 %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.expm1"}
// CHECK: %b = math.expm1 %a : f32
"test.begin"() {name = "math.expm1"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.expm1 %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.floor"}
// CHECK: %b = math.floor %a : f32
"test.begin"() {name = "math.floor"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.floor %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.log"}
// CHECK: %b = math.log %a : f32
"test.begin"() {name = "math.log"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.log %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.log10"}
// CHECK: %b = math.log10 %a : f32
"test.begin"() {name = "math.log10"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.log10 %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.log1p"}
// CHECK: %b = math.log1p %a : f32
"test.begin"() {name = "math.log1p"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.log1p %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.log2"}
// CHECK: %b = math.log2 %a : f32
"test.begin"() {name = "math.log2"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.log2 %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.round"}
// CHECK: %b = math.round %a : f32
"test.begin"() {name = "math.round"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.round %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.roundeven"}
// CHECK: %b = math.roundeven %a : f32
"test.begin"() {name = "math.roundeven"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.roundeven %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.rsqrt"}
// CHECK: %b = math.rsqrt %a : f32
"test.begin"() {name = "math.rsqrt"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.rsqrt %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.sin"}
// CHECK: %b = math.sin %a : f32
"test.begin"() {name = "math.sin"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.sin %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.sinh"}
// CHECK: %b = math.sinh %a : f32
"test.begin"() {name = "math.sinh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.sinh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.sqrt"}
// CHECK: %b = math.sqrt %a : f32
"test.begin"() {name = "math.sqrt"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.sqrt %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.tan"}
// CHECK: %b = math.tan %a : f32
"test.begin"() {name = "math.tan"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.tan %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.tanh"}
// CHECK: %b = math.tanh %a : f32
"test.begin"() {name = "math.tanh"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.tanh %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.trunc"}
// CHECK: %b = math.trunc %a : f32
"test.begin"() {name = "math.trunc"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.trunc %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.atan2"}
// CHECK: %b = math.atan2 %a, %a : f32
"test.begin"() {name = "math.atan2"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.atan2 %a, %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.copysign"}
// CHECK: %b = math.copysign %a, %a : f32
"test.begin"() {name = "math.copysign"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.copysign %a, %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.powf"}
// CHECK: %b = math.powf %a, %a : f32
"test.begin"() {name = "math.powf"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.powf %a, %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.fma"}
// CHECK: %b = math.fma %a, %a, %a : f32
"test.begin"() {name = "math.fma"} : () -> ()
%a = arith.constant 1.5 : f32
%b = math.fma %a, %a, %a : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.absi"}
// CHECK: %b = math.absi %a : i32
"test.begin"() {name = "math.absi"} : () -> ()
%a = arith.constant 7 : i32
%b = math.absi %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.ctlz"}
// CHECK: %b = math.ctlz %a : i32
"test.begin"() {name = "math.ctlz"} : () -> ()
%a = arith.constant 7 : i32
%b = math.ctlz %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.cttz"}
// CHECK: %b = math.cttz %a : i32
"test.begin"() {name = "math.cttz"} : () -> ()
%a = arith.constant 7 : i32
%b = math.cttz %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.ctpop"}
// CHECK: %b = math.ctpop %a : i32
"test.begin"() {name = "math.ctpop"} : () -> ()
%a = arith.constant 7 : i32
%b = math.ctpop %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.ipowi"}
// CHECK: %b = math.ipowi %a, %a : i32
"test.begin"() {name = "math.ipowi"} : () -> ()
%a = arith.constant 7 : i32
%b = math.ipowi %a, %a : i32

// -----

// CHECK-LABEL: "test.begin"() {name = "math.fpowi"}
// CHECK: %b = math.fpowi %a, %n : f32, i32
"test.begin"() {name = "math.fpowi"} : () -> ()
%a = arith.constant 1.5 : f32
%n = arith.constant 2 : i32
%b = math.fpowi %a, %n : f32, i32
