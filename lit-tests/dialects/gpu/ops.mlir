// Every operation of the dialect survives a round trip in custom and in generic form.
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file | filecheck %s
// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --mlir-print-op-generic | tile-opt --allow-unregistered-dialect --split-input-file | filecheck %s

// CHECK-LABEL: "test.begin"() {name = "gpu.module"}
// CHECK: gpu.module @kernels {
"test.begin"() {name = "gpu.module"} : () -> ()
gpu.module @kernels {
  gpu.func @k(%a: f32) kernel {
    gpu.return
  }
}

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.func"}
// CHECK: gpu.func @k(%a: memref<4xf32>) workgroup(%w : memref<32xf32, #gpu.address_space<workgroup>>) private(%p : memref<1xf32, #gpu.address_space<private>>) kernel attributes {x = 1 : i32} {
"test.begin"() {name = "gpu.func"} : () -> ()
gpu.module @kernels {
  gpu.func @k(%a: memref<4xf32>) workgroup(%w: memref<32xf32, #gpu.address_space<workgroup>>) private(%p: memref<1xf32, #gpu.address_space<private>>) kernel attributes {x = 1 : i32} {
    gpu.return
  }
  gpu.func @f(%a: f32) -> f32 {
    gpu.return %a : f32
  }
}

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.launch_func"}
// CHECK: gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) args(%x : f32)
"test.begin"() {name = "gpu.launch_func"} : () -> ()
module attributes {gpu.container_module} {
  gpu.module @kernels {
    gpu.func @k(%a: f32) kernel {
      gpu.return
    }
  }
  func.func @main(%n: index, %x: f32) {
    gpu.launch_func @kernels::@k blocks in (%n, %n, %n) threads in (%n, %n, %n) args(%x : f32)
    return
  }
}

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.thread_id"}
// CHECK: %x = gpu.thread_id x
"test.begin"() {name = "gpu.thread_id"} : () -> ()
%x = gpu.thread_id x

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.block_id"}
// CHECK: %x = gpu.block_id x
"test.begin"() {name = "gpu.block_id"} : () -> ()
%x = gpu.block_id x

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.block_dim"}
// CHECK: %x = gpu.block_dim y
"test.begin"() {name = "gpu.block_dim"} : () -> ()
%x = gpu.block_dim y

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.grid_dim"}
// CHECK: %x = gpu.grid_dim z
"test.begin"() {name = "gpu.grid_dim"} : () -> ()
%x = gpu.grid_dim z

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.global_id"}
// CHECK: %x = gpu.global_id x
"test.begin"() {name = "gpu.global_id"} : () -> ()
%x = gpu.global_id x

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.lane_id"}
// CHECK: %x = gpu.lane_id
"test.begin"() {name = "gpu.lane_id"} : () -> ()
%x = gpu.lane_id

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.subgroup_id"}
// CHECK: %x = gpu.subgroup_id : index
"test.begin"() {name = "gpu.subgroup_id"} : () -> ()
%x = gpu.subgroup_id : index

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.num_subgroups"}
// CHECK: %x = gpu.num_subgroups : index
"test.begin"() {name = "gpu.num_subgroups"} : () -> ()
%x = gpu.num_subgroups : index

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.subgroup_size"}
// CHECK: %x = gpu.subgroup_size : index
"test.begin"() {name = "gpu.subgroup_size"} : () -> ()
%x = gpu.subgroup_size : index

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.barrier"}
// CHECK: gpu.barrier
"test.begin"() {name = "gpu.barrier"} : () -> ()
gpu.barrier

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.shuffle"}
// CHECK: %r, %p = gpu.shuffle xor %v, %o, %w : f32
"test.begin"() {name = "gpu.shuffle"} : () -> ()
%v = arith.constant 1.0 : f32
%o = arith.constant 1 : i32
%w = arith.constant 32 : i32
%r, %p = gpu.shuffle xor %v, %o, %w : f32

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.all_reduce"}
// CHECK: %s = gpu.all_reduce add %v uniform {
"test.begin"() {name = "gpu.all_reduce"} : () -> ()
%v = arith.constant 1.0 : f32
%s = gpu.all_reduce add %v uniform {
} : (f32) -> f32

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.subgroup_reduce"}
// CHECK: %s = gpu.subgroup_reduce add %v : (f32) -> f32
"test.begin"() {name = "gpu.subgroup_reduce"} : () -> ()
%v = arith.constant 1.0 : f32
%s = gpu.subgroup_reduce add %v : (f32) -> f32

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.dynamic_shared_memory"}
// CHECK: %m = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
"test.begin"() {name = "gpu.dynamic_shared_memory"} : () -> ()
%m = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>

// -----

// CHECK-LABEL: "test.begin"() {name = "gpu.printf"}
// CHECK: gpu.printf "x = %d" %x : i32
"test.begin"() {name = "gpu.printf"} : () -> ()
%x = arith.constant 1 : i32
gpu.printf "x = %d" %x : i32
