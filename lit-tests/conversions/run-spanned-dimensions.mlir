// A tile along any dimensions of a tensor, in their order: heads between rows and elements, columns, planes.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx942 --compare=interp --schedules=8 --seed=2 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --remarks=copy -o /dev/null 2>&1 | filecheck %s --check-prefix=REMARK
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=CUDA

// Elements of a head are neighbours: 16 bytes at a time, with a guard for rows alone.
// CUDA-LABEL: heads(
// CUDA: if (index < 1280 && [[ROW:.*]] < 100) {
// CUDA: load_vector(moved[j], Q + (b * 12000 + h * 40) + ([[ROW]] * 120 + index % 40));
// CHECK: heads: R: sim equals interp
// CHECK: heads: S: sim equals interp
tile.kernel @heads(%Q: memref<2x100x3x40xf16>, %R: memref<2x3x100x40xf32>, %S: memref<2x100x3x40xf32>) blocks(%m, %h, %b) = (4, 3, 2) threads(128) {
  %c0 = arith.constant 0 : index
  %c32 = arith.constant 32 : index
  %at = arith.muli %m, %c32 : index
  %s = tile.alloc : !tile.shared<32x40xf16>
  %f = tile.alloc : !tile.fragment<32x40xf32>
  tile.copy %Q[%b, %at, %h, %c0] to %s dims(1, 3) : memref<2x100x3x40xf16> to !tile.shared<32x40xf16>
  tile.copy %s to %f : !tile.shared<32x40xf16> to !tile.fragment<32x40xf32>
  tile.copy %f to %R[%b, %h, %at, %c0] : !tile.fragment<32x40xf32> to memref<2x3x100x40xf32>
  tile.atomic add %f into %S[%b, %at, %h, %c0] dims(1, 3) : !tile.fragment<32x40xf32> into memref<2x100x3x40xf32>
}

// Neighbours of a tile that are none in the tensor.
// CHECK: columns: R: sim equals interp
tile.kernel @columns(%Q: memref<37x6x5xf16>, %R: memref<5x6x37xf32>) blocks(%h, %b) = (6, 5) threads(64) {
  %c0 = arith.constant 0 : index
  %s = tile.alloc : !tile.fragment<40xf16>
  // REMARK: :[[@LINE+1]]:3: remark: copy moves single elements: dimension 2 of the tensor is none of the tile's
  tile.copy %Q[%c0, %h, %b] to %s dims(0) : memref<37x6x5xf16> to !tile.fragment<40xf16>
  tile.copy %s to %R[%b, %h, %c0] dims(2) : !tile.fragment<40xf16> to memref<5x6x37xf32>
}

// CHECK: planes: R: sim equals interp
tile.kernel @planes(%Q: memref<37x6x5xf16>, %R: memref<37x6x5xf16>) blocks(%b) = (5) threads(64) {
  %c0 = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<40x8xf16>
  tile.copy %Q[%c0, %c0, %b] to %s dims(0, 1) : memref<37x6x5xf16> to !tile.shared<40x8xf16>
  tile.copy %s to %R[%c0, %c0, %b] dims(0, 1) : !tile.shared<40x8xf16> to memref<37x6x5xf16>
}

// Elements of four bits, two in a byte.
// CHECK: narrow: R: sim equals interp
tile.kernel @narrow(%Q: memref<37x6x5xi4>, %R: memref<37x6x5xi4>) blocks(%b) = (6) threads(64) {
  %c0 = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<40x8xi4>
  tile.copy %Q[%c0, %b, %c0] to %s dims(0, 2) : memref<37x6x5xi4> to !tile.shared<40x8xi4>
  tile.copy %s to %R[%c0, %b, %c0] dims(0, 2) : !tile.shared<40x8xi4> to memref<37x6x5xi4>
}
