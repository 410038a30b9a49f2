// What is wrong with arguments is said in one line.
// RUN: tile-run %s --kernel=make --out C=%t.f32.npy --shape A=3x5
// RUN: tile-run %s --kernel=use --arg A=%t.f32.npy --arg n=-7
// RUN: not tile-run %s --kernel=use 2>&1 | filecheck %s --check-prefix=DYNAMIC
// RUN: not tile-run %s --kernel=use --shape A=3 2>&1 | filecheck %s --check-prefix=SHAPE
// RUN: not tile-run %s --kernel=use --arg A=%t.missing.npy 2>&1 | filecheck %s --check-prefix=MISSING
// RUN: not tile-run %s --kernel=use --arg A=%S 2>&1 | filecheck %s --check-prefix=FOLDER
// RUN: not tile-run %s --kernel=use --arg A=%s 2>&1 | filecheck %s --check-prefix=NOTNPY
// RUN: not tile-run %s --kernel=half --arg A=%t.f32.npy 2>&1 | filecheck %s --check-prefix=DTYPE
// RUN: not tile-run %s --kernel=flat --arg A=%t.f32.npy 2>&1 | filecheck %s --check-prefix=RANK
// RUN: not tile-run %s --kernel=fixed --arg A=%t.f32.npy 2>&1 | filecheck %s --check-prefix=EXTENTS
// RUN: not tile-run %s --kernel=use --shape A=3x5 --arg n=1.5 2>&1 | filecheck %s --check-prefix=FRACTION
// RUN: not tile-run %s --kernel=use --shape A=3x5 --arg n=3000000000 2>&1 | filecheck %s --check-prefix=RANGE
// RUN: not tile-run %s --kernel=use --shape A=3x5 --arg m=1 2>&1 | filecheck %s --check-prefix=NAME
// RUN: not tile-run %s --kernel=make --shape A=3x5 --out A=%t.npy 2>&1 | filecheck %s --check-prefix=NOTWRITTEN
// RUN: not tile-run %s --kernel=make --shape A=3x5 --out C=%t.nowhere/c.npy 2>&1 | filecheck %s --check-prefix=UNWRITABLE
// RUN: not tile-run %s --kernel=use --shape A=1000000000x5 2>&1 | filecheck %s --check-prefix=HUGE

// DYNAMIC: tile-run: error: argument 'A' has run-time extents ('memref<?x5xf32>'): expected --shape=A=... or --arg=A=file.npy
// SHAPE: tile-run: error: --shape of 'A' is 3, which does not fit 'memref<?x5xf32>'
// MISSING: tile-run: error: cannot read '{{.*}}missing.npy' for argument 'A': no such file or directory
// FOLDER: tile-run: error: cannot read '{{.*}}' for argument 'A': it is a directory
// NOTNPY: tile-run: error: '{{.*}}arguments.mlir' for argument 'A': expected a NumPy file, which begins with \x93NUMPY
// DTYPE: tile-run: error: '{{.*}}f32.npy' for argument 'A': expected elements of type 'f16' ('<f2') found '<f4'
// RANK: tile-run: error: '{{.*}}f32.npy' for argument 'A': expected rank 1 ('memref<15xf32>'), found rank 2
// EXTENTS: tile-run: error: '{{.*}}f32.npy' for argument 'A': expected 'memref<3x6xf32>', found 3x5xf32
// FRACTION: tile-run: error: expected an integer for argument 'n' of type 'i32', found '1.5'
// RANGE: tile-run: error: 3000000000 for argument 'n' is out of the range of 'i32', -2147483648 to 2147483647
// NAME: tile-run: error: --arg: no argument is named 'm'; there are A, n
// NOTWRITTEN: tile-run: error: --out: kernel 'make' does not write 'A'
// UNWRITABLE: tile-run: error: cannot write '{{.*}}c.npy': no such file or directory
// HUGE: tile-run: error: argument 'A' of shape 1000000000x5 is too large to run

tile.kernel @make(%A: memref<?x5xf32>, %C: memref<3x5xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<3x5xf32>
  tile.copy %A to %t : memref<?x5xf32> to !tile.fragment<3x5xf32>
  tile.copy %t to %C : !tile.fragment<3x5xf32> to memref<3x5xf32>
}

tile.kernel @use(%A: memref<?x5xf32>, %n: i32) blocks(%b) = (1) threads(32) {
}

tile.kernel @half(%A: memref<3x5xf16>) blocks(%b) = (1) threads(32) {
}

tile.kernel @flat(%A: memref<15xf32>) blocks(%b) = (1) threads(32) {
}

tile.kernel @fixed(%A: memref<3x6xf32>) blocks(%b) = (1) threads(32) {
}
