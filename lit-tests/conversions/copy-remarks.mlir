// A copy from or to global memory that moves single elements says why.
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 --remarks=copy -o /dev/null 2>&1 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 2>&1 | filecheck %s --check-prefix=QUIET

// QUIET-NOT: remark
tile.kernel @narrow(%A: memref<64x64xf16>, %B: memref<64x33xf16>, %C: memref<64x64xf16>, %n: index) blocks(%b) = (1) threads(64) {
  %z = arith.constant 0 : index
  %s = tile.alloc : !tile.shared<64x32xf16>
  %t = tile.alloc : !tile.shared<64x33xf16>
  %f = tile.alloc : !tile.fragment<64x64xf16>
  // Vectors of eight: nothing to say.
  // CHECK-NOT: :[[@LINE+1]]:3: remark
  tile.copy %A[%z, %z] to %s : memref<64x64xf16> to !tile.shared<64x32xf16>
  // CHECK: :[[@LINE+1]]:3: remark: copy moves single elements: the place in a row is known to be a multiple of 1
  tile.copy %A[%z, %n] to %s : memref<64x64xf16> to !tile.shared<64x32xf16>
  // CHECK: :[[@LINE+1]]:3: remark: copy moves single elements: rows of the tensor are known to start at multiples of 33
  tile.copy %B[%z, %z] to %s : memref<64x33xf16> to !tile.shared<64x32xf16>
  // CHECK: :[[@LINE+1]]:3: remark: copy moves single elements: rows of the tile have 33 elements
  tile.copy %A[%z, %z] to %t : memref<64x64xf16> to !tile.shared<64x33xf16>
  tile.annotate_layout %f, #layout.fragment<[64, 64], thread = 64:1, value = 64:64> : !tile.fragment<64x64xf16>
  tile.clear %f : !tile.fragment<64x64xf16>
  // CHECK: :[[@LINE+1]]:3: remark: copy moves single elements: a thread holds no neighbours of a row
  tile.copy %f to %C[%z, %z] : !tile.fragment<64x64xf16> to memref<64x64xf16>
}
