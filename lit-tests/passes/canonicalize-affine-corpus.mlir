// Many small functions on affine, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @apply_const() -> index {
  %c4 = arith.constant 4 : index
  %0 = affine.apply affine_map<(d0) -> (d0 * 3 + 1)>(%c4)
  return %0 : index
}
func.func @apply_id(%i: index) -> (index, index) {
  %0 = affine.apply affine_map<(d0) -> (d0)>(%i)
  %1 = affine.apply affine_map<()[s0] -> (s0)>()[%i]
  return %0, %1 : index, index
}
func.func @apply_compose(%i: index, %j: index) -> index {
  %0 = affine.apply affine_map<(d0, d1) -> (d0 * 4 + d1)>(%i, %j)
  %1 = affine.apply affine_map<(d0) -> (d0 floordiv 4)>(%0)
  return %1 : index
}
func.func @apply_compose2(%i: index, %j: index) -> index {
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 + s0)>(%i)[%j]
  %1 = affine.apply affine_map<(d0)[s0] -> (d0 * 2 + s0)>(%0)[%i]
  return %1 : index
}
func.func @apply_dup(%i: index) -> index {
  %0 = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%i, %i)
  return %0 : index
}
func.func @apply_unused(%i: index, %j: index) -> index {
  %0 = affine.apply affine_map<(d0, d1)[s0] -> (d1 + 1)>(%i, %j)[%i]
  return %0 : index
}
func.func @apply_const_mix(%i: index) -> index {
  %c4 = arith.constant 4 : index
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 * s0)>(%i)[%c4]
  return %0 : index
}
func.func @apply_mod(%i: index) -> (index, index) {
  %0 = affine.apply affine_map<(d0) -> (0)>(%i)
  %1 = affine.apply affine_map<(d0) -> (d0 * 2)>(%i)
  return %0, %1 : index, index
}
func.func @apply_divzero(%i: index) -> index {
  %c0 = arith.constant 0 : index
  %0 = affine.apply affine_map<(d0)[s0] -> (d0 floordiv s0)>(%i)[%c0]
  return %0 : index
}
func.func @min_const() -> (index, index) {
  %c4 = arith.constant 4 : index
  %0 = affine.min affine_map<(d0) -> (d0, 7)>(%c4)
  %1 = affine.max affine_map<(d0) -> (d0, 7)>(%c4)
  return %0, %1 : index, index
}
func.func @min_dup(%i: index) -> (index, index) {
  %0 = affine.min affine_map<(d0) -> (d0, 16, d0, 12)>(%i)
  %1 = affine.max affine_map<(d0) -> (d0 + 4, 7, d0)>(%i)
  return %0, %1 : index, index
}
func.func @min_single(%i: index) -> index {
  %0 = affine.min affine_map<(d0) -> (d0 + 1)>(%i)
  return %0 : index
}
func.func @min_min(%i: index, %j: index) -> index {
  %0 = affine.min affine_map<(d0) -> (d0, 16)>(%i)
  %1 = affine.min affine_map<(d0, d1) -> (d0, d1 + 2)>(%0, %j)
  return %1 : index
}
func.func @max_max(%i: index, %j: index) -> index {
  %0 = affine.max affine_map<(d0) -> (d0, 16)>(%i)
  %1 = affine.max affine_map<(d0, d1) -> (d0, d1 + 2)>(%0, %j)
  return %1 : index
}
func.func @min_of_apply(%i: index, %n: index) -> index {
  %0 = affine.apply affine_map<(d0) -> (d0 * 4)>(%i)
  %1 = affine.min affine_map<(d0)[s0] -> (16, -d0 + s0)>(%0)[%n]
  return %1 : index
}
func.func @for_one(%m: memref<4xf32>, %v: f32) {
  affine.for %i = 2 to 3 {
    affine.store %v, %m[%i] : memref<4xf32>
  }
  return
}
func.func @for_empty() {
  affine.for %i = 0 to 10 {
  }
  return
}
func.func @for_bounds(%m: memref<?xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  %c10 = arith.constant 10 : index
  affine.for %i = %c0 to %c10 {
    affine.store %v, %m[%i] : memref<?xf32>
  }
  affine.for %i = max affine_map<(d0) -> (d0, 2)>(%c0) to min affine_map<(d0) -> (d0, 20)>(%c10) {
    affine.store %v, %m[%i] : memref<?xf32>
  }
  return
}
func.func @for_bound_apply(%m: memref<?xf32>, %v: f32, %n: index) {
  %0 = affine.apply affine_map<(d0) -> (d0 * 4)>(%n)
  affine.for %i = 0 to %0 {
    affine.store %v, %m[%i] : memref<?xf32>
  }
  return
}
func.func @for_iter(%a: f32, %b: f32) -> (f32, f32, f32) {
  %r:3 = affine.for %i = 0 to 10 iter_args(%x = %a, %y = %b, %z = %a) -> (f32, f32, f32) {
    affine.yield %x, %y, %b : f32, f32, f32
  }
  return %r#0, %r#1, %r#2 : f32, f32, f32
}
func.func @for_iter_swap(%a: f32, %b: f32) -> (f32, f32) {
  %r:2 = affine.for %i = 0 to 10 iter_args(%x = %a, %y = %b) -> (f32, f32) {
    affine.yield %y, %x : f32, f32
  }
  return %r#0, %r#1 : f32, f32
}
func.func @for_zero_iter(%a: f32) -> f32 {
  %r = affine.for %i = 3 to 3 iter_args(%x = %a) -> (f32) {
    %s = arith.addf %x, %x : f32
    affine.yield %s : f32
  }
  return %r : f32
}
func.func @if_empty_else(%i: index, %m: memref<?xf32>, %v: f32) {
  affine.if affine_set<(d0) : (d0 - 2 >= 0)>(%i) {
    affine.store %v, %m[0] : memref<?xf32>
  } else {
  }
  return
}
func.func @if_dead(%i: index) {
  affine.if affine_set<(d0) : (d0 - 2 >= 0)>(%i) {
  }
  return
}
func.func @load_apply(%m: memref<100xf32>, %i: index) -> f32 {
  %0 = affine.apply affine_map<(d0) -> (d0 + 1)>(%i)
  %1 = affine.load %m[%0 * 2] : memref<100xf32>
  return %1 : f32
}
func.func @load_const(%m: memref<100xf32>) -> f32 {
  %c = arith.constant 3 : index
  %0 = affine.load %m[symbol(%c) + 1] : memref<100xf32>
  affine.store %0, %m[%c] : memref<100xf32>
  return %0 : f32
}
func.func @load_cast(%m: memref<100xf32>, %i: index) -> f32 {
  %k = memref.cast %m : memref<100xf32> to memref<?xf32>
  %0 = affine.load %k[%i] : memref<?xf32>
  affine.store %0, %k[%i] : memref<?xf32>
  return %0 : f32
}
func.func @apply_sym_promote(%m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %m, %c0 : memref<?xf32>
  affine.for %i = 0 to 10 {
    %0 = affine.apply affine_map<(d0, d1) -> (d0 + d1)>(%i, %n)
    "test.use"(%0) : (index) -> ()
  }
  return
}
func.func @delinearize(%i: index) -> (index, index) {
  %c4 = arith.constant 4 : index
  %c8 = arith.constant 8 : index
  %0:2 = affine.delinearize_index %i into (%c4, %c8) : index, index
  return %0#0, %0#1 : index, index
}
func.func @nested_dead(%m: memref<?xf32>) {
  affine.for %i = 0 to 10 {
    affine.for %j = 0 to 10 {
    }
  }
  return
}
func.func @for_ub_max(%n: index, %m: memref<?xf32>, %v: f32) {
  affine.for %i = 0 to min affine_map<(d0) -> (d0, d0 + 1)>(%n) {
    affine.store %v, %m[%i] : memref<?xf32>
  }
  return
}
func.func @for_lb_dup(%n: index, %m: memref<?xf32>, %v: f32) {
  affine.for %i = max affine_map<(d0, d1) -> (d0, d1)>(%n, %n) to 100 step 4 {
    affine.store %v, %m[%i] : memref<?xf32>
  }
  return
}
func.func @set_simplify(%n: index, %m: memref<?xf32>, %v: f32) {
  affine.if affine_set<(d0, d1)[s0] : (d0 >= 0, d0 >= 0)>(%n, %n)[%n] {
    affine.store %v, %m[0] : memref<?xf32>
  }
  return
}
