func.func private @callee(%x: i32, %y: f32) -> (i32, f32)
func.func @big(%a: i32, %m: memref<64x32xf32>, %n: index, %u: f32) -> (i32, f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c = arith.constant 17 : i32
  %0 = arith.addi %a, %c : i32
  %s = scf.for %i = %c0 to %n step %c1 iter_args(%acc = %0) -> (i32) {
    %k = arith.muli %acc, %c : i32
    %v = memref.load %m[%i, %c0] {bad = 7 : i32, other} : memref<64x32xf32>
    memref.store %v, %m[%c1, %i] : memref<64x32xf32>
    scf.yield %k : i32
  }
  %r:2 = func.call @callee(%s, %u) : (i32, f32) -> (i32, f32)
  %cond = arith.cmpi slt, %s, %a : i32
  cf.cond_br %cond, ^bb1(%r#0 : i32), ^bb2
^bb1(%z: i32):
  %w = arith.divsi %z, %c : i32
  return %w, %r#1 : i32, f32
^bb2:
  return %a, %u : i32, f32
}
module @nest { func.func @other() { return } "un.known"() ({ ^bb0(%p: !x.y): "un.in"(%p) : (!x.y) -> () }) : () -> () }
