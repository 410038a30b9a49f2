// Shared memory in which each thread meets only its own elements: no barrier, and none missing where it meets others'.
// REQUIRES: host-cxx
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | filecheck %s --check-prefix=BARRIERS
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s

// As the loop over the elements has it, the registers in two orders.
#columns = #layout.fragment<[8, 64], thread = (64,2):(1,64), value = 4:128>
#reordered = #layout.fragment<[8, 64], thread = (64,2):(1,64), value = (2,2):(256,128)>
#rows = #layout.fragment<[8, 64], thread = (16,8):(32,1), value = 4:8>

// A copy, a loop over all elements in place, and a copy, again and again.
// BARRIERS-LABEL: gpu.func @in_place
// BARRIERS-NOT: gpu.barrier
// BARRIERS: gpu.return
// CHECK: in_place: Y: sim equals interp
tile.kernel @in_place(%X: memref<32x64xf32>, %Y: memref<32x64xf32>) blocks(%b) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<8x64xf32>
  %zero = arith.constant 0 : index
  %step = arith.constant 8 : index
  %end = arith.constant 32 : index
  scf.for %k = %zero to %end step %step {
    tile.copy %X[%k, %zero] to %s {layout = #columns} : memref<32x64xf32> to !tile.shared<8x64xf32>
    tile.parallel (%i, %j) in (8, 64) attributes {layout = #columns} {
      %v = tile.load %s[%i, %j] : !tile.shared<8x64xf32>
      %w = arith.addf %v, %v : f32
      tile.store %w, %s[%i, %j] : !tile.shared<8x64xf32>
    }
    tile.copy %s to %Y[%k, %zero] {layout = #reordered} : !tile.shared<8x64xf32> to memref<32x64xf32>
  }
}

// A fragment that is kept in shared memory during a loop; what leaves it at last is distributed for wide accesses.
// BARRIERS-LABEL: gpu.func @kept
// BARRIERS-COUNT-1: gpu.barrier
// BARRIERS-NOT: gpu.barrier
// BARRIERS: gpu.return
// CHECK: kept: Y: sim equals interp
tile.kernel @kept(%X: memref<64x24xf32>, %Y: memref<16x24xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<16x24xf32>
  %sum = tile.alloc : !tile.fragment<16x24xf32>
  %x = tile.alloc : !tile.fragment<16x24xf32>
  %zero = arith.constant 0 : index
  %step = arith.constant 16 : index
  %end = arith.constant 64 : index
  tile.clear %sum : !tile.fragment<16x24xf32>
  tile.copy %sum to %s : !tile.fragment<16x24xf32> to !tile.shared<16x24xf32>
  scf.for %k = %zero to %end step %step {
    tile.copy %s to %sum : !tile.shared<16x24xf32> to !tile.fragment<16x24xf32>
    tile.copy %X[%k, %zero] to %x : memref<64x24xf32> to !tile.fragment<16x24xf32>
    tile.parallel (%i, %j) in (16, 24) {
      %a = tile.load %sum[%i, %j] : !tile.fragment<16x24xf32>
      %c = tile.load %x[%i, %j] : !tile.fragment<16x24xf32>
      %d = arith.addf %a, %c : f32
      tile.store %d, %sum[%i, %j] : !tile.fragment<16x24xf32>
    }
    tile.copy %sum to %s : !tile.fragment<16x24xf32> to !tile.shared<16x24xf32>
  }
  tile.copy %s to %Y : !tile.shared<16x24xf32> to memref<16x24xf32>
}

// A thread reads what another wrote, overwrites what another read, and meets another distribution.
// BARRIERS-LABEL: gpu.func @neighbours
// BARRIERS: gpu.barrier
// BARRIERS: nv.group_barrier %{{.*}} of 2 {first = 1 : i64, threads = 64 : i64}
// BARRIERS: gpu.barrier
// BARRIERS-NOT: barrier
// BARRIERS: gpu.return
// CHECK: neighbours: Y: sim equals interp
tile.kernel @neighbours(%X: memref<8x64xf32>, %Y: memref<8x64xf32>) blocks(%b) = (1) threads(128) {
  %s = tile.alloc : !tile.shared<8x64xf32>
  %t = tile.alloc : !tile.shared<8x64xf32>
  %last = arith.constant 63 : index
  tile.copy %X to %s : memref<8x64xf32> to !tile.shared<8x64xf32>
  tile.parallel (%i, %j) in (8, 64) attributes {layout = #columns} {
    %mirrored = arith.subi %last, %j : index
    %v = tile.load %s[%i, %mirrored] : !tile.shared<8x64xf32>
    tile.store %v, %t[%i, %j] : !tile.shared<8x64xf32>
  }
  tile.copy %t to %s : !tile.shared<8x64xf32> to !tile.shared<8x64xf32>
  tile.copy %s to %Y {layout = #rows} : !tile.shared<8x64xf32> to memref<8x64xf32>
}

// Several threads of a warp hold an element, and one of them writes it.
// BARRIERS-LABEL: gpu.func @shared_rows
// BARRIERS: nv.warp_barrier
// BARRIERS: gpu.return
// CHECK: shared_rows: Y: sim equals interp
tile.kernel @shared_rows(%X: memref<16x64xf32>, %Y: memref<16x64xf32>) blocks(%b) = (1) threads(64) {
  %x = tile.alloc : !tile.fragment<16x64xf32>
  %sum = tile.alloc : !tile.fragment<16xf32>
  %copy = tile.alloc : !tile.fragment<16xf32>
  %s = tile.alloc : !tile.shared<16xf32>
  tile.copy %X to %x : memref<16x64xf32> to !tile.fragment<16x64xf32>
  tile.reduce sum %x to %sum dim(1) {clear} : !tile.fragment<16x64xf32> to !tile.fragment<16xf32>
  tile.copy %sum to %s : !tile.fragment<16xf32> to !tile.shared<16xf32>
  tile.copy %s to %copy : !tile.shared<16xf32> to !tile.fragment<16xf32>
  tile.parallel (%i, %j) in (16, 64) {
    %a = tile.load %x[%i, %j] : !tile.fragment<16x64xf32>
    %c = tile.load %copy[%i] : !tile.fragment<16xf32>
    %d = arith.subf %a, %c : f32
    tile.store %d, %Y[%i, %j] : memref<16x64xf32>
  }
}
