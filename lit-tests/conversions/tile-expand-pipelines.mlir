// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize)' --verify-diagnostics
// RUN: tile-opt %s --pass-pipeline='builtin.module(tile-infer-layouts{arch=sm_80},tile-expand-pipelines{arch=sm_80},canonicalize)' | filecheck %s

// Two stages, 3 iterations: one copy ahead, versions 0 and 1 in turn.
// CHECK-LABEL: tile.kernel @two_stages
// CHECK: %As = tile.alloc : !tile.shared<2x64x32xf16
// CHECK-COUNT-1: nv.cp_async_commit
// CHECK: scf.for %k = %c0 to %c96 step %c32 iter_args(%read_stage = %c0)
// CHECK-NEXT: nv.cp_async_wait 0
// CHECK-NEXT: gpu.barrier
// CHECK: %write_stage = arith.subi %c1, %read_stage
// CHECK: scf.yield %write_stage
tile.kernel @two_stages(%A: memref<64x96xf16>, %B: memref<96x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 96 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As : memref<64x96xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<96x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
}

// One iteration, 4 stages: two of the three groups of the prologue are empty, and the loop starts no copy.
// CHECK-LABEL: tile.kernel @one_iteration
// CHECK: tile.copy %A
// CHECK: tile.copy %B
// CHECK-COUNT-3: nv.cp_async_commit
// CHECK-NOT: tile.copy
// CHECK: nv.cp_async_wait 2
tile.kernel @one_iteration(%A: memref<64x32xf16>, %B: memref<32x64xf16>) blocks(%b) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 32 step 32 stages(4) {
    tile.copy %A[%c0, %k] to %As : memref<64x32xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<32x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
}

// One stage asks for no overlap, so there is nothing to remark on.
// CHECK-LABEL: tile.kernel @one_stage
// CHECK: %s = tile.alloc : !tile.shared<32xf32,
// CHECK: scf.for %k = %c0 to %c64 step %c32 {
tile.kernel @one_stage(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  tile.pipelined %k = 0 to 64 step 32 stages(1) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
}

// CHECK-LABEL: tile.kernel @no_copy
tile.kernel @no_copy(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<32xf32>
  // expected-remark@+1 {{loop is not pipelined: its body has no copy from global to shared memory}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %f : memref<64xf32> to !tile.fragment<32xf32>
  }
}

tile.kernel @used_outside(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %c0 = arith.constant 0 : index
  // expected-remark@+1 {{loop is not pipelined: a tile that it fills is also used outside of it}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
  }
  tile.copy %s to %C[%c0] : !tile.shared<32xf32> to memref<64xf32>
}

tile.kernel @used_before(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  // expected-remark@+1 {{loop is not pipelined: 'tile.copy' uses a tile before the copy that fills it, so it sees the iteration before}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
  }
}

tile.kernel @used_before_in_branch(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (2) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %c0 = arith.constant 0 : index
  %first = arith.cmpi eq, %b, %c0 : index
  // expected-remark@+1 {{loop is not pipelined: 'tile.copy' uses a tile before the copy that fills it, so it sees the iteration before}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    scf.if %first {
      tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
    }
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
  }
}

// One of two copies can run ahead: the other says why it does not.
// CHECK-LABEL: tile.kernel @one_of_two
// CHECK: tile.alloc : !tile.shared<2x32xf32
// CHECK: tile.alloc : !tile.shared<32xf32
// CHECK: scf.for
// CHECK: tile.copy %A[%ahead] to
// CHECK: tile.copy %A[%k] to %t
tile.kernel @one_of_two(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %t = tile.alloc : !tile.shared<32xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    // expected-remark@+1 {{copy does not run ahead of its loop: a tile that it fills is also used outside of it}}
    tile.copy %A[%k] to %t : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
  tile.copy %t to %C[%c0] : !tile.shared<32xf32> to memref<64xf32>
}

tile.kernel @written_twice(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  // expected-remark@+1 {{loop is not pipelined: two copies of its body write one tile}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
}

// A place that is loaded is loaded again for the copy that runs ahead.
// CHECK-LABEL: tile.kernel @loaded_place
// CHECK: scf.for
// CHECK: %[[PLACE:.*]] = tile.load %I[%ahead]
// CHECK: tile.copy %A[%[[PLACE]]]
tile.kernel @loaded_place(%A: memref<64xf32>, %I: memref<64xindex>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    %i = tile.load %I[%k] : memref<64xindex>
    // expected-remark@+1 {{copy moves single elements: the place in a row is known to be a multiple of 1}}
    tile.copy %A[%i] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
}

tile.kernel @stored_place(%A: memref<64xf32>, %I: memref<64xindex>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %c0 = arith.constant 0 : index
  // expected-remark@+1 {{loop is not pipelined: the place that a copy reads depends on 'tile.load'}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    %i = tile.load %I[%k] : memref<64xindex>
    // expected-remark@+1 {{copy moves single elements: the place in a row is known to be a multiple of 1}}
    tile.copy %A[%i] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
    tile.store %c0, %I[%k] : memref<64xindex>
  }
}

// A tile of the body is one tile of all iterations.
// CHECK-LABEL: tile.kernel @allocated_inside
// CHECK: tile.alloc : !tile.shared<2x32xf32
// CHECK: scf.for
tile.kernel @allocated_inside(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    %s = tile.alloc : !tile.shared<32xf32>
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
}

tile.kernel @converted(%A: memref<64xf32>, %C: memref<64xf16>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf16>
  // expected-remark@+1 {{loop is pipelined through registers: a copy converts the element type}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf16>
    tile.copy %s to %C[%k] : !tile.shared<32xf16> to memref<64xf16>
  }
}

tile.kernel @synchronous(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  // expected-remark@+1 {{loop is pipelined through registers: a copy asks for mode sync}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%k] to %s {mode = "sync"} : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %C[%k] : !tile.shared<32xf32> to memref<64xf32>
  }
}
