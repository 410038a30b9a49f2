// RUN: tile-opt %s --allow-unregistered-dialect | tile-opt --allow-unregistered-dialect | FileCheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --mlir-print-op-generic | tile-opt --allow-unregistered-dialect | FileCheck %s

"test.region"() ({
^bb0(%A: memref<64x64xf16>, %s: memref<1024xf16, #gpu.address_space<workgroup>>,
     %a: memref<4x8xf16, #gpu.address_space<private>>, %b: memref<4x2x4xf16, #gpu.address_space<private>>,
     %x: memref<4x4xf32, #gpu.address_space<private>>, %d: memref<4x8x4xf32, #gpu.address_space<private>>, %i: index, %inside: i1):
  // CHECK: nv.cp_async 16 %A[%i, %i] to %s[%i] : memref<64x64xf16> to memref<1024xf16, #gpu.address_space<workgroup>>
  nv.cp_async 16 %A[%i, %i] to %s[%i] : memref<64x64xf16> to memref<1024xf16, #gpu.address_space<workgroup>>
  // CHECK: nv.cp_async 4 %A[%i, %i] to %s[%i] if %inside : memref<64x64xf16> to memref<1024xf16, #gpu.address_space<workgroup>>
  nv.cp_async 4 %A[%i, %i] to %s[%i] if %inside : memref<64x64xf16> to memref<1024xf16, #gpu.address_space<workgroup>>
  // CHECK: nv.cp_async_commit
  nv.cp_async_commit
  // CHECK: nv.cp_async_wait 1
  nv.cp_async_wait 1
  // CHECK: nv.ldmatrix 4 %s[%i] to %a[%i] : memref<1024xf16, #gpu.address_space<workgroup>> to memref<4x8xf16, #gpu.address_space<private>>
  nv.ldmatrix 4 %s[%i] to %a[%i] : memref<1024xf16, #gpu.address_space<workgroup>> to memref<4x8xf16, #gpu.address_space<private>>
  // CHECK: nv.ldmatrix 4 %s[%i] to %b[%i] {transpose} :
  nv.ldmatrix 4 %s[%i] to %b[%i] {transpose} : memref<1024xf16, #gpu.address_space<workgroup>> to memref<4x2x4xf16, #gpu.address_space<private>>
  // CHECK: nv.round_tf32 %x : memref<4x4xf32, #gpu.address_space<private>>
  nv.round_tf32 %x : memref<4x4xf32, #gpu.address_space<private>>
  // CHECK: nv.mma_sync "mma.m16n8k16.f16" %a[%i], %b[%i, %i] into %d[%i, %i] :
  nv.mma_sync "mma.m16n8k16.f16" %a[%i], %b[%i, %i] into %d[%i, %i] : memref<4x8xf16, #gpu.address_space<private>>, memref<4x2x4xf16, #gpu.address_space<private>>, memref<4x8x4xf32, #gpu.address_space<private>>
}) : () -> ()
