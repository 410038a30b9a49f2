// RUN: tile-opt %s --split-input-file --verify-diagnostics

func.func @missing(%A: memref<4xf32>) {
  // expected-error@+1 {{'tile.launch' op expected a kernel, found no symbol '@nothing'}}
  tile.launch @nothing(%A) : memref<4xf32>
  return
}

// -----

// expected-note@+1 {{it is defined here}}
func.func private @callee(memref<4xf32>)
func.func @no_kernel(%A: memref<4xf32>) {
  // expected-error@+1 {{'tile.launch' op expected '@callee' to be a 'tile.kernel', found 'func.func'}}
  tile.launch @callee(%A) : memref<4xf32>
  return
}

// -----

// expected-note@+1 {{the kernel is defined here}}
tile.kernel @k(%A: memref<4xf32>, %n: index) blocks(%b) = (1) threads(32) {
}
func.func @count(%A: memref<4xf32>) {
  // expected-error@+1 {{'tile.launch' op expected 2 arguments of '@k', found 1}}
  tile.launch @k(%A) : memref<4xf32>
  return
}

// -----

// expected-note@+1 {{the kernel is defined here}}
tile.kernel @k(%A: memref<4xf32>) blocks(%b) = (1) threads(32) {
}
func.func @types(%A: memref<4xf16>) {
  // expected-error@+1 {{'tile.launch' op expected argument 0 of '@k' to be 'memref<4xf32>', found 'memref<4xf16>'}}
  tile.launch @k(%A) : memref<4xf16>
  return
}
