// RUN: split-file %s %t
// RUN: not tile-translate --mlir-to-cuda %t/left.mlir 2>&1 | filecheck %s --check-prefix=LEFT
// RUN: not tile-translate --mlir-to-cuda %t/vector.mlir 2>&1 | filecheck %s --check-prefix=VECTOR
// RUN: not tile-translate --mlir-to-cuda %t/index.mlir 2>&1 | filecheck %s --check-prefix=INDEX
// RUN: not tile-translate --mlir-to-hip %t/tile.mlir 2>&1 | filecheck %s --check-prefix=TILE
// RUN: tile-opt %t/tile.mlir --tile-to-cuda=arch=sm_80 -o %t/sm_80.mlir
// RUN: not tile-translate --mlir-to-hip %t/sm_80.mlir 2>&1 | filecheck %s --check-prefix=OTHER

// LEFT: left.mlir:3:5: error: 'tile.rasterize' op has no spelling in emitted text; lower it first
// VECTOR: vector.mlir:4:10: error: 'arith.addf' op has no spelling in emitted text; lower it first
// INDEX: index.mlir:4:18: error: 'arith.addui_extended' op has no spelling in emitted text; lower it first
// TILE: error: the module has no kernel to emit: expected a gpu.func with attribute gpu.kernel; lower it first: tile-opt --tile-to-hip
// OTHER: error: the program is lowered for sm_80, which is not programmed in HIP C++

//--- left.mlir
gpu.module @m {
  gpu.func @left() kernel attributes {known_block_size = array<i32: 64, 1, 1>, known_grid_size = array<i32: 1, 1, 1>} {
    tile.rasterize row panel(2)
    gpu.return
  }
}

//--- vector.mlir
gpu.module @m {
  gpu.func @vectors() kernel attributes {known_block_size = array<i32: 64, 1, 1>, known_grid_size = array<i32: 1, 1, 1>} {
    %a = arith.constant dense<1.0> : vector<4xf32>
    %b = arith.addf %a, %a : vector<4xf32>
    gpu.return
  }
}

//--- index.mlir
gpu.module @m {
  gpu.func @carry() kernel attributes {known_block_size = array<i32: 64, 1, 1>, known_grid_size = array<i32: 1, 1, 1>} {
    %a = arith.constant 1 : index
    %s, %carry = arith.addui_extended %a, %a : index, i1
    gpu.return
  }
}

//--- tile.mlir
tile.kernel @copy(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%x) = (1) threads(64) {
  %f = tile.alloc : !tile.fragment<128xf32>
  %c0 = arith.constant 0 : index
  tile.copy %A[%c0] to %f : memref<128xf32> to !tile.fragment<128xf32>
  tile.copy %f to %C[%c0] : !tile.fragment<128xf32> to memref<128xf32>
}
