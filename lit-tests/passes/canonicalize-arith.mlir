// Choices, bits, casts and sums are simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --allow-unregistered-dialect --canonicalize | %mlir-opt --allow-unregistered-dialect > %t.ours
// RUN: %mlir-opt %s --allow-unregistered-dialect --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @add_sub(%a: i32, %b: i32) -> (i32, i32, i32) {
  %0 = arith.addi %a, %b : i32
  %1 = arith.subi %0, %b : i32
  %2 = arith.subi %a, %a : i32
  %3 = arith.subi %b, %a : i32
  %4 = arith.addi %3, %a : i32
  return %1, %2, %4 : i32, i32, i32
}
func.func @cmp_select(%a: i32, %b: i32, %c: i1) -> (i1, i1, i32, i1, i32) {
  %t = arith.constant true
  %f = arith.constant false
  %0 = arith.cmpi eq, %a, %a : i32
  %1 = arith.select %c, %t, %f : i1
  %2 = arith.select %c, %a, %a : i32
  %3 = arith.select %c, %f, %t : i1
  %n = arith.xori %c, %t : i1
  %4 = arith.select %n, %a, %b : i32
  return %0, %1, %2, %3, %4 : i1, i1, i32, i1, i32
}
func.func @select_cmp(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.cmpi eq, %a, %b : i32
  %1 = arith.select %0, %a, %b : i32
  %2 = arith.cmpi ne, %a, %b : i32
  %3 = arith.select %2, %a, %b : i32
  return %1, %3 : i32, i32
}
func.func @select_nested(%c: i1, %a: i32, %b: i32, %d: i32) -> (i32, i32) {
  %0 = arith.select %c, %a, %b : i32
  %1 = arith.select %c, %0, %d : i32
  %2 = arith.select %c, %d, %0 : i32
  return %1, %2 : i32, i32
}
func.func @select_ext(%c: i1) -> (i32, i64) {
  %c1 = arith.constant 1 : i32
  %c0 = arith.constant 0 : i32
  %m1 = arith.constant -1 : i64
  %z = arith.constant 0 : i64
  %0 = arith.select %c, %c1, %c0 : i32
  %1 = arith.select %c, %m1, %z : i64
  return %0, %1 : i32, i64
}
func.func @cmp_ext(%c: i1, %a: i8, %b: i8) -> (i1, i1, i1) {
  %0 = arith.extsi %a : i8 to i32
  %1 = arith.extsi %b : i8 to i32
  %2 = arith.cmpi slt, %0, %1 : i32
  %3 = arith.extui %a : i8 to i32
  %4 = arith.extui %b : i8 to i32
  %5 = arith.cmpi ult, %3, %4 : i32
  %6 = arith.extui %c : i1 to i32
  %z = arith.constant 0 : i32
  %7 = arith.cmpi ne, %6, %z : i32
  return %2, %5, %7 : i1, i1, i1
}
func.func @cmp_const_left(%a: i32) -> (i1, i1) {
  %c5 = arith.constant 5 : i32
  %0 = arith.cmpi slt, %c5, %a : i32
  %1 = arith.cmpi uge, %c5, %a : i32
  return %0, %1 : i1, i1
}
func.func @casts(%a: i8, %i: index, %b: i64) -> (i64, i8, index, i32, i64, i16) {
  %0 = arith.extsi %a : i8 to i32
  %1 = arith.extsi %0 : i32 to i64
  %2 = arith.trunci %0 : i32 to i8
  %3 = arith.index_cast %i : index to i64
  %4 = arith.index_cast %3 : i64 to index
  %5 = arith.trunci %b : i64 to i32
  %6 = arith.trunci %b : i64 to i16
  %7 = arith.extui %a : i8 to i32
  %8 = arith.extui %7 : i32 to i64
  %9 = arith.trunci %7 : i32 to i16
  return %1, %2, %4, %5, %8, %9 : i64, i8, index, i32, i64, i16
}
func.func @index_casts(%i: i8, %j: i32) -> (index, index, index) {
  %0 = arith.extsi %i : i8 to i32
  %1 = arith.index_cast %0 : i32 to index
  %2 = arith.extui %i : i8 to i32
  %3 = arith.index_castui %2 : i32 to index
  %4 = arith.index_cast %j : i32 to index
  %5 = arith.index_cast %4 : index to i32
  %6 = arith.index_cast %5 : i32 to index
  return %1, %3, %6 : index, index, index
}
func.func @and_ext(%a: i8, %b: i8) -> (i32, i32, i32) {
  %0 = arith.extui %a : i8 to i32
  %1 = arith.extui %b : i8 to i32
  %2 = arith.andi %0, %1 : i32
  %3 = arith.extsi %a : i8 to i32
  %4 = arith.extsi %b : i8 to i32
  %5 = arith.ori %3, %4 : i32
  %6 = arith.andi %3, %4 : i32
  return %2, %5, %6 : i32, i32, i32
}
func.func @shift(%a: i32) -> (i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %c33 = arith.constant 33 : i32
  %0 = arith.shli %a, %z : i32
  %1 = arith.shrui %a, %z : i32
  %2 = arith.shrsi %z, %a : i32
  %3 = arith.shli %a, %c33 : i32
  return %0, %1, %2, %3 : i32, i32, i32, i32
}
func.func @divs(%a: i32) -> (i32, i32, i32, i32, i32) {
  %c1 = arith.constant 1 : i32
  %m1 = arith.constant -1 : i32
  %0 = arith.divsi %a, %c1 : i32
  %1 = arith.remsi %a, %c1 : i32
  %2 = arith.ceildivsi %a, %c1 : i32
  %3 = arith.divsi %a, %a : i32
  %4 = arith.divsi %a, %m1 : i32
  return %0, %1, %2, %3, %4 : i32, i32, i32, i32, i32
}
func.func @minmax(%a: i32) -> (i32, i32, i32, i32, i32) {
  %lo = arith.constant -2147483648 : i32
  %hi = arith.constant 2147483647 : i32
  %0 = arith.minsi %a, %hi : i32
  %1 = arith.maxsi %a, %hi : i32
  %2 = arith.minsi %a, %lo : i32
  %3 = arith.maxsi %a, %lo : i32
  %4 = arith.minsi %a, %a : i32
  return %0, %1, %2, %3, %4 : i32, i32, i32, i32, i32
}
func.func @floats(%a: f32, %b: f32) -> (f32, f32, f32, f32, f32, f32, f32) {
  %z = arith.constant 0.0 : f32
  %nz = arith.constant -0.0 : f32
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %0 = arith.addf %a, %nz : f32
  %1 = arith.mulf %a, %one : f32
  %2 = arith.subf %a, %z : f32
  %3 = arith.divf %a, %one : f32
  %4 = arith.negf %a : f32
  %5 = arith.negf %4 : f32
  %6 = arith.mulf %4, %4 : f32
  %7 = arith.negf %b : f32
  %8 = arith.mulf %4, %7 : f32
  %9 = arith.divf %4, %7 : f32
  return %0, %1, %2, %3, %5, %8, %9 : f32, f32, f32, f32, f32, f32, f32
}
func.func @float_casts(%a: f16, %b: f32, %i: i32) -> (f64, f16, f32, i32, f32) {
  %0 = arith.extf %a : f16 to f32
  %1 = arith.extf %0 : f32 to f64
  %2 = arith.truncf %0 : f32 to f16
  %3 = arith.bitcast %b : f32 to i32
  %4 = arith.bitcast %3 : i32 to f32
  %5 = arith.sitofp %i : i32 to f32
  %c = arith.constant 3 : i32
  %6 = arith.sitofp %c : i32 to f32
  %d = arith.constant 3.7 : f32
  %7 = arith.fptosi %d : f32 to i32
  return %1, %2, %4, %7, %6 : f64, f16, f32, i32, f32
}
func.func @xor_cmp(%a: i32, %b: i32, %f: f32) -> (i1, i1) {
  %t = arith.constant true
  %0 = arith.cmpi sle, %a, %b : i32
  %1 = arith.xori %0, %t : i1
  %2 = arith.cmpf olt, %f, %f : f32
  %3 = arith.xori %2, %t : i1
  return %1, %3 : i1, i1
}
func.func @constants(%v: i32) -> (i32, i32) {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %0 = arith.muli %v, %c1 : i32
  %1 = arith.muli %0, %c2 : i32
  %2 = arith.muli %1, %c2 : i32
  %3 = arith.subi %c1, %2 : i32
  %4 = arith.addi %3, %c2 : i32
  return %2, %4 : i32, i32
}
func.func @add_neg(%a: i32, %b: i32) -> (i32, i32) {
  %z = arith.constant 0 : i32
  %0 = arith.subi %z, %b : i32
  %1 = arith.addi %a, %0 : i32
  %2 = arith.subi %a, %0 : i32
  return %1, %2 : i32, i32
}
func.func @vec(%v: vector<4xi32>) -> (vector<4xi32>, vector<4xi1>) {
  %z = arith.constant dense<0> : vector<4xi32>
  %o = arith.constant dense<1> : vector<4xi32>
  %0 = arith.addi %v, %z : vector<4xi32>
  %1 = arith.muli %0, %o : vector<4xi32>
  %2 = arith.cmpi eq, %v, %v : vector<4xi32>
  return %1, %2 : vector<4xi32>, vector<4xi1>
}
