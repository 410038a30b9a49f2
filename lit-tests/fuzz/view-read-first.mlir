// REQUIRES: host-cxx
// RUN: tile-run %s --on=interp | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8

// What the copy wrote as bytes is read as wider numbers first: each of them counts as written.

// CHECK: view_first: executed by interp
tile.kernel @view_first(%A: memref<32xi8>, %O: memref<8xi32>) blocks(%b) = (1) threads(32) {
  %bytes = tile.alloc : !tile.shared<32xi8>
  %words = tile.view %bytes : !tile.shared<32xi8> to !tile.shared<8xi32>
  %out = tile.alloc : !tile.fragment<8xi32>
  tile.copy %A[%b] to %bytes : memref<32xi8> to !tile.shared<32xi8>
  tile.parallel (%i) in (8) {
    %word = tile.load %words[%i] : !tile.shared<8xi32>
    tile.store %word, %out[%i] : !tile.fragment<8xi32>
  }
  tile.copy %out to %O[%b] : !tile.fragment<8xi32> to memref<8xi32>
}
