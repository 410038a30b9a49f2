// What ranges decide, in the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --int-range-optimizations | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --int-range-optimizations > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @loop(%m: memref<128xi1>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c128 = arith.constant 128 : index
  scf.for %i = %c0 to %c128 step %c1 {
    %in = arith.cmpi slt, %i, %c128 : index
    memref.store %in, %m[%i] : memref<128xi1>
  }
  return
}
func.func @masked(%a: i32) -> (i1, i1) {
  %c15 = arith.constant 15 : i32
  %c16 = arith.constant 16 : i32
  %c8 = arith.constant 8 : i32
  %x = arith.andi %a, %c15 : i32
  %lt = arith.cmpi ult, %x, %c16 : i32
  %open = arith.cmpi ult, %x, %c8 : i32
  return %lt, %open : i1, i1
}
func.func @carried(%n: index) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %k = arith.constant 5 : i32
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %k) -> (i32) {
    "test.use"(%x) : (i32) -> ()
    scf.yield %x : i32
  }
  return %r, %k : i32, i32
}
func.func @folds(%a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : i32
  %x = arith.addi %a, %c0 : i32
  %dead = arith.muli %a, %a : i32
  %c2 = arith.constant 2 : i32
  %c3 = arith.constant 3 : i32
  %s = arith.addi %c2, %c3 : i32
  return %x, %s : i32, i32
}
func.func @branches(%c: i1) -> i32 {
  %c7 = arith.constant 7 : i32
  cf.cond_br %c, ^bb1(%c7 : i32), ^bb2
^bb1(%x: i32):  // 2 preds: ^bb0, ^bb2
  "test.a"(%x) : (i32) -> ()
  return %x : i32
^bb2:  // pred: ^bb0
  %k = arith.constant 7 : i32
  cf.br ^bb1(%k : i32)
}
func.func @trivial_rem(%a: index, %m: memref<?xf32>) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c64 = arith.constant 64 : index
  %c128 = arith.constant 128 : index
  scf.for %i = %c0 to %c64 step %c1 {
    %r = arith.remsi %i, %c128 : index
    %q = arith.remui %i, %c64 : index
    "test.use"(%r, %q) : (index, index) -> ()
  }
  return %c0 : index
}
func.func private @below(%x: i32) -> i1 {
  %c7 = arith.constant 7 : i32
  %lt = arith.cmpi ult, %x, %c7 : i32
  return %lt : i1
}
func.func @calls() -> i1 {
  %c3 = arith.constant 3 : i32
  %r = call @below(%c3) : (i32) -> i1
  return %r : i1
}
func.func @ext(%a: i8) -> (i1, i1) {
  %x = arith.extui %a : i8 to i32
  %y = arith.extsi %a : i8 to i32
  %c = arith.constant 256 : i32
  %0 = arith.cmpi slt, %x, %c : i32
  %1 = arith.cmpi slt, %y, %c : i32
  return %0, %1 : i1, i1
}
func.func @minmax(%a: i32) -> (i1, i1) {
  %c5 = arith.constant 5 : i32
  %c9 = arith.constant 9 : i32
  %x = arith.minsi %a, %c5 : i32
  %0 = arith.cmpi slt, %x, %c9 : i32
  %y = arith.maxui %a, %c9 : i32
  %1 = arith.cmpi ugt, %y, %c5 : i32
  return %0, %1 : i1, i1
}
func.func @shifts(%a: i32) -> (i1, i1) {
  %c4 = arith.constant 4 : i32
  %x = arith.shrui %a, %c4 : i32
  %c = arith.constant 268435456 : i32
  %0 = arith.cmpi ult, %x, %c : i32
  %c1 = arith.constant 1 : i32
  %y = arith.shrsi %a, %c4 : i32
  %1 = arith.cmpi slt, %y, %c : i32
  return %0, %1 : i1, i1
}
func.func @select(%c: i1) -> i1 {
  %a = arith.constant 3 : i32
  %b = arith.constant 9 : i32
  %s = arith.select %c, %a, %b : i32
  %k = arith.constant 10 : i32
  %0 = arith.cmpi slt, %s, %k : i32
  return %0 : i1
}
func.func @if(%c: i1) -> i1 {
  %a = arith.constant 3 : i32
  %s = scf.if %c -> (i32) {
    %b = arith.constant 9 : i32
    scf.yield %b : i32
  } else {
    scf.yield %a : i32
  }
  %k = arith.constant 10 : i32
  %0 = arith.cmpi slt, %s, %k : i32
  return %0 : i1
}
func.func @divs(%a: i32) -> (i1, i1) {
  %c15 = arith.constant 15 : i32
  %x = arith.andi %a, %c15 : i32
  %c3 = arith.constant 3 : i32
  %q = arith.divui %x, %c3 : i32
  %c6 = arith.constant 6 : i32
  %0 = arith.cmpi ult, %q, %c6 : i32
  %p = arith.divsi %x, %c3 : i32
  %1 = arith.cmpi slt, %p, %c6 : i32
  return %0, %1 : i1, i1
}
func.func @sums(%a: i32) -> (i1, i1) {
  %c15 = arith.constant 15 : i32
  %x = arith.andi %a, %c15 : i32
  %y = arith.addi %x, %c15 : i32
  %c31 = arith.constant 31 : i32
  %0 = arith.cmpi ult, %y, %c31 : i32
  %z = arith.muli %y, %c15 : i32
  %c = arith.constant 1000 : i32
  %1 = arith.cmpi slt, %z, %c : i32
  return %0, %1 : i1, i1
}
func.func @dim(%m: memref<?xf32>) -> i1 {
  %c0 = arith.constant 0 : index
  %d = memref.dim %m, %c0 : memref<?xf32>
  %0 = arith.cmpi sge, %d, %c0 : index
  return %0 : i1
}
func.func @cast(%a: index) -> i1 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c10 = arith.constant 10 : index
  %r = scf.for %i = %c0 to %c10 step %c1 iter_args(%b = %c0) -> (index) {
    %j = arith.index_cast %i : index to i32
    %k = arith.constant 10 : i32
    %l = arith.cmpi ult, %j, %k : i32
    "test.u"(%l) : (i1) -> ()
    scf.yield %i : index
  }
  %q = arith.cmpi ult, %r, %c10 : index
  return %q : i1
}
func.func @bits(%a: i32, %b: i32) -> (i1, i1, i1) {
  %c12 = arith.constant 12 : i32
  %c15 = arith.constant 15 : i32
  %c64 = arith.constant 64 : i32
  %x = arith.andi %a, %c15 : i32
  %y = arith.andi %b, %c12 : i32
  %o = arith.ori %x, %c64 : i32
  %0 = arith.cmpi uge, %o, %c64 : i32
  %e = arith.xori %x, %y : i32
  %1 = arith.cmpi ule, %e, %c15 : i32
  %c80 = arith.constant 80 : i32
  %2 = arith.cmpi ult, %o, %c80 : i32
  return %0, %1, %2 : i1, i1, i1
}
func.func @divs_2(%a: i32, %b: i32) -> (i1, i1, i1) {
  %c7 = arith.constant 7 : i32
  %c15 = arith.constant 15 : i32
  %c3 = arith.constant 3 : i32
  %x = arith.andi %a, %c15 : i32
  %y = arith.ceildivui %x, %c7 : i32
  %0 = arith.cmpi ule, %y, %c3 : i32
  %z = arith.floordivsi %x, %c7 : i32
  %1 = arith.cmpi slt, %z, %c3 : i32
  %w = arith.ceildivsi %x, %c7 : i32
  %2 = arith.cmpi sle, %w, %c3 : i32
  return %0, %1, %2 : i1, i1, i1
}
func.func @shl(%a: i32, %b: i32) -> (i1, i1) {
  %c3 = arith.constant 3 : i32
  %c15 = arith.constant 15 : i32
  %c121 = arith.constant 121 : i32
  %x = arith.andi %a, %c15 : i32
  %y = arith.shli %x, %c3 : i32
  %0 = arith.cmpi slt, %y, %c121 : i32
  %n = arith.andi %b, %c3 : i32
  %z = arith.shrui %c121, %n : i32
  %1 = arith.cmpi uge, %z, %c15 : i32
  return %0, %1 : i1, i1
}
