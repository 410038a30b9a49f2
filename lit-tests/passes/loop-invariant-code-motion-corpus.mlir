// What leaves loops, in the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --loop-invariant-code-motion | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --loop-invariant-code-motion > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @a(%n: index, %a: i32) -> i32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %k = arith.constant 3 : i32
    %y = arith.muli %a, %k : i32
    %z = arith.addi %x, %y : i32
    scf.yield %z : i32
  }
  return %r : i32
}
func.func @nested(%n: index, %a: i32, %m: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    scf.for %j = %c0 to %n step %c1 {
      %y = arith.muli %a, %a : i32
      %q = arith.addi %i, %i : index
      memref.store %y, %m[%q] : memref<?xi32>
    }
  }
  return
}
func.func @load(%n: index, %m: memref<?xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %l = memref.load %m[%c0] : memref<?xi32>
    "test.use"(%l) : (i32) -> ()
  }
  return
}
func.func @div(%n: index, %a: i32, %b: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : i32
  scf.for %i = %c0 to %n step %c1 {
    %l = arith.divsi %a, %b : i32
    %p = arith.divsi %a, %c5 : i32
    %q = arith.divui %a, %c5 : i32
    "test.use"(%l, %p, %q) : (i32, i32, i32) -> ()
  }
  return
}
func.func @if(%n: index, %a: i32, %c: i1) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %r = scf.if %c -> (i32) {
      %x = arith.addi %a, %a : i32
      scf.yield %x : i32
    } else {
      scf.yield %a : i32
    }
    "test.use"(%r) : (i32) -> ()
  }
  return
}
func.func @par(%n: index, %a: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    %x = arith.addi %a, %a : i32
    "test.use"(%x) : (i32) -> ()
    scf.reduce
  }
  return
}
func.func @while(%n: i32, %a: i32) {
  %r = scf.while (%x = %a) : (i32) -> i32 {
    %k = arith.addi %a, %a : i32
    %c = arith.cmpi slt, %x, %k : i32
    scf.condition(%c) %x : i32
  } do {
  ^bb0(%x: i32):
    %y = arith.muli %a, %a : i32
    %z = arith.addi %x, %y : i32
    scf.yield %z : i32
  }
  return
}
func.func @affine(%m: memref<10xf32>, %a: f32) {
  affine.for %i = 0 to 10 {
    affine.for %j = 0 to 10 {
      %v = arith.addf %a, %a : f32
      affine.store %v, %m[%i] : memref<10xf32>
    }
  }
  return
}
func.func @dim(%m: memref<?xf32>, %n: index, %d: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %x = memref.dim %m, %c0 : memref<?xf32>
    %y = memref.dim %m, %d : memref<?xf32>
    "test.use"(%x, %y) : (index, index) -> ()
  }
  return
}
func.func @inner_for(%n: index, %a: i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %r = scf.for %j = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
      %y = arith.addi %x, %x : i32
      scf.yield %y : i32
    }
    "test.use"(%r) : (i32) -> ()
  }
  return
}
func.func @inner_for_step(%n: index, %a: i32, %st: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %r = scf.for %j = %c0 to %n step %st iter_args(%x = %a) -> (i32) {
      %y = arith.addi %x, %x : i32
      scf.yield %y : i32
    }
    "test.use"(%r) : (i32) -> ()
  }
  return
}
func.func @subview(%n: index, %m: memref<16x16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %s = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<16x16xf32> to memref<4x4xf32, strided<[16, 1]>>
    %c = memref.cast %m : memref<16x16xf32> to memref<?x?xf32>
    "test.use"(%s, %c) : (memref<4x4xf32, strided<[16, 1]>>, memref<?x?xf32>) -> ()
  }
  return
}
