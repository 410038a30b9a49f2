/** Writes tile programs of attention, for any sizes and blocks. */

export interface AttentionParameters {
  readonly heads: number;
  /** Rows of Q, K and V of one head; a multiple of the block's. */
  readonly rows: number;
  /** Columns: the head dimension. */
  readonly depth: number;
  readonly isCausal: boolean;
  readonly block?: AttentionBlock;
}

/** What one block of threads computes. */
export interface AttentionBlock {
  /** Rows of O. */
  readonly rows: number;
  /** Rows of K and V of one iteration. */
  readonly keys: number;
  readonly threads: number;
}

/**
 * Attention for several heads, one below the other in Q, K, V and O. A block computes some rows of one head; see
 * kernels/flash_attention.mlir for the algorithm.
 */
export function attentionProgram(name: string, p: AttentionParameters): string {
  const { heads, rows, depth, isCausal } = p;
  const memory = `memref<${heads * rows}x${depth}xf16>`;
  const usual = { rows: 128, keys: depth === 64 ? 64 : 32, threads: 128 };
  const { rows: own, keys, threads } = p.block ?? usual;
  const [q, kv] = [`!tile.shared<${own}x${depth}xf16>`, `!tile.shared<${keys}x${depth}xf16>`];
  const [scores, weights] = [
    `!tile.fragment<${own}x${keys}xf32>`,
    `!tile.fragment<${own}x${keys}xf16>`,
  ];
  const [output, row] = [`!tile.fragment<${own}x${depth}xf32>`, `!tile.fragment<${own}xf32>`];
  // log2(e) / sqrt(depth)
  const factor = (Math.LOG2E / Math.sqrt(depth)).toFixed(9);
  const isSingle = heads === 1;
  const grid = isSingle
    ? `blocks(%bx) = (${rows / own})`
    : `blocks(%bx, %head) = (${rows / own}, ${heads})`;
  const place = isSingle
    ? ''
    : `  %at = affine.apply affine_map<(d0, d1) -> (d0 * ${own} + d1 * ${rows})>(%bx, %head)
  %first = affine.apply affine_map<(d0) -> (d0 * ${rows})>(%head)
`;
  const from = isSingle ? '' : '    %from = arith.addi %first, %k : index\n';
  const [query, key] = isSingle ? ['%m', '%k'] : ['%at', '%from'];
  const end = isCausal ? '%end' : `${rows}`;
  const mask = `
    tile.parallel (%i, %j) in (${own}, ${keys}) {
      %row = arith.addi %m, %i : index
      %column = arith.addi %k, %j : index
      %visible = arith.cmpi sle, %column, %row : index
      %score = tile.load %S[%i, %j] : ${scores}
      %masked = arith.select %visible, %score, %lowest : f32
      tile.store %masked, %S[%i, %j] : ${scores}
    }`;
  return `tile.kernel @${name}(%Q: ${memory}, %K: ${memory}, %V: ${memory}, %O: ${memory})
    ${grid} threads(${threads}) {
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
  %m = affine.apply affine_map<(d0) -> (d0 * ${own})>(%bx)
${place}${isCausal ? `  %end = affine.apply affine_map<(d0) -> (d0 * ${own} + ${own})>(%bx)\n` : ''}  tile.copy %Q[${query}, %c0] to %Qs : ${memory} to ${q}
  tile.clear %acc : ${output}
  tile.clear %sum : ${row}
  tile.fill %max, %lowest : ${row}, f32
  tile.pipelined %k = 0 to ${end} step ${keys} stages(2) {
${from}    tile.copy %K[${key}, %c0] to %Ks : ${memory} to ${kv}
    tile.copy %V[${key}, %c0] to %Vs : ${memory} to ${kv}
    tile.clear %S : ${scores}
    tile.gemm %Qs, %Ks into %S {transpose_b} : ${q}, ${kv}, ${scores}${isCausal ? mask : ''}
    tile.copy %max to %previous : ${row} to ${row}
    tile.reduce max %S to %max dim(1) : ${scores} to ${row}
    tile.parallel (%i) in (${own}) {
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
    tile.parallel (%i, %j) in (${own}, ${keys}) {
      %score = tile.load %S[%i, %j] : ${scores}
      %top = tile.load %max[%i] : ${row}
      %distance = arith.subf %score, %top : f32
      %exponent = arith.mulf %distance, %factor : f32
      %weight = math.exp2 %exponent fastmath<afn> : f32
      tile.store %weight, %S[%i, %j] : ${scores}
    }
    tile.parallel (%i, %j) in (${own}, ${depth}) {
      %value = tile.load %acc[%i, %j] : ${output}
      %by = tile.load %scale[%i] : ${row}
      %rescaled = arith.mulf %value, %by : f32
      tile.store %rescaled, %acc[%i, %j] : ${output}
    }
    tile.reduce sum %S to %sum dim(1) : ${scores} to ${row}
    tile.copy %S to %P : ${scores} to ${weights}
    tile.gemm %P, %Vs into %acc : ${weights}, ${kv}, ${output}
  }
  tile.parallel (%i) in (${own}) {
    %one = arith.constant 1.0 : f32
    %total = tile.load %sum[%i] : ${row}
    %inverse = arith.divf %one, %total fastmath<arcp> : f32
    tile.store %inverse, %scale[%i] : ${row}
  }
  tile.parallel (%i, %j) in (${own}, ${depth}) {
    %value = tile.load %acc[%i, %j] : ${output}
    %inverse = tile.load %scale[%i] : ${row}
    %normal = arith.mulf %value, %inverse : f32
    tile.store %normal, %acc[%i, %j] : ${output}
  }
  tile.copy %acc to %O[${query}, %c0] : ${output} to ${memory}
}
`;
}
