// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "memref.alloc"}
// CHECK: %a = memref.alloc(%n) {alignment = 16 : i64} : memref<?x4xf32>
"test.begin"() {name = "memref.alloc"} : () -> ()
%n = arith.constant 8 : index
%a = memref.alloc(%n) {alignment = 16 : i64} : memref<?x4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.alloca"}
// CHECK: %a = memref.alloca() : memref<4xf32>
"test.begin"() {name = "memref.alloca"} : () -> ()
func.func @f() {
  %a = memref.alloca() : memref<4xf32>
  return
}

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.alloca_scope"}
// CHECK: memref.alloca_scope {
"test.begin"() {name = "memref.alloca_scope"} : () -> ()
memref.alloca_scope {
  %a = memref.alloca() : memref<4xf32>
  memref.alloca_scope.return
}

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.dealloc"}
// CHECK: memref.dealloc %a : memref<4xf32>
"test.begin"() {name = "memref.dealloc"} : () -> ()
%a = memref.alloc() : memref<4xf32>
memref.dealloc %a : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.load"}
// CHECK: %x = memref.load %a[%i] : memref<4xf32>
"test.begin"() {name = "memref.load"} : () -> ()
%i = arith.constant 1 : index
%a = memref.alloc() : memref<4xf32>
%x = memref.load %a[%i] : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.store"}
// CHECK: memref.store %x, %a[%i] : memref<4xf32>
"test.begin"() {name = "memref.store"} : () -> ()
%i = arith.constant 1 : index
%x = arith.constant 1.0 : f32
%a = memref.alloc() : memref<4xf32>
memref.store %x, %a[%i] : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.cast"}
// CHECK: %b = memref.cast %a : memref<4xf32> to memref<?xf32>
"test.begin"() {name = "memref.cast"} : () -> ()
%a = memref.alloc() : memref<4xf32>
%b = memref.cast %a : memref<4xf32> to memref<?xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.memory_space_cast"}
// CHECK: %b = memref.memory_space_cast %a : memref<4xf32, 1> to memref<4xf32>
"test.begin"() {name = "memref.memory_space_cast"} : () -> ()
%a = memref.alloc() : memref<4xf32, 1>
%b = memref.memory_space_cast %a : memref<4xf32, 1> to memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.copy"}
// CHECK: memref.copy %a, %a : memref<4xf32> to memref<4xf32>
"test.begin"() {name = "memref.copy"} : () -> ()
%a = memref.alloc() : memref<4xf32>
memref.copy %a, %a : memref<4xf32> to memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.dim"}
// CHECK: %x = memref.dim %a, %i : memref<?xf32>
"test.begin"() {name = "memref.dim"} : () -> ()
%i = arith.constant 0 : index
%n = arith.constant 4 : index
%a = memref.alloc(%n) : memref<?xf32>
%x = memref.dim %a, %i : memref<?xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.rank"}
// CHECK: %x = memref.rank %a : memref<4xf32>
"test.begin"() {name = "memref.rank"} : () -> ()
%a = memref.alloc() : memref<4xf32>
%x = memref.rank %a : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.reinterpret_cast"}
// CHECK: %b = memref.reinterpret_cast %a to offset: [0], sizes: [8, 8], strides: [8, 1] : memref<64xf32> to memref<8x8xf32, strided<[8, 1]>>
"test.begin"() {name = "memref.reinterpret_cast"} : () -> ()
%a = memref.alloc() : memref<64xf32>
%b = memref.reinterpret_cast %a to offset: [0], sizes: [8, 8], strides: [8, 1] : memref<64xf32> to memref<8x8xf32, strided<[8, 1]>>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.view"}
// CHECK: %b = memref.view %a[%i][] : memref<2048xi8> to memref<64x4xf32>
"test.begin"() {name = "memref.view"} : () -> ()
%i = arith.constant 64 : index
%a = memref.alloc() : memref<2048xi8>
%b = memref.view %a[%i][] : memref<2048xi8> to memref<64x4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.get_global"}
// CHECK: %a = memref.get_global @scratch : memref<64xf32, 3>
"test.begin"() {name = "memref.get_global"} : () -> ()
memref.global @scratch : memref<64xf32, 3> = uninitialized
func.func @f() {
  %a = memref.get_global @scratch : memref<64xf32, 3>
  return
}

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.assume_alignment"}
// CHECK: memref.assume_alignment %a, 16 : memref<4xf32>
"test.begin"() {name = "memref.assume_alignment"} : () -> ()
%a = memref.alloc() : memref<4xf32>
memref.assume_alignment %a, 16 : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.expand_shape"}
// CHECK: %b = memref.expand_shape %a [{{\[}}0, 1]] output_shape [8, 8] : memref<64xf32> into memref<8x8xf32>
"test.begin"() {name = "memref.expand_shape"} : () -> ()
%a = memref.alloc() : memref<64xf32>
%b = memref.expand_shape %a [[0, 1]] output_shape [8, 8] : memref<64xf32> into memref<8x8xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.collapse_shape"}
// CHECK: %b = memref.collapse_shape %a [{{\[}}0, 1]] : memref<8x8xf32> into memref<64xf32>
"test.begin"() {name = "memref.collapse_shape"} : () -> ()
%a = memref.alloc() : memref<8x8xf32>
%b = memref.collapse_shape %a [[0, 1]] : memref<8x8xf32> into memref<64xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.atomic_rmw"}
// CHECK: %old = memref.atomic_rmw addf %x, %a[%i] : (f32, memref<4xf32>) -> f32
"test.begin"() {name = "memref.atomic_rmw"} : () -> ()
%i = arith.constant 1 : index
%x = arith.constant 1.0 : f32
%a = memref.alloc() : memref<4xf32>
%old = memref.atomic_rmw addf %x, %a[%i] : (f32, memref<4xf32>) -> f32

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.prefetch"}
// CHECK: memref.prefetch %a[%i], read, locality<3>, data : memref<4xf32>
"test.begin"() {name = "memref.prefetch"} : () -> ()
%i = arith.constant 1 : index
%a = memref.alloc() : memref<4xf32>
memref.prefetch %a[%i], read, locality<3>, data : memref<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "memref.extract_aligned_pointer_as_index"}
// CHECK: %p = memref.extract_aligned_pointer_as_index %a : memref<4xf32> -> index
"test.begin"() {name = "memref.extract_aligned_pointer_as_index"} : () -> ()
%a = memref.alloc() : memref<4xf32>
%p = memref.extract_aligned_pointer_as_index %a : memref<4xf32> -> index
