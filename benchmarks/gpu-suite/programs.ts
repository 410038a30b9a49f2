/** Tile programs of any size for the GPU suite: the kernels of `kernels/` with other extents. */

export { gemmName, gemmProgram, type GemmParameters } from '../../tests/kernels/gemm-program.js';

export interface AttentionParameters {
  readonly heads: number;
  /** Rows of Q, K and V of one head; a multiple of 128. */
  readonly rows: number;
  /** Columns: 64 or 128. */
  readonly depth: number;
  readonly isCausal: boolean;
}

/**
 * Attention for several heads, one below the other in Q, K, V and O. A block computes 128 rows of one head; see
 * kernels/flash_attention.mlir for the algorithm.
 */
export function attentionProgram(name: string, p: AttentionParameters): string {
  const { heads, rows, depth, isCausal } = p;
  const memory = `memref<${heads * rows}x${depth}xf16>`;
  const step = depth === 64 ? 64 : 32;
  const [q, kv] = [`!tile.shared<128x${depth}xf16>`, `!tile.shared<${step}x${depth}xf16>`];
  const [scores, weights] = [`!tile.fragment<128x${step}xf32>`, `!tile.fragment<128x${step}xf16>`];
  const [output, row] = [`!tile.fragment<128x${depth}xf32>`, '!tile.fragment<128xf32>'];
  // log2(e) / sqrt(depth)
  const factor = (Math.LOG2E / Math.sqrt(depth)).toFixed(9);
  const end = isCausal ? '%end' : `${rows}`;
  const mask = `
    tile.parallel (%i, %j) in (128, ${step}) {
      %row = arith.addi %m, %i : index
      %column = arith.addi %k, %j : index
      %visible = arith.cmpi sle, %column, %row : index
      %score = tile.load %S[%i, %j] : ${scores}
      %masked = arith.select %visible, %score, %lowest : f32
      tile.store %masked, %S[%i, %j] : ${scores}
    }`;
  return `tile.kernel @${name}(%Q: ${memory}, %K: ${memory}, %V: ${memory}, %O: ${memory})
    blocks(%bx, %head) = (${rows / 128}, ${heads}) threads(128) {
  %Qs = tile.alloc : ${q}
  %Ks = tile.alloc : ${kv}
  %Vs = tile.alloc : ${kv}
  %S = tile.alloc : ${scores}
  %P = tile.alloc : ${weights}
  %acc = tile.alloc : ${output}
  %max = tile.alloc : ${row}
  %previous = tile.alloc : ${row}
  %scale = tile.alloc : ${row}
  %sum = tile.alloc : ${row}
  %c0 = arith.constant 0 : index
  %lowest = arith.constant -1.0e+30 : f32
  %factor = arith.constant ${factor} : f32
  %m = affine.apply affine_map<(d0) -> (d0 * 128)>(%bx)
  %at = affine.apply affine_map<(d0, d1) -> (d0 * 128 + d1 * ${rows})>(%bx, %head)
  %first = affine.apply affine_map<(d0) -> (d0 * ${rows})>(%head)
  %end = affine.apply affine_map<(d0) -> (d0 * 128 + 128)>(%bx)
  tile.copy %Q[%at, %c0] to %Qs : ${memory} to ${q}
  tile.clear %acc : ${output}
  tile.clear %sum : ${row}
  tile.fill %max, %lowest : ${row}, f32
  tile.pipelined %k = 0 to ${end} step ${step} stages(2) {
    %from = arith.addi %first, %k : index
    tile.copy %K[%from, %c0] to %Ks : ${memory} to ${kv}
    tile.copy %V[%from, %c0] to %Vs : ${memory} to ${kv}
    tile.clear %S : ${scores}
    tile.gemm %Qs, %Ks into %S {transpose_b} : ${q}, ${kv}, ${scores}${isCausal ? mask : ''}
    tile.copy %max to %previous : ${row} to ${row}
    tile.reduce max %S to %max dim(1) : ${scores} to ${row}
    tile.parallel (%i) in (128) {
      %before = tile.load %previous[%i] : ${row}
      %now = tile.load %max[%i] : ${row}
      %change = arith.subf %before, %now : f32
      %scaled = arith.mulf %change, %factor : f32
      %power = math.exp2 %scaled fastmath<afn> : f32
      tile.store %power, %scale[%i] : ${row}
      %old = tile.load %sum[%i] : ${row}
      %new = arith.mulf %old, %power : f32
      tile.store %new, %sum[%i] : ${row}
    }
    tile.parallel (%i, %j) in (128, ${step}) {
      %score = tile.load %S[%i, %j] : ${scores}
      %top = tile.load %max[%i] : ${row}
      %distance = arith.subf %score, %top : f32
      %exponent = arith.mulf %distance, %factor : f32
      %weight = math.exp2 %exponent fastmath<afn> : f32
      tile.store %weight, %S[%i, %j] : ${scores}
    }
    tile.parallel (%i, %j) in (128, ${depth}) {
      %value = tile.load %acc[%i, %j] : ${output}
      %by = tile.load %scale[%i] : ${row}
      %rescaled = arith.mulf %value, %by : f32
      tile.store %rescaled, %acc[%i, %j] : ${output}
    }
    tile.reduce sum %S to %sum dim(1) : ${scores} to ${row}
    tile.copy %S to %P : ${scores} to ${weights}
    tile.gemm %P, %Vs into %acc : ${weights}, ${kv}, ${output}
  }
  tile.parallel (%i, %j) in (128, ${depth}) {
    %value = tile.load %acc[%i, %j] : ${output}
    %total = tile.load %sum[%i] : ${row}
    %normal = arith.divf %value, %total : f32
    tile.store %normal, %acc[%i, %j] : ${output}
  }
  tile.copy %acc to %O[%at, %c0] : ${output} to ${memory}
}
`;
}

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
