// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 -o %t.mlir
// RUN: filecheck %s --check-prefix=THREAD < %t.mlir
// RUN: tile-translate --mlir-to-cuda %t.mlir | filecheck %s --check-prefix=TEXT
// RUN: tile-run %s --arg=n=3 | filecheck %s --check-prefix=PRINTED
// RUN: not tile-run %s --arg=n=5 2>&1 | filecheck %s --check-prefix=FAILED

// CHECK: tile.assert %fits, "n is at most 4"
// CHECK: tile.print "n" %n : index
// THREAD: cf.assert %fits, "n is at most 4"
// THREAD: gpu.printf "n = %lld" %n : index
// TEXT: check(fits, "n is at most 4");
// TEXT: thread == 0;
// TEXT-NEXT: if (condition) {
// TEXT-NEXT: print_line("n = %lld", (long long)(n));
// TEXT: for (;;) {
// TEXT: if (!(more)) break;
// PRINTED: n = 3
// PRINTED-NEXT: last = 3
// FAILED: debug.mlir:30:3: error: assertion failed: n is at most 4
tile.kernel @debug(%n: index) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %fits = arith.cmpi sle, %n, %c4 : index
  // The message is printed with the place of the thread.

  // And the position is this one.

  tile.assert %fits, "n is at most 4"
  tile.print "n" %n : index
  %last = scf.while (%i = %c0) : (index) -> index {
    %more = arith.cmpi slt, %i, %n : index
    scf.condition(%more) %i : index
  } do {
  ^bb0(%i: index):
    %next = arith.addi %i, %c1 : index
    scf.yield %next : index
  }
  tile.print "last" %last : index
}
