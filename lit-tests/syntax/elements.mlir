// Elements of all kinds, as mlir-opt reads and prints them.
// RUN: tile-opt --allow-unregistered-dialect %s | filecheck %s
// RUN: tile-opt --allow-unregistered-dialect --verify-roundtrip %s -o %t.mlir
// RUN: %if mlir-opt %{ mlir-opt-19 --allow-unregistered-dialect %s | filecheck %s %}
// RUN: %if mlir-opt %{ mlir-opt-19 --allow-unregistered-dialect %t.mlir | filecheck %s %}

// CHECK: string = dense<"one"> : tensor<2x!t.s>
"t.a"() {string = dense<"one"> : tensor<2x!t.s>} : () -> ()
// CHECK: strings = dense<["a\22", "b"]> : tensor<2x!t.s>
"t.a"() {strings = dense<["a\"", "b"]> : tensor<2x!t.s>} : () -> ()
// CHECK: splat = dense<(1.000000e+00,-2.000000e+00)> : tensor<2xcomplex<f32>>
"t.a"() {splat = dense<(1.0, -2.0)> : tensor<2xcomplex<f32>>} : () -> ()
// CHECK: complex = dense<[(1,2), (3,4)]> : tensor<2xcomplex<i32>>
"t.a"() {complex = dense<[(1,2),(3,4)]> : tensor<2xcomplex<i32>>} : () -> ()
// CHECK: bytes = dense<[(1.000000e+00,2.000000e+00), (3.000000e+00,4.000000e+00)]> : tensor<2xcomplex<f32>>
"t.a"() {bytes = dense<"0x0000803F000000400000404000008040"> : tensor<2xcomplex<f32>>} : () -> ()
// CHECK: sparse1 = sparse<{{\[}}[0, 1], [2, 2]], [7, 8]> : tensor<3x4xi32>
"t.a"() {sparse1 = sparse<[[0, 1], [2, 2]], [7, 8]> : tensor<3x4xi32>} : () -> ()
// CHECK: sparse2 = sparse<0, 1.500000e+00> : tensor<2xf32>
"t.a"() {sparse2 = sparse<[[0]], 1.5> : tensor<2xf32>} : () -> ()
// CHECK: sparse3 = sparse<> : tensor<0xi32>
"t.a"() {sparse3 = sparse<> : tensor<0xi32>} : () -> ()
// CHECK: sparse4 = sparse<{{\[}}[0, 1]], (1.000000e+00,2.000000e+00)> : tensor<2x2xcomplex<f32>>
"t.a"() {sparse4 = sparse<[[0, 1]], [(1.0, 2.0)]> : tensor<2x2xcomplex<f32>>} : () -> ()
// CHECK: distinct = distinct[0]<>
"t.a"() {distinct = distinct[0]<unit>} : () -> ()
// CHECK: opaque = #d.simple, pretty = #d.pretty<[1]>, type = !d.simple
"t.a"() {opaque = #d<simple>, pretty = #d.pretty<[1]>, type = !d<simple>} : () -> ()
