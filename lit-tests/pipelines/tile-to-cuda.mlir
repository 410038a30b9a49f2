// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 --dump-pass-pipeline -o /dev/null 2>&1 | filecheck %s --check-prefix=STEPS
// RUN: tile-opt %s --tile-to-cuda=arch=sm_89 --mlir-print-ir-after=tile-infer-layouts -o /dev/null 2>&1 | filecheck %s --check-prefix=AFTER
// RUN: not tile-opt %s --tile-to-cuda=arch=sm_800 2>&1 | filecheck %s --check-prefix=ARCH
// RUN: not tile-opt %s --tile-to-cuda=chip=sm_80 2>&1 | filecheck %s --check-prefix=OPTION

// STEPS: lower-affine
// STEPS-SAME: tile-infer-layouts{arch=sm_80}
// STEPS-SAME: tile-expand-pipelines{arch=sm_80}
// STEPS-SAME: tile-insert-barriers{arch=sm_80}
// STEPS-SAME: convert-tile-to-nv{arch=sm_80}
// STEPS-SAME: convert-tile-to-thread{arch=sm_80}
// AFTER: IR Dump After
// AFTER: !tile.fragment<128xf32, #
// ARCH: error: unknown target architecture 'sm_800' (did you mean 'sm_80'?), expected one of
// OPTION: chip

tile.kernel @copy(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %f : memref<128xf32> to !tile.fragment<128xf32>
  tile.copy %f to %C[%c0] : !tile.fragment<128xf32> to memref<128xf32>
}
