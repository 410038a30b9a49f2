// How often each of 64 values occurs, and how many values each block counted: first in shared memory, then for all blocks.

tile.kernel @histogram(%n: index, %X: memref<?xi32> sizes(%n), %H: memref<64xi32>, %Counted: memref<1xi32>)
    blocks(%b) = (%n ceildiv 512) threads(128) {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1 : i32
  %mask = arith.constant 63 : i32
  %bins = tile.alloc : !tile.shared<64xi32>
  tile.clear %bins : !tile.shared<64xi32>
  %first = affine.apply affine_map<(d0) -> (d0 * 512)>(%b)
  tile.parallel (%i) in (512) {
    %at = arith.addi %first, %i : index
    %isInside = arith.cmpi slt, %at, %n : index
    scf.if %isInside {
      %x = tile.load %X[%at] : memref<?xi32>
      %bin = arith.andi %x, %mask : i32
      %place = arith.index_cast %bin : i32 to index
      tile.atomic add %one into %bins[%place] : i32 into !tile.shared<64xi32>
    }
  }
  tile.atomic add %bins into %H : !tile.shared<64xi32> into memref<64xi32>
  %after = affine.apply affine_map<(d0) -> (d0 * 512 + 512)>(%b)
  %end = arith.minsi %after, %n : index
  %count = arith.subi %end, %first : index
  %counted = arith.index_cast %count : index to i32
  tile.atomic add %counted into %Counted[%c0] : i32 into memref<1xi32>
}
