// Dialects from IRDL programs, checked as the reference tool checks them.
// RUN: split-file %s %t
// RUN: tile-opt --irdl-file=%t/cmath.mlir %t/right.mlir | filecheck %s --check-prefix=RIGHT
// RUN: tile-opt --irdl-file=%t/cmath.mlir %t/right.mlir --mlir-print-op-generic | tile-opt --irdl-file=%t/cmath.mlir | filecheck %s --check-prefix=RIGHT
// RUN: tile-opt --irdl-file=%t/cmath.mlir %t/wrong.mlir --split-input-file --verify-diagnostics
// RUN: tile-opt --irdl-file=%t/cmath.mlir --show-dialects | filecheck %s --check-prefix=DIALECTS
// RUN: not tile-opt --irdl-file=%t/bad.mlir %t/right.mlir 2>&1 | filecheck %s --check-prefix=BAD
// RUN: not tile-opt --irdl-file=%t/missing.mlir %t/right.mlir 2>&1 | filecheck %s --check-prefix=MISSING
// RUN: tile-opt %t/cmath.mlir | filecheck %s --check-prefix=PROGRAM

// RIGHT: %{{.*}} = "cmath.norm"(%{{.*}}) : (!cmath.complex<f32>) -> f32
// DIALECTS: cmath
// BAD: bad.mlir:3:10: error: 'irdl.c_pred' op holds C++, which only a tool that was compiled with it can check
// BAD-NEXT: %0 = irdl.c_pred
// MISSING: error: cannot open input file '{{.*}}missing.mlir': No such file or directory
// PROGRAM: irdl.dialect @cmath {
// PROGRAM: %[[#]] = irdl.parametric @cmath::@complex<%[[#]]>

//--- cmath.mlir
irdl.dialect @cmath {
  irdl.type @complex {
    %0 = irdl.is f32
    %1 = irdl.is f64
    %2 = irdl.any_of(%0, %1)
    irdl.parameters(%2)
  }
  irdl.operation @norm {
    %0 = irdl.any
    %1 = irdl.parametric @cmath::@complex<%0>
    irdl.operands(%1)
    irdl.results(%0)
  }
}

//--- right.mlir
func.func @norm(%c: !cmath.complex<f32>) -> f32 {
  %0 = "cmath.norm"(%c) : (!cmath.complex<f32>) -> f32
  return %0 : f32
}

//--- wrong.mlir
func.func @norm(%c: !cmath.complex<f32>) {
  // expected-error @below {{expected 'f32' but got 'f64'}}
  %0 = "cmath.norm"(%c) : (!cmath.complex<f32>) -> f64
  return
}

// -----

// expected-error @below {{'i32' does not satisfy the constraint}}
func.func private @norm(!cmath.complex<i32>)

//--- bad.mlir
irdl.dialect @bad {
  irdl.operation @predicate {
    %0 = irdl.c_pred "true"
    irdl.operands(%0)
  }
}
