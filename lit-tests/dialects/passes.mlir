// Passes that a dialect file declares, with their options: they apply patterns of the file, or run a plugin's code.
// RUN: tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-join | filecheck %s
// RUN: tile-opt %s --load-dialect=%S/Inputs/passes.yaml --pass-pipeline="builtin.module(func.func(clock-join))" | filecheck %s
// RUN: tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-join --dump-pass-pipeline -o %t 2>&1 | filecheck %s --check-prefix=DUMP
// RUN: tile-opt %s --load-dialect=%S/Inputs/passes.yaml --load-plugin=%S/Inputs/passes.mjs --clock-limit --mlir-pass-statistics --remarks=clock 2>&1 | filecheck %s --check-prefix=LIMIT
// RUN: tile-opt %s --load-plugin=%S/Inputs/passes.mjs --load-dialect=%S/Inputs/passes.yaml --clock-limit="day=24 loud=false" | filecheck %s --check-prefix=LONG
// RUN: tile-opt %s --load-plugin=%S/Inputs/passes.mjs --load-dialect=%S/Inputs/passes.yaml --clock-limit="mode=count keep=30" | filecheck %s
// RUN: tile-opt %s --load-dialect=%S/Inputs/passes.yaml --help | filecheck %s --check-prefix=HELP
// RUN: tile-translate --load-dialect=%S/Inputs/passes.yaml --dialect-to-markdown=clock | filecheck %s --check-prefix=MARKDOWN
// RUN: not tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-limit="day=0" 2>&1 | filecheck %s --check-prefix=SMALL
// RUN: not tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-limit="mode=cout" 2>&1 | filecheck %s --check-prefix=CASE
// RUN: not tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-jion 2>&1 | filecheck %s --check-prefix=NAME
// RUN: not tile-opt %s --load-dialect=%S/Inputs/passes.yaml --clock-none 2>&1 | filecheck %s --check-prefix=CODE
// RUN: not tile-opt %s --load-dialect=%S/Inputs/wrong-passes.yaml --wrong-one 2>&1 | filecheck %s --check-prefix=WRONG

// CHECK: clock.forward %x by 30
// CHECK-NEXT: return
// LIMIT-DAG: clock.forward %x by 6
// LIMIT-DAG: remark: whole days
// LIMIT-DAG: (S) 2 num-days - days that were taken out
// LONG: clock.forward %x by 6
func.func @later(%x: i32) -> i32 {
  %0 = clock.forward %x by 7
  %1 = clock.forward %0 by 23
  return %1 : i32
}

// DUMP: builtin.module(func.func(clock-join))
// HELP: --clock-join{{.*}}make one step of several
// HELP: --clock-limit{{.*}}take whole days out of steps
// MARKDOWN: ## Passes
// MARKDOWN: ### `--clock-join`
// MARKDOWN: Runs on `func.func`.
// MARKDOWN: Patterns: `clock-forward-twice`
// MARKDOWN: ### `--clock-limit`
// MARKDOWN: | `day` | integer, at least 1, at most 24 | `12` | hours of a day |
// MARKDOWN: | `num-days` | days that were taken out |
// SMALL: error: for the --day option: '0' is less than the minimum 1
// CASE: error: for the --mode option: cannot find option named 'cout', expected one of 'cut', 'count'
// NAME: unknown command line argument '--clock-jion'; did you mean '--clock-join'?
// CODE: error: 'builtin.module' op cannot be given to pass 'clock-none': its declaration names no patterns, and no plugin implements it
// WRONG: wrong-passes.yaml:6:16: error: the file has no pattern 'none'
