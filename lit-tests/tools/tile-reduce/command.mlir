// A command decides what is interesting; the smallest program is written to a file.
// RUN: tile-reduce %S/Inputs/planted.mlir --test='grep -q divsi' -o %t.mlir 2>&1 | filecheck %s --check-prefix=SUMMARY
// RUN: filecheck %s --input-file=%t.mlir
// RUN: tile-opt %t.mlir -o /dev/null
// RUN: tile-reduce %S/Inputs/planted.mlir --test='grep -q "bad = 7" %%s' | filecheck %s --check-prefix=ATTRIBUTE
// RUN: tile-reduce %S/Inputs/planted.mlir --max-tests=1 --test='grep -q divsi %%s' 2>&1 | filecheck %s --check-prefix=STOPPED
// RUN: not tile-reduce %S/Inputs/planted.mlir --test='exit 3' 2>&1 | filecheck %s --check-prefix=BORING
// RUN: not tile-reduce %S/Inputs/planted.mlir --timeout=1 --test='sleep 20; cat' 2>&1 | filecheck %s --check-prefix=LATE
// RUN: not tile-reduce nofile.mlir --test='exit 3' 2>&1 | filecheck %s --check-prefix=NOFILE
// RUN: not tile-reduce %S/Inputs/planted.mlir 2>&1 | filecheck %s --check-prefix=USAGE

// SUMMARY: 23 to {{[0-9]}} operations with [[#]] tests, [[#]] kept
// CHECK: module {
// CHECK-NEXT: arith.constant
// CHECK: arith.divsi
// CHECK-NEXT: }
// ATTRIBUTE: bad = 7 : i32}
// ATTRIBUTE-NOT: other
// STOPPED: kept (stopped)
// BORING: tile-reduce: error: the input is not interesting: 'exit 3' exited with status 3
// LATE: tile-reduce: error: the input is not interesting: 'sleep 20; cat' took more than 1 seconds
// NOFILE: tile-reduce: error: cannot open input file 'nofile.mlir': No such file or directory
// USAGE: tile-reduce: error: expected one of --test and --tile-opt
