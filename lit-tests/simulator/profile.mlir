// What the simulator counts, as a table, as JSON and as a page of its own; numbers are those that the program must have.
// REQUIRES: host-cxx
// RUN: tile-run %s --kernel=gemm --on=sim --arch=sm_80 --profile | filecheck %s --check-prefix=TEXT
// RUN: tile-run %s --kernel=gemm --on=sim --arch=sm_80 --profile=json | filecheck %s --check-prefix=JSON
// RUN: tile-run %s --kernel=gemm --on=sim --arch=sm_80 --profile=html | filecheck %s --check-prefix=HTML
// RUN: not tile-run %s --on=sim --arch=sm_80 --profile=html 2>&1 | filecheck %s --check-prefix=SEVERAL

// 64x64 elements of two bytes are read once, by requests that count in both memories; 2 x 64 x 64 x 64 operations.
// TEXT: gemm: 1 blocks in 1 launches
// TEXT: profile.mlir:[[#COPY:]] cp_async {{ *}}32 {{ *}}8192 {{.*}} 8192 {{ *}}256 {{ *}}100% {{ *}}0 {{ *}}[[#]]
// TEXT: profile.mlir:{{[0-9]+}} mma_m16n8k16_f32_f16 {{.*}} 524288
// TEXT: roofline of sm_80

// JSON: {"kernel":"gemm","arch":"sm_80",
// JSON-SAME: "operation":"cp_async"
// JSON-SAME: "copies":512,"copyDistance":{{[1-9][0-9]*}}

// HTML: <!doctype html>
// HTML-NOT: {{src=|href=|https?:}}
// HTML: <svg {{.*}}Roofline of sm_80
// HTML: flop per byte: at most
// HTML: <code class="source">tile.copy %A[%c0, %k] to %As : mem
// HTML: <td data-key="524288">524288</td>
// HTML: </html>
// HTML-NOT: {{.}}

// SEVERAL: tile-run: error: --profile=html is a page for one kernel; choose one with --kernel

tile.kernel @gemm(%A: memref<64x64xf16>, %B: memref<64x64xf16>, %C: memref<64x64xf16>) blocks(%bx) = (1) threads(64) {
  %As = tile.alloc : !tile.shared<64x32xf16>
  %Bs = tile.alloc : !tile.shared<32x64xf16>
  %acc = tile.alloc : !tile.fragment<64x64xf32>
  tile.clear %acc : !tile.fragment<64x64xf32>
  %c0 = arith.constant 0 : index
  tile.pipelined %k = 0 to 64 step 32 stages(2) {
    tile.copy %A[%c0, %k] to %As : memref<64x64xf16> to !tile.shared<64x32xf16>
    tile.copy %B[%k, %c0] to %Bs : memref<64x64xf16> to !tile.shared<32x64xf16>
    tile.gemm %As, %Bs into %acc : !tile.shared<64x32xf16>, !tile.shared<32x64xf16>, !tile.fragment<64x64xf32>
  }
  tile.copy %acc to %C[%c0, %c0] : !tile.fragment<64x64xf32> to memref<64x64xf16>
}

tile.kernel @clear(%C: memref<8xf32>) blocks(%b) = (1) threads(32) {
  %t = tile.alloc : !tile.fragment<8xf32>
  tile.clear %t : !tile.fragment<8xf32>
  tile.copy %t to %C : !tile.fragment<8xf32> to memref<8xf32>
}
