// RUN: tile-opt %s --sccp | filecheck %s

// The argument is one on every path that can run: the else branch cannot.
// CHECK-LABEL: func.func @one_way
// CHECK: ^[[END:bb[0-9]+|end]](%{{.*}}: i32):
// CHECK: %[[C:.*]] = arith.constant 1 : i32
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
