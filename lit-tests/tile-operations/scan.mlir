// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-stage-operands | filecheck %s --check-prefix=STAGED
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=TEXT

// CHECK-LABEL: tile.kernel @scans
// CHECK: tile.scan sum %x to %y dim(1) {reverse} : !tile.fragment<4x17xf16> to !tile.fragment<4x17xf16>
// CHECK: tile.scan max %s to %s dim(0) {exclusive, nan_propagate} : !tile.shared<4x17xf16> to !tile.shared<4x17xf16>

// A fragment is scanned in a shared tile of its own.
// STAGED: %x_staged = tile.alloc : !tile.shared<4x17xf16>
// STAGED-NEXT: tile.copy %x to %x_staged
// STAGED-NEXT: tile.scan sum %x_staged to %x_staged dim(1) {reverse}
// STAGED-NEXT: tile.copy %x_staged to %y

// 32 lanes of a line of 17, halves summed in f32.
// TEXT-LABEL: scans(
// TEXT: shuffle_up({{.*}}, 16)
tile.kernel @scans(%X: memref<4x17xf16>, %Y: memref<4x17xf16>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %x = tile.alloc : !tile.fragment<4x17xf16>
  %y = tile.alloc : !tile.fragment<4x17xf16>
  %s = tile.alloc : !tile.shared<4x17xf16>
  tile.copy %X to %x : memref<4x17xf16> to !tile.fragment<4x17xf16>
  tile.scan sum %x to %y dim(1) {reverse} : !tile.fragment<4x17xf16> to !tile.fragment<4x17xf16>
  tile.copy %y to %s : !tile.fragment<4x17xf16> to !tile.shared<4x17xf16>
  tile.scan max %s to %s dim(0) {exclusive, nan_propagate} : !tile.shared<4x17xf16> to !tile.shared<4x17xf16>
  tile.copy %s to %Y : !tile.shared<4x17xf16> to memref<4x17xf16>
}
