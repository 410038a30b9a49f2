/** Tile programs of any size for the GPU suite: the kernels of `kernels/` with other extents. */

export { gemmName, gemmProgram, type GemmParameters } from '../../tests/kernels/gemm-program.js';
export {
  attentionProgram,
  type AttentionParameters,
} from '../../tests/kernels/attention-program.js';

/** Each block reduces four rows, which it holds in registers. */
export function softmaxProgram(name: string, rows: number, columns: number): string {
  const memory = `memref<${rows}x${columns}xf32>`;
  const [tile, row] = [`!tile.fragment<4x${columns}xf32>`, '!tile.fragment<4xf32>'];
  return `tile.kernel @${name}(%A: ${memory}, %B: ${memory})
    blocks(%b) = (${Math.ceil(rows / 4)}) threads(128) {
  %a = tile.alloc : ${tile}
  %m = tile.alloc : ${row}
  %s = tile.alloc : ${row}
  %i = affine.apply affine_map<(d0) -> (d0 * 4)>(%b)
  %c0 = arith.constant 0 : index
  tile.copy %A[%i, %c0] to %a : ${memory} to ${tile}
  tile.reduce max %a to %m dim(1) {clear} : ${tile} to ${row}
  tile.parallel (%r, %c) in (4, ${columns}) {
    %x = tile.load %a[%r, %c] : ${tile}
    %top = tile.load %m[%r] : ${row}
    %d = arith.subf %x, %top : f32
    %e = math.exp %d fastmath<afn> : f32
    tile.store %e, %a[%r, %c] : ${tile}
  }
  tile.reduce sum %a to %s dim(1) {clear} : ${tile} to ${row}
  tile.parallel (%r, %c) in (4, ${columns}) {
    %x = tile.load %a[%r, %c] : ${tile}
    %total = tile.load %s[%r] : ${row}
    %d = arith.divf %x, %total : f32
    tile.store %d, %a[%r, %c] : ${tile}
  }
  tile.copy %a to %B[%i, %c0] : ${tile} to ${memory}
}
`;
}

/** C = A + B. */
export function additionProgram(name: string, count: number, type: string): string {
  const [memory, tile] = [`memref<${count}x${type}>`, `!tile.fragment<2048x${type}>`];
  return `tile.kernel @${name}(%A: ${memory}, %B: ${memory}, %C: ${memory})
    blocks(%b) = (${Math.ceil(count / 2048)}) threads(128) {
  %a = tile.alloc : ${tile}
  %b2 = tile.alloc : ${tile}
  %i = affine.apply affine_map<(d0) -> (d0 * 2048)>(%b)
  tile.copy %A[%i] to %a : ${memory} to ${tile}
  tile.copy %B[%i] to %b2 : ${memory} to ${tile}
  tile.parallel (%t) in (2048) {
    %x = tile.load %a[%t] : ${tile}
    %y = tile.load %b2[%t] : ${tile}
    %sum = arith.addf %x, %y : ${type}
    tile.store %sum, %a[%t] : ${tile}
  }
  tile.copy %a to %C[%i] : ${tile} to ${memory}
}
`;
}
