// Common subexpressions, in the same text as upstream.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --cse | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --cse > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @cse_basic(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.addi %a, %b : i32
  %1 = arith.addi %a, %b : i32
  return %0, %1 : i32, i32
}
func.func @cse_commut(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.addi %a, %b : i32
  %1 = arith.addi %b, %a : i32
  return %0, %1 : i32, i32
}
func.func @cse_attrs(%a: f32, %b: f32) -> (f32, f32) {
  %0 = arith.addf %a, %b fastmath<fast> : f32
  %1 = arith.addf %a, %b : f32
  return %0, %1 : f32, f32
}
func.func @cse_disc(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.addi %a, %b {foo} : i32
  %1 = arith.addi %a, %b : i32
  return %0, %1 : i32, i32
}
func.func @cse_nested(%a: i32, %c: i1) -> i32 {
  %0 = arith.addi %a, %a : i32
  %r = scf.if %c -> (i32) {
    %2 = arith.addi %a, %a : i32
    scf.yield %2 : i32
  } else {
    scf.yield %a : i32
  }
  %1 = arith.addi %r, %0 : i32
  return %1 : i32
}
func.func @cse_sibling(%a: i32, %c: i1) -> i32 {
  %r = scf.if %c -> (i32) {
    %0 = arith.addi %a, %a : i32
    scf.yield %0 : i32
  } else {
    %0 = arith.addi %a, %a : i32
    scf.yield %0 : i32
  }
  return %r : i32
}
func.func @cse_loads(%m: memref<4xf32>, %i: index, %v: f32) -> (f32, f32, f32) {
  %0 = memref.load %m[%i] : memref<4xf32>
  %1 = memref.load %m[%i] : memref<4xf32>
  memref.store %v, %m[%i] : memref<4xf32>
  %2 = memref.load %m[%i] : memref<4xf32>
  return %0, %1, %2 : f32, f32, f32
}
func.func @cse_loads_unknown(%m: memref<4xf32>, %i: index) -> (f32, f32) {
  %0 = memref.load %m[%i] : memref<4xf32>
  "test.unk"() : () -> ()
  %1 = memref.load %m[%i] : memref<4xf32>
  return %0, %1 : f32, f32
}
func.func @cse_regions(%c: i1, %a: i32) -> (i32, i32) {
  %0 = scf.if %c -> (i32) {
    %x = arith.addi %a, %a : i32
    scf.yield %x : i32
  } else {
    scf.yield %a : i32
  }
  %1 = scf.if %c -> (i32) {
    %x = arith.addi %a, %a : i32
    scf.yield %x : i32
  } else {
    scf.yield %a : i32
  }
  return %0, %1 : i32, i32
}
func.func @cse_dead(%a: i32, %m: memref<4xf32>, %i: index) {
  %0 = arith.addi %a, %a : i32
  %1 = memref.load %m[%i] : memref<4xf32>
  %2 = "test.unk"() : () -> i32
  %alloc = memref.alloc() : memref<4xf32>
  return
}
func.func @cse_blocks(%a: i32, %c: i1) -> i32 {
  %0 = arith.addi %a, %a : i32
  cf.cond_br %c, ^bb1, ^bb2
^bb1:  // pred: ^bb0
  %1 = arith.addi %a, %a : i32
  cf.br ^bb3(%1 : i32)
^bb2:  // pred: ^bb0
  %2 = arith.addi %a, %a : i32
  cf.br ^bb3(%2 : i32)
^bb3(%x: i32):  // 2 preds: ^bb1, ^bb2
  %3 = arith.addi %a, %a : i32
  %4 = arith.addi %3, %x : i32
  return %4 : i32
}
func.func @cse_load_across_if(%m: memref<4xf32>, %i: index, %c: i1, %v: f32) -> (f32, f32) {
  %0 = memref.load %m[%i] : memref<4xf32>
  scf.if %c {
    memref.store %v, %m[%i] : memref<4xf32>
  }
  %1 = memref.load %m[%i] : memref<4xf32>
  return %0, %1 : f32, f32
}
func.func @cse_load_in_if(%m: memref<4xf32>, %i: index, %c: i1, %v: f32) -> f32 {
  %0 = memref.load %m[%i] : memref<4xf32>
  %r = scf.if %c -> (f32) {
    %1 = memref.load %m[%i] : memref<4xf32>
    scf.yield %1 : f32
  } else {
    scf.yield %v : f32
  }
  %s = arith.addf %r, %0 : f32
  return %s : f32
}
func.func @cse_consts() -> (i32, i32, f32, index) {
  %c1_i32 = arith.constant 1 : i32
  %c1_i32_0 = arith.constant 1 : i32
  %cst = arith.constant 1.000000e+00 : f32
  %c1 = arith.constant 1 : index
  return %c1_i32, %c1_i32_0, %cst, %c1 : i32, i32, f32, index
}
func.func @cse_cmp(%a: i32, %b: i32) -> (i1, i1) {
  %0 = arith.cmpi slt, %a, %b : i32
  %1 = arith.cmpi slt, %a, %b : i32
  return %0, %1 : i1, i1
}
func.func @cse_dims(%m: memref<?xf32>) -> (index, index) {
  %c0 = arith.constant 0 : index
  %dim = memref.dim %m, %c0 : memref<?xf32>
  "test.unk"() : () -> ()
  %dim_0 = memref.dim %m, %c0 : memref<?xf32>
  return %dim, %dim_0 : index, index
}
func.func @cse_affine(%m: memref<8xf32>, %i: index) -> (f32, f32) {
  %0 = affine.load %m[symbol(%i)] : memref<8xf32>
  %1 = affine.load %m[symbol(%i)] : memref<8xf32>
  return %0, %1 : f32, f32
}
func.func @cse_gpu(%i: index) -> (index, index) {
  %0 = gpu.thread_id x
  %1 = gpu.thread_id x
  return %0, %1 : index, index
}
func.func @cse_vload(%m: memref<8xf32>, %i: index) -> (vector<4xf32>, vector<4xf32>) {
  %0 = vector.load %m[%i] : memref<8xf32>, vector<4xf32>
  %1 = vector.load %m[%i] : memref<8xf32>, vector<4xf32>
  return %0, %1 : vector<4xf32>, vector<4xf32>
}
func.func @cse_for(%n: index, %a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%x = %a) -> (i32) {
    %y = arith.addi %x, %x : i32
    scf.yield %y : i32
  }
  return %0, %1 : i32, i32
}
func.func @cse_unreachable(%a: i32) -> i32 {
  return %a : i32
^bb1:  // pred: ^bb1
  %0 = arith.addi %a, %a : i32
  %1 = arith.addi %a, %a : i32
  cf.br ^bb1
}
func.func @cse_calls(%a: i32) -> (i32, i32) {
  %0 = call @f(%a) : (i32) -> i32
  %1 = call @f(%a) : (i32) -> i32
  return %0, %1 : i32, i32
}
func.func private @f(i32) -> i32
