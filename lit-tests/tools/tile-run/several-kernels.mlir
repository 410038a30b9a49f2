// Without --kernel all kernels run in order.
// RUN: tile-run %s | filecheck %s
// RUN: tile-run %s --kernel=second | filecheck %s --check-prefix=ONE --implicit-check-not=first
// RUN: not tile-run %s --kernel=secnd 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not tile-run %s --out A=%t.npy 2>&1 | filecheck %s --check-prefix=AMBIGUOUS

// CHECK: first: executed by interp
// CHECK-NEXT: second: executed by interp
// ONE: second: executed by interp
// UNKNOWN: error: the module has no kernel named 'secnd'; did you mean 'second'?
// AMBIGUOUS: tile-run: error: --out: several kernels have an argument 'A'; choose one with --kernel

tile.kernel @first(%A: memref<4xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<4xf32>
  tile.clear %t : !tile.fragment<4xf32>
  tile.copy %t to %A : !tile.fragment<4xf32> to memref<4xf32>
}

tile.kernel @second(%A: memref<8xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<8xf32>
  tile.clear %t : !tile.fragment<8xf32>
  tile.copy %t to %A : !tile.fragment<8xf32> to memref<8xf32>
}
