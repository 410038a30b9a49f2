// Affine operations are simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @compose(%n: index, %A: memref<?xf32>) -> index {
  %0 = affine.apply affine_map<(d0) -> (d0 * 4)>(%n)
  %1 = affine.apply affine_map<(d0)[s0] -> (d0 + s0 + 1)>(%0)[%n]
  return %1 : index
}

func.func @compose_in_loop(%n: index, %A: memref<?xf32>) {
  affine.for %i = 0 to %n {
    affine.for %j = 0 to 16 {
      %0 = affine.apply affine_map<(d0) -> (d0 * 16)>(%i)
      %1 = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%0, %j)
      %x = affine.load %A[%1] : memref<?xf32>
      affine.store %x, %A[%1 + 3] : memref<?xf32>
    }
  }
  return
}

func.func @duplicate_operands(%A: memref<?xf32>, %v: f32) {
  affine.for %i = 0 to 16 {
    %0 = affine.apply affine_map<(d0, d1, d2) -> (d0 * 2 + d1)>(%i, %i, %i)
    "test.use"(%0) : (index) -> ()
  }
  return
}

func.func @constants(%n: index) -> (index, index) {
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 * 2 + s0)>(%c3)[%c5]
  %2 = affine.apply affine_map<(d0)[s0] -> (d0 * 2 + s0)>(%c3)[%n]
  return %0, %2 : index, index
}

func.func @constant_minimum() -> index {
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %0 = affine.min affine_map<(d0)[s0] -> (d0 + s0, 7)>(%c3)[%c5]
  return %0 : index
}

func.func @extrema(%n: index, %m: index) -> (index, index, index) {
  %0 = affine.min affine_map<(d0, d1) -> (d0, d0)>(%n, %m)
  %1 = affine.max affine_map<(d0) -> (d0 * 2)>(%n)
  %2 = affine.min affine_map<(d0)[s0] -> (d0 - s0, 16)>(%n)[%m]
  return %0, %1, %2 : index, index, index
}

func.func @bounds(%n: index, %A: memref<?xf32>) {
  %c2 = arith.constant 2 : index
  %c8 = arith.constant 8 : index
  %0 = affine.apply affine_map<(d0) -> (d0 + 4)>(%n)
  affine.for %i = %c2 to %0 {
    "test.use"(%i) : (index) -> ()
  }
  affine.for %i = max affine_map<(d0) -> (d0, d0)>(%n) to %c8 step 2 {
    "test.use"(%i) : (index) -> ()
  }
  return
}

func.func @loops_that_do_nothing(%n: index, %x: f32, %y: f32) -> (f32, f32, f32, f32) {
  affine.for %i = 0 to %n {
  }
  %0 = affine.for %i = 0 to 0 iter_args(%a = %x) -> (f32) {
    %t = "test.op"(%a) : (f32) -> f32
    affine.yield %t : f32
  }
  %1 = affine.for %i = 0 to %n iter_args(%a = %x) -> (f32) {
    affine.yield %a : f32
  }
  %2:2 = affine.for %i = 0 to 1 iter_args(%a = %x, %b = %y) -> (f32, f32) {
    affine.yield %b, %y : f32, f32
  }
  return %0, %1, %2#0, %2#1 : f32, f32, f32, f32
}

func.func @loops_that_stay(%n: index, %x: f32, %y: f32) -> (f32, f32, f32) {
  %0 = affine.for %i = 0 to %n iter_args(%a = %x) -> (f32) {
    affine.yield %y : f32
  }
  %1:2 = affine.for %i = 0 to 3 iter_args(%a = %x, %b = %y) -> (f32, f32) {
    affine.yield %b, %a : f32, f32
  }
  return %0, %1#0, %1#1 : f32, f32, f32
}

func.func @conditions(%n: index) {
  %c1 = arith.constant 1 : index
  affine.for %i = 0 to 16 {
    %0 = affine.apply affine_map<(d0) -> (d0 - 3)>(%i)
    affine.if affine_set<(d0, d1)[s0] : (d0 - 1 >= 0, s0 - d1 >= 0)>(%0, %i)[%n] {
      "test.use"(%0) : (index) -> ()
    } else {
    }
    affine.if affine_set<() : (0 == 0)>() {
      "test.always"() : () -> ()
    }
    affine.if affine_set<() : (1 == 0)>() {
      "test.never"() : () -> ()
    } else {
      "test.otherwise"() : () -> ()
    }
    affine.if affine_set<(d0) : (1 == 0)>(%i) {
      "test.never"() : () -> ()
    }
  }
  return
}

func.func @accesses(%A: memref<4x?xf32>, %n: index) -> f32 {
  %c1 = arith.constant 1 : index
  %x = affine.load %A[%c1, symbol(%n)] : memref<4x?xf32>
  affine.store %x, %A[%c1 + 1, %n * 2] : memref<4x?xf32>
  return %x : f32
}

// A value that changes in a loop is no symbol.
func.func @not_symbols(%n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %k = %c0 to %n step %c1 {
    %0 = "test.value"() : () -> index
    %1 = affine.apply affine_map<(d0) -> (d0 + 2)>(%k)
    %2 = affine.apply affine_map<(d0, d1) -> (d0 * 4 + d1)>(%1, %n)
    "test.use"(%2, %0) : (index, index) -> ()
  }
  return
}
