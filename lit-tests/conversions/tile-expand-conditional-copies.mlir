// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-mark-stages,tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize)' --verify-diagnostics
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-mark-stages,tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize)' | filecheck %s
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-mark-stages,tile-infer-layouts{arch=gfx942},tile-expand-pipelines{arch=gfx942},canonicalize)' 2>/dev/null | filecheck %s --check-prefix=AMD

// The copy of iteration k + 2 asks the mask itself. Its group is committed whether it copies or not, and any of the copies
// in front of the loop may be the first to overwrite what an execution before still reads.
// CHECK-LABEL: tile.kernel @masked
// CHECK: %s = tile.alloc : !tile.shared<3x128xf32
// CHECK: %[[FIRST:.*]] = tile.load %mask[%c0]
// CHECK: scf.if %[[FIRST]] {
// CHECK: tile.slice %s[%c0] {tile.versioned = "prologue"}
// CHECK: nv.cp_async_commit
// CHECK: %[[SECOND:.*]] = tile.load %mask[%c1]
// CHECK: scf.if %[[SECOND]] {
// CHECK: tile.slice %s[%c1] {tile.versioned = "prologue"}
// CHECK: nv.cp_async_commit
// CHECK: scf.for %k = %c0 to %c8
// CHECK-NEXT: nv.cp_async_wait 1
// CHECK-NEXT: gpu.barrier
// CHECK: %[[REACHED:.*]] = arith.cmpi slt, %ahead, %c8
// CHECK-NEXT: %wanted_ahead = scf.if %[[REACHED]] -> (i1) {
// CHECK-NEXT: %[[AHEAD:.*]] = tile.load %mask[%ahead]
// CHECK-NEXT: scf.yield %[[AHEAD]]
// CHECK-NEXT: } else {
// CHECK-NEXT: scf.yield %false
// CHECK: scf.if %wanted_ahead {
// CHECK-NEXT: %[[PLACE:.*]] = arith.muli %ahead, %c128
// CHECK: tile.copy %A[%[[PLACE]]] to %s_ahead {{.*}}mode = "async"
// CHECK-NEXT: {{^ *}$}}
// CHECK-NEXT: nv.cp_async_commit
// CHECK: %[[OWN:.*]] = tile.load %mask[%k]
// CHECK: scf.if %[[OWN]] {
// CHECK-NOT: tile.copy %A
// CHECK: tile.copy %s_tile to %C

// The registers that travel during the computation are stored under the condition that they were loaded under.
// AMD-LABEL: tile.kernel @masked
// AMD: scf.for
// AMD-NEXT: gpu.barrier
// AMD: %wanted_ahead = scf.if
// AMD: tile.load %mask[%ahead]
// AMD: scf.if %wanted_ahead {
// AMD: tile.copy %A[{{.*}}] to %s_next
// AMD: %[[OWN:.*]] = tile.load %mask[%k]
// AMD: scf.if %[[OWN]] {
// AMD: tile.copy %s_tile to %C
// AMD: scf.if %wanted_ahead {
// AMD: tile.copy %s_next to %s_ahead
tile.kernel @masked(%A: memref<1024xf32>, %mask: memref<8xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c128 = arith.constant 128 : index
  tile.pipelined %k = 0 to 8 step 1 stages(3) {
    %wanted = tile.load %mask[%k] : memref<8xi1>
    scf.if %wanted {
      %at = arith.muli %k, %c128 : index
      tile.copy %A[%at] to %s : memref<1024xf32> to !tile.shared<128xf32>
      tile.copy %s to %C[%at] : !tile.shared<128xf32> to memref<1024xf32>
    }
  }
}

// Copies and computation in branches of their own, which load the mask twice; one copy always runs.
// CHECK-LABEL: tile.kernel @apart
// CHECK: scf.for
// CHECK: %wanted_ahead = scf.if
// CHECK: tile.copy %B
// CHECK: scf.if %wanted_ahead {
// CHECK: tile.copy %A
// CHECK: nv.cp_async_commit
// CHECK: tile.load %mask[%k]
// CHECK-NOT: tile.load
// CHECK: tile.copy %s_tile to %C
// CHECK: tile.copy %t_tile to %C
tile.kernel @apart(%A: memref<1024xf32>, %B: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %t = tile.alloc : !tile.shared<128xf32>
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    tile.copy %B[%k] to %t : memref<1024xf32> to !tile.shared<128xf32>
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
    }
    %again = tile.load %mask[%k] : memref<1024xi1>
    scf.if %again {
      tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
    }
    tile.copy %t to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
  }
}

// By lists, a branch is a statement; the copies of two are ahead by one and two iterations.
// CHECK-LABEL: tile.kernel @listed
// CHECK: %s = tile.alloc : !tile.shared<3x128xf32
// CHECK: %t = tile.alloc : !tile.shared<2x128xf32
// CHECK: scf.for
// CHECK-NEXT: nv.cp_async_wait 0
// CHECK-NEXT: gpu.barrier
// CHECK: tile.copy %A{{.*}}mode = "async"
// CHECK: tile.copy %B{{.*}}mode = "async"
// CHECK: nv.cp_async_commit
tile.kernel @listed(%A: memref<1024xf32>, %B: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>, %D: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %t = tile.alloc : !tile.shared<128xf32>
  tile.pipelined %k = 0 to 1024 step 128 stage([0, 1, 2]) {
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
    }
    tile.copy %B[%k] to %t : memref<1024xf32> to !tile.shared<128xf32>
    scf.if %wanted {
      tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
      tile.copy %t to %D[%k] : !tile.shared<128xf32> to memref<1024xf32>
    }
  }
}

tile.kernel @otherwise(%A: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  // expected-remark@+1 {{loop is not pipelined: a copy stands in the 'else' of an 'scf.if'}}
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    %skipped = tile.load %mask[%k] : memref<1024xi1>
    scf.if %skipped {
    } else {
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
      tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
    }
  }
}

tile.kernel @nested(%A: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c0 = arith.constant 0 : index
  // expected-remark@+1 {{loop is not pipelined: a copy stands in an 'scf.if' inside of another}}
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      %later = arith.cmpi ne, %k, %c0 : index
      scf.if %later {
        tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
        tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
      }
    }
  }
}

tile.kernel @written_mask(%A: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %false = arith.constant false
  // expected-remark@+1 {{loop is not pipelined: the condition of a copy depends on 'tile.load'}}
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
      tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
    }
    tile.store %false, %mask[%k] : memref<1024xi1>
  }
}

// An iteration that is not wanted sees the tile of one before.
tile.kernel @seen_later(%A: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  // expected-remark@+1 {{loop is not pipelined: 'tile.copy' uses a tile where the condition of the copy that fills it may not hold}}
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
    }
    tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
  }
}

tile.kernel @seen_before(%A: memref<1024xf32>, %mask: memref<1024xi1>, %C: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  // expected-remark@+1 {{loop is not pipelined: 'tile.copy' uses a tile before the copy that fills it, so it sees the iteration before}}
  tile.pipelined %k = 0 to 1024 step 128 stages(2) {
    %wanted = tile.load %mask[%k] : memref<1024xi1>
    scf.if %wanted {
      tile.copy %s to %C[%k] : !tile.shared<128xf32> to memref<1024xf32>
      tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
    }
  }
}

// Each iteration reads what the one before has written.
tile.kernel @recurrence(%A: memref<1024xf32>) blocks(%b) = (1) threads(64) {
  %s = tile.alloc : !tile.shared<128xf32>
  %c128 = arith.constant 128 : index
  // expected-remark@+1 {{loop is not pipelined: its body writes the tensor that a copy reads}}
  tile.pipelined %k = 0 to 896 step 128 stages(2) {
    tile.copy %A[%k] to %s : memref<1024xf32> to !tile.shared<128xf32>
    %next = arith.addi %k, %c128 : index
    tile.copy %s to %A[%next] : !tile.shared<128xf32> to memref<1024xf32>
  }
}
