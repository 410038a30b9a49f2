// The output is complete or untouched.
// RUN: tile-opt %s -o %t.out && filecheck %s --input-file=%t.out
// RUN: echo kept > %t.kept
// RUN: not tile-opt %S/Inputs/broken.mlir -o %t.kept
// RUN: filecheck %s --check-prefix=KEPT --input-file=%t.kept
// RUN: not tile-opt %s -o %t.none/out 2>&1 | filecheck %s --check-prefix=UNWRITABLE
// RUN: mkdir -p %t.folder
// RUN: not tile-opt %s -o %t.folder 2>&1 | filecheck %s --check-prefix=FOLDER
// RUN: tile-opt %s -o /dev/null
// RUN: tile-opt %s -o - | filecheck %s

// CHECK: module {
// CHECK-NEXT: arith.constant 1 : i32
%0 = arith.constant 1 : i32

// KEPT: kept
// UNWRITABLE: {{^}}error: cannot open output file '{{.*}}none/out': No such file or directory{{$}}
// FOLDER: {{^}}error: cannot open output file '{{.*}}folder': Is a directory{{$}}
