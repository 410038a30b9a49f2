// RUN: tile-opt %s --allow-unregistered-dialect --split-input-file --verify-diagnostics

// expected-error@+1 {{'gpu.return' op expects parent op 'gpu.func'}}
gpu.return

// -----

// expected-error@+1 {{'gpu.func' op expected void return type for kernel function}}
gpu.module @m { gpu.func @k() -> f32 kernel { gpu.return } }

// -----

// expected-error@+1 {{'gpu.thread_id' op requires attribute 'dimension'}}
%x = "gpu.thread_id"() : () -> index

// -----

// expected-error@+1 {{'gpu.thread_id' op attribute 'dimension' failed to satisfy constraint: a dimension, either 'x', 'y', or 'z'}}
%x = "gpu.thread_id"() {dimension = "x"} : () -> index

// -----

// expected-error@+1 {{expected dim to be one of: x, y, z, but got 'w'; did you mean 'x'?}}
%x = gpu.thread_id w
