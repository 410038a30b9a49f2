// Conversions without shared memory: registers renamed in loops, or exchanged between lanes.
// RUN: tile-opt %s --convert-tile-storage-to-memref --convert-tile-to-thread=arch=sm_80 | filecheck %s

#rows = #layout.fragment<[64, 16], thread = 64:16, value = (4,4):(1,4)>
#columns = #layout.fragment<[64, 16], thread = 64:16, value = (4,4):(4,1)>
#lanes = #layout.fragment<[64], thread = 64:1, value = 1:0>
#halves = #layout.fragment<[64], thread = (2,16,2):(16,1,32), value = 1:0>
#pairs = #layout.fragment<[64], thread = (32,2):(2,0), value = 2:1>
#apart = #layout.fragment<[64], thread = (32,2):(1,0), value = 2:32>

// CHECK-LABEL: tile.kernel @registers
// CHECK: scf.for
// CHECK-NEXT: scf.for
// CHECK: memref.load %a
// CHECK: memref.store %{{.*}}, %b
// CHECK-NOT: gpu.shuffle
tile.kernel @registers() blocks(%x) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<64x16xf16, #rows>
  %b = tile.alloc : !tile.fragment<64x16xf16, #columns>
  layout.convert %a to %b through registers : !tile.fragment<64x16xf16, #rows> to !tile.fragment<64x16xf16, #columns>
}

// Every lane reads one other, whose number is arithmetic on its own.
// CHECK-LABEL: tile.kernel @indexed
// CHECK: %[[LOW:.*]] = arith.remui %thread, %c2
// CHECK: arith.muli %[[LOW]], %c16
// CHECK: %[[LANE:.*]] = arith.index_cast %{{.*}} : index to i32
// CHECK: gpu.shuffle idx %{{.*}}, %[[LANE]]
// CHECK-NOT: gpu.shuffle
tile.kernel @indexed() blocks(%x) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<64xf32, #lanes>
  %b = tile.alloc : !tile.fragment<64xf32, #halves>
  layout.convert %a to %b through shuffles : !tile.fragment<64xf32, #lanes> to !tile.fragment<64xf32, #halves>
}

// Lanes want different registers of one lane: two exchanges for each register, and a choice by the lane between them.
// CHECK-LABEL: tile.kernel @selected
// CHECK-COUNT-2: gpu.shuffle idx
// CHECK: %[[CHOSEN:.*]] = arith.select
// CHECK-COUNT-2: gpu.shuffle idx
// CHECK: arith.select
// CHECK: memref.store %[[CHOSEN]], %b[%c0]
tile.kernel @selected() blocks(%x) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<64xf32, #pairs>
  %b = tile.alloc : !tile.fragment<64xf32, #apart>
  layout.convert %a to %b through shuffles : !tile.fragment<64xf32, #pairs> to !tile.fragment<64xf32, #apart>
}
