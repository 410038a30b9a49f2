// Patterns that a dialect file declares: applied by canonicalize, or by a pass of their own; and patterns in a file of their own.
// RUN: tile-opt %s --load-plugin=%S/Inputs/turns.mjs --load-dialect=%S/Inputs/turns.yaml --canonicalize | filecheck %s
// RUN: tile-opt %s --load-plugin=%S/Inputs/turns.mjs --load-dialect=%S/Inputs/turns.yaml --canonicalize=disable-patterns=strength | filecheck %s --check-prefix=WEAK
// RUN: tile-opt %s --load-plugin=%S/Inputs/turns.mjs --load-dialect=%S/Inputs/turns.yaml --apply-patterns=enable-patterns=turns-as-arith | filecheck %s --check-prefix=ARITH
// RUN: tile-opt %s --load-plugin=%S/Inputs/turns.mjs --load-dialect=%S/Inputs/turns.yaml --canonicalize --pattern-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=COUNT
// RUN: tile-opt %s --load-plugin=%S/Inputs/turns.mjs --load-dialect=%S/Inputs/turns.yaml --apply-patterns=%S/Inputs/strength.yaml | filecheck %s --check-prefix=FILE

// CHECK-LABEL: func.func @twice
// CHECK-NEXT: return %a
func.func @twice(%a: i32) -> i32 {
  %0 = turns.negate %a
  %1 = turns.negate %0
  return %1 : i32
}
// CHECK-LABEL: func.func @opposites
// CHECK-NEXT: %[[A:.*]] = turns.turn %a times 0
// CHECK-NEXT: %[[B:.*]] = turns.turn %b times 0
// CHECK-NEXT: return %[[A]], %[[B]]
func.func @opposites(%a: i32, %b: i32) -> (i32, i32) {
  %0 = turns.negate %a
  %1 = turns.add %a, %0
  %2 = turns.negate %b
  %3 = turns.add %2, %b
  return %1, %3 : i32, i32
}
// CHECK-LABEL: func.func @products
// CHECK-NEXT: %[[A:.*]] = turns.turn %a times 15
// CHECK-NEXT: %[[B:.*]] = turns.turn %b times 3
// CHECK-NEXT: %[[C:.*]] = turns.turn %[[B]] times 5
// CHECK-NEXT: return %[[A]], %[[B]], %[[C]]
func.func @products(%a: i32, %b: i32) -> (i32, i32, i32) {
  %0 = turns.turn %a times 3
  %1 = turns.turn %0 times 5
  // Used twice, so that it stays.
  %2 = turns.turn %b times 3
  %3 = turns.turn %2 times 5
  return %1, %2, %3 : i32, i32, i32
}
// CHECK-LABEL: func.func @same
// CHECK-NEXT: %[[A:.*]] = turns.turn %a times 2
// CHECK-NEXT: return %[[A]]
// WEAK-LABEL: func.func @same
// WEAK-NEXT: turns.add %a, %a
func.func @same(%a: i32) -> i32 {
  %0 = turns.add %a, %a
  return %0 : i32
}
// CHECK-LABEL: func.func @not_canonical
// CHECK: turns.add %a, %c7
// ARITH-LABEL: func.func @not_canonical
// ARITH: arith.addi %a, %c7
func.func @not_canonical(%a: i32) -> i32 {
  %c7 = arith.constant 7 : i32
  %0 = turns.add %a, %c7
  return %0 : i32
}
// COUNT-DAG: 2 applied 4 tried turns-add-negated

// FILE-LABEL: func.func @shifts
// FILE-DAG: %[[ONE:.*]] = arith.constant 1 : i32
// FILE-DAG: %[[THREE:.*]] = arith.constant 3 : i64
// FILE-DAG: %[[SEVEN:.*]] = arith.constant 7 : i32
// FILE-DAG: %[[ZERO:.*]] = arith.constant 0 : i32
// FILE: %[[A:.*]] = arith.shli %a, %[[ONE]] : i32
// FILE-NEXT: %[[B:.*]] = arith.shli %b, %[[THREE]] : i64
// FILE-NEXT: %[[C:.*]] = arith.muli %a, %[[SEVEN]] : i32
// FILE-NEXT: %[[D:.*]] = arith.cmpi slt, %a, %[[ZERO]] : i32
// FILE-NEXT: return %[[A]], %[[B]], %[[C]], %[[D]]
func.func @shifts(%a: i32, %b: i64, %e: i32) -> (i32, i64, i32, i1) {
  %c7 = arith.constant 7 : i32
  %c8 = arith.constant 8 : i64
  %0 = arith.addi %a, %a : i32
  %1 = arith.muli %b, %c8 : i64
  %2 = arith.muli %a, %c7 : i32
  %3 = arith.addi %a, %e : i32
  %4 = arith.cmpi slt, %3, %e : i32
  return %0, %1, %2, %4 : i32, i64, i32, i1
}
