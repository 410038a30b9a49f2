// Values that a loop carries are all assigned at once, also where they trade places.
// REQUIRES: host-cxx
// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --schedules=8 | filecheck %s
// RUN: tile-run %s --on=sim --arch=gfx90a --compare=interp --schedules=8 | filecheck %s

// CHECK: exchange: C: sim equals interp
tile.kernel @exchange(%A: memref<128xf32>, %C: memref<128xf32>) blocks(%b) = (1) threads(64) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  tile.parallel (%i) in (128) {
    %x = tile.load %A[%i] : memref<128xf32>
    %one = arith.constant 1.0 : f32
    %first, %second = scf.for %k = %c0 to %c5 step %c1 iter_args(%a = %x, %d = %one) -> (f32, f32) {
      scf.yield %d, %a : f32, f32
    }
    %twice = arith.addf %first, %first : f32
    %sum = arith.subf %twice, %second : f32
    tile.store %sum, %C[%i] : memref<128xf32>
  }
}
