// A function on the host launches two kernels in order, the grid of one from an argument.
// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 -o %t.mlir
// RUN: filecheck %s --check-prefix=THREAD < %t.mlir
// RUN: tile-translate --mlir-to-cuda %t.mlir | filecheck %s --check-prefix=TEXT

// CHECK: tile.launch @twice(%n, %X, %Y) : index, memref<?xf32>, memref<?xf32>
// THREAD: module attributes {gpu.container_module}
// THREAD: func.func @main_function
// THREAD: gpu.launch_func @twice_module::@twice blocks in (%{{.*}}, %c1, %c1) threads in (%c64, %c1, %c1) args(%n : index, %X : memref<?xf32>, %Y : memref<?xf32>)
// TEXT: "functions":[{"name":"main_function"
// TEXT: extern "C" int launch_main_function(i32 n, const f32* X, f32* Y, stream_t stream) {
// TEXT: if (const int status = launch_twice(n, X, Y, stream); status != 0) return status;
// TEXT-NEXT: if (const int status = launch_twice(n, Y, Y, stream); status != 0) return status;
// TEXT-NEXT: return 0;
tile.kernel @twice(%n: index, %X: memref<?xf32> sizes(%n), %Y: memref<?xf32> sizes(%n))
    blocks(%b) = (%n ceildiv 64) threads(64) {
  %first = affine.apply affine_map<(d0) -> (d0 * 64)>(%b)
  %x = tile.alloc : !tile.fragment<64xf32>
  tile.copy %X[%first] to %x : memref<?xf32> to !tile.fragment<64xf32>
  tile.parallel (%i) in (64) {
    %v = tile.load %x[%i] : !tile.fragment<64xf32>
    %w = arith.addf %v, %v : f32
    tile.store %w, %x[%i] : !tile.fragment<64xf32>
  }
  tile.copy %x to %Y[%first] : !tile.fragment<64xf32> to memref<?xf32>
}

func.func @main_function(%n: index, %X: memref<?xf32>, %Y: memref<?xf32>) {
  tile.launch @twice(%n, %X, %Y) : index, memref<?xf32>, memref<?xf32>
  tile.launch @twice(%n, %Y, %Y) : index, memref<?xf32>, memref<?xf32>
  return
}
