// RUN: tile-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected 1 strides, one for each '?' of the strides of 'memref<8x8xf32, strided<[?, 1]>>', found 2}}
tile.kernel @count(%n: index, %A: memref<8x8xf32, strided<[?, 1]>> strides(%n, %n)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{expected 0 strides, one for each '?' of the strides of 'memref<8x8xf32>', found 1}}
tile.kernel @dense(%n: index, %A: memref<8x8xf32> strides(%n)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{expected an argument of the kernel, found '%k'}}
tile.kernel @unknown(%A: memref<8x8xf32, strided<[?, 1]>> strides(%k)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{expected a size of type 'index', found '%n' of type 'i32'}}
tile.kernel @wrong_type(%n: i32, %A: memref<8x8xf32, strided<[?, 1]>> strides(%n)) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{'tile.kernel' op expected tensors to be dense or to have strides and a known offset, found argument 0 of type 'memref<8x8xf32, strided<[8, 1], offset: ?>>'}}
tile.kernel @offset(%A: memref<8x8xf32, strided<[8, 1], offset: ?>>) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{'tile.kernel' op expected tensors to be dense or to have strides and a known offset, found argument 0 of type 'memref<8x8xf32, affine_map<(d0, d1) -> (d1, d0)>>'}}
tile.kernel @map(%A: memref<8x8xf32, affine_map<(d0, d1) -> (d1, d0)>>) blocks(%b) = (1) threads(32) {
}

// -----

// expected-error@+1 {{'tile.kernel' op expected 1 entries of 'tensor_strides', one for each '?' of the tensors' strides, found 2}}
"tile.kernel"() <{function_type = (index, memref<4x4xf32, strided<[?, 1]>>) -> (), grid = array<i64: 1>, sym_name = "g", tensor_strides = array<i64: 0, 0>, threads = 32 : i64}> ({
^bb0(%n: index, %A: memref<4x4xf32, strided<[?, 1]>>, %b: index):
}) : () -> ()

// -----

// expected-error@+1 {{'tile.kernel' op expected a stride to be an argument of type 'index', found argument 1}}
"tile.kernel"() <{function_type = (index, memref<4x4xf32, strided<[?, 1]>>) -> (), grid = array<i64: 1>, sym_name = "g", tensor_strides = array<i64: 1>, threads = 32 : i64}> ({
^bb0(%n: index, %A: memref<4x4xf32, strided<[?, 1]>>, %b: index):
}) : () -> ()
