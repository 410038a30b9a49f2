// The same text as upstream, and statistics, which upstream's release builds do not print.
// RUN: tile-opt %s --mem2reg --mlir-pass-statistics 2>&1 | filecheck %s
// RUN: %if mlir-opt %{ tile-opt %s --mem2reg | %mlir-opt > %t.ours %}
// RUN: %if mlir-opt %{ %mlir-opt %s --mem2reg > %t.theirs %}
// RUN: %if mlir-opt %{ diff %t.theirs %t.ours %}

// CHECK-LABEL: func.func @loop
// CHECK: cf.br ^[[HEAD:.*]](%[[Z:.*]], %[[Z]] : i32, i32)
// CHECK: ^[[HEAD]](%{{.*}}: i32, %[[SUM:.*]]: i32):
// CHECK: %[[NEXT:.*]] = arith.addi %[[SUM]]
// CHECK: cf.br ^[[HEAD]](%{{.*}}, %[[NEXT]] : i32, i32)
// CHECK: return %[[SUM]]

// CHECK: Mem2Reg
// CHECK-NEXT: (S) 12 promoted slots - Total amount of memory slot promoted
// CHECK-NEXT: (S)  4 new block args - Total amount of new block argument inserted in blocks

func.func @nested(%c: i1, %v: i32) -> i32 {
  %m = memref.alloca() : memref<i32>
  memref.store %v, %m[] : memref<i32>
  %r = scf.if %c -> i32 {
    %x = memref.load %m[] : memref<i32>
    scf.yield %x : i32
  } else {
    scf.yield %v : i32
  }
  return %r : i32
}
func.func @blocks(%c: i1, %v: i32) -> i32 {
  %m = memref.alloca() : memref<i32>
  cf.cond_br %c, ^a, ^b
^a:
  memref.store %v, %m[] : memref<i32>
  cf.br ^c
^b:
  cf.br ^c
^c:
  %x = memref.load %m[] : memref<i32>
  return %x : i32
}
func.func @loop(%n: i32, %v: i32) -> i32 {
  %m = memref.alloca() : memref<1xi32>
  %c0 = arith.constant 0 : index
  %z = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  memref.store %z, %m[%c0] : memref<1xi32>
  cf.br ^head(%z : i32)
^head(%i: i32):
  %k = arith.cmpi slt, %i, %n : i32
  cf.cond_br %k, ^body, ^end
^body:
  %x = memref.load %m[%c0] : memref<1xi32>
  %y = arith.addi %x, %v : i32
  memref.store %y, %m[%c0] : memref<1xi32>
  %j = arith.addi %i, %one : i32
  cf.br ^head(%j : i32)
^end:
  %r = memref.load %m[%c0] : memref<1xi32>
  return %r : i32
}
func.func @dead(%v: i32) {
  %m = memref.alloca() : memref<i32>
  memref.store %v, %m[] : memref<i32>
  return
}
func.func @unused() {
  %m = memref.alloca() : memref<i32>
  return
}
func.func @escape(%v: i32) -> i32 {
  %m = memref.alloca() : memref<i32>
  memref.store %v, %m[] : memref<i32>
  call @use(%m) : (memref<i32>) -> ()
  %x = memref.load %m[] : memref<i32>
  return %x : i32
}
func.func private @use(memref<i32>)
func.func @types() -> (f32, index, vector<4xf32>, i1) {
  %a = memref.alloca() : memref<f32>
  %b = memref.alloca() : memref<index>
  %c = memref.alloca() : memref<vector<4xf32>>
  %d = memref.alloca() : memref<i1>
  %x = memref.load %a[] : memref<f32>
  %y = memref.load %b[] : memref<index>
  %z = memref.load %c[] : memref<vector<4xf32>>
  %w = memref.load %d[] : memref<i1>
  return %x, %y, %z, %w : f32, index, vector<4xf32>, i1
}
func.func @of_memrefs(%m: memref<4xf32>) -> memref<4xf32> {
  %a = memref.alloca() : memref<memref<4xf32>>
  memref.store %m, %a[] : memref<memref<4xf32>>
  %x = memref.load %a[] : memref<memref<4xf32>>
  return %x : memref<4xf32>
}
func.func @inner(%c: i1, %v: i32) -> i32 {
  %r = scf.if %c -> i32 {
    %m = memref.alloca() : memref<i32>
    memref.store %v, %m[] : memref<i32>
    %x = memref.load %m[] : memref<i32>
    scf.yield %x : i32
  } else {
    scf.yield %v : i32
  }
  return %r : i32
}
func.func @two(%v: i32, %w: i32, %c: i1) -> (i32, i32) {
  %m = memref.alloca() : memref<i32>
  %n = memref.alloca() : memref<i32>
  memref.store %v, %m[] : memref<i32>
  memref.store %w, %n[] : memref<i32>
  cf.cond_br %c, ^a, ^b
^a:
  %p = memref.load %m[] : memref<i32>
  memref.store %p, %n[] : memref<i32>
  cf.br ^b
^b:
  %x = memref.load %m[] : memref<i32>
  %y = memref.load %n[] : memref<i32>
  return %x, %y : i32, i32
}
func.func @switch(%f: i32, %v: i32, %w: i32) -> (i32, i32) {
  %m = memref.alloca() : memref<i32>
  memref.store %v, %m[] : memref<i32>
  cf.switch %f : i32, [
    default: ^end(%v : i32),
    1: ^write,
    2: ^end(%w : i32)
  ]
^write:
  memref.store %w, %m[] : memref<i32>
  cf.br ^end(%f : i32)
^end(%q: i32):
  %x = memref.load %m[] : memref<i32>
  return %x, %q : i32, i32
}
