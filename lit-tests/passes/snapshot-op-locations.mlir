// Locations point into the file that the program is written to; a tag keeps those before.
// RUN: tile-opt %s --snapshot-op-locations=filename=%t.mlir --mlir-print-debuginfo --mlir-print-local-scope | filecheck %s
// RUN: filecheck %s --input-file=%t.mlir --check-prefix=FILE
// RUN: tile-opt %s --snapshot-op-locations="filename=%t.mlir tag=lowered" --mlir-print-debuginfo --mlir-print-local-scope | filecheck %s --check-prefix=TAG
// RUN: not tile-opt %s --snapshot-op-locations=filename=%t.none/x.mlir 2>&1 | filecheck %s --check-prefix=BAD
// Diagnostics of later passes show the snapshot.
// RUN: not tile-opt %s --pass-pipeline='builtin.module(snapshot-op-locations{filename=%t.mlir},func.func(symbol-dce))' 2>&1 | filecheck %s --check-prefix=LATER

// FILE: module {
// FILE-NEXT: func.func @f(%c: i1, %v: i32) -> i32 {
// CHECK: %x = arith.addi %v, %v : i32 loc("{{.*}}.mlir":4:6)
// CHECK: } loc("{{.*}}.mlir":3:4)
// CHECK: } loc("{{.*}}.mlir":1:0)
// TAG: %x = arith.addi %v, %v : i32 loc(fused["{{.*}}snapshot-op-locations.mlir":{{[0-9]+}}:10, "lowered"("{{.*}}.mlir":4:6)])
// BAD: {{.*}}error: cannot open output file '{{.*}}none/x.mlir': No such file or directory
// LATER: {{.*}}.mlir:2:2: error: 'func.func' op was scheduled to run under SymbolDCE, but does not define a symbol table
func.func @f(%c: i1, %v: i32) -> i32 {
  %r = scf.if %c -> i32 {
    %x = arith.addi %v, %v : i32
    scf.yield %x : i32
  } else {
    scf.yield %v : i32
  }
  return %r : i32
}
