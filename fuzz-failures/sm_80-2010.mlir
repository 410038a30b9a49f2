// RUN: tile-run %s --on=sim --arch=sm_80 --compare=interp --seed=2010 --schedules=3 --draw=halves --tolerance=0
// Program 2010 of the fuzzer for sm_80: crash of a pass.
// PassCrash: Cannot read properties of undefined (reading 'low')
//     at PassManager.execute (file:///work/wt/layout/dist/build/fuzzMain.mjs:32949:54)
//     at PassManager.runPass (file:///work/wt/layout/dist/build/fuzzMain.mjs:32931:28)
//     at file:///work/wt/layout/dist/build/fuzzMain.mjs:32891:51
//     at Array.every (<anonymous>)
//     at PassManager.runElements (file:///work/wt/layout/dist/build/fuzzMain.mjs:32890:22)
//     at PassManager.run (file:///work/wt/layout/dist/build/fuzzMain.mjs:32878:24)
//     at compileModule (file:///work/wt/layout/dist/build/fuzzMain.mjs:36430:50)
//     at compileCopy (file:///work/wt/layout/dist/build/fuzzMain.mjs:42537:10)
//     at Object.run (file:///work/wt/layout/dist/build/fuzzMain.mjs:42595:20)
//     at checkKernel (file:///work/wt/layout/dist/build/fuzzMain.mjs:42775:23)

tile.kernel @fuzzed(%A13: memref<132x163xf16>, %A14: memref<1x212xi32>)
    blocks(%bx, %by) = (1, 1) threads(32) {
  %t8 = tile.alloc : !tile.shared<48x16xf16>
  %t9 = tile.alloc : !tile.shared<16x8xf16>
  %t10 = tile.alloc : !tile.fragment<48x8xf32>
  %t12 = tile.alloc : !tile.shared<48x16xf16>
  tile.clear %t10 : !tile.fragment<48x8xf32>
  %at0 = arith.constant 0 : index
  %at1 = arith.constant 0 : index
  tile.copy %A13[%at0, %at1] to %t12 : memref<132x163xf16> to !tile.shared<48x16xf16>
  tile.copy %t12 to %t8 : !tile.shared<48x16xf16> to !tile.shared<48x16xf16>
  %at2 = arith.constant 0 : index
  %at3 = arith.constant 0 : index
  tile.copy %A14[%at2, %at3] to %t9 : memref<1x212xi32> to !tile.shared<16x8xf16>
  tile.gemm %t8, %t9 into %t10 : !tile.shared<48x16xf16>, !tile.shared<16x8xf16>, !tile.fragment<48x8xf32>
}
