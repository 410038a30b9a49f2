// RUN: tile-opt %s --tile-to-hip=arch=gfx942 --dump-pass-pipeline -o /dev/null 2>&1 | filecheck %s --check-prefix=STEPS
// RUN: tile-opt %s --tile-to-hip=arch=gfx90a --mlir-print-ir-after=tile-infer-layouts -o /dev/null 2>&1 | filecheck %s --check-prefix=AFTER
// RUN: not tile-opt %s --tile-to-hip=arch=gfx943 2>&1 | filecheck %s --check-prefix=ARCH
// RUN: not tile-opt %s --tile-to-hip=chip=gfx942 2>&1 | filecheck %s --check-prefix=OPTION

// STEPS: lower-affine
// STEPS-SAME: tile-infer-layouts{arch=gfx942}
// STEPS-SAME: tile-expand-pipelines{arch=gfx942}
// STEPS-SAME: tile-insert-barriers{arch=gfx942}
// STEPS-SAME: convert-tile-to-amd{arch=gfx942}
// STEPS-SAME: convert-tile-to-thread{arch=gfx942}
// AFTER: IR Dump After
// AFTER: !tile.fragment<128xf32, #
// ARCH: error: unknown target architecture 'gfx943' (did you mean 'gfx942'?), expected one of
// OPTION: chip

tile.kernel @copy(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(64) {
  %f = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %f : memref<128xf32> to !tile.fragment<128xf32>
  tile.copy %f to %C[%c0] : !tile.fragment<128xf32> to memref<128xf32>
}
