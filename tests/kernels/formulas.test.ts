/** Kernels of the library compute what their comments say: the interpreter's results against formulas, in double precision. */

import { expect, test } from 'vitest';
import { DYNAMIC, type MemRefType } from '../../src/ir/index.js';
import { findEntries, interpret, kernelName } from '../../src/runtime/interpreter/index.js';
import { elementFormat, type Tensor } from '../../src/runtime/numerics/index.js';
import { createRandom } from '../../src/runtime/run/random.js';
import { parseProgram, readKernel } from './kernel-files.js';

type Values = readonly number[];

/** Runs an entry on scalars and on tensors, whose run-time extents are `sizes` in order. */
function run(
  file: string,
  entry: string,
  inputs: Readonly<Record<string, Values | number>>,
  sizes: readonly number[] = [],
): (name: string) => Values {
  const module = parseProgram(readKernel(file));
  const kernel = findEntries(module).find((each) => kernelName(each) === entry)!;
  const tensor = (name: string, values: Values): Tensor => {
    const argument = kernel.regions[0].entryBlock.arguments.find((each) => each.name === name)!;
    const { elementType, shape } = argument.type as MemRefType;
    const { allocate, round } = elementFormat(elementType)!;
    const data = allocate(values.length);
    values.forEach((value, i) => (data[i] = round(value) as never));
    const left = [...sizes];
    return {
      elementType,
      shape: shape.map((extent) => (extent === DYNAMIC ? left.shift()! : extent)),
      data,
    };
  };
  const result = interpret(module, {
    kernel: entry,
    arguments: new Map(
      Object.entries(inputs).map(([name, value]) => [
        name,
        typeof value === 'number' ? value : tensor(name, value),
      ]),
    ),
  });
  expect(result.diagnostics).toEqual([]);
  return (name) => Array.from(result.tensors.get(name)!.data, Number);
}

/** Multiples of 1/64 that f16 holds exactly. */
function draw(count: number, seed: number, name: string): number[] {
  const random = createRandom(seed, name);
  return Array.from({ length: count }, () => Math.round((random() - 0.5) * 64) / 64);
}

function expectNear(found: Values, expected: Values, tolerance: number): void {
  const scale = Math.sqrt(expected.reduce((sum, value) => sum + value * value, 0));
  const error = Math.sqrt(found.reduce((sum, value, i) => sum + (value - expected[i]) ** 2, 0));
  expect(found.length).toBe(expected.length);
  expect(error / scale).toBeLessThan(tolerance);
}

/** Row-major matrices. */
function product(
  [rows, depth, columns]: readonly [number, number, number],
  a: (i: number, k: number) => number,
  b: (k: number, j: number) => number,
): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < depth; k++) sum += a(Math.floor(at / columns), k) * b(k, at % columns);
    return sum;
  });
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

test('convolution.mlir is a 3x3 convolution of padding 1', () => {
  const [images, size, channels, filters] = [2, 16, 64, 128];
  const x = draw(images * size * size * channels, 1, 'X');
  const w = draw(9 * channels * filters, 1, 'W');
  const result = run('convolution.mlir', 'convolution', {
    X: x,
    W: w,
    Y: zeros(images * size * size * filters),
  });
  const expected = zeros(images * size * size * filters);
  for (let pixel = 0; pixel < images * size * size; pixel++) {
    const [n, h, v] = [pixel >> 8, (pixel >> 4) % 16, pixel % 16];
    for (let neighbour = 0; neighbour < 9; neighbour++) {
      const [y, z] = [h + Math.floor(neighbour / 3) - 1, v + (neighbour % 3) - 1];
      if (y < 0 || y >= size || z < 0 || z >= size) continue;
      for (let c = 0; c < channels; c++) {
        const value = x[((n * size + y) * size + z) * channels + c];
        for (let f = 0; f < filters; f++)
          expected[pixel * filters + f] += value * w[(neighbour * channels + c) * filters + f];
      }
    }
  }
  expectNear(result('Y'), expected, 1e-3);
});

test('attention_backward.mlir makes the gradients of attention', () => {
  const [rows, depth] = [256, 64];
  const [q, k, v, gradient] = ['Q', 'K', 'V', 'dO'].map((name) => draw(rows * depth, 2, name));
  const at = (matrix: Values, i: number, j: number): number => matrix[i * depth + j];
  const scores = product(
    [rows, depth, rows],
    (i, d) => at(q, i, d) / Math.sqrt(depth),
    (d, j) => at(k, j, d),
  );
  const sums = zeros(rows).map((_, i) =>
    scores.slice(i * rows, (i + 1) * rows).reduce((sum, score) => sum + Math.exp(score), 0),
  );
  const weights = scores.map((score, i) => Math.exp(score) / sums[Math.floor(i / rows)]);
  const weight = (i: number, j: number): number => weights[i * rows + j];
  const output = product([rows, rows, depth], weight, (j, d) => at(v, j, d));
  // Of the weights, and through the softmax of the scores.
  const ofWeights = product(
    [rows, depth, rows],
    (i, d) => at(gradient, i, d),
    (d, j) => at(v, j, d),
  );
  const means = zeros(rows).map((_, i) => {
    let sum = 0;
    for (let d = 0; d < depth; d++) sum += at(gradient, i, d) * at(output, i, d);
    return sum;
  });
  const ofScores = (i: number, j: number): number =>
    (weight(i, j) * (ofWeights[i * rows + j] - means[i])) / Math.sqrt(depth);
  const result = run('attention_backward.mlir', 'attention_gradients', {
    ...{ Q: q, K: k, V: v, O: output, dO: gradient },
    ...{ L: sums.map(Math.log2), delta: zeros(rows) },
    ...{ dQ: zeros(rows * depth), dK: zeros(rows * depth), dV: zeros(rows * depth) },
  });
  const byKey = (of: (i: number, j: number) => number, matrix: Values): number[] =>
    product(
      [rows, rows, depth],
      (j, i) => of(i, j),
      (i, d) => at(matrix, i, d),
    );
  expectNear(result('dV'), byKey(weight, gradient), 1e-2);
  expectNear(result('dK'), byKey(ofScores, q), 1e-2);
  expectNear(
    result('dQ'),
    product([rows, rows, depth], ofScores, (j, d) => at(k, j, d)),
    1e-2,
  );
});

test('flash_attention_heads.mlir is causal attention with grouped queries', () => {
  const [batches, rows, heads, groups, depth] = [2, 70, 8, 2, 128];
  const q = draw(batches * rows * heads * depth, 3, 'Q');
  const [k, v] = ['K', 'V'].map((name) => draw(batches * rows * groups * depth, 3, name));
  const result = run(
    'flash_attention_heads.mlir',
    'flash_attention_heads',
    { batches, rows, Q: q, K: k, V: v, O: zeros(q.length) },
    [batches, rows],
  );
  const expected = zeros(q.length);
  for (let batch = 0; batch < batches; batch++) {
    for (let head = 0; head < heads; head++) {
      const group = Math.floor(head / (heads / groups));
      const query = (i: number): number => ((batch * rows + i) * heads + head) * depth;
      const key = (j: number): number => ((batch * rows + j) * groups + group) * depth;
      for (let i = 0; i < rows; i++) {
        const weights = zeros(i + 1).map((_, j) => {
          let score = 0;
          for (let d = 0; d < depth; d++) score += q[query(i) + d] * k[key(j) + d];
          return Math.exp(score / Math.sqrt(depth));
        });
        const sum = weights.reduce((a, b) => a + b, 0);
        weights.forEach((weight, j) => {
          for (let d = 0; d < depth; d++) expected[query(i) + d] += (weight / sum) * v[key(j) + d];
        });
      }
    }
  }
  expectNear(result('O'), expected, 1e-2);
});
