// RUN: tile-opt %s --tile-infer-layouts=arch=sm_80 -o /dev/null 2>&1 | filecheck %s
// RUN: tile-opt %s --tile-infer-layouts=arch=gfx942 -o /dev/null 2>&1 | filecheck %s --check-prefix=AMD --allow-empty

// What loops keep in fragments must fit the registers of a thread; what an iteration sets anew need not lie there at once.

// CHECK: registers.mlir:[[#@LINE+3]]:1: remark: keeps fragments of 512 registers in each thread through a loop, but sm_80 has 255: the rest goes to memory
// CHECK: registers.mlir:[[#@LINE+5]]:10: note: 512 registers for '!tile.fragment<256x128xf32>'
// AMD-NOT: keeps fragments
tile.kernel @large(%A: memref<256x64xf16>, %B: memref<64x128xf16>, %C: memref<256x128xf32>)
    blocks(%bx) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %acc = tile.alloc : !tile.fragment<256x128xf32>
  %a = tile.alloc : !tile.shared<256x32xf16>
  %b = tile.alloc : !tile.shared<32x128xf16>
  tile.clear %acc : !tile.fragment<256x128xf32>
  tile.pipelined %k = 0 to 64 step 32 stages(1) {
    tile.copy %A[%c0, %k] to %a : memref<256x64xf16> to !tile.shared<256x32xf16>
    tile.copy %B[%k, %c0] to %b : memref<64x128xf16> to !tile.shared<32x128xf16>
    tile.gemm %a, %b into %acc : !tile.shared<256x32xf16>, !tile.shared<32x128xf16>, !tile.fragment<256x128xf32>
  }
  tile.copy %acc to %C : !tile.fragment<256x128xf32> to memref<256x128xf32>
}

// Operands of 256 registers are read where the instructions need them.
// CHECK-NOT: remark: keeps fragments
tile.kernel @operands(%A: memref<128x256xf16>, %B: memref<256x128xf16>, %C: memref<128x128xf32>)
    blocks(%bx) = (1) threads(128) {
  %c0 = arith.constant 0 : index
  %acc = tile.alloc : !tile.fragment<128x128xf32>
  %a = tile.alloc : !tile.fragment<128x128xf16>
  %b = tile.alloc : !tile.fragment<128x128xf16>
  tile.clear %acc : !tile.fragment<128x128xf32>
  tile.pipelined %k = 0 to 256 step 128 stages(1) {
    tile.copy %A[%c0, %k] to %a : memref<128x256xf16> to !tile.fragment<128x128xf16>
    tile.copy %B[%k, %c0] to %b : memref<256x128xf16> to !tile.fragment<128x128xf16>
    tile.gemm %a, %b into %acc : !tile.fragment<128x128xf16>, !tile.fragment<128x128xf16>, !tile.fragment<128x128xf32>
  }
  tile.copy %acc to %C : !tile.fragment<128x128xf32> to memref<128x128xf32>
}
