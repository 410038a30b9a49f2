// RUN: tile-opt %s --sroa --mlir-pass-statistics 2>&1 | filecheck %s
// RUN: tile-opt %s --sroa --mem2reg | filecheck %s --check-prefix=VALUES
// RUN: %if mlir-opt %{ tile-opt %s --sroa --mem2reg | %mlir-opt > %t.ours %}
// RUN: %if mlir-opt %{ %mlir-opt %s --sroa --mem2reg > %t.theirs %}
// RUN: %if mlir-opt %{ diff %t.theirs %t.ours %}
// RUN: %if mlir-opt %{ tile-opt %s --sroa | %mlir-opt > %t.ours %}
// RUN: %if mlir-opt %{ %mlir-opt %s --sroa > %t.theirs %}
// RUN: %if mlir-opt %{ diff %t.theirs %t.ours %}

// CHECK-LABEL: func.func @sroa
// CHECK-COUNT-2: memref.alloca() : memref<f32>
// CHECK-NEXT: memref.alloca() : memref<4xf32>
// VALUES-LABEL: func.func @sroa
// VALUES-SAME: (%[[V:.*]]: f32, %{{.*}}: f32, %{{.*}}: index)
// VALUES: return %[[V]], %{{.*}} : f32, f32

// CHECK: SROA
// CHECK-NEXT: (S)  3 destructured slots
// CHECK-NEXT: (S)  3 slots with memory benefit
// CHECK-NEXT: (S) 16 max subelement number

func.func @sroa(%v: f32, %w: f32, %i: index) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.alloca() : memref<2x2xf32>
  %n = memref.alloca() : memref<4xf32>
  memref.store %v, %m[%c0, %c1] : memref<2x2xf32>
  memref.store %w, %m[%c1, %c1] : memref<2x2xf32>
  memref.store %w, %n[%i] : memref<4xf32>
  %x = memref.load %m[%c0, %c1] : memref<2x2xf32>
  %y = memref.load %n[%c1] : memref<4xf32>
  return %x, %y : f32, f32
}
func.func @big(%v: f32) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.alloca() : memref<17xf32>
  %n = memref.alloca() : memref<16xf32>
  memref.store %v, %m[%c1] : memref<17xf32>
  %x = memref.load %m[%c1] : memref<17xf32>
  %y = memref.load %n[%c1] : memref<16xf32>
  %z = memref.load %n[%c0] : memref<16xf32>
  return %x, %y : f32, f32
}
func.func @nested(%v: f32, %c: i1) -> (f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %m = memref.alloca() : memref<2xf32>
  memref.store %v, %m[%c1] : memref<2xf32>
  %r = scf.if %c -> f32 {
    %x = memref.load %m[%c1] : memref<2xf32>
    scf.yield %x : f32
  } else {
    scf.yield %v : f32
  }
  return %r : f32
}
func.func @out_of_bounds(%v: f32) -> (f32) {
  %c0 = arith.constant 0 : index
  %c5 = arith.constant 5 : index
  %m = memref.alloca() : memref<2xf32>
  %x = memref.load %m[%c5] : memref<2xf32>
  return %x : f32
}
