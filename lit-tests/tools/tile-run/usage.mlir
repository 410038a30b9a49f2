// Wrong command lines end with status 2 or 1 and one line.
// RUN: tile-run --help | filecheck %s --check-prefix=HELP
// RUN: not tile-run 2>&1 | filecheck %s --check-prefix=NOFILE
// RUN: not tile-run %t.nothing 2>&1 | filecheck %s --check-prefix=MISSING
// RUN: not tile-run %s --on=gpu 2>&1 | filecheck %s --check-prefix=EXECUTOR
// RUN: not tile-run %s --on=sim --arch=sm_8O 2>&1 | filecheck %s --check-prefix=ARCH
// RUN: not tile-run %s --on=sim 2>&1 | filecheck %s --check-prefix=NOARCH
// RUN: not tile-run %s --arg A 2>&1 | filecheck %s --check-prefix=PAIR
// RUN: not tile-run %s --arg A=1 --arg A=2 2>&1 | filecheck %s --check-prefix=TWICE
// RUN: not tile-run %s --shape A=3by5 2>&1 | filecheck %s --check-prefix=SHAPE
// RUN: not tile-run %s --seed=x 2>&1 | filecheck %s --check-prefix=SEED
// RUN: not tile-run %s --schedules=0 2>&1 | filecheck %s --check-prefix=SCHEDULES
// RUN: not tile-run %s --tolerance=-1 2>&1 | filecheck %s --check-prefix=TOLERANCE
// RUN: not tile-run %s --profile 2>&1 | filecheck %s --check-prefix=PROFILE

// HELP: Usage: tile-run [options] <file>
// NOFILE: tile-run: error: missing required argument 'file'
// MISSING: tile-run: error: cannot read '{{.*}}nothing': no such file or directory
// EXECUTOR: tile-run: error: option '--on <executor>' argument 'gpu' is invalid. Allowed choices are interp, sim, cuda, hip.
// ARCH: tile-run: error: option '--arch <name>' argument 'sm_8O' is invalid. unknown target architecture 'sm_8O'
// NOARCH: tile-run: error: the simulator needs --arch=NAME, such as --arch=sm_80
// PAIR: argument 'A' is invalid. expected NAME=VALUE
// TWICE: argument 'A=2' is invalid. 'A' is given twice
// SHAPE: argument 'A=3by5' is invalid. expected NAME=EXTENTS, such as A=17x32
// SEED: argument 'x' is invalid. expected an integer of at least 0
// SCHEDULES: argument '0' is invalid. expected an integer of at least 1
// TOLERANCE: argument '-1' is invalid. expected a number of at least 0
// PROFILE: tile-run: error: --profile needs --on=sim: only the simulator counts

tile.kernel @k(%A: memref<4xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<4xf32>
  tile.clear %t : !tile.fragment<4xf32>
  tile.copy %t to %A : !tile.fragment<4xf32> to memref<4xf32>
}
