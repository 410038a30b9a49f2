/** Programs that are wrong, each with what is said about it. The reference tool says the same, where not noted. */

export interface InvalidProgram {
  readonly text: string;
  readonly message: string;
  /** The reference tool words it in another way. */
  readonly isOurs?: boolean;
}

export const INVALID_PROGRAMS: readonly InvalidProgram[] = [
  {
    text: `%0 = arith.constant 1.0 : f32
%1 = "arith.addi"(%0, %0) : (f32, f32) -> f32`,
    message: "'arith.addi' op operand #0 must be signless-integer-like, but got 'f32'",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = "arith.addi"(%0) : (i32) -> i32`,
    message: "'arith.addi' op expected 2 operands, but found 1",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.constant 1 : i64
%2 = "arith.addi"(%0, %1) : (i32, i64) -> i32`,
    message: "'arith.addi' op requires the same type for all operands and results",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = "arith.cmpi"(%0, %0) : (i32, i32) -> i1`,
    message: "'arith.cmpi' op requires attribute 'predicate'",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = "arith.cmpi"(%0, %0) {predicate = 42 : i64} : (i32, i32) -> i1`,
    message:
      "'arith.cmpi' op attribute 'predicate' failed to satisfy constraint: allowed 64-bit signless integer cases: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = "arith.cmpi"(%0, %0) {predicate = 0 : i64} : (i32, i32) -> i32`,
    message: "'arith.cmpi' op result #0 must be bool-like, but got 'i32'",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.extsi %0 : i32 to i16`,
    message: "'arith.extsi' op operand type 'i32' and result type 'i16' are cast incompatible",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.trunci %0 : i32 to i64`,
    message: "'arith.trunci' op operand type 'i32' and result type 'i64' are cast incompatible",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.sitofp %0 : i32 to i64`,
    message: "'arith.sitofp' op result #0 must be floating-point-like, but got 'i64'",
  },
  {
    text: `%0 = arith.constant 1.0 : f32
%1 = arith.bitcast %0 : f32 to i64`,
    message: "'arith.bitcast' op operand type 'f32' and result type 'i64' are cast incompatible",
  },
  {
    text: `%0 = arith.constant 1.0 : f32
%1 = arith.addf %0, %0 fastmath<foo> : f32`,
    message:
      "expected fastmath to be one of: none, reassoc, nnan, ninf, nsz, arcp, contract, afn, fast, but got 'foo'",
    isOurs: true,
  },
  {
    text: `%0 = "arith.constant"() {value = 1 : i32} : () -> i64`,
    message: "'arith.constant' op failed to verify that all of {value, result} have same type",
  },
  {
    text: `func.func @f(%a: i32) -> i32 {
  return
}`,
    message: "'func.return' op has 0 operands, but enclosing function (@f) returns 1",
  },
  {
    text: `func.func @f(%a: i32) -> f32 {
  return %a : i32
}`,
    message:
      "type of return operand 0 ('i32') doesn't match function result type ('f32') in function @f",
  },
  {
    text: `func.func @f() {
  %0 = call @g() : () -> i32
  return
}`,
    message: "'func.call' op 'g' does not reference a valid function",
  },
  {
    text: `func.func private @g(i32)
func.func @f() {
  call @g() : () -> ()
  return
}`,
    message: "'func.call' op incorrect number of operands for callee",
  },
  {
    text: `func.func private @g(i32)
func.func @f(%a: f32) {
  call @g(%a) : (f32) -> ()
  return
}`,
    message:
      "'func.call' op operand type mismatch: expected operand type 'i32', but provided 'f32' for operand number 0",
  },
  {
    text: `func.func private @g() -> i32
func.func @f() {
  %0 = call @g() : () -> f32
  return
}`,
    message: "'func.call' op result type mismatch at index 0",
  },
  {
    text: `func.func private @g()
func.func private @g()`,
    message: "redefinition of symbol named 'g'",
  },
  {
    text: `func.func @f(%a: i32, i32) { return }`,
    message: 'expected SSA identifier',
    isOurs: true,
  },
  {
    text: `func.func @f(%a: index) {
  "scf.for"(%a, %a) ({ }) : (index, index) -> ()
  return
}`,
    message: "'scf.for' op expected 3 or more operands, but found 2",
  },
  {
    text: `func.func @f(%a: index) {
  "scf.for"(%a, %a, %a) ({ ^bb0(%i: i32): scf.yield }) : (index, index, index) -> ()
  return
}`,
    message: "'scf.for' op expected induction variable to be same type as bounds and step",
  },
  {
    text: `func.func @f(%a: index, %x: f32) {
  "scf.for"(%a, %a, %a, %x) ({ ^bb0(%i: index): scf.yield }) : (index, index, index, f32) -> f32
  return
}`,
    message: "'scf.for' op different number of inits and region iter_args: 1 != 0",
  },
  {
    text: `func.func @f(%a: index, %x: f32) {
  %r = scf.for %i = %a to %a step %a iter_args(%y = %x) -> (f32) {
    scf.yield %i : index
  }
  return
}`,
    message:
      "'scf.for' op 0-th region iter_arg and 0-th yielded value have different type: 'f32' != 'index'",
  },
  {
    text: `func.func @f(%c: i1) -> i32 {
  %r = "scf.if"(%c) ({
    %a = arith.constant 1 : i32
    scf.yield %a : i32
  }, {}) : (i1) -> i32
  return %r : i32
}`,
    message: "'scf.if' op must have an else block if defining values",
  },
  {
    text: `func.func @f(%c: i1) {
  scf.yield
}`,
    message:
      "'scf.yield' op expects parent op to be one of 'scf.execute_region, scf.for, scf.if, scf.index_switch, scf.while'",
  },
  {
    text: `func.func @f(%c: i32) {
  "scf.if"(%c) ({ scf.yield }, {}) : (i32) -> ()
  return
}`,
    message: "'scf.if' op operand #0 must be 1-bit signless integer, but got 'i32'",
  },
  {
    text: `func.func @f(%c: i1) {
  scf.if %c {
    "test.op"() : () -> ()
    func.return
  }
  return
}`,
    message: "'func.return' op expects parent op 'func.func'",
  },
  {
    text: `func.func @f(%a: i32) {
  cf.br ^bb1
^bb1(%x: i32):
  return
}`,
    message: 'branch has 0 operands for successor #0, but target block has 1',
  },
  {
    text: `func.func @f(%a: f32) {
  "cf.br"(%a)[^bb1] : (f32) -> ()
^bb1(%x: i32):
  return
}`,
    message: 'type mismatch for bb argument #0 of successor #0',
  },
  {
    text: `func.func @f(%m: memref<4xf32>, %i: index) {
  %x = memref.load %m[%i, %i] : memref<4xf32>
  return
}`,
    message: "'memref.load' op incorrect number of indices for load, expected 1 but got 2",
  },
  {
    text: `func.func @f(%m: memref<4xf32>, %i: index) {
  %x = "memref.load"(%m, %i) : (memref<4xf32>, index) -> i32
  return
}`,
    message: "'memref.load' op failed to verify that result type matches element type of 'memref'",
  },
  {
    text: `func.func @f() {
  %m = memref.alloc() : memref<?xf32>
  return
}`,
    message:
      "'memref.alloc' op dimension operand count does not equal memref dynamic dimension count",
  },
  {
    text: `func.func @f(%m: memref<4xf32>) {
  %x = memref.cast %m : memref<4xf32> to memref<5xf32>
  return
}`,
    message:
      "'memref.cast' op operand type 'memref<4xf32>' and result type 'memref<5xf32>' are cast incompatible",
  },
  {
    text: `func.func @f(%m: memref<8x16xf32>) {
  %x = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x16xf32> to memref<4x4xf32>
  return
}`,
    message:
      "expected result type to be 'memref<4x4xf32, strided<[16, 1]>>' or a rank-reduced version. (mismatch of result layout) ",
  },
  {
    text: `func.func @f(%m: memref<8x16xf32>) {
  %x = memref.subview %m[0, 0] [4, 4] [1, 1] : memref<8x16xf32> to memref<4x5xf32, strided<[16, 1]>>
  return
}`,
    message:
      "expected result type to be 'memref<4x4xf32, strided<[16, 1]>>' or a rank-reduced version. (mismatch of result sizes) ",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.extract %v[5] : f32 from vector<4xf32>
  return
}`,
    message:
      "'vector.extract' op expected position attribute #1 to be a non-negative integer smaller than the corresponding vector dimension",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.shape_cast %v : vector<4xf32> to vector<5xf32>
  return
}`,
    message: "'vector.shape_cast' op source/result number of elements must match",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.bitcast %v : vector<4xf32> to vector<5xf32>
  return
}`,
    message: "'vector.bitcast' op source/result bitwidth of the minor 1-D vectors must be equal",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.broadcast %v : vector<4xf32> to vector<8xf32>
  return
}`,
    message: "'vector.broadcast' op dimension mismatch (4 vs. 8)",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.shuffle %v, %v [0, 9] : vector<4xf32>, vector<4xf32>
  return
}`,
    message: "'vector.shuffle' op mask index #2 out of range",
  },
  {
    text: `func.func @f(%v: vector<4xf32>) {
  %x = vector.transpose %v, [1] : vector<4xf32> to vector<4xf32>
  return
}`,
    message: "'vector.transpose' op transposition index out of range: 1",
  },
  {
    text: `func.func @f(%a: index) {
  %x = affine.apply affine_map<(d0, d1) -> (d0)>(%a)
  return
}`,
    message: 'dimension or symbol index mismatch',
    isOurs: true,
  },
  {
    text: `func.func @f(%a: index) {
  %x = "affine.apply"(%a) {map = affine_map<(d0) -> (d0, d0)>} : (index) -> index
  return
}`,
    message: "'affine.apply' op mapping must produce one value",
  },
  {
    text: `gpu.return`,
    message: "'gpu.return' op expects parent op 'gpu.func'",
  },
  {
    text: `gpu.module @m { gpu.func @k() -> f32 kernel { gpu.return } }`,
    message: "'gpu.func' op expected void return type for kernel function",
  },
  {
    text: `%x = "gpu.thread_id"() : () -> index`,
    message: "'gpu.thread_id' op requires attribute 'dimension'",
  },
  {
    text: `%x = "gpu.thread_id"() {dimension = "x"} : () -> index`,
    message:
      "'gpu.thread_id' op attribute 'dimension' failed to satisfy constraint: a dimension, either 'x', 'y', or 'z'",
  },
  {
    text: `%x = gpu.thread_id w`,
    message: "expected dim to be one of: x, y, z, but got 'w'; did you mean 'x'?",
    isOurs: true,
  },
  {
    text: `module attributes {foo} {}`,
    message:
      "'builtin.module' op can only contain attributes with dialect-prefixed names, found: 'foo'",
  },
  {
    text: `"builtin.module"() ({}, {}) : () -> ()`,
    message: "'builtin.module' op requires one region",
  },
  {
    text: `func.func @f(%m: memref<4xf32>) {
  memref.assume_alignment %m, 0 : memref<4xf32>
  return
}`,
    message:
      "'memref.assume_alignment' op attribute 'alignment' failed to satisfy constraint: 32-bit signless integer attribute whose value is positive",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.addi %0 %0 : i32`,
    message: "expected ','",
  },
  {
    text: `%0 = arith.constant 1 : i32
%1 = arith.addi %0, %0 : f32`,
    message: "use of value '%0' expects different type than prior uses: 'f32' vs 'i32'",
  },
  {
    text: `%0 = "arith.constant"() : () -> i32`,
    message: "'arith.constant' op requires attribute 'value'",
  },
  {
    text: `%c = arith.constant 1 : i1
%0 = arith.constant 1 : i32
%1 = arith.constant 1 : i64
%2 = "arith.select"(%c, %0, %1) : (i1, i32, i64) -> i32`,
    message:
      "'arith.select' op failed to verify that all of {true_value, false_value, result} have same type",
  },
];
