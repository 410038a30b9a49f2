// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-bind-extents | filecheck %s --check-prefix=BOUND
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=TEXT
// RUN: tile-opt %s --tile-to-hip=arch=gfx942 | tile-translate --mlir-to-hip | filecheck %s --check-prefix=TEXT

// CHECK-LABEL: tile.kernel @add(%m: index, %n: index, %A: memref<?x?xf32> sizes(%m, %n), %B: memref<?x4xf32>, %C: memref<?x?xf32> sizes(%m, %n)) blocks(%bx, %by) = (%n ceildiv 64, 7) threads(64) {
// CHECK: tile.assume #{{.*}}(%n)
// The extent of B has no name: it becomes an argument of its own.
// BOUND: tile.kernel @add({{.*}}%B_extent0: index) blocks(%bx, %by) = (%n ceildiv 64, 7)
// BOUND: arith.addi %B_extent0, %m

// TEXT-LABEL: add(int m, int n, const f32* __restrict__ A, const f32* __restrict__ B, f32* __restrict__ C, int B_extent0) {
// TEXT: extern "C" int launch_add(
// TEXT-NEXT: if (!is_aligned(A, 16) || !is_aligned(B, 16) || !is_aligned(C, 16)) return error_misaligned_pointer;
// TEXT-NEXT: if (i64(m) < 0 || i64(n) < 0 || i64(B_extent0) < 0 || (i64(n)) % 4 != 0) return error_invalid_argument;
// TEXT-NEXT: if (i64(m) * i64(n) > 2147483647 || i64(B_extent0) * 4 > 2147483647 || i64(m) * i64(n) > 2147483647) return error_invalid_argument;
// TEXT-NEXT: const i64 grid_x = (i64(n) + 63) / 64;
// TEXT-NEXT: if (grid_x < 1) return 0;
// TEXT-NEXT: if (grid_x > 2147483647) return error_invalid_argument;
// TEXT-NEXT: return launch_kernel(add, dim3(unsigned(grid_x), 7, 1), dim3(64), 0, stream, m, n, A, B, C, B_extent0);
tile.kernel @add(%m: index, %n: index, %A: memref<?x?xf32> sizes(%m, %n), %B: memref<?x4xf32>,
                 %C: memref<?x?xf32> sizes(%m, %n))
    blocks(%bx, %by) = (%n ceildiv 64, 7) threads(64) {
  tile.assume affine_set<(d0) : (d0 mod 4 == 0)>(%n)
  %zero = arith.constant 0 : index
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  %a = tile.alloc : !tile.fragment<64xf32>
  tile.copy %A[%by, %column] to %a : memref<?x?xf32> to !tile.fragment<64xf32>
  %rows = memref.dim %B, %zero : memref<?x4xf32>
  %more = arith.addi %rows, %m : index
  %b = tile.load %B[%more, %zero] : memref<?x4xf32>
  tile.parallel (%i) in (64) {
    %x = tile.load %a[%i] : !tile.fragment<64xf32>
    %y = arith.addf %x, %b : f32
    tile.store %y, %a[%i] : !tile.fragment<64xf32>
  }
  tile.copy %a to %C[%by, %column] : !tile.fragment<64xf32> to memref<?x?xf32>
}
