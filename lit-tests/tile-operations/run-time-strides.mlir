// Tensors whose strides are arguments of the kernel, such as the leading dimension of a matrix.
// RUN: tile-opt %s | tile-opt --mlir-print-op-generic | tile-opt | filecheck %s
// RUN: tile-opt %s --tile-bind-extents | filecheck %s --check-prefix=BOUND
// RUN: tile-opt %s --remarks=copy --tile-to-cuda=arch=sm_80 --verify-diagnostics
// RUN: tile-opt %s --tile-to-cuda=arch=sm_80 | tile-translate --mlir-to-cuda | filecheck %s --check-prefix=TEXT
// RUN: tile-opt %s --tile-to-hip=arch=gfx942 | tile-translate --mlir-to-hip | filecheck %s --check-prefix=TEXT

// CHECK-LABEL: tile.kernel @rows(%m: index, %n: index, %lda: index, %A: memref<?x?xf16, strided<[?, 1]>> sizes(%m, %n) strides(%lda), %C: memref<?x?xf16, strided<[?, 1]>> sizes(%m, %n)) blocks(
// CHECK: tile.assume #{{.*}}(%n, %lda)
// The stride of C has no name: it becomes an argument of its own.
// BOUND: tile.kernel @rows({{.*}} strides(%lda), %C: memref<?x?xf16, strided<[?, 1]>> sizes(%m, %n) strides(%C_stride0), %C_stride0: index) blocks(

// TEXT: // launch metadata: {{.*}}"name":"A",{{.*}}"shape":["m","n"],"strides":["lda",1],
// TEXT-LABEL: rows(int m, int n, int lda, const f16* __restrict__ A, f16* __restrict__ C, int C_stride0) {
// TEXT: load_vector({{.*}}, A + {{.*}} * lda + {{.*}});
// TEXT: store(C + {{.*}} * C_stride0 + {{.*}}, {{.*}});
tile.kernel @rows(%m: index, %n: index, %lda: index,
                  %A: memref<?x?xf16, strided<[?, 1]>> sizes(%m, %n) strides(%lda),
                  %C: memref<?x?xf16, strided<[?, 1]>> sizes(%m, %n))
    blocks(%bx, %by) = (%n ceildiv 64, %m ceildiv 16) threads(128) {
  tile.assume affine_set<(d0, d1) : (d0 mod 8 == 0, d1 mod 8 == 0)>(%n, %lda)
  %row = affine.apply affine_map<(d0) -> (d0 * 16)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 64)>(%bx)
  %a = tile.alloc : !tile.shared<16x64xf16>
  tile.copy %A[%row, %column] to %a : memref<?x?xf16, strided<[?, 1]>> to !tile.shared<16x64xf16>
  // expected-remark@+1 {{copy moves single elements: rows of the tensor are known to start at multiples of 1}}
  tile.copy %a to %C[%row, %column] : !tile.shared<16x64xf16> to memref<?x?xf16, strided<[?, 1]>>
}

// Any strides at all, a transposed matrix among them: nothing is known of the order of dimensions.
// TEXT-LABEL: any(int m, int n, int s, int t, const f32* __restrict__ A, f32* __restrict__ C) {
// TEXT: load(A + 3 + {{.*}} * s + {{.*}} * t)
tile.kernel @any(%m: index, %n: index, %s: index, %t: index,
                 %A: memref<?x?xf32, strided<[?, ?], offset: 3>> sizes(%m, %n) strides(%s, %t),
                 %C: memref<?x?xf32> sizes(%m, %n))
    blocks(%bx, %by) = (%n ceildiv 32, %m ceildiv 16) threads(64) {
  %row = affine.apply affine_map<(d0) -> (d0 * 16)>(%by)
  %column = affine.apply affine_map<(d0) -> (d0 * 32)>(%bx)
  %a = tile.alloc : !tile.fragment<16x32xf32>
  // expected-remark@+1 {{copy moves single elements: the tensor's rows are not contiguous}}
  tile.copy %A[%row, %column] to %a : memref<?x?xf32, strided<[?, ?], offset: 3>> to !tile.fragment<16x32xf32>
  // expected-remark@+1 {{copy moves single elements: rows of the tensor are known to start at multiples of 1}}
  tile.copy %a to %C[%row, %column] : !tile.fragment<16x32xf32> to memref<?x?xf32>
}

// Strides that the type says need no argument.
// TEXT-LABEL: columns(const f32* __restrict__ A, f32* __restrict__ C) {
tile.kernel @columns(%A: memref<24x40xf32, strided<[1, 28]>>, %C: memref<24x40xf32, strided<[44, 1]>>)
    blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %a = tile.alloc : !tile.fragment<24x40xf32>
  // expected-remark@+1 {{copy moves single elements: the tensor's rows are not contiguous}}
  tile.copy %A[%c0, %c0] to %a : memref<24x40xf32, strided<[1, 28]>> to !tile.fragment<24x40xf32>
  // expected-remark@+1 {{copy moves single elements: a thread holds no neighbours of a row}}
  tile.copy %a to %C[%c0, %c0] : !tile.fragment<24x40xf32> to memref<24x40xf32, strided<[44, 1]>>
}

// Launchers come last.
// TEXT: extern "C" int launch_rows(i32 m, i32 n, i32 lda, const f16* A, f16* C, i32 C_stride0, stream_t stream) {
// TEXT: if (i64(m) < 0 || i64(n) < 0 || i64(lda) < 0 || i64(C_stride0) < 0 || (i64(lda) + -(i64(n))) < 0 || (i64(C_stride0) + -(i64(n))) < 0 || (i64(n)) % 8 != 0 || (i64(lda)) % 8 != 0) return error_invalid_argument;
// TEXT-NEXT: if (i64(m) * i64(lda) + i64(n) > 2147483647 || i64(m) * i64(C_stride0) + i64(n) > 2147483647) return error_invalid_argument;
// TEXT: launch_any
// TEXT: if (i64(m) < 0 || i64(n) < 0 || i64(s) < 0 || i64(t) < 0) return error_invalid_argument;
// TEXT-NEXT: if (i64(m) * i64(s) + i64(n) * i64(t) > 2147483647 || i64(m) * i64(n) > 2147483647) return error_invalid_argument;
