// RUN: not tile-opt %s --inline='op-pipelines=func.func' 2>&1 | filecheck %s --check-prefix=FORM
// RUN: not tile-opt %s --inline='op-pipelines=func.func(nope)' 2>&1 | filecheck %s --check-prefix=NAME
// RUN: tile-opt %s --pass-pipeline='builtin.module(inline{op-pipelines=func.func(canonicalize{max-iterations=2},cse),gpu.func(cse) default-pipeline=})' --dump-pass-pipeline 2>&1 | filecheck %s

// FORM: 'func.func' is not a pipeline of the form 'dialect.op(pipeline)'
// NAME: 'nope' does not refer to a registered pass or pass pipeline
// CHECK: op-pipelines={func.func(canonicalize{max-iterations=2},cse),gpu.func(cse)}

// With its own pipeline the function is simplified although the default does nothing.
// CHECK: func.func @f(%[[A:.*]]: i32)
// CHECK-NEXT: return %[[A]]
func.func @f(%a: i32) -> i32 {
  %c0 = arith.constant 0 : i32
  %x = arith.addi %a, %c0 : i32
  return %x : i32
}
