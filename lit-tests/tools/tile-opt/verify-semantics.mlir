// The first pass that changes what a kernel computes is named, with a program that shows it.
// RUN: tile-opt %s --verify-semantics --canonicalize --cse -o /dev/null 2>&1 | count 0
// RUN: tile-opt %s --verify-semantics --tile-to-cuda="arch=sm_80" --remarks=verify-semantics -o /dev/null 2>&1 | filecheck %s --check-prefix=LOWERED
// RUN: not tile-opt %s --load-plugin=%S/Inputs/wrong-passes.mjs --verify-semantics=7 --cse --test-swap-operands --test-drop-fills --mlir-pass-pipeline-crash-reproducer=%t.mlir 2>&1 | filecheck %s --check-prefix=CHANGED
// RUN: filecheck %s --check-prefix=REPRODUCER --input-file=%t.mlir
// RUN: not tile-opt %t.mlir --load-plugin=%S/Inputs/wrong-passes.mjs --run-reproducer --verify-semantics=7 --mlir-pass-pipeline-crash-reproducer=%t.again.mlir 2>&1 | filecheck %s --check-prefix=CHANGED
// RUN: not tile-opt %s --load-plugin=%S/Inputs/wrong-passes.mjs --verify-semantics --test-drop-fills --mlir-pass-pipeline-crash-reproducer=%t.mlir 2>&1 | filecheck %s --check-prefix=UNDEFINED
// RUN: tile-opt %s --load-plugin=%S/Inputs/wrong-passes.mjs --test-drop-fills -o /dev/null 2>&1 | count 0
// RUN: not tile-opt %s --load-plugin=%S/Inputs/wrong-passes.mjs --verify-semantics=7 --tile-to-cuda="arch=sm_80" --test-swap-operands 2>&1 | filecheck %s --check-prefix=CHANGED
// RUN: not tile-opt %s --verify-semantics=x --cse 2>&1 | filecheck %s --check-prefix=SEED

tile.kernel @difference(%A: memref<40x24xf32>, %B: memref<40x24xf32>, %C: memref<40x24xf32>)
    blocks(%b) = (2) threads(64) {
  %a = tile.alloc : !tile.fragment<32x24xf32>
  %s = tile.alloc : !tile.shared<32x24xf32>
  %zero = arith.constant 0 : index
  %row = affine.apply affine_map<(d0) -> (d0 * 32)>(%b)
  tile.clear %a : !tile.fragment<32x24xf32>
  tile.pipelined %k = 0 to 2 step 1 stages(2) {
    tile.copy %A[%row, %k] to %s : memref<40x24xf32> to !tile.shared<32x24xf32>
    tile.parallel (%i, %j) in (32, 24) {
      %x = tile.load %a[%i, %j] : !tile.fragment<32x24xf32>
      %y = tile.load %s[%i, %j] : !tile.shared<32x24xf32>
      %z = arith.subf %x, %y : f32
      tile.store %z, %a[%i, %j] : !tile.fragment<32x24xf32>
    }
  }
  tile.copy %a to %C[%row, %zero] : !tile.fragment<32x24xf32> to memref<40x24xf32>
}

// LOWERED: remark: kernel 'difference' computes the same after {{[0-9]+}} passes
// CHANGED: error: pass 'test-swap-operands' changed the result of kernel 'difference': C[0, 0] is {{.*}} after it, {{.*}} before ({{[0-9]+}} of 960 elements differ; seed 7)
// CHANGED: note: reproducer generated at '{{.*}}'; run it with 'tile-opt --run-reproducer --verify-semantics {{.*}}'
// REPRODUCER: tile.kernel @difference
// REPRODUCER: pipeline: "builtin.module(test-swap-operands)"
// UNDEFINED: error: pass 'test-drop-fills' made kernel 'difference' undefined
// UNDEFINED: note: {{.*}}%a
// SEED: error: for the --verify-semantics option: expected a seed, found 'x'
