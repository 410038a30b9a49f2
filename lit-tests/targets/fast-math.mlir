// RUN: tile-translate --mlir-to-cuda %s | filecheck %s
// RUN: tile-translate --mlir-to-hip %s | filecheck %s

// Approximations are used where flags allow them, for f32 and narrower types; f64 has none.
// CHECK-LABEL: functions(
// CHECK: const f32 exact = exp2f(x);
// CHECK-NEXT: const f32 power = fast_exp2(x);
// CHECK-NEXT: const f32 exponential = fast_exp2(x * 1.44269504f);
// CHECK-NEXT: const f32 logarithm = fast_log2(x) * 0.693147181f;
// CHECK-NEXT: const f32 turned = fast_sin(fast_cos(x));
// CHECK-NEXT: const f32 bent = fast_tanh(x);
// CHECK-NEXT: const f32 quotient = fast_divide(x, power);
// CHECK-NEXT: const f32 divided = x / power;
// CHECK-NEXT: const f16 narrow = f16(fast_exp2(f32(h)));
// CHECK-NEXT: const f64 wide = exp2(d);
gpu.module @m {
  gpu.func @functions(%C: memref<8xf32>, %H: memref<1xf16>, %D: memref<1xf64>, %x: f32, %h: f16, %d: f64) kernel attributes {known_block_size = array<i32: 32, 1, 1>, known_grid_size = array<i32: 1, 1, 1>} {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c4 = arith.constant 4 : index
    %c5 = arith.constant 5 : index
    %c6 = arith.constant 6 : index
    %c7 = arith.constant 7 : index
    %exact = math.exp2 %x fastmath<contract> : f32
    %power = math.exp2 %x fastmath<afn> : f32
    %exponential = math.exp %x fastmath<contract,afn> : f32
    %logarithm = math.log %x fastmath<fast> : f32
    %0 = math.cos %x fastmath<afn> : f32
    %turned = math.sin %0 fastmath<afn> : f32
    %bent = math.tanh %x fastmath<afn> : f32
    %quotient = arith.divf %x, %power fastmath<arcp> : f32
    %divided = arith.divf %x, %power fastmath<afn> : f32
    %narrow = math.exp2 %h fastmath<afn> : f16
    %wide = math.exp2 %d fastmath<fast> : f64
    memref.store %exact, %C[%c0] : memref<8xf32>
    memref.store %power, %C[%c1] : memref<8xf32>
    memref.store %exponential, %C[%c2] : memref<8xf32>
    memref.store %logarithm, %C[%c3] : memref<8xf32>
    memref.store %turned, %C[%c4] : memref<8xf32>
    memref.store %bent, %C[%c5] : memref<8xf32>
    memref.store %quotient, %C[%c6] : memref<8xf32>
    memref.store %divided, %C[%c7] : memref<8xf32>
    memref.store %narrow, %H[%c0] : memref<1xf16>
    memref.store %wide, %D[%c0] : memref<1xf64>
    gpu.return
  }
}
