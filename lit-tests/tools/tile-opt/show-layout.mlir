// Layouts as tables and as drawings, of a program's tiles, with bank conflicts, and of a layout that is given.
// RUN: tile-opt --show-layout --value=%%acc,As %s | filecheck %s
// RUN: tile-opt --show-layout='#layout.fragment<[2, 4], thread = (2,2,2):(2,4,0), value = 2:1>' | filecheck %s --check-prefix=BARE
// RUN: tile-opt --show-layout='#layout.shared<swizzle<1,1,1> o 0 o (2,4):(4,1)>' | filecheck %s --check-prefix=SHARED
// RUN: tile-opt --show-layout='#layout.fragment<[2, 2], thread = 4:1, value = 1:0>' --color=always | filecheck %s --check-prefix=COLOR
// RUN: tile-opt --show-layout -o %t.svg %s
// RUN: filecheck %s --check-prefix=SVG < %t.svg
// RUN: tile-opt --show-layout='svg:#layout.fragment<[2, 2], thread = 4:1, value = 1:0>' | filecheck %s --check-prefix=BARESVG
// RUN: tile-opt --tile-infer-layouts=arch=gfx942 --show-layout --value=acc %s | filecheck %s --check-prefix=INFERRED
// RUN: not tile-opt --show-layout --value=ac %s 2>&1 | filecheck %s --check-prefix=NAME
// RUN: not tile-opt --show-layout=pdf %s 2>&1 | filecheck %s --check-prefix=FORMAT
// RUN: not tile-opt --show-layout='#layout.fragment<[2, 4], thread = (2,2>' 2>&1 | filecheck %s --check-prefix=SYNTAX
// RUN: not tile-opt --show-layout='#layout.shred<(2,4):(4,1)>' 2>&1 | filecheck %s --check-prefix=KIND
// RUN: echo 'func.func private @f()' | not tile-opt --show-layout 2>&1 | filecheck %s --check-prefix=NONE
// RUN: not tile-opt --value=acc %s 2>&1 | filecheck %s --check-prefix=ALONE

// CHECK: %As : !tile.shared<64x64xf16> in product
// CHECK-NEXT: shared (64,64):(64,1)
// CHECK-NEXT: tile.copy writes, 16 bytes per lane: no bank conflict
// CHECK-NEXT: tile.gemm reads with ldmatrix, 16 bytes per lane: 8-way bank conflict; marked where lanes 0, 1, 2, 3 and 4 more of one phase meet
// CHECK: 0 | b0:0! {{.*}} b3:7! b4:8 b4:9 b5:10
// CHECK: 8 | b0:512 b0:513 b1:514
// CHECK: (32x32 of 64x64 shown)
// CHECK: %acc : !tile.fragment<64x64xf32> in product
// CHECK: 0 | t0:r0 t0:r1 t1:r0
// BARE: 8 threads with 2 registers each, 2 threads hold each element; vectors of 2
// BARE: {{^}}0 | t0:r0x2 t0:r1x2 t1:r0x2 t1:r1x2
// BARE-NEXT: {{^}}1 | t2:r0x2 t2:r1x2 t3:r0x2 t3:r1x2
// SHARED: {{^}}1 | b3:6 b3:7 b2:4 b2:5
// COLOR: [48;2;{{[0-9;]+}}mt0:r0
// SVG: <svg xmlns="http://www.w3.org/2000/svg"
// SVG: %As : !tile.shared&lt;64x64xf16&gt; in product
// SVG: 8-way bank conflict
// SVG: stroke="#d1242f"
// SVG: %Bs : !tile.shared
// SVG: %acc : !tile.fragment
// BARESVG: <svg
// INFERRED: %acc : !tile.fragment<64x64xf32> in product
// NAME: error: no tile is named '%ac'; did you mean 'acc'?
// FORMAT: error: for the --show-layout option: cannot find option named 'pdf'
// SYNTAX: <layout>:1:{{[0-9]+}}: error:
// KIND: <layout>:1:{{[0-9]+}}: error:
// NONE: error: expected a 'tile.alloc' to draw, found none
// ALONE: error: --value needs --show-layout

tile.kernel @product(%A: memref<64x64xf16>, %B: memref<64x64xf16>, %C: memref<64x64xf32>) blocks(%bx) = (1) threads(128) {
  %As = tile.alloc : !tile.shared<64x64xf16, #layout.shared<(64,64):(64,1)>>
  %Bs = tile.alloc : !tile.shared<64x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  tile.copy %A to %As : memref<64x64xf16> to !tile.shared<64x64xf16, #layout.shared<(64,64):(64,1)>>
  tile.copy %B to %Bs : memref<64x64xf16> to !tile.shared<64x64xf16>
  tile.gemm %As, %Bs into %acc : !tile.shared<64x64xf16, #layout.shared<(64,64):(64,1)>>, !tile.shared<64x64xf16>, !tile.fragment<64x64xf32>
  tile.copy %acc to %C : !tile.fragment<64x64xf32> to memref<64x64xf32>
}
