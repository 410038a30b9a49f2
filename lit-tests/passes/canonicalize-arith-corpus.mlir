// Many small functions on arith, simplified as upstream does it.
// REQUIRES: mlir-opt
// RUN: tile-opt %s --canonicalize | %mlir-opt > %t.ours
// RUN: %mlir-opt %s --canonicalize > %t.theirs
// RUN: diff %t.theirs %t.ours

func.func @select_same(%c: i1, %a: i32) -> i32 {
  %0 = arith.select %c, %a, %a : i32
  return %0 : i32
}
func.func @select_const(%a: i32, %b: i32) -> (i32, i32) {
  %t = arith.constant true
  %f = arith.constant false
  %0 = arith.select %t, %a, %b : i32
  %1 = arith.select %f, %a, %b : i32
  return %0, %1 : i32, i32
}
func.func @select_bool(%c: i1) -> (i1, i1) {
  %t = arith.constant true
  %f = arith.constant false
  %0 = arith.select %c, %t, %f : i1
  %1 = arith.select %c, %f, %t : i1
  return %0, %1 : i1, i1
}
func.func @select_ext(%c: i1) -> (i32, i64) {
  %c1 = arith.constant 1 : i32
  %c0 = arith.constant 0 : i32
  %0 = arith.select %c, %c1, %c0 : i32
  %d0 = arith.constant 0 : i64
  %d1 = arith.constant 1 : i64
  %1 = arith.select %c, %d0, %d1 : i64
  return %0, %1 : i32, i64
}
func.func @select_cmp_eq(%a: i32, %b: i32) -> (i32, i32) {
  %c = arith.cmpi eq, %a, %b : i32
  %0 = arith.select %c, %a, %b : i32
  %d = arith.cmpi ne, %a, %b : i32
  %1 = arith.select %d, %a, %b : i32
  return %0, %1 : i32, i32
}
func.func @select_not(%c: i1, %a: i32, %b: i32) -> i32 {
  %t = arith.constant true
  %n = arith.xori %c, %t : i1
  %0 = arith.select %n, %a, %b : i32
  return %0 : i32
}
func.func @select_nested(%c: i1, %d: i1, %x: i32, %y: i32, %z: i32) -> (i32, i32) {
  %0 = arith.select %c, %x, %y : i32
  %1 = arith.select %c, %0, %z : i32
  %2 = arith.select %c, %z, %0 : i32
  return %1, %2 : i32, i32
}
func.func @select_nested_and(%c: i1, %d: i1, %x: i32, %y: i32) -> (i32, i32, i32, i32) {
  %0 = arith.select %c, %x, %y : i32
  %1 = arith.select %d, %0, %y : i32
  %2 = arith.select %c, %x, %y : i32
  %3 = arith.select %d, %x, %2 : i32
  %4 = arith.select %c, %y, %x : i32
  %5 = arith.select %d, %4, %y : i32
  %6 = arith.select %c, %y, %x : i32
  %7 = arith.select %d, %x, %6 : i32
  return %1, %3, %5, %7 : i32, i32, i32, i32
}
func.func @select_i1_general(%c: i1, %x: i1, %y: i1) -> (i1, i1, i1) {
  %t = arith.constant true
  %f = arith.constant false
  %0 = arith.select %c, %x, %f : i1
  %1 = arith.select %c, %t, %y : i1
  %2 = arith.select %c, %f, %y : i1
  return %0, %1, %2 : i1, i1, i1
}
func.func @select_vec(%a: vector<4xi32>, %b: vector<4xi32>) -> vector<4xi32> {
  %c = arith.constant dense<[true, false, true, false]> : vector<4xi1>
  %0 = arith.select %c, %a, %b : vector<4xi1>, vector<4xi32>
  return %0 : vector<4xi32>
}
func.func @select_vec2() -> vector<4xi32> {
  %c = arith.constant dense<[true, false, true, false]> : vector<4xi1>
  %a = arith.constant dense<[1, 2, 3, 4]> : vector<4xi32>
  %b = arith.constant dense<7> : vector<4xi32>
  %0 = arith.select %c, %a, %b : vector<4xi1>, vector<4xi32>
  return %0 : vector<4xi32>
}
func.func @select_vec_true(%a: vector<4xi32>, %b: vector<4xi32>) -> vector<4xi32> {
  %c = arith.constant dense<true> : vector<4xi1>
  %0 = arith.select %c, %a, %b : vector<4xi1>, vector<4xi32>
  return %0 : vector<4xi32>
}
func.func @cmpi_const(%a: i32) -> (i1, i1, i1) {
  %c5 = arith.constant 5 : i32
  %0 = arith.cmpi slt, %c5, %a : i32
  %1 = arith.cmpi uge, %c5, %a : i32
  %2 = arith.cmpi eq, %c5, %a : i32
  return %0, %1, %2 : i1, i1, i1
}
func.func @cmpi_self(%a: i32) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1, i1) {
  %0 = arith.cmpi slt, %a, %a : i32
  %1 = arith.cmpi uge, %a, %a : i32
  %2 = arith.cmpi eq, %a, %a : i32
  %3 = arith.cmpi ne, %a, %a : i32
  %4 = arith.cmpi sle, %a, %a : i32
  %5 = arith.cmpi ule, %a, %a : i32
  %6 = arith.cmpi ult, %a, %a : i32
  %7 = arith.cmpi ugt, %a, %a : i32
  %8 = arith.cmpi sgt, %a, %a : i32
  %9 = arith.cmpi sge, %a, %a : i32
  return %0, %1, %2, %3, %4, %5, %6, %7, %8, %9 : i1, i1, i1, i1, i1, i1, i1, i1, i1, i1
}
func.func @cmpi_i1(%a: i1) -> (i1, i1, i1, i1) {
  %t = arith.constant true
  %f = arith.constant false
  %0 = arith.cmpi eq, %a, %t : i1
  %1 = arith.cmpi ne, %a, %f : i1
  %2 = arith.cmpi eq, %a, %f : i1
  %3 = arith.cmpi ne, %a, %t : i1
  return %0, %1, %2, %3 : i1, i1, i1, i1
}
func.func @cmpi_vec_self(%a: vector<4xi32>) -> vector<4xi1> {
  %0 = arith.cmpi sle, %a, %a : vector<4xi32>
  return %0 : vector<4xi1>
}
func.func @cmpi_ext(%a: i8) -> (i1, i1, i1, i1, i1) {
  %e = arith.extui %a : i8 to i32
  %s = arith.extsi %a : i8 to i32
  %c = arith.constant 300 : i32
  %z = arith.constant 0 : i32
  %0 = arith.cmpi ult, %e, %c : i32
  %1 = arith.cmpi eq, %e, %z : i32
  %2 = arith.cmpi ne, %s, %z : i32
  %3 = arith.cmpi ne, %e, %z : i32
  %4 = arith.cmpi eq, %s, %z : i32
  return %0, %1, %2, %3, %4 : i1, i1, i1, i1, i1
}
func.func @cmpi_ext_i1(%a: i1) -> (i1, i1) {
  %e = arith.extui %a : i1 to i32
  %s = arith.extsi %a : i1 to i32
  %z = arith.constant 0 : i32
  %0 = arith.cmpi ne, %s, %z : i32
  %1 = arith.cmpi ne, %e, %z : i32
  return %0, %1 : i1, i1
}
func.func @cmpi_ext_ext(%a: i8, %b: i8) -> (i1, i1, i1) {
  %x = arith.extui %a : i8 to i32
  %y = arith.extui %b : i8 to i32
  %s = arith.extsi %a : i8 to i32
  %t = arith.extsi %b : i8 to i32
  %0 = arith.cmpi ult, %x, %y : i32
  %1 = arith.cmpi slt, %s, %t : i32
  %2 = arith.cmpi eq, %x, %y : i32
  return %0, %1, %2 : i1, i1, i1
}
func.func @cmpf_const() -> (i1, i1, i1) {
  %a = arith.constant 1.000000e+00 : f32
  %n = arith.constant 0x7FC00000 : f32
  %0 = arith.cmpf olt, %a, %n : f32
  %1 = arith.cmpf une, %a, %n : f32
  %2 = arith.cmpf ule, %a, %a : f32
  return %0, %1, %2 : i1, i1, i1
}
func.func @cmpf_sitofp(%a: i32) -> (i1, i1, i1, i1) {
  %f = arith.sitofp %a : i32 to f64
  %c = arith.constant 5.500000e+00 : f64
  %d = arith.constant 1.000000e+20 : f64
  %0 = arith.cmpf ogt, %f, %c : f64
  %1 = arith.cmpf olt, %f, %d : f64
  %2 = arith.cmpf oeq, %f, %c : f64
  %3 = arith.cmpf ole, %f, %c : f64
  return %0, %1, %2, %3 : i1, i1, i1, i1
}
func.func @cmpf_uitofp(%a: i32) -> (i1, i1, i1) {
  %f = arith.uitofp %a : i32 to f64
  %c = arith.constant 5.000000e+00 : f64
  %d = arith.constant -1.000000e+00 : f64
  %0 = arith.cmpf ogt, %f, %c : f64
  %1 = arith.cmpf olt, %f, %d : f64
  %2 = arith.cmpf oge, %f, %d : f64
  return %0, %1, %2 : i1, i1, i1
}
func.func @addi_chain(%a: i32) -> i32 {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %0 = arith.addi %a, %c1 : i32
  %1 = arith.addi %0, %c2 : i32
  return %1 : i32
}
func.func @addi_sub(%a: i32) -> (i32, i32, i32, i32) {
  %c1 = arith.constant 1 : i32
  %c2 = arith.constant 2 : i32
  %0 = arith.subi %a, %c1 : i32
  %1 = arith.addi %0, %c2 : i32
  %2 = arith.subi %c1, %a : i32
  %3 = arith.addi %2, %c2 : i32
  %4 = arith.subi %0, %c2 : i32
  %5 = arith.subi %c2, %2 : i32
  return %1, %3, %4, %5 : i32, i32, i32, i32
}
func.func @sub_add(%a: i32, %b: i32) -> (i32, i32, i32, i32) {
  %0 = arith.addi %a, %b : i32
  %1 = arith.subi %0, %a : i32
  %2 = arith.subi %0, %b : i32
  %3 = arith.subi %a, %b : i32
  %4 = arith.addi %3, %b : i32
  %5 = arith.addi %b, %3 : i32
  return %1, %2, %4, %5 : i32, i32, i32, i32
}
func.func @sub_sub(%a: i32, %b: i32) -> (i32, i32) {
  %0 = arith.subi %a, %b : i32
  %1 = arith.subi %0, %a : i32
  %2 = arith.subi %a, %a : i32
  return %1, %2 : i32, i32
}
func.func @muli_chain(%a: i32) -> (i32, i32) {
  %c3 = arith.constant 3 : i32
  %c5 = arith.constant 5 : i32
  %0 = arith.muli %a, %c3 : i32
  %1 = arith.muli %0, %c5 : i32
  %z = arith.constant 0 : i32
  %2 = arith.muli %a, %z : i32
  return %1, %2 : i32, i32
}
func.func @addmul(%a: i32) -> i32 {
  %m = arith.constant -1 : i32
  %b = arith.muli %a, %m : i32
  %c = arith.addi %a, %b : i32
  return %c : i32
}
func.func @addi_mul_neg1(%a: i32, %x: i32) -> (i32, i32) {
  %m = arith.constant -1 : i32
  %b = arith.muli %a, %m : i32
  %c = arith.addi %x, %b : i32
  %d = arith.addi %b, %x : i32
  return %c, %d : i32, i32
}
func.func @addui_extended(%a: i32) -> (i32, i1, i32, i1) {
  %z = arith.constant 0 : i32
  %sum, %overflow = arith.addui_extended %a, %z : i32, i1
  %m = arith.constant -1 : i32
  %t = arith.constant 3 : i32
  %sum_0, %overflow_1 = arith.addui_extended %m, %t : i32, i1
  return %sum, %overflow, %sum_0, %overflow_1 : i32, i1, i32, i1
}
func.func @addui_extended_unused(%a: i32, %b: i32) -> i32 {
  %sum, %overflow = arith.addui_extended %a, %b : i32, i1
  return %sum : i32
}
func.func @addui_extended_vec() -> (vector<4xi32>, vector<4xi1>) {
  %a = arith.constant dense<[1, 3, 3, 7]> : vector<4xi32>
  %b = arith.constant dense<[-1, 0, 6, 2]> : vector<4xi32>
  %sum, %overflow = arith.addui_extended %a, %b : vector<4xi32>, vector<4xi1>
  return %sum, %overflow : vector<4xi32>, vector<4xi1>
}
func.func @mului_extended(%a: i32) -> (i32, i32, i32, i32, i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %o = arith.constant 1 : i32
  %low, %high = arith.mului_extended %a, %z : i32
  %low_0, %high_1 = arith.mului_extended %a, %o : i32
  %x = arith.constant 70000 : i32
  %low_2, %high_3 = arith.mului_extended %x, %x : i32
  %low_4, %high_5 = arith.mulsi_extended %a, %o : i32
  return %low, %high, %low_0, %high_1, %low_2, %high_3, %low_4, %high_5 : i32, i32, i32, i32, i32, i32, i32, i32
}
func.func @mulsi_extended_unused(%a: i32, %b: i32) -> (i32, i32) {
  %low, %high = arith.mulsi_extended %a, %b : i32
  %low_0, %high_1 = arith.mului_extended %a, %b : i32
  return %low, %low_0 : i32, i32
}
func.func @mului_extended_hi(%a: i32, %b: i32) -> (i32, i32) {
  %low, %high = arith.mulsi_extended %a, %b : i32
  %low_0, %high_1 = arith.mului_extended %a, %b : i32
  return %high, %high_1 : i32, i32
}
func.func @mulsi_ext_to_mulsi_extended(%a: i32, %b: i32) -> i32 {
  %c32 = arith.constant 32 : i64
  %x = arith.extsi %a : i32 to i64
  %y = arith.extsi %b : i32 to i64
  %m = arith.muli %x, %y : i64
  %s = arith.shrui %m, %c32 : i64
  %t = arith.trunci %s : i64 to i32
  return %t : i32
}
func.func @mului_ext_to_mului_extended(%a: i32, %b: i32) -> i32 {
  %c32 = arith.constant 32 : i64
  %x = arith.extui %a : i32 to i64
  %y = arith.extui %b : i32 to i64
  %m = arith.muli %x, %y : i64
  %s = arith.shrui %m, %c32 : i64
  %t = arith.trunci %s : i64 to i32
  return %t : i32
}
func.func @ext_chain(%a: i8) -> (i32, i32, i32) {
  %0 = arith.extui %a : i8 to i16
  %1 = arith.extui %0 : i16 to i32
  %2 = arith.extsi %a : i8 to i16
  %3 = arith.extsi %2 : i16 to i32
  %4 = arith.extsi %0 : i16 to i32
  return %1, %3, %4 : i32, i32, i32
}
func.func @trunc_ext(%a: i8, %b: i32) -> (i8, i8, i4, i16, i16, i8) {
  %0 = arith.extui %a : i8 to i32
  %1 = arith.trunci %0 : i32 to i8
  %2 = arith.extsi %a : i8 to i32
  %3 = arith.trunci %2 : i32 to i8
  %4 = arith.trunci %2 : i32 to i4
  %5 = arith.trunci %2 : i32 to i16
  %6 = arith.trunci %0 : i32 to i16
  %7 = arith.trunci %b : i32 to i16
  %8 = arith.trunci %7 : i16 to i8
  return %1, %3, %4, %5, %6, %8 : i8, i8, i4, i16, i16, i8
}
func.func @ext_consts() -> (i32, i32, i8, f64, f16, f32) {
  %c = arith.constant -1 : i8
  %0 = arith.extui %c : i8 to i32
  %1 = arith.extsi %c : i8 to i32
  %d = arith.constant 511 : i32
  %2 = arith.trunci %d : i32 to i8
  %f = arith.constant 1.500000e+00 : f32
  %3 = arith.extf %f : f32 to f64
  %4 = arith.truncf %f : f32 to f16
  %g = arith.constant 1.000000e-01 : f64
  %5 = arith.truncf %g : f64 to f32
  return %0, %1, %2, %3, %4, %5 : i32, i32, i8, f64, f16, f32
}
func.func @ext_vec() -> (vector<2xi32>, vector<2xi8>) {
  %c = arith.constant dense<[-1, 3]> : vector<2xi8>
  %0 = arith.extsi %c : vector<2xi8> to vector<2xi32>
  %d = arith.constant dense<300> : vector<2xi32>
  %1 = arith.trunci %d : vector<2xi32> to vector<2xi8>
  return %0, %1 : vector<2xi32>, vector<2xi8>
}
func.func @extf_truncf(%a: f16, %b: f32) -> (f16, f32, f32) {
  %0 = arith.extf %a : f16 to f32
  %1 = arith.truncf %0 : f32 to f16
  %2 = arith.truncf %b : f32 to f16
  %3 = arith.extf %2 : f16 to f32
  %4 = arith.extf %a : f16 to f64
  %5 = arith.truncf %4 : f64 to f32
  return %1, %3, %5 : f16, f32, f32
}
func.func @truncf_chain(%b: f64) -> f16 {
  %0 = arith.truncf %b : f64 to f32
  %1 = arith.truncf %0 : f32 to f16
  return %1 : f16
}
func.func @ext_and(%a: i8, %b: i8) -> (i32, i32, i32) {
  %x = arith.extui %a : i8 to i32
  %y = arith.extui %b : i8 to i32
  %0 = arith.andi %x, %y : i32
  %1 = arith.ori %x, %y : i32
  %s = arith.extsi %a : i8 to i32
  %t = arith.extsi %b : i8 to i32
  %2 = arith.xori %s, %t : i32
  return %0, %1, %2 : i32, i32, i32
}
func.func @ext_andor(%a: i8, %b: i8) -> (i32, i32, i32) {
  %x = arith.extui %a : i8 to i32
  %y = arith.extui %b : i8 to i32
  %0 = arith.ori %x, %y : i32
  %s = arith.extsi %a : i8 to i32
  %t = arith.extsi %b : i8 to i32
  %1 = arith.ori %s, %t : i32
  %2 = arith.andi %s, %t : i32
  return %0, %1, %2 : i32, i32, i32
}
func.func @xor_cmp(%a: i32, %b: i32) -> (i1, i1, i1) {
  %t = arith.constant true
  %0 = arith.cmpi slt, %a, %b : i32
  %1 = arith.xori %0, %t : i1
  %2 = arith.cmpi eq, %a, %b : i32
  %3 = arith.xori %2, %t : i1
  %4 = arith.cmpi ule, %a, %b : i32
  %5 = arith.xori %t, %4 : i1
  return %1, %3, %5 : i1, i1, i1
}
func.func @xor(%a: i32, %b: i32) -> (i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %0 = arith.xori %a, %z : i32
  %1 = arith.xori %a, %a : i32
  %2 = arith.xori %a, %b : i32
  %3 = arith.xori %2, %b : i32
  %4 = arith.xori %b, %2 : i32
  return %0, %1, %3, %4 : i32, i32, i32, i32
}
func.func @and(%a: i32, %b: i32) -> (i32, i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %m = arith.constant -1 : i32
  %0 = arith.andi %a, %z : i32
  %1 = arith.andi %a, %m : i32
  %2 = arith.andi %a, %a : i32
  %3 = arith.andi %a, %b : i32
  %4 = arith.andi %3, %b : i32
  %n = arith.xori %a, %m : i32
  %5 = arith.andi %a, %n : i32
  return %0, %1, %2, %4, %5 : i32, i32, i32, i32, i32
}
func.func @or(%a: i32, %b: i32) -> (i32, i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %m = arith.constant -1 : i32
  %0 = arith.ori %a, %z : i32
  %1 = arith.ori %a, %m : i32
  %2 = arith.ori %a, %a : i32
  %3 = arith.ori %a, %b : i32
  %4 = arith.ori %3, %b : i32
  %n = arith.xori %a, %m : i32
  %5 = arith.ori %a, %n : i32
  return %0, %1, %2, %4, %5 : i32, i32, i32, i32, i32
}
func.func @andchain(%a: i32) -> (i32, i32, i32) {
  %x = arith.constant 12 : i32
  %y = arith.constant 10 : i32
  %0 = arith.andi %a, %x : i32
  %1 = arith.andi %0, %y : i32
  %2 = arith.ori %a, %x : i32
  %3 = arith.ori %2, %y : i32
  %4 = arith.xori %a, %x : i32
  %5 = arith.xori %4, %y : i32
  return %1, %3, %5 : i32, i32, i32
}
func.func @minmax(%a: i32) -> (i32, i32, i32, i32, i32, i32, i32, i32, i32) {
  %max = arith.constant 2147483647 : i32
  %min = arith.constant -2147483648 : i32
  %um = arith.constant -1 : i32
  %z = arith.constant 0 : i32
  %0 = arith.maxsi %a, %max : i32
  %1 = arith.maxsi %a, %min : i32
  %2 = arith.minsi %a, %max : i32
  %3 = arith.minsi %a, %min : i32
  %4 = arith.maxui %a, %um : i32
  %5 = arith.maxui %a, %z : i32
  %6 = arith.minui %a, %um : i32
  %7 = arith.minui %a, %z : i32
  %8 = arith.minsi %a, %a : i32
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : i32, i32, i32, i32, i32, i32, i32, i32, i32
}
func.func @fminmax(%a: f32) -> (f32, f32, f32, f32, f32, f32) {
  %inf = arith.constant 0x7F800000 : f32
  %ninf = arith.constant 0xFF800000 : f32
  %0 = arith.minimumf %a, %inf : f32
  %1 = arith.maximumf %a, %ninf : f32
  %2 = arith.minnumf %a, %inf : f32
  %3 = arith.maxnumf %a, %ninf : f32
  %4 = arith.minimumf %a, %a : f32
  %5 = arith.maxnumf %a, %a : f32
  return %0, %1, %2, %3, %4, %5 : f32, f32, f32, f32, f32, f32
}
func.func @fconst() -> (f32, f32, f32, f32, f32, f32, f32) {
  %a = arith.constant 3.000000e+00 : f32
  %b = arith.constant -4.000000e+00 : f32
  %0 = arith.addf %a, %b : f32
  %1 = arith.subf %a, %b : f32
  %2 = arith.mulf %a, %b : f32
  %3 = arith.divf %a, %b : f32
  %4 = arith.remf %a, %b : f32
  %5 = arith.negf %a : f32
  %6 = arith.maximumf %a, %b : f32
  return %0, %1, %2, %3, %4, %5, %6 : f32, f32, f32, f32, f32, f32, f32
}
func.func @fident(%a: f32) -> (f32, f32, f32, f32, f32, f32) {
  %z = arith.constant 0.000000e+00 : f32
  %nz = arith.constant -0.000000e+00 : f32
  %o = arith.constant 1.000000e+00 : f32
  %0 = arith.addf %a, %nz : f32
  %1 = arith.addf %a, %z : f32
  %2 = arith.subf %a, %z : f32
  %3 = arith.mulf %a, %o : f32
  %4 = arith.divf %a, %o : f32
  %5 = arith.mulf %a, %z : f32
  return %0, %1, %2, %3, %4, %5 : f32, f32, f32, f32, f32, f32
}
func.func @fneg(%a: f32, %b: f32) -> (f32, f32, f32) {
  %n = arith.negf %a : f32
  %0 = arith.negf %n : f32
  %m = arith.negf %b : f32
  %1 = arith.mulf %n, %m : f32
  %2 = arith.divf %n, %m : f32
  return %0, %1, %2 : f32, f32, f32
}
func.func @div(%a: i32) -> (i32, i32, i32, i32, i32, i32, i32, i32) {
  %o = arith.constant 1 : i32
  %z = arith.constant 0 : i32
  %0 = arith.divsi %a, %o : i32
  %1 = arith.divui %a, %o : i32
  %2 = arith.ceildivsi %a, %o : i32
  %3 = arith.floordivsi %a, %o : i32
  %4 = arith.ceildivui %a, %o : i32
  %5 = arith.remsi %a, %o : i32
  %6 = arith.remui %a, %o : i32
  %7 = arith.divsi %z, %a : i32
  return %0, %1, %2, %3, %4, %5, %6, %7 : i32, i32, i32, i32, i32, i32, i32, i32
}
func.func @divconst() -> (i32, i32, i32, i32, i32, i32, i32) {
  %a = arith.constant -7 : i32
  %b = arith.constant 2 : i32
  %0 = arith.divsi %a, %b : i32
  %1 = arith.divui %a, %b : i32
  %2 = arith.ceildivsi %a, %b : i32
  %3 = arith.floordivsi %a, %b : i32
  %4 = arith.ceildivui %a, %b : i32
  %5 = arith.remsi %a, %b : i32
  %6 = arith.remui %a, %b : i32
  return %0, %1, %2, %3, %4, %5, %6 : i32, i32, i32, i32, i32, i32, i32
}
func.func @divzero() -> (i32, i32, i32, i32, i32) {
  %a = arith.constant -2147483648 : i32
  %b = arith.constant 0 : i32
  %m = arith.constant -1 : i32
  %0 = arith.divsi %a, %b : i32
  %1 = arith.divsi %a, %m : i32
  %2 = arith.remsi %a, %m : i32
  %3 = arith.remui %a, %b : i32
  %4 = arith.ceildivsi %a, %m : i32
  return %0, %1, %2, %3, %4 : i32, i32, i32, i32, i32
}
func.func @shift(%a: i32) -> (i32, i32, i32, i32, i32, i32) {
  %z = arith.constant 0 : i32
  %c33 = arith.constant 33 : i32
  %c3 = arith.constant 3 : i32
  %0 = arith.shli %a, %z : i32
  %1 = arith.shrsi %a, %z : i32
  %2 = arith.shrui %a, %z : i32
  %3 = arith.shli %c3, %c33 : i32
  %4 = arith.shrsi %c33, %c3 : i32
  %5 = arith.shrui %c3, %c33 : i32
  return %0, %1, %2, %3, %4, %5 : i32, i32, i32, i32, i32, i32
}
func.func @shift_dead(%a: i32, %b: vector<4xi32>) -> vector<4xi32> {
  %c = arith.constant dense<0> : vector<4xi32>
  %0 = arith.shli %b, %c : vector<4xi32>
  return %0 : vector<4xi32>
}
func.func @casts() -> (f32, f32, i32, i32, i8, i32) {
  %a = arith.constant -3 : i32
  %0 = arith.sitofp %a : i32 to f32
  %1 = arith.uitofp %a : i32 to f32
  %f = arith.constant -3.700000e+00 : f32
  %2 = arith.fptosi %f : f32 to i32
  %3 = arith.fptoui %f : f32 to i32
  %g = arith.constant 3.000000e+02 : f32
  %4 = arith.fptosi %g : f32 to i8
  %5 = arith.bitcast %f : f32 to i32
  return %0, %1, %2, %3, %4, %5 : f32, f32, i32, i32, i8, i32
}
func.func @index_cast(%a: index, %b: i32, %d: i64) -> (index, i32, i32, index, index) {
  %0 = arith.index_cast %a : index to i64
  %1 = arith.index_cast %0 : i64 to index
  %2 = arith.index_cast %b : i32 to index
  %3 = arith.index_cast %2 : index to i32
  %c = arith.constant 7 : index
  %4 = arith.index_cast %c : index to i32
  %5 = arith.index_castui %b : i32 to index
  %6 = arith.extsi %b : i32 to i64
  %7 = arith.index_cast %6 : i64 to index
  return %1, %3, %4, %5, %7 : index, i32, i32, index, index
}
func.func @index_cast_fold() -> (i8, index, index, i32) {
  %c = arith.constant -130 : index
  %0 = arith.index_cast %c : index to i8
  %d = arith.constant -1 : i8
  %1 = arith.index_cast %d : i8 to index
  %2 = arith.index_castui %d : i8 to index
  %3 = arith.index_castui %c : index to i32
  return %0, %1, %2, %3 : i8, index, index, i32
}
func.func @index_castui(%a: i8) -> (index, i32) {
  %e = arith.extui %a : i8 to i32
  %0 = arith.index_castui %e : i32 to index
  %1 = arith.index_castui %a : i8 to index
  %2 = arith.index_castui %1 : index to i32
  return %0, %2 : index, i32
}
func.func @bitcast(%a: f32, %b: i32) -> (f32, f32) {
  %0 = arith.bitcast %a : f32 to i32
  %1 = arith.bitcast %0 : i32 to f32
  %2 = arith.bitcast %b : i32 to f32
  %3 = arith.bitcast %2 : f32 to i32
  %4 = arith.bitcast %3 : i32 to f32
  return %1, %4 : f32, f32
}
func.func @bitcast_vec() -> (vector<2xi32>, vector<2xf32>) {
  %a = arith.constant dense<[1.000000e+00, 2.000000e+00]> : vector<2xf32>
  %0 = arith.bitcast %a : vector<2xf32> to vector<2xi32>
  %b = arith.constant dense<0> : vector<2xi32>
  %1 = arith.bitcast %b : vector<2xi32> to vector<2xf32>
  return %0, %1 : vector<2xi32>, vector<2xf32>
}
func.func @sitofp_ext(%a: i8) -> (f32, f32) {
  %0 = arith.extsi %a : i8 to i32
  %1 = arith.sitofp %0 : i32 to f32
  %2 = arith.extui %a : i8 to i32
  %3 = arith.uitofp %2 : i32 to f32
  return %1, %3 : f32, f32
}
func.func @select_of_ext(%c: i1) -> i64 {
  %a = arith.constant -1 : i64
  %b = arith.constant 0 : i64
  %0 = arith.select %c, %a, %b : i64
  return %0 : i64
}
func.func @ext_i1(%c: i1) -> (i1, i1, i32) {
  %e = arith.extui %c : i1 to i32
  %o = arith.constant 1 : i32
  %z = arith.constant 0 : i32
  %0 = arith.cmpi eq, %e, %o : i32
  %1 = arith.cmpi ne, %e, %z : i32
  %2 = arith.andi %e, %o : i32
  return %0, %1, %2 : i1, i1, i32
}
func.func @addi_of_consts_index(%i: index) -> (index, index) {
  %c4 = arith.constant 4 : index
  %m = arith.constant -4 : index
  %0 = arith.addi %i, %c4 : index
  %1 = arith.addi %0, %m : index
  %2 = arith.muli %c4, %m : index
  return %1, %2 : index, index
}
func.func @addi_nsw(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %0 = arith.addi %i, %c4 overflow<nsw> : i32
  %1 = arith.addi %0, %c4 overflow<nsw, nuw> : i32
  return %1 : i32
}
func.func @fastmath(%a: f32, %b: f32) -> f32 {
  %z = arith.constant 0.000000e+00 : f32
  %0 = arith.addf %a, %z fastmath<nsz> : f32
  %1 = arith.mulf %0, %z fastmath<nnan,nsz> : f32
  %2 = arith.addf %1, %b fastmath<fast> : f32
  return %2 : f32
}
func.func @cmp_of_select(%c: i1) -> i1 {
  %a = arith.constant 1 : i32
  %b = arith.constant 2 : i32
  %0 = arith.select %c, %a, %b : i32
  %1 = arith.cmpi eq, %0, %a : i32
  return %1 : i1
}
func.func @divrem_vec(%a: vector<4xi32>) -> (vector<4xi32>, vector<4xi32>) {
  %o = arith.constant dense<1> : vector<4xi32>
  %0 = arith.divsi %a, %o : vector<4xi32>
  %1 = arith.remui %a, %o : vector<4xi32>
  return %0, %1 : vector<4xi32>, vector<4xi32>
}
func.func @dense_add() -> (vector<2xi32>, vector<2xf32>, vector<2xi1>) {
  %a = arith.constant dense<[1, 2]> : vector<2xi32>
  %b = arith.constant dense<5> : vector<2xi32>
  %0 = arith.addi %a, %b : vector<2xi32>
  %c = arith.constant dense<[1.000000e+00, 2.000000e+00]> : vector<2xf32>
  %1 = arith.mulf %c, %c : vector<2xf32>
  %2 = arith.cmpi sgt, %a, %b : vector<2xi32>
  return %0, %1, %2 : vector<2xi32>, vector<2xf32>, vector<2xi1>
}
func.func @a(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %i, %c4 overflow<nsw> : i32
  %1 = arith.addi %0, %c9 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_2(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %c4, %i overflow<nsw> : i32
  %1 = arith.addi %0, %c9 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_3(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.addi %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.subi %0, %c9 overflow<nsw, nuw> : i32
  return %1 : i32
}
func.func @a_4(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.addi %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.subi %c9, %0 overflow<nsw, nuw> : i32
  return %1 : i32
}
func.func @a_5(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.subi %c9, %0 overflow<nsw, nuw> : i32
  return %1 : i32
}
func.func @a_6(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %c4, %i overflow<nsw, nuw> : i32
  %1 = arith.subi %c9, %0 overflow<nsw, nuw> : i32
  return %1 : i32
}
func.func @a_7(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.subi %0, %c9 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_8(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.subi %c4, %i overflow<nsw, nuw> : i32
  %1 = arith.subi %0, %c9 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_9(%i: i32) -> i32 {
  %c4 = arith.constant 4 : i32
  %c9 = arith.constant 9 : i32
  %0 = arith.muli %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.muli %0, %c9 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_10(%i: i32, %x: i32) -> i32 {
  %c4 = arith.constant -1 : i32
  %0 = arith.muli %i, %c4 overflow<nsw, nuw> : i32
  %1 = arith.addi %x, %0 overflow<nsw> : i32
  return %1 : i32
}
func.func @a_11(%i: i32, %x: i32) -> i32 {
  %0 = arith.subi %i, %x overflow<nsw, nuw> : i32
  %1 = arith.subi %0, %i overflow<nsw> : i32
  return %1 : i32
}
func.func @a_12(%a: i8, %b: i8) -> i32 {
  %x = arith.extui %a : i8 to i16
  %y = arith.extui %x : i16 to i32
  return %y : i32
}
func.func @a_13(%a: i8, %b: i8) -> (i1, i1, i1) {
  %x = arith.extsi %a : i8 to i32
  %y = arith.extsi %b : i8 to i32
  %0 = arith.cmpi ne, %x, %y : i32
  %1 = arith.cmpi eq, %x, %y : i32
  %z = arith.extui %b : i8 to i32
  %2 = arith.cmpi eq, %x, %z : i32
  return %0, %1, %2 : i1, i1, i1
}
func.func @a_14(%a: vector<4xi32>, %b: vector<4xi32>) -> (vector<4xi32>, vector<4xi32>) {
  %low, %high = arith.mulsi_extended %a, %b : vector<4xi32>
  %o = arith.constant dense<1> : vector<4xi32>
  %low_0, %high_1 = arith.mulsi_extended %a, %o : vector<4xi32>
  return %low, %high_1 : vector<4xi32>, vector<4xi32>
}
func.func @a_15(%a: i1, %b: i32) -> (i1, i1) {
  %t = arith.constant true
  %low, %high = arith.mulsi_extended %a, %t : i1
  return %low, %high : i1, i1
}
func.func @a_16(%a: f32, %b: f32) -> (i1, i1, i1) {
  %n = arith.constant 0x7FC00000 : f32
  %0 = arith.cmpf ord, %a, %n : f32
  %1 = arith.cmpf uno, %a, %n : f32
  %2 = arith.cmpf uno, %a, %a : f32
  return %0, %1, %2 : i1, i1, i1
}
func.func @a_17(%a: i16) -> (i1, i1, i1, i1, i1, i1, i1, i1, i1) {
  %f = arith.sitofp %a : i16 to f32
  %c = arith.constant -4.500000e+00 : f32
  %0 = arith.cmpf ogt, %f, %c : f32
  %1 = arith.cmpf oge, %f, %c : f32
  %2 = arith.cmpf olt, %f, %c : f32
  %3 = arith.cmpf ole, %f, %c : f32
  %4 = arith.cmpf ueq, %f, %c : f32
  %5 = arith.cmpf une, %f, %c : f32
  %6 = arith.cmpf ord, %f, %c : f32
  %7 = arith.cmpf uno, %f, %c : f32
  %8 = arith.cmpf ult, %f, %c : f32
  return %0, %1, %2, %3, %4, %5, %6, %7, %8 : i1, i1, i1, i1, i1, i1, i1, i1, i1
}
func.func @a_18(%a: i16) -> (i1, i1, i1, i1, i1, i1, i1, i1) {
  %f = arith.uitofp %a : i16 to f32
  %c = arith.constant 4.500000e+00 : f32
  %0 = arith.cmpf ogt, %f, %c : f32
  %1 = arith.cmpf oge, %f, %c : f32
  %2 = arith.cmpf olt, %f, %c : f32
  %3 = arith.cmpf ole, %f, %c : f32
  %d = arith.constant -0.000000e+00 : f32
  %4 = arith.cmpf oge, %f, %d : f32
  %e = arith.constant 0x7F800000 : f32
  %5 = arith.cmpf une, %f, %e : f32
  %6 = arith.cmpf ogt, %f, %e : f32
  %g = arith.constant 7.000000e+04 : f32
  %7 = arith.cmpf uge, %f, %g : f32
  return %0, %1, %2, %3, %4, %5, %6, %7 : i1, i1, i1, i1, i1, i1, i1, i1
}
func.func @a_19(%a: i64) -> (i1, i1, i1) {
  %f = arith.sitofp %a : i64 to f32
  %c = arith.constant 4.500000e+00 : f32
  %0 = arith.cmpf ogt, %f, %c : f32
  %d = arith.constant 9.99999986E+14 : f32
  %1 = arith.cmpf ogt, %f, %d : f32
  %e = arith.constant 9.99999956E+24 : f32
  %2 = arith.cmpf ogt, %f, %e : f32
  return %0, %1, %2 : i1, i1, i1
}
func.func @a_20(%a: i32) -> (i1, i1) {
  %f = arith.sitofp %a : i32 to f16
  %c = arith.constant 0x7C00 : f16
  %0 = arith.cmpf olt, %f, %c : f16
  %d = arith.constant 3.000000e+00 : f16
  %1 = arith.cmpf olt, %f, %d : f16
  return %0, %1 : i1, i1
}
