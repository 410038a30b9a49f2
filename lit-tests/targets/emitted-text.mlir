// RUN: tile-translate --mlir-to-cuda %s | filecheck %s
// RUN: tile-translate --mlir-to-hip %s | filecheck %s

// What a reader and a caller of the text see: names of the program, a loop, launch metadata, a checked launcher.
// CHECK: // launch metadata: {"version":1,"language":"{{cuda|hip}}","arch":"{{sm_80|gfx942}}","kernels":[{"name":"scalars","entry":"launch_scalars","grid":[2,3,1],"block":[64,1,1],"sharedBytes":0,"launchBounds":{"threads":64},"arguments":[{"name":"A","kind":"tensor","elementType":"f32","shape":[64,32],"strides":[32,1],"alignment":16,"access":"read"},{"name":"C","kind":"tensor","elementType":"f32","shape":[64,32],"strides":[32,1],"alignment":16,"access":"write"},{"name":"n","kind":"scalar","elementType":"i32","shape":[],"strides":[],"alignment":0,"access":"read"}
// CHECK-LABEL: scalars(const f32* __restrict__ A, f32* __restrict__ C, int n, f32 x, i32 flag) {
// CHECK-NEXT: const int b = block_index_x();
// CHECK-NEXT: const int t = thread_index();
// CHECK-NEXT: const int row = t / 8;
// CHECK-NEXT: const bool inside = row < n;
// CHECK-NEXT: f32 acc = 0.0f;
// CHECK: for (int i = 0; i < 32; ++i) {
// CHECK-NEXT: const f32 v = load(A + i + row * 32);
// CHECK-NEXT: const f32 p = v * x;
// CHECK-NEXT: const f32 s = acc + p;
// CHECK-NEXT: acc = s;
// CHECK-NEXT: }
// CHECK-NEXT: const f32 chosen = inside ? acc : 0.0f;
// CHECK-NEXT: if (inside) {
// CHECK-NEXT: store(C + row * 32, chosen);
// CHECK-NEXT: }
// CHECK-NEXT: sync_threads();
// CHECK-LABEL: extern "C" int launch_scalars(const f32* A, f32* C, i32 n, f32 x, i32 flag, stream_t stream) {
// CHECK-NEXT: if (!is_aligned(A, 16) || !is_aligned(C, 16)) return error_misaligned_pointer;
// CHECK-NEXT: return launch_kernel(scalars, dim3(2, 3, 1), dim3(64), 0, stream, A, C, n, x, flag);
// CHECK: TILEWRIGHT_ENTRY(launch_scalars)
gpu.module @m {
  gpu.func @scalars(%A: memref<64x32xf32>, %C: memref<64x32xf32>, %n: index, %x: f32, %flag: i32) kernel attributes {known_block_size = array<i32: 64, 1, 1>, known_grid_size = array<i32: 2, 3, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    %c32 = arith.constant 32 : index
    %b = gpu.block_id x
    %t = gpu.thread_id x
    %row = arith.divui %t, %c8 : index
    %inside = arith.cmpi slt, %row, %n : index
    %zero = arith.constant 0.0 : f32
    %sum = scf.for %i = %c0 to %c32 step %c1 iter_args(%acc = %zero) -> (f32) {
      %v = memref.load %A[%row, %i] : memref<64x32xf32>
      %p = arith.mulf %v, %x : f32
      %s = arith.addf %acc, %p : f32
      scf.yield %s : f32
    }
    %chosen = arith.select %inside, %sum, %zero : f32
    scf.if %inside {
      memref.store %chosen, %C[%row, %c0] : memref<64x32xf32>
    }
    gpu.barrier
    gpu.return
  }
}
