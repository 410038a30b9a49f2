// Errors of programs have positions, and what a failing run would have saved stays as it was.
// RUN: echo before > %t.npy
// RUN: not tile-run %s --kernel=undefined --out C=%t.npy 2>&1 | filecheck %s --check-prefix=UNDEFINED
// RUN: filecheck %s --check-prefix=BEFORE < %t.npy
// RUN: not tile-run %s --kernel=partial 2>&1 | filecheck %s --check-prefix=PARTIAL
// RUN: not tile-run %s --kernel=endless --step-limit=5000 2>&1 | filecheck %s --check-prefix=ENDLESS
// RUN: not tile-run %s --kernel=huge 2>&1 | filecheck %s --check-prefix=HUGE
// RUN: echo '' | not tile-run - 2>&1 | filecheck %s --check-prefix=NONE
// RUN: echo 'tile.kernel @f(' | not tile-run - 2>&1 | filecheck %s --check-prefix=SYNTAX

// BEFORE: before

tile.kernel @undefined(%C: memref<4xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<4xf32>
// UNDEFINED: wrong-programs.mlir:[[#@LINE+1]]:3: error: element [0] of '%t' is read but was never written
  tile.copy %t to %C : !tile.fragment<4xf32> to memref<4xf32>
// UNDEFINED: wrong-programs.mlir:[[#@LINE-3]]:8: note: the tile is allocated here
}

// PARTIAL: wrong-programs.mlir:[[#@LINE+1]]:1: error: 4 of the 8 elements of output 'C' were never written, the first at [4]
tile.kernel @partial(%C: memref<8xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<4xf32>
  tile.clear %t : !tile.fragment<4xf32>
  tile.copy %t to %C : !tile.fragment<4xf32> to memref<8xf32>
}

tile.kernel @endless(%C: memref<8xf32>) blocks(%b) = (1) threads(32) {
  %true = arith.constant true
// ENDLESS: wrong-programs.mlir:[[#@LINE+1]]:3: error: the program did not end within 5000 loop iterations
  scf.while : () -> () {
    scf.condition(%true)
  } do {
    scf.yield
  }
}

// HUGE: tile-run: error: argument 'A' of shape 1000000x1000000 is too large to run
tile.kernel @huge(%A: memref<1000000x1000000xf32>) blocks(%b) = (1) threads(32) {
}

// NONE: tile-run: error: the module has no 'tile.kernel' to run
// SYNTAX: <stdin>:{{.*}}error:
