// Single rewrites can be logged by place, profiled, and left out by number.
// RUN: tile-opt %s --canonicalize --log-actions-to=- --log-mlir-actions-filter=watch-rewrites.mlir:25 -o /dev/null 2>&1 | filecheck %s --check-prefix=PLACE
// RUN: tile-opt %s --canonicalize --profile-actions-to=%t.json -o /dev/null
// RUN: filecheck %s --check-prefix=TRACE --input-file=%t.json
// RUN: tile-opt %s --canonicalize --mlir-debug-counter=fold-count=0,erase-dead-count=0 | filecheck %s --check-prefix=NONE
// RUN: tile-opt %s --canonicalize --mlir-debug-counter=fold-skip=1,fold-count=1 --mlir-print-debug-counter 2>&1 | filecheck %s --check-prefix=COUNTER
// RUN: not tile-opt %s --mlir-debug-counter=fold=1 2>&1 | filecheck %s --check-prefix=BAD
// RUN: tile-opt %s --pass-pipeline='builtin.module(func.func(cse))' --mlir-pass-statistics --mlir-output-format=json -o /dev/null 2>&1 | filecheck %s --check-prefix=JSON
// RUN: tile-opt %s --mlir-elide-resource-strings-if-larger=8 | filecheck %s --check-prefix=ELIDED

// PLACE-NOT: fold
// PLACE: Action `fold` on Operation 'arith.addi'
// PLACE-NOT: fold
// TRACE: [
// TRACE: {"name":"canonicalize","cat":"PERF","ph":"B","ts":[[#]],"pid":0,"tid":0,"args":{"action":"pass-execution"}}
// TRACE: {"name":"canonicalize","cat":"PERF","ph":"E"
// TRACE: ]
// NONE: arith.addi
// NONE: arith.muli
// COUNTER: DebugCounter counters:
// COUNTER-NEXT: fold : {[[#]],1,1}
func.func @f(%a: i32) -> (i32, i32) {
  %c0 = arith.constant 0 : i32
  %c1 = arith.constant 1 : i32
  %0 = arith.addi %a, %c0 : i32
  %1 = arith.muli %a, %c1 : i32
  return %0, %1 : i32, i32
}
// BAD: error: in --mlir-debug-counter: expected '<name>-skip=<n>' or '<name>-count=<n>', found 'fold=1'
// JSON: "passes": [
// JSON: "pass": "cse"
// JSON: "path": [
// JSON-NEXT: "builtin.module"
// JSON-NEXT: "func.func"
// JSON: "num-cse'd": 0
// ELIDED-NOT: long
// ELIDED: short: "0x01"
// ELIDED-NOT: long
{-# external_resources: { owner: { short: "0x01", long: "0x0102030405" } } #-}
