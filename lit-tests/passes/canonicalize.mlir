// RUN: tile-opt %s --canonicalize --split-input-file | filecheck %s
// RUN: tile-opt %s --canonicalize=disable-patterns=arith-add-add-constant --split-input-file | filecheck %s --check-prefix=DISABLED

// CHECK-LABEL: func.func @add_constants
// CHECK-NEXT: %[[C:.*]] = arith.constant 3 : i32
// CHECK-NEXT: %[[S:.*]] = arith.addi %{{.*}}, %[[C]] : i32
// CHECK-NEXT: return %[[S]] : i32
// DISABLED-LABEL: func.func @add_constants
// DISABLED-COUNT-2: arith.addi
func.func @add_constants(%a: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %x = arith.addi %c1, %a : i32
  %y = arith.addi %x, %c2 : i32
  return %y : i32
}

// -----
// CHECK-LABEL: func.func @not_compare
// CHECK-NEXT: %[[R:.*]] = arith.cmpi sge, %{{.*}}, %{{.*}} : i32
// CHECK-NEXT: return %[[R]]
func.func @not_compare(%a: i32, %b: i32) -> i1 {
  %true = arith.constant true
  %c = arith.cmpi slt, %a, %b : i32
  %n = arith.xori %c, %true : i1
  return %n : i1
}

// -----
// CHECK-LABEL: func.func @one_iteration
// CHECK-NEXT: %[[S:.*]] = arith.addi %[[A:.*]], %[[A]] : i32
// CHECK-NEXT: return %[[S]]
func.func @one_iteration(%a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %c1 step %c1 iter_args(%x = %a) -> (i32) {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %r : i32
}

// -----
// CHECK-LABEL: func.func @no_iteration
// CHECK-NEXT: return %{{.*}} : i32
func.func @no_iteration(%a: i32, %n: index) -> i32 {
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %n to %n step %c1 iter_args(%x = %a) -> (i32) {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %r : i32
}

// -----
// CHECK-LABEL: func.func @carried_for_nothing
// CHECK: %[[R:.*]] = scf.for %{{.*}} iter_args(%[[X:.*]] = %{{.*}}) -> (i32)
// CHECK-NEXT: arith.addi %[[X]], %[[B:.*]] : i32
// CHECK: return %[[R]], %[[B]] : i32, i32
func.func @carried_for_nothing(%a: i32, %b: i32, %n: index) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r:2 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a, %z = %b) -> (i32, i32) {
    %y = arith.addi %x, %z : i32
    scf.yield %y, %z : i32, i32
  }
  return %r#0, %r#1 : i32, i32
}

// -----
// CHECK-LABEL: func.func @known_condition
// CHECK-NEXT: return %[[B:.*]] : i32
func.func @known_condition(%a: i32, %b: i32) -> i32 {
  %false = arith.constant false
  %r = scf.if %false -> (i32) {
    scf.yield %a : i32
  } else {
    scf.yield %b : i32
  }
  return %r : i32
}

// -----
// CHECK-LABEL: func.func @known_branch
// CHECK-NEXT: %[[S:.*]] = arith.addi
// CHECK-NEXT: return %[[S]]
// CHECK-NEXT: }
func.func @known_branch(%a: i32) -> i32 {
  %true = arith.constant true
  cf.cond_br %true, ^then(%a : i32), ^else
^then(%x: i32):
  %s = arith.addi %x, %x : i32
  return %s : i32
^else:
  return %a : i32
}

// -----
// CHECK-LABEL: func.func @dead_block_argument
// CHECK: cf.br ^[[END:.*]](%{{.*}} : i32)
// CHECK: ^[[END]](%{{[^,]*}}: i32):
func.func @dead_block_argument(%c: i1, %a: i32, %b: i32) -> i32 {
  cf.cond_br %c, ^one, ^two
^one:
  %s = arith.addi %a, %a : i32
  cf.br ^end(%s, %a : i32, i32)
^two:
  %t = arith.muli %a, %b : i32
  cf.br ^end(%t, %b : i32, i32)
^end(%x: i32, %dead: i32):
  return %x : i32
}
