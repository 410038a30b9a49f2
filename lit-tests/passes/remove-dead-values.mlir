// RUN: tile-opt %s --remove-dead-values | filecheck %s
// RUN: %if mlir-opt %{ %mlir-opt %s --remove-dead-values | filecheck %s %}

// CHECK: func.func private @callee(%{{.*}}: i32) -> f32
func.func private @callee(%used: i32, %unused: i64, %f: f32) -> (i32, f32) {
  %dead = arith.muli %used, %used : i32
  %r = arith.sitofp %used : i32 to f32
  // CHECK-NOT: arith.muli
  // CHECK: return %{{.*}} : f32
  return %used, %r : i32, f32
}
// CHECK: func.func @main(%[[A:.*]]: i32, %{{.*}}: i64, %{{.*}}: f32) -> f32
func.func @main(%a: i32, %b: i64, %c: f32) -> f32 {
  // CHECK-NEXT: %[[R:.*]] = call @callee(%[[A]]) : (i32) -> f32
  // CHECK-NEXT: return %[[R]]
  %r:2 = func.call @callee(%a, %b, %c) : (i32, i64, f32) -> (i32, f32)
  return %r#1 : f32
}
// A public function keeps its signature.
// CHECK: func.func @public(%{{.*}}: i32)
func.func @public(%unused: i32) {
  return
}
// CHECK-LABEL: @loop
func.func @loop(%n: index, %a: i32, %b: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  // CHECK: scf.for {{.*}} iter_args(%{{.*}} = %{{.*}}) -> (f32)
  // CHECK-NOT: addi
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %y = %b) -> (i32, f32) {
    %s = arith.addi %x, %x : i32
    %t = arith.mulf %y, %y : f32
    scf.yield %s, %t : i32, f32
  }
  return %r#1 : f32
}

// What a function only hands to itself is not needed either.
// CHECK-LABEL: func.func private @recursive(%{{.*}}: i32) -> i32
// CHECK-NOT: arith.addi
// CHECK: call @recursive(%{{.*}}) : (i32) -> i32
func.func private @recursive(%n: i32, %unused: i32) -> i32 {
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %is_zero = arith.cmpi eq, %n, %zero : i32
  %r = scf.if %is_zero -> i32 {
    scf.yield %zero : i32
  } else {
    %less = arith.subi %n, %one : i32
    %more = arith.addi %unused, %one : i32
    %s = func.call @recursive(%less, %more) : (i32, i32) -> i32
    scf.yield %s : i32
  }
  return %r : i32
}
func.func @calls_recursive(%n: i32) -> i32 {
  %r = call @recursive(%n, %n) : (i32, i32) -> i32
  return %r : i32
}
