// RUN: tile-opt %s --split-input-file --verify-diagnostics

tile.kernel @length(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %f = tile.alloc : !tile.fragment<32xf32>
  // expected-error@+1 {{'tile.pipelined' op expected 2 entries of 'stage', one for each statement of the body, found 3}}
  tile.pipelined %k = 0 to 64 step 32 stage([0, 0, 1]) {
    // A scalar computation is no statement.
    %next = arith.addi %k, %k : index
    // expected-note@+1 {{statement 0 is here}}
    tile.copy %A[%next] to %s : memref<64xf32> to !tile.shared<32xf32>
    // expected-note@+1 {{statement 1 is here}}
    tile.copy %s to %f : !tile.shared<32xf32> to !tile.fragment<32xf32>
  }
}

// -----

tile.kernel @order_alone() blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.pipelined' op expected 'stage' with 'order', found none}}
  tile.pipelined %k = 0 to 64 step 32 order([]) {
  }
}

// -----

tile.kernel @stages_and_lists() blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.pipelined' op expected either 'stages' or the list 'stage', found both}}
  tile.pipelined %k = 0 to 64 step 32 stages(2) stage([]) {
  }
}

// -----

tile.kernel @negative(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  // expected-error@+1 {{'tile.pipelined' op expected stages of at least 0, found -1}}
  tile.pipelined %k = 0 to 64 step 32 stage([-1]) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
  }
}

// -----

tile.kernel @twice(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %f = tile.alloc : !tile.fragment<32xf32>
  // expected-error@+1 {{'tile.pipelined' op expected 'order' to have each number from 0 to 1 once, found [1, 1]}}
  tile.pipelined %k = 0 to 64 step 32 order([1, 1]) stage([0, 1]) {
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    tile.copy %s to %f : !tile.shared<32xf32> to !tile.fragment<32xf32>
  }
}

// -----

// A tile is used before it is filled.
tile.kernel @within(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<32xf32>
  %f = tile.alloc : !tile.fragment<32xf32>
  // expected-error@+1 {{'tile.pipelined' op expected statement 0 ('tile.copy'), which writes '%s', to run before statement 1 ('tile.copy'), which reads it in the same iteration}}
  tile.pipelined %k = 0 to 64 step 32 stage([1, 0]) {
    // expected-note@+1 {{this one comes first; it has stage 1 and order 0}}
    tile.copy %A[%k] to %s : memref<64xf32> to !tile.shared<32xf32>
    // expected-note@+1 {{this one comes after it; it has stage 0 and order 1}}
    tile.copy %s to %f : !tile.shared<32xf32> to !tile.fragment<32xf32>
  }
}

// -----

// Registers have no versions: the next iteration would overwrite them while they are needed.
tile.kernel @across(%A: memref<64xf32>, %C: memref<64xf32>) blocks(%b) = (1) threads(32) {
  %f = tile.alloc : !tile.fragment<32xf32>
  // expected-error@+1 {{'tile.pipelined' op expected statement 1 ('tile.copy'), which reads '%f', to run before statement 0 ('tile.copy'), which writes it in the next iteration}}
  tile.pipelined %k = 0 to 64 step 32 stage([0, 1]) {
    // expected-note@+1 {{this one comes after it; it has stage 0 and order 0}}
    tile.copy %A[%k] to %f : memref<64xf32> to !tile.fragment<32xf32>
    // expected-note@+1 {{this one comes first; it has stage 1 and order 1}}
    tile.copy %f to %C[%k] : !tile.fragment<32xf32> to memref<64xf32>
  }
}

// -----

// What one iteration stores, the next one loads.
tile.kernel @carried(%A: memref<64xi32>) blocks(%b) = (1) threads(32) {
  %s = tile.alloc : !tile.shared<1xi32>
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  tile.store %zero, %s[%c0] : !tile.shared<1xi32>
  // expected-error@+1 {{'tile.pipelined' op expected 'tile.load' and 'tile.store' to be in one stage and in this order, because the latter needs '%x': only tiles are kept from stage to stage}}
  tile.pipelined %k = 0 to 64 step 1 stage([0, 1]) {
    // expected-note@+1 {{this one comes first; it has stage 0 and order 0}}
    %x = tile.load %s[%c0] : !tile.shared<1xi32>
    %y = arith.addi %x, %x : i32
    // expected-note@+1 {{this one comes after it; it has stage 1 and order 1}}
    tile.store %y, %s[%c0] : !tile.shared<1xi32>
  }
}

// -----

// What a program reports keeps its order.
tile.kernel @reports(%A: memref<64xf32>) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.pipelined' op expected statement 0 ('tile.print'), which writes what the program reports, to run before statement 1 ('tile.print'), which writes it in the same iteration}}
  tile.pipelined %k = 0 to 64 step 32 order([1, 0]) stage([0, 0]) {
    // expected-note@+1 {{this one comes first}}
    tile.print "a" %k : index
    // expected-note@+1 {{this one comes after it}}
    tile.print "b" %k : index
  }
}
