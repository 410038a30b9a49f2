// Operands that no matrix instruction takes become a wider type in registers, where that loses nothing.
// RUN: tile-opt %s --split-input-file --tile-widen-operands=arch=gfx942 | filecheck %s
// RUN: tile-opt %s --split-input-file --tile-widen-operands=arch=gfx942 --remarks=gemm -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK
// RUN: tile-opt %s --split-input-file --tile-widen-operands=arch=sm_80 | filecheck %s --check-prefix=SM80

// CHECK-LABEL: tile.kernel @integers
// CHECK: %[[WIDE:.*]] = tile.alloc : !tile.fragment<64x64xi8>
// CHECK-NEXT: tile.copy %a to %[[WIDE]] : !tile.shared<64x64xi4> to !tile.fragment<64x64xi8>
// CHECK: tile.gemm %[[WIDE]], %b_wide into
// REMARK: remark: operand A is converted to i8 in registers: gfx942 has no matrix instruction for i4 x i4 -> i32
// REMARK: remark: operand B is converted to i8 in registers: gfx942 has no matrix instruction for i4 x i4 -> i32
// sm_80 multiplies them as they are.
// SM80-LABEL: tile.kernel @integers
// SM80: tile.gemm %a, %b into
tile.kernel @integers() blocks(%block) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x64xi4>
  %b = tile.alloc : !tile.shared<64x64xi4>
  %c = tile.alloc : !tile.fragment<64x64xi32>
  tile.gemm %a, %b into %c : !tile.shared<64x64xi4>, !tile.shared<64x64xi4>, !tile.fragment<64x64xi32>
}

// -----

// Only one operand has another type.
// CHECK-LABEL: tile.kernel @mixed
// CHECK: tile.copy %b to %[[WIDE:.*]] : !tile.fragment<32x64xf4E2M1FN> to !tile.fragment<32x64xbf16>
// CHECK-NEXT: tile.gemm %a, %[[WIDE]] into
tile.kernel @mixed() blocks(%block) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xbf16>
  %b = tile.alloc : !tile.fragment<32x64xf4E2M1FN>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %a, %b into %c : !tile.shared<64x32xbf16>, !tile.fragment<32x64xf4E2M1FN>, !tile.fragment<64x64xf32>
}

// -----

// No type holds all numbers of both and has an instruction on sm_80; f32 does on gfx942.
// SM80-LABEL: tile.kernel @halves
// SM80: tile.gemm %a, %b into
// CHECK-LABEL: tile.kernel @halves
// CHECK-COUNT-2: tile.copy {{.*}}xf32>
tile.kernel @halves() blocks(%block) = (1) threads(128) {
  %a = tile.alloc : !tile.shared<64x32xf16>
  %b = tile.alloc : !tile.shared<32x64xbf16>
  %c = tile.alloc : !tile.fragment<64x64xf32>
  tile.gemm %a, %b into %c : !tile.shared<64x32xf16>, !tile.shared<32x64xbf16>, !tile.fragment<64x64xf32>
}
