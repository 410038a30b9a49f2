// Elements of four bits lie two to a byte: places are halved, single elements are cut out of bytes and put into them.
// RUN: tile-opt %s --split-input-file --pack-narrow-elements | filecheck %s

gpu.module @rows {
  // Rows of whole bytes stay rows. Callers go on seeing the tensor.
  // CHECK-LABEL: gpu.func @rows
  // CHECK-SAME: (%X: memref<64x16xi8>, %Y: memref<64x32xf16>)
  // CHECK-SAME: tile.tensor_types = [memref<64x32xi4>, memref<64x32xf16>]
  gpu.func @rows(%X: memref<64x32xi4>, %Y: memref<64x32xf16>) kernel {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c8 = arith.constant 8 : index
    // CHECK: %[[ROW:.*]] = gpu.thread_id x
    %row = gpu.thread_id x
    // CHECK: %[[REGISTERS:.*]] = memref.alloca() : memref<4xi8, #gpu.address_space<private>>
    %registers = memref.alloca() : memref<8xi4, #gpu.address_space<private>>
    // CHECK: %[[VECTOR:.*]] = vector.load %X[%[[ROW]], %{{.*}}] : memref<64x16xi8>, vector<4xi8>
    // CHECK: vector.store %[[VECTOR]], %[[REGISTERS]][%{{.*}}] : memref<4xi8, {{.*}}>, vector<4xi8>
    %vector = vector.load %X[%row, %c8] : memref<64x32xi4>, vector<8xi4>
    vector.store %vector, %registers[%c0] : memref<8xi4, #gpu.address_space<private>>, vector<8xi4>
    // The second element of a byte is in its high half: four bits to the right with the sign.
    // CHECK: %[[BYTE:.*]] = memref.load %[[REGISTERS]][%{{.*}}] : memref<4xi8
    // CHECK: %[[FOUR:.*]] = arith.constant 4 : i8
    // CHECK-NEXT: %[[ELEMENT:.*]] = arith.shrsi %[[BYTE]], %[[FOUR]] : i8
    %element = memref.load %registers[%c1] : memref<8xi4, #gpu.address_space<private>>
    // CHECK: arith.addi %[[ELEMENT]], %[[ELEMENT]] : i8
    // CHECK: arith.shli
    // CHECK: %[[TWICE:.*]] = arith.shrsi
    %twice = arith.addi %element, %element : i4
    // CHECK: packed.store 4 %[[TWICE]] at %{{.*}} of %[[REGISTERS]][%{{.*}}] : memref<4xi8
    memref.store %twice, %registers[%c0] : memref<8xi4, #gpu.address_space<private>>
    // A number of f16 is 1024 + 8 + the element as its last bits, without 1032.
    // CHECK: arith.xori
    // CHECK: arith.ori
    // CHECK: arith.bitcast {{.*}} : i16 to f16
    // CHECK: %[[NUMBER:.*]] = arith.subf
    %number = arith.sitofp %twice : i4 to f16
    memref.store %number, %Y[%row, %c0] : memref<64x32xf16>
    gpu.return
  }
}

// -----

gpu.module @flat {
  // Where rows begin in the middle of a byte the tensor is one row of bytes: 3 * 5 elements take 8.
  // CHECK-LABEL: gpu.func @flat
  // CHECK-SAME: (%X: memref<8xi8>)
  gpu.func @flat(%X: memref<3x5xi4>) kernel {
    %c1 = arith.constant 1 : index
    %i = gpu.thread_id x
    // Another thread may write the other half of the byte.
    // CHECK: %[[PLACE:.*]] = arith.addi
    // CHECK: %[[BYTE:.*]] = arith.divui %[[PLACE]]
    // CHECK: %[[HALF:.*]] = arith.remui %[[PLACE]]
    // CHECK: %[[VALUE:.*]] = packed.load 4 %[[HALF]] of %X[%[[BYTE]]] : memref<8xi8>
    %value = memref.load %X[%i, %c1] : memref<3x5xi4>
    // CHECK: packed.store 4 %[[VALUE]] at %{{.*}} of %X[%{{.*}}] : memref<8xi8>
    memref.store %value, %X[%c1, %i] : memref<3x5xi4>
    gpu.return
  }
}

// -----

gpu.module @copy {
  // Sums, exclusive ors and products of places are halved part by part.
  // CHECK-LABEL: gpu.func @copy
  gpu.func @copy(%X: memref<64x64xi4>) kernel {
    %c0 = arith.constant 0 : index
    %c32 = arith.constant 32 : index
    %thread = gpu.thread_id x
    %all = gpu.dynamic_shared_memory : memref<?xi8, #gpu.address_space<workgroup>>
    // CHECK: memref.view {{.*}} to memref<2048xi8, #gpu.address_space<workgroup>>
    %tile = memref.view %all[%c0][] : memref<?xi8, #gpu.address_space<workgroup>> to memref<4096xi4, #gpu.address_space<workgroup>>
    // CHECK: %[[C16:.*]] = arith.constant 16 : index
    // CHECK: %[[START:.*]] = arith.muli %{{.*}}, %[[C16]] : index
    // CHECK: arith.xori %[[START]]
    // CHECK: nv.cp_async 16 %X[%{{.*}}, %{{.*}}] to %{{.*}}[%{{.*}}] : memref<64x32xi8> to memref<2048xi8
    %start = arith.muli %thread, %c32 : index
    %swizzled = arith.xori %start, %c32 : index
    nv.cp_async 16 %X[%thread, %c32] to %tile[%swizzled] : memref<64x64xi4> to memref<4096xi4, #gpu.address_space<workgroup>>
    gpu.return
  }
}

// -----

gpu.module @floats {
  // f4E2M1FN has the sign, exponent and mantissa of a small f16.
  // CHECK-LABEL: gpu.func @floats
  gpu.func @floats(%X: memref<64xf4E2M1FN>, %Y: memref<64xf32>) kernel {
    %i = gpu.thread_id x
    %x = memref.load %X[%i] : memref<64xf4E2M1FN>
    // CHECK: arith.constant 1.638400e+04 : f16
    // CHECK: arith.mulf
    // CHECK: %[[NUMBER:.*]] = arith.extf
    %wide = arith.extf %x : f4E2M1FN to f32
    // CHECK: memref.store %[[NUMBER]], %Y
    memref.store %wide, %Y[%i] : memref<64xf32>
    // The way back counts the midpoints below: seven comparisons.
    // CHECK-COUNT-7: arith.cmpf
    // CHECK: packed.store 4
    %narrow = arith.truncf %wide : f32 to f4E2M1FN
    memref.store %narrow, %X[%i] : memref<64xf4E2M1FN>
    gpu.return
  }
}

// -----

gpu.module @signs {
  // `arith` and C++ compute with integers that have no sign in their types.
  // CHECK-LABEL: gpu.func @signs
  // CHECK-SAME: (%X: memref<64xi8>)
  // CHECK-SAME: tile.tensor_types = [memref<64xui8>]
  gpu.func @signs(%X: memref<64xui8>) kernel {
    %i = gpu.thread_id x
    // CHECK: %[[X:.*]] = memref.load %X
    // CHECK-NOT: unrealized_conversion_cast
    // CHECK: memref.store %[[X]], %X
    %x = memref.load %X[%i] : memref<64xui8>
    %plain = builtin.unrealized_conversion_cast %x : ui8 to i8
    %back = builtin.unrealized_conversion_cast %plain : i8 to ui8
    memref.store %back, %X[%i] : memref<64xui8>
    gpu.return
  }
}
