// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=gfx90a | filecheck %s --check-prefix=AMD

// The loop takes the accumulator's distribution; the fragment that is indexed by its second dimension a projection of it.
// CHECK-DAG: #[[ACC:.*]] = #layout.fragment<[64, 64], thread = (4,8,2,2):(2,64,32,2048), value = ((2,2),4,2):((1,512),8,1024)>
// CHECK-DAG: #[[ROW:.*]] = #layout.fragment<[64], thread = (4,8,2,2):(2,0,32,0), value = (2,4):(1,8)>
// CHECK-LABEL: tile.kernel @row
// CHECK: %bias = tile.alloc : !tile.fragment<64xf32, #[[ROW]]>
// CHECK: tile.parallel (%i, %j) in (64, 64) attributes {layout = #[[ACC]]}
// AMD-LABEL: tile.kernel @row
// AMD: instruction = "mfma.32x32x8.f16", warps = array<i64: 2, 1>
tile.kernel @row(%V: memref<64xf32>, %C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %bias = tile.alloc : !tile.fragment<64xf32>
  %c0 = arith.constant 0 : index
  tile.copy %V[%c0] to %bias : memref<64xf32> to !tile.fragment<64xf32>
  tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  tile.parallel (%i, %j) in (64, 64) {
    %x = tile.load %acc[%i, %j] : !tile.fragment<64x64xf32>
    %y = tile.load %bias[%j] : !tile.fragment<64xf32>
    %sum = arith.addf %x, %y : f32
    tile.store %sum, %acc[%i, %j] : !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}

// A free fragment is spread for 16-byte accesses where rows allow them, and narrower where they do not.
// CHECK-LABEL: tile.kernel @wide
// CHECK: %a = tile.alloc : !tile.fragment<16x64xf32, #[[WIDE:.*]]>
// CHECK: tile.copy %A[%c0, %c0] to %a {in_bounds, layout = #[[WIDE]]}
// CHECK: tile.copy %B[%c0, %c0] to %b {in_bounds, layout = #[[NARROW:.*]]}
// CHECK: tile.copy %B[%c0, %c8] to %b {layout = #[[NARROW]]}
tile.kernel @wide(%A: memref<16x64xf32>, %B: memref<16x66xf32>) blocks(%x) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<16x64xf32>
  %b = tile.alloc : !tile.fragment<16x64xf32>
  %c0 = arith.constant 0 : index
  %c8 = arith.constant 8 : index
  tile.copy %A[%c0, %c0] to %a : memref<16x64xf32> to !tile.fragment<16x64xf32>
  tile.copy %B[%c0, %c0] to %b : memref<16x66xf32> to !tile.fragment<16x64xf32>
  tile.copy %B[%c0, %c8] to %b : memref<16x66xf32> to !tile.fragment<16x64xf32>
}
