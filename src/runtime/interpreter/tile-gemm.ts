/** `tile.gemm`: C += op(A) * op(B), summed exactly enough and rounded to C's type once. */

import { StringAttr, type Operation, type Value } from '../../ir/index.js';
import type { ElementFormat } from '../numerics/index.js';
import { failUndefined } from './access.js';
import type { View } from './buffer.js';
import { fail, type Compilation, type Evaluator } from './compilation.js';

interface Extents {
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

function gemmExtents(op: Operation, scope: Compilation): Extents {
  const shapes = op.operands.map((value) => scope.shape(value.type, op));
  const names = ['A', 'B', 'C'];
  shapes.forEach((shape, index) => {
    if (shape.length !== 2)
      fail(op, `expected ${names[index]} of rank 2, found '${op.operand(index).type}'`);
  });
  const order = (shape: readonly number[], isTransposed: boolean): readonly number[] =>
    isTransposed ? [shape[1], shape[0]] : shape;
  const [m, k] = order(shapes[0], op.hasAttribute('transpose_a'));
  const [kOfB, n] = order(shapes[1], op.hasAttribute('transpose_b'));
  const [mOfC, nOfC] = shapes[2];
  for (const [name, first, second, where] of [
    ['M', m, mOfC, 'A and C'],
    ['N', n, nOfC, 'B and C'],
    ['K', k, kOfB, 'A and B'],
  ] as const) {
    if (first !== second)
      fail(op, `extent ${name} differs between ${where}: ${first} and ${second}`);
  }
  return { m, n, k };
}

/** A tile's elements as doubles in row-major order, transposed where asked for. */
function gather(
  view: View,
  rows: number,
  columns: number,
  isTransposed: boolean,
  into: Float64Array,
): void {
  const data = view.buffer.data as Float32Array;
  const { offset } = view;
  if (!isTransposed) {
    for (let i = 0; i < rows * columns; i++) into[i] = data[offset + i];
    return;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) into[i * columns + j] = data[offset + j * rows + i];
  }
}

/**
 * sums[j] += sum over p of a[row, p] * b[p, j], in the order of p. Four products at a time: the sums are loaded and stored
 * a quarter as often, and this loop is most of what interpreting a kernel costs.
 */
function accumulateRow(
  sums: Float64Array,
  a: Float64Array,
  b: Float64Array,
  row: number,
  n: number,
  k: number,
): void {
  const first = row * k;
  let p = 0;
  for (; p + 4 <= k; p += 4) {
    const [a0, a1, a2, a3] = [a[first + p], a[first + p + 1], a[first + p + 2], a[first + p + 3]];
    const [b0, b1, b2, b3] = [p * n, (p + 1) * n, (p + 2) * n, (p + 3) * n];
    for (let j = 0; j < n; j++) {
      sums[j] = sums[j] + a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
  }
  for (; p < k; p++) {
    const factor = a[first + p];
    for (let j = 0; j < n; j++) sums[j] += factor * b[p * n + j];
  }
}

/** The same modulo 2^32: for integers whose products a double cannot hold. */
function accumulateRowModular(
  sums: Float64Array,
  a: Float64Array,
  b: Float64Array,
  row: number,
  n: number,
  k: number,
): void {
  for (let p = 0; p < k; p++) {
    const factor = a[row * k + p];
    const start = p * n;
    for (let j = 0; j < n; j++) sums[j] = (sums[j] + Math.imul(factor, b[start + j])) | 0;
  }
}

/** To the 10 mantissa bits of tf32, ties away from zero. */
function roundToTf32(values: Float64Array): void {
  const floats = Float32Array.from(values);
  const bits = new Int32Array(floats.buffer);
  for (let i = 0; i < bits.length; i++) {
    const isFinite = (bits[i] & 0x7f800000) !== 0x7f800000;
    if (isFinite) bits[i] = (bits[i] + 0x1000) & ~0x1fff;
    values[i] = floats[i];
  }
}

function checkFormats(op: Operation, formats: readonly ElementFormat[]): void {
  const isInteger = formats[2].category !== 'float';
  formats.forEach((format, index) => {
    if (format.isBig || (format.category !== 'float') !== isInteger) {
      fail(
        op,
        `cannot multiply elements of type '${formats[0].type}' and '${formats[1].type}' into '${formats[2].type}' (operand #${index})`,
      );
    }
  });
}

export const gemm: Evaluator = (op, scope) => {
  const { m, n, k } = gemmExtents(op, scope);
  const [a, b, c] = op.operands.map((value) => scope.view(value));
  const formats = op.operands.map((value: Value) => scope.elementFormat(value.type, op));
  checkFormats(op, formats);
  const { round, category } = formats[2];
  const accumulate = category === 'float' ? accumulateRow : accumulateRowModular;
  const [isATransposed, isBTransposed] = ['transpose_a', 'transpose_b'].map((name) =>
    op.hasAttribute(name),
  );
  const isTf32 = op.getAttribute('precision') === StringAttr.get('tf32');
  const left = new Float64Array(m * k);
  const right = new Float64Array(k * n);
  const sums = new Float64Array(n);
  return () => {
    const views = [a(), b(), c()];
    views.forEach((view, index) => {
      const hole = view.buffer.findUndefined(view.offset, view.size);
      if (hole !== -1) failUndefined(op, op.operand(index), view, hole);
    });
    gather(views[0], m, k, isATransposed, left);
    gather(views[1], k, n, isBTransposed, right);
    if (isTf32) for (const operand of [left, right]) roundToTf32(operand);
    const { data } = views[2].buffer;
    for (let i = 0; i < m; i++) {
      const start = views[2].offset + i * n;
      for (let j = 0; j < n; j++) sums[j] = data[start + j] as number;
      accumulate(sums, left, right, i, n, k);
      for (let j = 0; j < n; j++) data[start + j] = round(sums[j]);
    }
  };
};
