// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "affine.apply"}
// CHECK: %x = affine.apply #map(%i)[%n]
"test.begin"() {name = "affine.apply"} : () -> ()
%i = arith.constant 5 : index
%n = arith.constant 6 : index
%x = affine.apply affine_map<(d0)[s0] -> (d0 * 128 + s0)>(%i)[%n]

// -----

// CHECK-LABEL: "test.begin"() {name = "affine.min"}
// CHECK: %x = affine.min #map(%i)
"test.begin"() {name = "affine.min"} : () -> ()
%i = arith.constant 5 : index
%x = affine.min affine_map<(d0) -> (d0, 1000 - d0)>(%i)

// -----

// CHECK-LABEL: "test.begin"() {name = "affine.max"}
// CHECK: %x = affine.max #map(%i)
"test.begin"() {name = "affine.max"} : () -> ()
%i = arith.constant 5 : index
%x = affine.max affine_map<(d0) -> (d0, 1000 - d0)>(%i)

// -----

// CHECK-LABEL: "test.begin"() {name = "affine.for"}
// CHECK: affine.for %i = 0 to 16 step 2 {
"test.begin"() {name = "affine.for"} : () -> ()
%A = memref.alloc() : memref<16xf32>
%zero = arith.constant 0.0 : f32
affine.for %i = 0 to 16 step 2 {
  affine.store %zero, %A[%i] : memref<16xf32>
}
%sum = affine.for %i = 0 to 16 iter_args(%acc = %zero) -> (f32) {
  %x = affine.load %A[%i] : memref<16xf32>
  %s = arith.addf %acc, %x : f32
  affine.yield %s : f32
}

// -----

// CHECK-LABEL: "test.begin"() {name = "affine.if"}
// CHECK: affine.if #set(%i) {
"test.begin"() {name = "affine.if"} : () -> ()
%i = arith.constant 5 : index
affine.if affine_set<(d0) : (d0 - 4 >= 0)>(%i) {
} else {
}

// -----

// CHECK-LABEL: "test.begin"() {name = "affine.delinearize_index"}
// CHECK: %a, %b = affine.delinearize_index %i into (%n, %n) : index, index
"test.begin"() {name = "affine.delinearize_index"} : () -> ()
%i = arith.constant 5 : index
%n = arith.constant 6 : index
%a, %b = affine.delinearize_index %i into (%n, %n) : index, index
