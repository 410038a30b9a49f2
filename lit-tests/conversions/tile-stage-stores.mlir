// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-stage-stores{arch=sm_80})' | filecheck %s

// Neighbouring lanes hold 2 columns each: staged, rows leave whole.
// CHECK-LABEL: tile.kernel @accumulator
// CHECK: %[[STAGED:.*]] = tile.alloc : !tile.shared<64x64xf16, #{{.*}}>
// CHECK-NEXT: tile.copy %acc to %[[STAGED]] {layout = #{{.*}}} : !tile.fragment<64x64xf32, #{{.*}}> to !tile.shared<64x64xf16, #{{.*}}>
// CHECK-NEXT: tile.copy %[[STAGED]] to %C[%c0, %c0] {in_bounds, layout = #{{.*}}}
tile.kernel @accumulator(%C: memref<64x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf16>
}

// f32 fills sectors as it is: 4 lanes with 8 bytes each.
// CHECK-LABEL: tile.kernel @whole_sectors
// CHECK: tile.gemm
// CHECK-NEXT: tile.copy %acc to %C
tile.kernel @whole_sectors(%C: memref<64x64xf32>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf32>
}
