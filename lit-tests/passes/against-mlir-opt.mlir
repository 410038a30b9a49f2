// The same passes on the same program leave the same program as upstream, up to names.
// REQUIRES: mlir-opt
// RUN: %mlir-opt %s --canonicalize | %mlir-opt --mlir-print-local-scope > %t.theirs
// RUN: tile-opt %s --canonicalize | %mlir-opt --mlir-print-local-scope > %t.ours
// RUN: diff %t.theirs %t.ours
// RUN: %mlir-opt %s --cse | %mlir-opt > %t.theirs
// RUN: tile-opt %s --cse | %mlir-opt > %t.ours
// RUN: diff %t.theirs %t.ours
// RUN: %mlir-opt %s --canonicalize --cse --loop-invariant-code-motion | %mlir-opt > %t.theirs
// RUN: tile-opt %s --canonicalize --cse --loop-invariant-code-motion | %mlir-opt > %t.ours
// RUN: diff %t.theirs %t.ours

func.func @f(%a: i32, %b: i1, %n: index) -> (i32, i32, i1, index) {
  %c = arith.constant 1 : i32
  %c2 = arith.constant 1 : i32
  %c0 = arith.constant 0 : index
  %cst1 = arith.constant 1 : index
  %true = arith.constant true
  %x = arith.addi %c, %a : i32
  %y = arith.addi %x, %c2 : i32
  %z = arith.addi %x, %y : i32
  %cmp = arith.cmpi slt, %a, %z : i32
  %not = arith.xori %cmp, %true : i1
  %r = scf.if %true -> i32 { scf.yield %y : i32 } else { scf.yield %z : i32 }
  %s:2 = scf.for %i = %c0 to %cst1 step %cst1 iter_args(%p = %a, %q = %n) -> (i32, index) {
    %m = arith.addi %p, %p : i32
    scf.yield %m, %q : i32, index
  }
  %t:2 = scf.for %i = %c0 to %n step %cst1 iter_args(%p = %a, %q = %n) -> (i32, index) {
    %m = arith.addi %p, %c2 : i32
    %k = arith.muli %a, %a : i32
    %m2 = arith.addi %m, %k : i32
    scf.yield %m2, %q : i32, index
  }
  cf.cond_br %b, ^bb1(%s#0 : i32), ^bb2
^bb1(%arg: i32):
  %w = arith.addi %arg, %t#0 : i32
  cf.br ^bb3(%w, %y : i32, i32)
^bb2:
  %w2 = arith.addi %r, %t#0 : i32
  cf.br ^bb3(%w2, %z : i32, i32)
^bb3(%o: i32, %unused: i32):
  return %o, %r, %not, %t#1 : i32, i32, i1, index
^dead:
  cf.br ^bb3(%a, %a : i32, i32)
}
