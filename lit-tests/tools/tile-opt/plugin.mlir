// Passes and named pipelines of a plugin are flags like any others.
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-pipeline="rounds=2" --dump-pass-pipeline 2>&1 | filecheck %s
// RUN: not tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-pipeline="rounds=0" 2>&1 | filecheck %s --check-prefix=BAD
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-remark -o /dev/null 2>&1 | count 0
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-remark --remarks=vectorize -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-remark --remarks=layout -o /dev/null 2>&1 | count 0
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-pattern --debug-patterns -o /dev/null 2>&1 | filecheck %s --check-prefix=DEBUG
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-pattern --log-actions-to=- -o /dev/null 2>&1 | filecheck %s --check-prefix=LOG
// RUN: tile-opt %s --load-plugin=%S/Inputs/plugin.mjs --test-pattern --pattern-statistics -o /dev/null 2>&1 | filecheck %s --check-prefix=COUNT
// RUN: not tile-opt %s --load-plugin=%S/Inputs/none.mjs 2>&1 | filecheck %s --check-prefix=NONE

%0 = arith.constant 1 : i32
%1 = "builtin.unrealized_conversion_cast"(%0) : (i32) -> (i32)
%2 = arith.addi %1, %1 : i32
"builtin.unrealized_conversion_cast"(%2) : (i32) -> (i64)

// CHECK: Pass Manager with 2 passes:
// CHECK-NEXT: builtin.module(canonicalize{max-iterations=2 max-num-rewrites=-1 region-simplify=normal test-convergence=false top-down=true},cse)
// BAD: error: for the --rounds option: '0' is less than the minimum 1
// REMARK: plugin.mlir:12:6: remark: cannot be wider
// DEBUG: * pattern 'test-never' on 'arith.addi' failed: it never does
// DEBUG-NEXT: * pattern 'test-to-mul' on 'arith.addi' applied
// LOG: begins Action `pass-execution` running `test-pattern` on Operation 'builtin.module'
// LOG-NEXT: begins Action `greedy-iteration` iteration 0
// LOG: begins Action `apply-pattern` pattern `test-never` on Operation 'arith.addi'
// LOG-NEXT: completed `apply-pattern` pattern `test-never`: failure: it never does
// LOG: completed `pass-execution`
// COUNT: 0 applied 1 tried test-never
// COUNT-NEXT: 1 applied 1 tried test-to-mul
// NONE: error: cannot load plugin '{{.*}}none.mjs'
