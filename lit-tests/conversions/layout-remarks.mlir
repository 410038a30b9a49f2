// Where users of a fragment differ, inference converts it the cheapest way and says what that costs.
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --remarks=layout -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --tile-stage-conversions=arch=sm_80 | filecheck %s --check-prefix=STAGED

#pairs = #layout.fragment<[64, 32], thread = (4,32):(2,32), value = (2,4,2):(1,8,1024)>
#runs = #layout.fragment<[64, 32], thread = (4,32):(8,32), value = (8,2):(1,1024)>

// Data stays within warps. Converted once for two readers, and again after a store.
// CHECK-LABEL: tile.kernel @shuffles
// CHECK: layout.convert %a to %[[COPY:.*]] through shuffles
// CHECK-NEXT: tile.copy %[[COPY]] to %c
// CHECK-NEXT: tile.copy %[[COPY]] to %d
// CHECK-NEXT: tile.clear
// CHECK-NEXT: %[[AGAIN:.*]] = tile.alloc
// CHECK-NEXT: layout.convert %a to %[[AGAIN]] through shuffles
// REMARK: [[@LINE+9]]:3: remark: fragment '%a' is converted by 12 shuffles and 96 selects of each thread, about 240 cycles of a block; through shared memory it would take
// REMARK: note: its distribution comes from here
tile.kernel @shuffles() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x32xf32>
  %c = tile.alloc : !tile.fragment<64x32xf32>
  %d = tile.alloc : !tile.fragment<64x32xf32>
  tile.annotate_layout %a, #pairs : !tile.fragment<64x32xf32>
  tile.annotate_layout %c, #runs : !tile.fragment<64x32xf32>
  tile.annotate_layout %d, #runs : !tile.fragment<64x32xf32>
  tile.copy %a to %c : !tile.fragment<64x32xf32> to !tile.fragment<64x32xf32>
  tile.copy %a to %d : !tile.fragment<64x32xf32> to !tile.fragment<64x32xf32>
  tile.clear %a : !tile.fragment<64x32xf32>
  tile.copy %a to %c : !tile.fragment<64x32xf32> to !tile.fragment<64x32xf32>
}

// Two products divide one accumulator in two ways: the second works on a copy of it. The first, in the loop, settles it.
// CHECK-LABEL: tile.kernel @shared
// CHECK: layout.convert %acc to %acc_converted through shared
// CHECK-NEXT: tile.gemm %As, %Bs into %acc_converted
// CHECK-NEXT: layout.convert %acc_converted to %acc through shared
// REMARK: [[@LINE+14]]:3: remark: fragment '%acc' is converted through shared memory (16384 bytes), there and back
// REMARK: note: its distribution comes from here
// STAGED-LABEL: tile.kernel @shared
// STAGED: %[[TILE:.*]] = tile.alloc : !tile.shared<64x64xf32
// STAGED-NEXT: tile.copy %acc to %[[TILE]]
// STAGED-NEXT: tile.copy %[[TILE]] to %acc_converted
// STAGED-NOT: layout.convert
tile.kernel @shared() blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  tile.gemm %As, %Bs into %acc {policy = "cols"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  scf.for %i = %c0 to %c8 step %c1 {
    tile.gemm %As, %Bs into %acc {policy = "rows"} : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
}

// A loop takes the distribution that costs least, and converts what lies otherwise in front of loops that leave it be.
// CHECK-LABEL: tile.kernel @loop
// CHECK: layout.convert %a to
// CHECK-NEXT: scf.for
// REMARK: remark: takes the distribution of 'tile.gemm': the cheapest of 3 layouts, about
tile.kernel @loop() blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<64x64xf16>
  %s = tile.alloc : !tile.shared<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c8 = arith.constant 8 : index
  scf.for %k = %c0 to %c8 step %c1 {
    tile.gemm %a, %s into %acc {policy = "square"} : !tile.fragment<64x64xf16>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
    tile.parallel (%i, %j) in (64, 64) {
      %x = tile.load %acc[%i, %j] : !tile.fragment<64x64xf32>
      %y = tile.load %a[%i, %j] : !tile.fragment<64x64xf16>
      %w = arith.extf %y : f16 to f32
      %z = arith.addf %x, %w : f32
      tile.store %z, %acc[%i, %j] : !tile.fragment<64x64xf32>
    }
  }
}

// What a thread cannot name in its registers it finds in memory.
// CHECK-LABEL: tile.kernel @neighbours
// CHECK: tile.copy %a to %a_staged
// CHECK: tile.load %a_staged[
// REMARK: remark: fragment '%a' goes through shared memory: an index of an access is not one of the loop's own, or runs over a part of the fragment
tile.kernel @neighbours() blocks(%b) = (1) threads(64) {
  %a = tile.alloc : !tile.fragment<65xf32>
  %c = tile.alloc : !tile.fragment<64xf32>
  %c1 = arith.constant 1 : index
  tile.parallel (%i) in (64) {
    %next = arith.addi %i, %c1 : index
    %x = tile.load %a[%next] : !tile.fragment<65xf32>
    tile.store %x, %c[%i] : !tile.fragment<64xf32>
  }
}
