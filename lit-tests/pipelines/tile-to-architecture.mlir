// RUN: not tile-opt %s --tile-to-cuda=arch=sm_79 2>&1 | filecheck %s --check-prefix=UNKNOWN
// RUN: not tile-opt %s --tile-to-hip=arch=sm_80 2>&1 | filecheck %s --check-prefix=VENDOR
// RUN: not tile-translate %s --mlir-to-cuda 2>&1 | filecheck %s --check-prefix=LEVEL
// RUN: tile-opt %s --tile-to-hip=arch=gfx90a -o %t
// RUN: not tile-translate %t --mlir-to-cuda 2>&1 | filecheck %s --check-prefix=TEXT

// UNKNOWN: <Pass-Options-Parser>:1:6: error: unknown target architecture 'sm_79' (did you mean 'sm_7{{[0-9]}}'?), expected one of
// VENDOR: <Pass-Options-Parser>:1:6: error: target architecture 'sm_80' is of another vendor, expected one of gfx90a, gfx942
// LEVEL: error: the module has no kernel to emit: expected a gpu.func with attribute gpu.kernel; lower it first: tile-opt --tile-to-cuda
// TEXT: error: the program is lowered for gfx90a, which is not programmed in CUDA C++

tile.kernel @clear(%A: memref<128xf32>) blocks(%b) = (1) threads(128) {
  %a = tile.alloc : !tile.fragment<128xf32>
  tile.clear %a : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %a to %A[%c0] : !tile.fragment<128xf32> to memref<128xf32>
}
