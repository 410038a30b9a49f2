/** The matrix instructions that wrappers execute, with the layouts of their fragments as the vendors document them. */

/** One matrix instruction by its definition. */
export interface Instruction {
  readonly name: string;
  /** Shape. */
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Element types of d and of a and b. */
  readonly d: string;
  readonly ab: string;
  /** Elements per lane. */
  readonly counts: readonly [d: number, a: number, b: number];
  /** C++ for (row, column) of element i of lane L. */
  readonly layouts: readonly [d: string, a: string, b: string];
}

const mmaD = '{L / 4 + 8 * (i / 2), L % 4 * 2 + i % 2}';
const mma16 = [
  mmaD,
  '{L / 4 + 8 * (i / 2 % 2), L % 4 * 2 + i % 2 + 8 * (i / 4)}',
  '{L % 4 * 2 + i % 2 + 8 * (i / 2), L / 4}',
] as const;
const mma8 = [
  mmaD,
  '{L / 4 + 8 * (i / 4 % 2), L % 4 * 4 + i % 4 + 16 * (i / 8)}',
  '{L % 4 * 4 + i % 4 + 16 * (i / 4), L / 4}',
] as const;
const mmaD8 = '{L / 4, L % 4 * 2 + i}';
const mfmaInstruction = (edge: number, k: number, d: string, ab: string): Instruction => {
  const each = (edge * k) / 64;
  return {
    name: `mfma_${edge}x${edge}x${k}_${d}_${ab}`,
    m: edge,
    n: edge,
    k,
    d,
    ab,
    counts: [(edge * edge) / 64, each, each],
    layouts: [
      d === 'f64'
        ? '{L / 16 + 4 * i, L % 16}'
        : edge === 32
          ? '{8 * (i / 4) + 4 * (L / 32) + i % 4, L % 32}'
          : '{4 * (L / 16) + i, L % 16}',
      `{L % ${edge}, ${each} * (L / ${edge}) + i}`,
      `{${each} * (L / ${edge}) + i, L % ${edge}}`,
    ],
  };
};

export const instructions: readonly Instruction[] = [
  {
    name: 'mma_m16n8k16_f32_f16',
    m: 16,
    n: 8,
    k: 16,
    d: 'f32',
    ab: 'f16',
    counts: [4, 8, 4],
    layouts: mma16,
  },
  {
    name: 'mma_m16n8k16_f32_bf16',
    m: 16,
    n: 8,
    k: 16,
    d: 'f32',
    ab: 'bf16',
    counts: [4, 8, 4],
    layouts: mma16,
  },
  {
    name: 'mma_m16n8k16_f16_f16',
    m: 16,
    n: 8,
    k: 16,
    d: 'f16',
    ab: 'f16',
    counts: [4, 8, 4],
    layouts: mma16,
  },
  {
    name: 'mma_m16n8k8_f32_tf32',
    m: 16,
    n: 8,
    k: 8,
    d: 'f32',
    ab: 'f32',
    counts: [4, 4, 2],
    layouts: [mmaD, '{L / 4 + 8 * (i % 2), L % 4 + 4 * (i / 2)}', '{L % 4 + 4 * i, L / 4}'],
  },
  {
    name: 'mma_m16n8k32_i32_i8',
    m: 16,
    n: 8,
    k: 32,
    d: 'i32',
    ab: 'i8',
    counts: [4, 16, 8],
    layouts: mma8,
  },
  {
    name: 'mma_m8n8k16_i32_i8',
    m: 8,
    n: 8,
    k: 16,
    d: 'i32',
    ab: 'i8',
    counts: [2, 4, 4],
    layouts: [mmaD8, '{L / 4, L % 4 * 4 + i}', '{L % 4 * 4 + i, L / 4}'],
  },
  {
    name: 'mma_m8n8k4_f64_f64',
    m: 8,
    n: 8,
    k: 4,
    d: 'f64',
    ab: 'f64',
    counts: [2, 1, 1],
    layouts: [mmaD8, '{L / 4, L % 4}', '{L % 4, L / 4}'],
  },
  ...['f32', 'f16'].map((d) => ({
    name: `mma_m16n8k8_${d}_f16`,
    m: 16,
    n: 8,
    k: 8,
    d,
    ab: 'f16',
    counts: [4, 4, 2] as const,
    layouts: [mmaD, mmaD, '{L % 4 * 2 + i, L / 4}'] as const,
  })),
  ...['f8E4M3FN', 'f8E5M2'].map((ab) => ({
    name: `mma_m16n8k32_f32_${ab}`,
    m: 16,
    n: 8,
    k: 32,
    d: 'f32',
    ab,
    counts: [4, 16, 8] as const,
    layouts: mma8,
  })),
  mfmaInstruction(32, 8, 'f32', 'f16'),
  mfmaInstruction(16, 16, 'f32', 'f16'),
  mfmaInstruction(32, 8, 'f32', 'bf16'),
  mfmaInstruction(16, 16, 'f32', 'bf16'),
  mfmaInstruction(32, 2, 'f32', 'f32'),
  mfmaInstruction(16, 4, 'f32', 'f32'),
  mfmaInstruction(16, 4, 'f64', 'f64'),
  mfmaInstruction(32, 8, 'i32', 'i8'),
  mfmaInstruction(16, 16, 'i32', 'i8'),
  mfmaInstruction(32, 16, 'i32', 'i8'),
  mfmaInstruction(16, 32, 'i32', 'i8'),
  mfmaInstruction(32, 16, 'f32', 'f8E4M3FNUZ'),
  mfmaInstruction(16, 32, 'f32', 'f8E4M3FNUZ'),
  mfmaInstruction(32, 16, 'f32', 'f8E5M2FNUZ'),
  mfmaInstruction(16, 32, 'f32', 'f8E5M2FNUZ'),
];

/** One warp: operands from global memory by the layouts, one instruction, accumulators back. */
