// What layout inference could not do well, it says.
// RUN: tile-opt %s --tile-infer-layouts=arch=gfx90a --verify-diagnostics

tile.kernel @transposed(%B: memref<32x64xf16>) blocks(%b) = (1) threads(192) {
  %As = tile.alloc : !tile.shared<96x32xf16>
  // expected-remark@+1 {{'tile.copy' transposes this tile element by element: 192 threads do not divide it into blocks}}
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<96x64xf32>
  %c0 = arith.constant 0 : index
  tile.copy %B[%c0, %c0] to %Bs : memref<32x64xf16> to !tile.shared<32x64xf16>
  tile.gemm %As, %Bs into %acc : !tile.shared<96x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<96x64xf32>
}

// Rows of 32 bytes would meet conflicts if they were written 16 bytes at a time, and read 8 bytes at a time from 16 rows:
// they are written in halves.
tile.kernel @halves(%A: memref<32x16xf16>) blocks(%b) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<32x16xf16>
  %Bs = tile.alloc : !tile.shared<16x16xf16>
  %acc = tile.alloc : !tile.fragment<32x16xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0, %c0] to %As : memref<32x16xf16> to !tile.shared<32x16xf16>
  tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<32x16xf16>, !tile.shared<16x16xf16>, !tile.fragment<32x16xf32>
}

// The author's layout stays, with its conflicts.
tile.kernel @conflict(%A: memref<32x16xf16>) blocks(%b) = (1) threads(64) {
  // expected-remark@+1 {{'tile.gemm' on this tile meets a 4-way bank conflict}}
  %As = tile.alloc : !tile.shared<32x16xf16, #layout.shared<(32,16):(16,1)>>
  %Bs = tile.alloc : !tile.shared<16x16xf16>
  %acc = tile.alloc : !tile.fragment<32x16xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0, %c0] to %As : memref<32x16xf16> to !tile.shared<32x16xf16, #layout.shared<(32,16):(16,1)>>
  tile.gemm %As, %Bs into %acc {transpose_b} : !tile.shared<32x16xf16, #layout.shared<(32,16):(16,1)>>, !tile.shared<16x16xf16>, !tile.fragment<32x16xf32>
}
