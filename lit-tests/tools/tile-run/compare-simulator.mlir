// The emitted text computes what the program means, on every target and in several orders of threads.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=sm_80 --profile --save-text=%t.cu | filecheck %s --check-prefix=PROFILE
// RUN: filecheck %s --check-prefix=TEXT < %t.cu
// RUN: not tile-run %s --on=sim --arch=sm_80 --compare=interp --tolerance=0 2>&1 | filecheck %s --check-prefix=DIFFERS

// CHECK: gemm: C: sim equals interp (error norm {{[0-9.e-]+}}, tolerance 0.0000305)
// PROFILE: gemm: 2 blocks in 1 launches
// PROFILE-NEXT: line
// PROFILE: total
// PROFILE-NEXT: roofline of sm_80: at least
// TEXT: TILEWRIGHT_ENTRY
// DIFFERS: error: output 'C' differs: at [0, {{[0-9]+}}] sim has {{.*}} and interp has {{.*}} elements); error norm {{.*}}, tolerance 0

tile.kernel @gemm(%A: memref<64x64xf16>, %B: memref<64x128xf16>, %C: memref<64x128xf32>) blocks(%bx) = (2) threads(128) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  %n = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As : memref<64x64xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %n] to %Bs : memref<64x128xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %n] : !tile.fragment<64x64xf32> to memref<64x128xf32>
}
