// RUN: tile-opt %s --allow-unregistered-dialect | tile-opt --allow-unregistered-dialect | FileCheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --mlir-print-op-generic | tile-opt --allow-unregistered-dialect | FileCheck %s

"test.region"() ({
^bb0(%a: memref<2x2x4xf16, #gpu.address_space<private>>, %d: memref<2x2x16xf32, #gpu.address_space<private>>, %i: index):
  // CHECK: amd.mfma "mfma.32x32x8.f16" %a[%i, %i], %a[%i, %i] into %d[%i, %i] : memref<2x2x4xf16, #gpu.address_space<private>>, memref<2x2x4xf16, #gpu.address_space<private>>, memref<2x2x16xf32, #gpu.address_space<private>>
  amd.mfma "mfma.32x32x8.f16" %a[%i, %i], %a[%i, %i] into %d[%i, %i] : memref<2x2x4xf16, #gpu.address_space<private>>, memref<2x2x4xf16, #gpu.address_space<private>>, memref<2x2x16xf32, #gpu.address_space<private>>
}) : () -> ()
