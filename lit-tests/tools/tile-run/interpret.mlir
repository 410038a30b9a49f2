// A kernel runs on drawn inputs, its outputs are saved, and what was saved can be given back.
// RUN: tile-run %s --out C=%t.npy | filecheck %s
// RUN: tile-run %s --on=interp --compare=interp --arg A=%t.npy --seed=2 | filecheck %s --check-prefix=COMPARE
// RUN: cat %s | tile-run - --kernel=scale --arg factor=0.5 | filecheck %s

// CHECK: scale: executed by interp
// COMPARE: scale: C: interp equals interp (error norm 0.00, tolerance 0.00195)

tile.kernel @scale(%A: memref<45x70xf16>, %factor: f16, %C: memref<45x70xf16>) blocks(%bx, %by) = (3, 2) threads(64) {
  %tile = tile.alloc : !tile.fragment<32x32xf16>
  %m = affine.apply affine_map<(d0) -> (d0 * 32)>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * 32)>(%bx)
  tile.copy %A[%m, %n] to %tile : memref<45x70xf16> to !tile.fragment<32x32xf16>
  tile.parallel (%i, %j) in (32, 32) {
    %x = tile.load %tile[%i, %j] : !tile.fragment<32x32xf16>
    %y = arith.mulf %x, %factor : f16
    tile.store %y, %tile[%i, %j] : !tile.fragment<32x32xf16>
  }
  tile.copy %tile to %C[%m, %n] : !tile.fragment<32x32xf16> to memref<45x70xf16>
}
