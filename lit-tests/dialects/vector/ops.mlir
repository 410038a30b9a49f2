// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "vector.load"}
// CHECK: %v = vector.load %a[%i, %i] : memref<8x16xf32>, vector<4xf32>
"test.begin"() {name = "vector.load"} : () -> ()
%i = arith.constant 4 : index
%a = memref.alloc() : memref<8x16xf32>
%v = vector.load %a[%i, %i] : memref<8x16xf32>, vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.store"}
// CHECK: vector.store %v, %a[%i, %i] : memref<8x16xf32>, vector<4xf32>
"test.begin"() {name = "vector.store"} : () -> ()
%i = arith.constant 4 : index
%v = arith.constant dense<0.0> : vector<4xf32>
%a = memref.alloc() : memref<8x16xf32>
vector.store %v, %a[%i, %i] : memref<8x16xf32>, vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.broadcast"}
// CHECK: %v = vector.broadcast %x : f32 to vector<4xf32>
"test.begin"() {name = "vector.broadcast"} : () -> ()
%x = arith.constant 1.0 : f32
%v = vector.broadcast %x : f32 to vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.splat"}
// CHECK: %v = vector.splat %x : vector<4xf32>
"test.begin"() {name = "vector.splat"} : () -> ()
%x = arith.constant 1.0 : f32
%v = vector.splat %x : vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.extract"}
// CHECK: %a = vector.extract %v[1] : vector<8xf32> from vector<4x8xf32>
"test.begin"() {name = "vector.extract"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%a = vector.extract %v[1] : vector<8xf32> from vector<4x8xf32>
%b = vector.extract %v[1, 2] : f32 from vector<4x8xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.insert"}
// CHECK: %a = vector.insert %x, %v [1, 2] : f32 into vector<4x8xf32>
"test.begin"() {name = "vector.insert"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%x = arith.constant 1.0 : f32
%a = vector.insert %x, %v[1, 2] : f32 into vector<4x8xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.extractelement"}
// CHECK: %x = vector.extractelement %v[%i : i32] : vector<4xf32>
"test.begin"() {name = "vector.extractelement"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%i = arith.constant 1 : i32
%x = vector.extractelement %v[%i : i32] : vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.insertelement"}
// CHECK: %w = vector.insertelement %x, %v[%i : i32] : vector<4xf32>
"test.begin"() {name = "vector.insertelement"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%x = arith.constant 1.0 : f32
%i = arith.constant 1 : i32
%w = vector.insertelement %x, %v[%i : i32] : vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.shuffle"}
// CHECK: %a = vector.shuffle %v, %v [0, 4, 1, 5] : vector<4xf32>, vector<4xf32>
"test.begin"() {name = "vector.shuffle"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%a = vector.shuffle %v, %v [0, 4, 1, 5] : vector<4xf32>, vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.extract_strided_slice"}
// CHECK: %a = vector.extract_strided_slice %v {offsets = [1], sizes = [2], strides = [1]} : vector<4x8xf32> to vector<2x8xf32>
"test.begin"() {name = "vector.extract_strided_slice"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%a = vector.extract_strided_slice %v {offsets = [1], sizes = [2], strides = [1]} : vector<4x8xf32> to vector<2x8xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.insert_strided_slice"}
// CHECK: %a = vector.insert_strided_slice %s, %v {offsets = [1, 0], strides = [1, 1]} : vector<2x4xf32> into vector<4x8xf32>
"test.begin"() {name = "vector.insert_strided_slice"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%s = arith.constant dense<0.0> : vector<2x4xf32>
%a = vector.insert_strided_slice %s, %v {offsets = [1, 0], strides = [1, 1]} : vector<2x4xf32> into vector<4x8xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.shape_cast"}
// CHECK: %a = vector.shape_cast %v : vector<4x8xf32> to vector<32xf32>
"test.begin"() {name = "vector.shape_cast"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%a = vector.shape_cast %v : vector<4x8xf32> to vector<32xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.bitcast"}
// CHECK: %a = vector.bitcast %v : vector<4xf32> to vector<8xf16>
"test.begin"() {name = "vector.bitcast"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%a = vector.bitcast %v : vector<4xf32> to vector<8xf16>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.transpose"}
// CHECK: %a = vector.transpose %v, [1, 0] : vector<4x8xf32> to vector<8x4xf32>
"test.begin"() {name = "vector.transpose"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%a = vector.transpose %v, [1, 0] : vector<4x8xf32> to vector<8x4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.reduction"}
// CHECK: %x = vector.reduction <add>, %v : vector<4xf32> into f32
"test.begin"() {name = "vector.reduction"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%x = vector.reduction <add>, %v : vector<4xf32> into f32

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.multi_reduction"}
// CHECK: %x = vector.multi_reduction <add>, %v, %acc [1] : vector<4x8xf32> to vector<4xf32>
"test.begin"() {name = "vector.multi_reduction"} : () -> ()
%v = arith.constant dense<0.0> : vector<4x8xf32>
%acc = arith.constant dense<0.0> : vector<4xf32>
%x = vector.multi_reduction <add>, %v, %acc [1] : vector<4x8xf32> to vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.fma"}
// CHECK: %a = vector.fma %v, %v, %v : vector<4xf32>
"test.begin"() {name = "vector.fma"} : () -> ()
%v = arith.constant dense<0.0> : vector<4xf32>
%a = vector.fma %v, %v, %v : vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.create_mask"}
// CHECK: %m = vector.create_mask %n : vector<4xi1>
"test.begin"() {name = "vector.create_mask"} : () -> ()
%n = arith.constant 3 : index
%m = vector.create_mask %n : vector<4xi1>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.constant_mask"}
// CHECK: %m = vector.constant_mask [3] : vector<4xi1>
"test.begin"() {name = "vector.constant_mask"} : () -> ()
%m = vector.constant_mask [3] : vector<4xi1>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.maskedload"}
// CHECK: %w = vector.maskedload %a[%i], %m, %v : memref<16xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
"test.begin"() {name = "vector.maskedload"} : () -> ()
%i = arith.constant 0 : index
%m = arith.constant dense<true> : vector<4xi1>
%v = arith.constant dense<0.0> : vector<4xf32>
%a = memref.alloc() : memref<16xf32>
%w = vector.maskedload %a[%i], %m, %v : memref<16xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.maskedstore"}
// CHECK: vector.maskedstore %a[%i], %m, %v : memref<16xf32>, vector<4xi1>, vector<4xf32>
"test.begin"() {name = "vector.maskedstore"} : () -> ()
%i = arith.constant 0 : index
%m = arith.constant dense<true> : vector<4xi1>
%v = arith.constant dense<0.0> : vector<4xf32>
%a = memref.alloc() : memref<16xf32>
vector.maskedstore %a[%i], %m, %v : memref<16xf32>, vector<4xi1>, vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.transfer_read"}
// CHECK: %v = vector.transfer_read %a[%i, %i], %pad {in_bounds = [true]} : memref<8x16xf32>, vector<4xf32>
"test.begin"() {name = "vector.transfer_read"} : () -> ()
%i = arith.constant 0 : index
%pad = arith.constant 0.0 : f32
%a = memref.alloc() : memref<8x16xf32>
%v = vector.transfer_read %a[%i, %i], %pad {in_bounds = [true]} : memref<8x16xf32>, vector<4xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.transfer_write"}
// CHECK: vector.transfer_write %v, %a[%i, %i] {in_bounds = [true]} : vector<4xf32>, memref<8x16xf32>
"test.begin"() {name = "vector.transfer_write"} : () -> ()
%i = arith.constant 0 : index
%v = arith.constant dense<0.0> : vector<4xf32>
%a = memref.alloc() : memref<8x16xf32>
vector.transfer_write %v, %a[%i, %i] {in_bounds = [true]} : vector<4xf32>, memref<8x16xf32>

// -----

// CHECK-LABEL: "test.begin"() {name = "vector.print"}
// CHECK: vector.print %x : f32
"test.begin"() {name = "vector.print"} : () -> ()
%x = arith.constant 1.0 : f32
vector.print %x : f32
