// RUN: tile-opt %s --sccp | filecheck %s
// RUN: %if mlir-opt %{ %mlir-opt %s --sccp > %t.theirs %}
// RUN: %if mlir-opt %{ tile-opt %s --sccp | %mlir-opt > %t.ours %}
// RUN: %if mlir-opt %{ diff %t.theirs %t.ours %}

// The argument is one on every path that can run: the else branch cannot.
// CHECK-LABEL: func.func @one_way
// CHECK: %[[C:.*]] = arith.constant 1 : i32
// CHECK: ^[[END:bb[0-9]+|end]](%{{.*}}: i32):
// CHECK: return %[[C]] : i32
func.func @one_way() -> i32 {
  %true = arith.constant true
  %c1 = arith.constant 1 : i32
  cf.cond_br %true, ^then, ^else
^then:
  cf.br ^end(%c1 : i32)
^else:
  %c2 = arith.constant 2 : i32
  cf.br ^end(%c2 : i32)
^end(%x: i32):
  return %x : i32
}

// A loop that passes the same constant around.
// CHECK-LABEL: func.func @around
// CHECK: return %[[C:.*]] : i32
func.func @around(%c: i1) -> i32 {
  %c0 = arith.constant 0 : i32
  cf.br ^loop(%c0 : i32)
^loop(%x: i32):
  %y = arith.addi %x, %x : i32
  cf.cond_br %c, ^loop(%y : i32), ^end(%y : i32)
^end(%z: i32):
  return %z : i32
}

// CHECK-LABEL: func.func @varies
// CHECK: ^{{.*}}(%[[X:.*]]: i32):
// CHECK-NEXT: return %[[X]] : i32
func.func @varies(%c: i1) -> i32 {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  cf.cond_br %c, ^end(%c1 : i32), ^end(%c2 : i32)
^end(%x: i32):
  return %x : i32
}

// Through loops: one carried value stays zero, the other grows.
// CHECK-LABEL: func.func @loop
// CHECK: %[[ZERO:.*]] = arith.constant 0 : i32
// CHECK: scf.for
// CHECK: memref.store %[[ZERO]]
// CHECK: return %[[ZERO]], %{{.*}}#1
func.func @loop(%n: index, %m: memref<?xi32>) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %z = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%a = %z, %b = %one) -> (i32, i32) {
    %s = arith.addi %a, %a : i32
    %t = arith.addi %b, %one : i32
    memref.store %a, %m[%i] : memref<?xi32>
    scf.yield %s, %t : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}

// Through conditions: the arm that cannot run does not count, and a loop whose condition is false runs no time.
// CHECK-LABEL: func.func @conditions
// CHECK: %[[ONE:.*]] = arith.constant 1 : i32
// CHECK: return %[[ONE]], %[[ONE]], %[[ONE]], %[[ONE]]
func.func @conditions(%c: i1, %x: i32) -> (i32, i32, i32, i32) {
  %true = arith.constant true
  %one = arith.constant 1 : i32
  %second = arith.constant 7 : index
  %a = scf.if %true -> i32 {
    scf.yield %one : i32
  } else {
    scf.yield %x : i32
  }
  %b = scf.if %c -> i32 {
    scf.yield %a : i32
  } else {
    scf.yield %one : i32
  }
  %w = scf.while (%v = %b) : (i32) -> i32 {
    %k = arith.cmpi slt, %v, %one : i32
    scf.condition(%k) %v : i32
  } do {
  ^bb0(%v: i32):
    %d = func.call @identity(%x) : (i32) -> i32
    scf.yield %d : i32
  }
  %s = scf.index_switch %second -> i32
  case 7 {
    scf.yield %one : i32
  }
  default {
    scf.yield %x : i32
  }
  return %a, %b, %w, %s : i32, i32, i32, i32
}

// Through calls of private functions that are always given the same, and back.
// CHECK-LABEL: func.func private @square
// CHECK: %[[NINE:.*]] = arith.constant 9 : i32
// CHECK: return %[[NINE]]
func.func private @square(%a: i32) -> i32 {
  %r = arith.muli %a, %a : i32
  return %r : i32
}
// CHECK-LABEL: func.func private @identity
// CHECK-NEXT: return %arg0
func.func private @identity(%arg0: i32) -> i32 {
  return %arg0 : i32
}
// CHECK-LABEL: func.func @calls
// CHECK: %[[NINE:.*]] = arith.constant 9 : i32
// CHECK: return %[[NINE]], %{{.*}}
func.func @calls(%x: i32) -> (i32, i32) {
  %c3 = arith.constant 3 : i32
  %a = call @square(%c3) : (i32) -> i32
  %b = call @square(%c3) : (i32) -> i32
  %c = call @identity(%a) : (i32) -> i32
  %d = call @identity(%x) : (i32) -> i32
  return %b, %d : i32, i32
}

// What anybody may call, with anything, stays.
// CHECK-LABEL: func.func @public
// CHECK-NEXT: return %arg0
func.func @public(%arg0: i32) -> i32 {
  return %arg0 : i32
}
func.func @caller_of_public() -> i32 {
  %c3 = arith.constant 3 : i32
  %a = call @public(%c3) : (i32) -> i32
  return %a : i32
}
