// RUN: tile-opt %s --inline | filecheck %s --implicit-check-not=@callee --implicit-check-not=@middle

func.func private @callee(%a: i32) -> i32 {
  %x = arith.addi %a, %a : i32
  return %x : i32
}
func.func private @middle(%a: i32) -> i32 {
  %x = call @callee(%a) : (i32) -> i32
  %y = arith.muli %x, %a : i32
  return %y : i32
}
// CHECK-LABEL: func.func @caller
// CHECK-NEXT: %[[X:.*]] = arith.addi %[[A:.*]], %[[A]] : i32
// CHECK-NEXT: %[[Y:.*]] = arith.muli %[[X]], %[[A]] : i32
// CHECK-NEXT: return %[[Y]] : i32
func.func @caller(%a: i32) -> i32 {
  %x = call @middle(%a) : (i32) -> i32
  return %x : i32
}

// A function of several blocks joins behind the call.
func.func private @callee_blocks(%c: i1, %a: i32) -> i32 {
  cf.cond_br %c, ^one, ^two
^one:
  %x = arith.addi %a, %a : i32
  return %x : i32
^two:
  return %a : i32
}
// CHECK-LABEL: func.func @caller_blocks
// CHECK: cf.cond_br
// CHECK: ^[[JOIN:.*]](%[[R:.*]]: i32):
// CHECK: %[[M:.*]] = arith.muli %[[R]], %[[R]] : i32
// CHECK-NEXT: return %[[M]] : i32
func.func @caller_blocks(%c: i1, %a: i32) -> i32 {
  %x = call @callee_blocks(%c, %a) : (i1, i32) -> i32
  %m = arith.muli %x, %x : i32
  return %m : i32
}

// Recursion stays.
// CHECK-LABEL: func.func @recursive
// CHECK: call @recursive
func.func @recursive(%a: i32) -> i32 {
  %x = call @recursive(%a) : (i32) -> i32
  return %x : i32
}

// Functions that nobody calls go, with those that only they called.
// CHECK-NOT: unused
func.func private @unused(%a: i32) -> i32 {
  %x = call @only_for_unused(%a) : (i32) -> i32
  %y = call @only_for_unused(%x) : (i32) -> i32
  return %y : i32
}
func.func private @only_for_unused(%a: i32) -> i32 {
  %r = arith.addi %a, %a : i32
  return %r : i32
}
