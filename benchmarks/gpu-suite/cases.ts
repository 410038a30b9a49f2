/** What the GPU suite runs: the kernel library as it is written, and its kernels at the sizes that others publish. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findKernels, kernelName } from '../../src/runtime/interpreter/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { parseProgram } from '../../tests/kernels/kernel-files.js';
import {
  additionProgram,
  attentionProgram,
  gemmName,
  gemmProgram,
  softmaxProgram,
  type GemmParameters,
} from './programs.js';
import type { Peer } from './suite.js';

export interface Program {
  /** File name for what is made of it. */
  readonly name: string;
  readonly text: string;
  /** Architectures that have what it needs; default: all of the suite. */
  readonly archs?: readonly string[];
  readonly cases: readonly ProgramCase[];
}

export interface ProgramCase {
  readonly name: string;
  readonly kernel: string;
  readonly group: string;
  readonly peer?: Peer;
}

const FLOAT8 = ['sm_89', 'sm_90', 'sm_90a'];
const FLOAT8_AMD = ['gfx942'];
const WITH_TF32 = ['sm_80', 'sm_90', 'sm_90a'];

function library(): Program[] {
  const folder = join(packageRoot(), 'kernels');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.mlir'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const name = file.replace('.mlir', '');
      const cases = findKernels(parseProgram(text, file)).map((kernel) => ({
        name: `library: ${kernelName(kernel)}`,
        kernel: kernelName(kernel),
        group: 'library',
      }));
      return { name, text, cases };
    });
}

function product(
  size: readonly [number, number, number],
  input: string,
  output: string,
  changes: Partial<GemmParameters> & { readonly archs?: readonly string[] } = {},
): Program {
  const [m, n, k] = size;
  const { archs, ...others } = changes;
  const parameters: GemmParameters = {
    ...{ m, n, k, input, output, order: 'nn', tile: [128, 128, 32], threads: 128, stages: 3 },
    ...others,
  };
  const name = gemmName(parameters);
  const { order, precision, tile, threads } = parameters;
  const variant = `${tile.join('x')}, ${threads} threads`;
  const type = precision ?? input;
  return {
    name,
    text: gemmProgram(parameters),
    archs,
    cases: [
      {
        name: `matmul ${type} ${m}x${n}x${k} ${order} (${variant})`,
        kernel: name,
        group: `matmul ${type}`,
        peer: { kind: 'matmul', m, n, k, input: type, output, order },
      },
    ],
  };
}

function products(): Program[] {
  const square = (size: number) => [size, size, size] as const;
  const large = { tile: [128, 256, 32], threads: 256 } as const;
  return [
    product(square(1024), 'f16', 'f16'),
    product(square(2048), 'f16', 'f16'),
    product(square(4096), 'f16', 'f16'),
    product(square(4096), 'f16', 'f16', large),
    product(square(8192), 'f16', 'f16', large),
    product(square(4096), 'f16', 'f16', { order: 'nt' }),
    product(square(4096), 'f16', 'f16', { order: 'tn' }),
    product([4095, 4001, 1000], 'f16', 'f16'),
    product([4096, 4096, 512], 'f16', 'f32'),
    product([64, 8192, 8192], 'f16', 'f16', { tile: [64, 128, 32] }),
    product(square(4096), 'bf16', 'bf16'),
    product(square(4096), 'bf16', 'bf16', large),
    product(square(4096), 'i8', 'i32', { tile: [128, 128, 64], accumulator: 'i32', order: 'nt' }),
    product(square(2048), 'f32', 'f32', { precision: 'tf32', archs: WITH_TF32 }),
    product(square(2048), 'f32', 'f32', { tile: [128, 128, 16] }),
    product(square(1024), 'f64', 'f64', { tile: [64, 64, 16], accumulator: 'f64' }),
    product(square(4096), 'f8E4M3FN', 'f16', {
      ...{ tile: [128, 128, 64], order: 'nt', archs: FLOAT8 },
    }),
    product(square(4096), 'f8E4M3FNUZ', 'f16', {
      ...{ tile: [128, 128, 64], order: 'nt', archs: FLOAT8_AMD },
    }),
  ];
}

function attention(heads: number, rows: number, depth: number, isCausal: boolean): Program {
  const name = `attention_${heads}x${rows}x${depth}${isCausal ? '_causal' : ''}`;
  const title = `attention f16 heads ${heads}, ${rows} rows, d ${depth}${isCausal ? ', causal' : ''}`;
  return {
    name,
    text: attentionProgram(name, { heads, rows, depth, isCausal }),
    cases: [
      {
        ...{ name: title, kernel: name, group: 'attention' },
        peer: { kind: 'attention', heads, rows, depth, isCausal },
      },
    ],
  };
}

function softmax(rows: number, columns: number): Program {
  const name = `softmax_${rows}x${columns}`;
  return {
    name,
    text: softmaxProgram(name, rows, columns),
    cases: [
      {
        ...{ name: `softmax f32 ${rows}x${columns}`, kernel: name, group: 'softmax' },
        peer: { kind: 'softmax', rows, columns },
      },
    ],
  };
}

function addition(count: number, type: string): Program {
  const name = `add_${count}_${type}`;
  return {
    name,
    text: additionProgram(name, count, type),
    cases: [
      {
        ...{ name: `add ${type} ${count}`, kernel: name, group: 'elementwise' },
        peer: { kind: 'add', count, type },
      },
    ],
  };
}

/** All programs, small ones first. */
export function suitePrograms(): Program[] {
  return [
    ...library(),
    addition(1_000_003, 'f32'),
    addition(2 ** 25, 'f32'),
    addition(2 ** 25, 'f16'),
    softmax(4096, 1024),
    softmax(8192, 4096),
    ...products(),
    ...[false, true].flatMap((isCausal) => [
      attention(64, 1024, 64, isCausal),
      attention(32, 4096, 64, isCausal),
      attention(32, 2048, 128, isCausal),
    ]),
  ];
}
