/** Element types of matrix products, and what computes them on which architecture. */

import type { GemmParameters } from './gemm-program.js';

type Types = Pick<GemmParameters, 'input' | 'accumulator' | 'output' | 'precision'>;

/** What a target has, and which matrix instruction it is to use: none means scalar code. */
export interface TypesCase extends Types {
  readonly instructions: Readonly<Record<string, string | undefined>>;
}

export const typesCases: readonly TypesCase[] = [
  {
    input: 'f16',
    accumulator: 'f16',
    output: 'f16',
    instructions: {
      sm_75: 'mma_m16n8k8_f16_f16',
      sm_80: 'mma_m16n8k16_f16_f16',
      sm_86: 'mma_m16n8k16_f16_f16',
      gfx90a: 'mfma_32x32x8_f32_f16',
    },
  },
  {
    input: 'f16',
    output: 'f32',
    instructions: { sm_75: 'mma_m16n8k8_f32_f16', sm_86: 'mma_m16n8k16_f32_f16' },
  },
  { input: 'bf16', output: 'bf16', instructions: { sm_75: undefined } },
  {
    input: 'bf16',
    accumulator: 'bf16',
    output: 'bf16',
    instructions: { sm_80: 'mma_m16n8k16_f32_bf16', gfx942: 'mfma_32x32x8_f32_bf16' },
  },
  {
    input: 'f32',
    output: 'f32',
    instructions: {
      sm_80: undefined,
      gfx90a: 'mfma_32x32x2_f32_f32',
      gfx942: 'mfma_32x32x2_f32_f32',
    },
  },
  {
    input: 'f32',
    output: 'f32',
    precision: 'tf32',
    instructions: {
      sm_75: undefined,
      sm_80: 'mma_m16n8k8_f32_tf32',
      sm_89: 'mma_m16n8k8_f32_tf32',
      gfx942: 'mfma_32x32x2_f32_f32',
    },
  },
  {
    input: 'f64',
    accumulator: 'f64',
    output: 'f64',
    instructions: {
      sm_80: 'mma_m8n8k4_f64_f64',
      sm_89: undefined,
      gfx90a: 'mfma_16x16x4_f64_f64',
      gfx942: 'mfma_16x16x4_f64_f64',
    },
  },
  {
    input: 'i8',
    accumulator: 'i32',
    output: 'i32',
    instructions: {
      sm_75: 'mma_m8n8k16_i32_i8',
      sm_80: 'mma_m16n8k32_i32_i8',
      gfx90a: 'mfma_32x32x8_i32_i8',
      gfx942: 'mfma_32x32x16_i32_i8',
    },
  },
  {
    input: 'f8E4M3FN',
    output: 'f32',
    instructions: {
      // Converted to f16 in registers.
      sm_80: 'mma_m16n8k16_f32_f16',
      sm_89: 'mma_m16n8k32_f32_f8E4M3FN',
    },
  },
  {
    input: 'i4',
    accumulator: 'i32',
    output: 'i32',
    instructions: {
      sm_75: 'mma_m8n8k32_i32_i4',
      sm_80: 'mma_m16n8k32_i32_i4',
      // Converted to i8 in registers.
      sm_90: 'mma_m16n8k32_i32_i8',
      gfx90a: 'mfma_32x32x8_i32_i8',
      gfx942: 'mfma_32x32x16_i32_i8',
    },
  },
  {
    input: 'f4E2M1FN',
    output: 'f32',
    instructions: { sm_80: 'mma_m16n8k16_f32_f16', gfx942: 'mfma_32x32x8_f32_f16' },
  },
  {
    input: 'f8E5M2',
    output: 'f16',
    instructions: { sm_89: 'mma_m16n8k32_f32_f8E5M2' },
  },
  {
    input: 'f8E4M3FNUZ',
    output: 'f32',
    instructions: { gfx942: 'mfma_32x32x16_f32_f8E4M3FNUZ' },
  },
  {
    input: 'f8E5M2FNUZ',
    output: 'f32',
    instructions: { gfx942: 'mfma_32x32x16_f32_f8E5M2FNUZ' },
  },
];
