/** Writes tile programs that multiply matrices, for any sizes, storage orders, element types and schedule. */

export interface GemmParameters {
  /** C[m, n] = A[m, k] * B[k, n]. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Element type of A and B, of the accumulator (default f32) and of C. */
  readonly input: string;
  readonly accumulator?: string;
  readonly output: string;
  /** Where A and B are: `s` in shared memory, `r` in registers. Default `ss`. */
  readonly operands?: 'ss' | 'rs' | 'sr' | 'rr';
  readonly precision?: 'tf32';
  /** Storage order of A and of B: `n` as in the formula, `t` transposed. */
  readonly order: 'nn' | 'nt' | 'tn' | 'tt';
  /** Extents of a block's part: rows and columns of C, and of K in one iteration. */
  readonly tile: readonly [number, number, number];
  readonly threads: number;
  readonly stages: number;
}

export const defaultParameters: GemmParameters = {
  m: 128,
  n: 128,
  k: 128,
  input: 'f16',
  output: 'f16',
  order: 'nn',
  tile: [128, 128, 32],
  threads: 128,
  stages: 3,
};

/** A short description that tells points apart. */
export function describeGemm(p: GemmParameters): string {
  const { accumulator = 'f32', operands = 'ss' } = p;
  const types = accumulator === 'f32' ? p.input : `${p.input}->${accumulator}`;
  const extra = `${operands === 'ss' ? '' : ` ${operands}`}${p.precision === undefined ? '' : ` ${p.precision}`}`;
  return `${p.m}x${p.n}x${p.k} ${p.order} ${types}->${p.output}${extra} tile ${p.tile.join('x')} threads ${p.threads} stages ${p.stages}`;
}

/** A name for the kernel of a point, unique among points. */
export function gemmName(p: GemmParameters): string {
  return `gemm_${describeGemm(p).replaceAll('->', '_').replace(/\W+/g, '_')}`;
}

/** The text of one kernel. Extents that the tile does not divide are covered by a last, partial block. */
export function gemmProgram(p: GemmParameters): string {
  const { m, n, k, input, output, threads, stages } = p;
  const [tileM, tileN, tileK] = p.tile;
  const isATransposed = p.order[0] === 't';
  const isBTransposed = p.order[1] === 't';
  const swap = ([a, b]: readonly (number | string)[], isSwapped: boolean) =>
    isSwapped ? [b, a] : [a, b];
  const shape = (extents: readonly (number | string)[], type: string) =>
    `${extents.join('x')}x${type}`;
  const A = `memref<${shape(swap([m, k], isATransposed), input)}>`;
  const B = `memref<${shape(swap([k, n], isBTransposed), input)}>`;
  const C = `memref<${shape([m, n], output)}>`;
  const { accumulator = 'f32', operands = 'ss' } = p;
  const [kindA, kindB] = [...operands].map((place) => (place === 's' ? 'shared' : 'fragment'));
  const As = `!tile.${kindA}<${shape(swap([tileM, tileK], isATransposed), input)}>`;
  const Bs = `!tile.${kindB}<${shape(swap([tileK, tileN], isBTransposed), input)}>`;
  const acc = `!tile.fragment<${shape([tileM, tileN], accumulator)}>`;
  const flags = [
    isATransposed ? ['transpose_a'] : [],
    isBTransposed ? ['transpose_b'] : [],
    p.precision ? [`precision = "${p.precision}"`] : [],
  ].flat();
  const attributes = flags.length === 0 ? '' : ` {${flags.join(', ')}}`;
  const blocks = [Math.ceil(n / tileN), Math.ceil(m / tileM)];
  return `tile.kernel @${gemmName(p)}(%A: ${A}, %B: ${B}, %C: ${C})
    blocks(%bx, %by) = (${blocks.join(', ')}) threads(${threads}) {
  %As = tile.alloc : ${As}
  %Bs = tile.alloc : ${Bs}
  %acc = tile.alloc : ${acc}
  tile.clear %acc : ${acc}
  %m = affine.apply affine_map<(d0) -> (d0 * ${tileM})>(%by)
  %n = affine.apply affine_map<(d0) -> (d0 * ${tileN})>(%bx)
  tile.pipelined %k = 0 to ${k} step ${tileK} stages(${stages}) {
    tile.copy %A[${swap(['%m', '%k'], isATransposed).join(', ')}] to %As : ${A} to ${As}
    tile.copy %B[${swap(['%k', '%n'], isBTransposed).join(', ')}] to %Bs : ${B} to ${Bs}
    tile.gemm %As, %Bs into %acc${attributes} : ${As}, ${Bs}, ${acc}
  }
  tile.copy %acc to %C[%m, %n] : ${acc} to ${C}
}
`;
}
