// RUN: tile-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected 2 sizes, one for each '?' of 'memref<?x?xf32>', found 1}}
tile.kernel @sizes(%n: index, %A: memref<?x?xf32> sizes(%n)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{expected an argument of the kernel, found '%k'}}
tile.kernel @unknown(%n: index, %A: memref<?xf32> sizes(%k)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{expected a size of type 'index', found '%n' of type 'i32'}}
tile.kernel @wrong_type(%n: i32) blocks(%b) = (%n) threads(32) {
}

// -----

// expected-error@+1 {{expected 2 extents, one for each block index, found 1}}
tile.kernel @extents(%n: index) blocks(%x, %y) = (%n) threads(32) {
}

// -----

// expected-error@+1 {{'tile.kernel' op expected 2 entries of 'tensor_extents', one for each '?' of the tensors, found 1}}
"tile.kernel"() <{function_type = (index, memref<?x?xf32>) -> (), grid = array<i64: 1>, sym_name = "g", tensor_extents = array<i64: 0>, threads = 32 : i64}> ({
^bb0(%n: index, %A: memref<?x?xf32>, %b: index):
}) : () -> ()

// -----

// expected-error@+1 {{'tile.kernel' op expected a size to be an argument of type 'index', found argument 1}}
"tile.kernel"() <{function_type = (index, memref<?xf32>) -> (), grid = array<i64: 1>, sym_name = "g", tensor_extents = array<i64: 1>, threads = 32 : i64}> ({
^bb0(%n: index, %A: memref<?xf32>, %b: index):
}) : () -> ()

// -----

// expected-error@+1 {{'tile.kernel' op expected 'grid_map' to have 1 dimensions, one for each argument of type 'index', and no symbols, found 'affine_map<(d0, d1) -> (d1)>'}}
"tile.kernel"() <{function_type = (index) -> (), grid = array<i64: -1>, grid_map = affine_map<(d0, d1) -> (d1)>, sym_name = "g", threads = 32 : i64}> ({
^bb0(%n: index, %b: index):
}) : () -> ()

// -----

tile.kernel @assume(%n: index) blocks(%b) = (1) threads(32) {
  // expected-error@+1 {{'tile.assume' op expected 1 operands, found 2}}
  tile.assume affine_set<(d0) : (d0 mod 8 == 0)>(%n, %b)
}
