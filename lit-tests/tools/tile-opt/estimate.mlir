// What a kernel needs and does, for several targets, as text and as JSON; wrong flags are named.
// RUN: tile-opt --estimate --arch=sm_80,gfx942 %s | filecheck %s
// RUN: tile-opt --estimate=json %s | filecheck %s --check-prefix=JSON
// RUN: not tile-opt --estimate=xml %s 2>&1 | filecheck %s --check-prefix=FORMAT
// RUN: not tile-opt --estimate --arch=sm_8O %s 2>&1 | filecheck %s --check-prefix=ARCH
// RUN: not tile-opt --arch=sm_80 %s 2>&1 | filecheck %s --check-prefix=ALONE
// RUN: not tile-opt --estimate --show-layout %s 2>&1 | filecheck %s --check-prefix=BOTH
// RUN: not tile-opt --run %s 2>&1 | filecheck %s --check-prefix=RUNALONE
// RUN: echo 'func.func private @f()' | not tile-opt --estimate 2>&1 | filecheck %s --check-prefix=NONE
// RUN: not tile-opt --estimate --arch=gfx942 %S/Inputs/too-much.mlir 2>&1 | filecheck %s --check-prefix=TOOMUCH

// CHECK: scale on sm_80
// CHECK-NEXT: blocks 8 (8) of 128 threads
// CHECK-NEXT: registers {{[0-9]+}} expected, at least 8, of 255 per thread
// CHECK-NEXT: shared memory 0 bytes per block
// CHECK-NEXT: occupancy 16 blocks (64 warps, 100 %) per multiprocessor, limited by registers
// CHECK-NEXT: waves 1, 0 % full
// CHECK-NEXT: global memory 31.3 KiB read and 31.3 KiB written at best, 31.3 KiB and 31.3 KiB without reuse
// CHECK-NEXT: work 16.4 kFLOP by scalar instructions (8.19 kFLOP transcendental)
// CHECK-NEXT: intensity
// CHECK-NEXT: roofline at least 0.0320 us, bound by memory
// CHECK: scale on gfx942
// JSON: "kernel": "scale"
// JSON: "arch": "sm_80"
// FORMAT: error: for the --estimate option: cannot find option named 'xml', expected one of '', 'text', 'json'
// ARCH: error: unknown target architecture 'sm_8O' (did you mean 'sm_80'?)
// ALONE: error: --arch needs --estimate or --show-layout or --sweep-schedules; a pass takes it as its option, as in --tile-to-cuda=arch=sm_80
// BOTH: error: --estimate and --show-layout exclude each other
// RUNALONE: error: --run needs --sweep-schedules
// NONE: error: expected a 'tile.kernel' to estimate, found none
// TOOMUCH: error: 'tile.kernel' op needs {{[0-9]+}} bytes of shared memory, but gfx942 has 65536 per block

tile.kernel @scale(%A: memref<8000xf32>, %B: memref<8000xf32>) blocks(%bx) = (8) threads(128) {
  %t = tile.alloc : !tile.fragment<1024xf32>
  %i = affine.apply affine_map<(d0) -> (d0 * 1024)>(%bx)
  tile.copy %A[%i] to %t : memref<8000xf32> to !tile.fragment<1024xf32>
  tile.parallel (%j) in (1024) {
    %x = tile.load %t[%j] : !tile.fragment<1024xf32>
    %y = math.exp2 %x : f32
    %z = arith.addf %x, %y : f32
    tile.store %z, %t[%j] : !tile.fragment<1024xf32>
  }
  tile.copy %t to %B[%i] : !tile.fragment<1024xf32> to memref<8000xf32>
}
