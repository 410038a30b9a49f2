/** `tile.reduce` and `tile.scan`: elements along one dimension combined, exactly enough, and rounded once. */

import {
  IntegerType,
  StringAttr,
  TypeAttr,
  type IntegerAttr,
  type Operation,
} from '../../ir/index.js';
import type { ElementFormat } from '../numerics/index.js';
import { failUndefined } from './access.js';
import type { View } from './buffer.js';
import type { Evaluator } from './compilation.js';

type Combine = (a: number, b: number) => number;

/** A number that is not NaN wins over one that is. */
function ignoringNaN(combine: Combine): Combine {
  return (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : combine(a, b));
}

/** How a kind combines two elements are combined, and whether elements count by their magnitude. */
interface Kind {
  readonly combine: Combine;
  readonly big: (a: bigint, b: bigint) => bigint;
  /** What changes nothing, in an integer type or (undefined) a float. */
  readonly neutral: (type: IntegerType | undefined) => number;
  readonly isAbsolute: boolean;
  readonly isExtremum: boolean;
}

const hasNegative = ({ width, signedness }: IntegerType): boolean =>
  width > 1 && signedness !== 'unsigned';
const least = (type: IntegerType | undefined): number =>
  type === undefined ? -Infinity : hasNegative(type) ? -(2 ** (type.width - 1)) : 0;
const greatest = (type: IntegerType | undefined): number =>
  type === undefined ? Infinity : 2 ** (hasNegative(type) ? type.width - 1 : type.width) - 1;
const number = (value: number) => (): number => value;
const largerBig = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const plain = { isAbsolute: false, isExtremum: false };
const SUM = { combine: (a: number, b: number) => a + b, big: (a: bigint, b: bigint) => a + b };

const KINDS: Readonly<Record<string, Kind>> = {
  sum: { ...plain, ...SUM, neutral: number(0) },
  abssum: { ...plain, ...SUM, neutral: number(0), isAbsolute: true },
  prod: { ...plain, combine: (a, b) => a * b, big: (a, b) => a * b, neutral: number(1) },
  max: { combine: Math.max, big: largerBig, neutral: least, isAbsolute: false, isExtremum: true },
  absmax: {
    combine: Math.max,
    big: largerBig,
    neutral: number(0),
    isAbsolute: true,
    isExtremum: true,
  },
  min: {
    combine: Math.min,
    big: (a, b) => (a < b ? a : b),
    neutral: greatest,
    isAbsolute: false,
    isExtremum: true,
  },
  and: {
    ...plain,
    combine: (a, b) => a & b,
    big: (a, b) => a & b,
    neutral: (type) => (type?.width === 1 ? 1 : -1),
  },
  or: { ...plain, combine: (a, b) => a | b, big: (a, b) => a | b, neutral: number(0) },
  xor: { ...plain, combine: (a, b) => a ^ b, big: (a, b) => a ^ b, neutral: number(0) },
};

type Element = number | bigint;

/** Combination of elements in the terms of a format; integers wrap at every step, floats are rounded by `finish`. */
interface Combination {
  readonly combine: (a: Element, b: Element) => Element;
  readonly magnitude: (a: Element) => Element;
  readonly neutral: Element;
  readonly finish: (a: Element) => Element;
}

function combinationOf(op: Operation, format: ElementFormat): Combination {
  const kind = KINDS[(op.getAttribute('kind') as StringAttr).value];
  const { isBig, round, wrapBig, category } = format;
  const limits = op.getAttribute('limits');
  const limiting = limits instanceof TypeAttr ? limits.type : format.type;
  const neutral = kind.neutral(limiting instanceof IntegerType ? limiting : undefined);
  if (isBig) {
    // Only the greatest numbers are not those of a double, which are one more.
    const big = neutral > 2 ** 62 ? BigInt(neutral) - 1n : BigInt(neutral);
    return {
      combine: (a, b) => wrapBig(kind.big(a as bigint, b as bigint)),
      magnitude: (a) => (kind.isAbsolute && (a as bigint) < 0n ? wrapBig(-(a as bigint)) : a),
      neutral: big,
      finish: (a) => a,
    };
  }
  const isPropagating = !kind.isExtremum || op.hasAttribute('nan_propagate');
  const combine = isPropagating ? kind.combine : ignoringNaN(kind.combine);
  const isInteger = category === 'integer';
  const product = op.getAttribute('kind') === StringAttr.get('prod');
  const step = (a: number, b: number): number =>
    isInteger ? round(product ? Math.imul(a, b) : combine(a, b)) : combine(a, b);
  return {
    combine: (a, b) => step(a as number, b as number),
    magnitude: (a) => (kind.isAbsolute ? Math.abs(a as number) : a),
    neutral,
    finish: (a) => round(a as number),
  };
}

/** Calls `line` with the offset of the first element of every line along a dimension, and the step between elements. */
function forEachLine(
  shape: readonly number[],
  dim: number,
  line: (first: number, step: number, number: number) => void,
): void {
  const count = shape[dim];
  const inner = shape.slice(dim + 1).reduce((product, extent) => product * extent, 1);
  const outer = shape.slice(0, dim).reduce((product, extent) => product * extent, 1);
  for (let i = 0; i < outer; i++)
    for (let j = 0; j < inner; j++) line(i * count * inner + j, inner, i * inner + j);
}

function requireDefined(op: Operation, operand: number, view: View): void {
  const hole = view.buffer.findUndefined(view.offset, view.size);
  if (hole !== -1) failUndefined(op, op.operand(operand), view, hole);
}

export const scan: Evaluator = (op, scope) => {
  const [source, destination] = op.operands.map((value) => scope.view(value));
  const combination = combinationOf(op, scope.elementFormat(op.operand(1).type, op));
  const dim = (op.getAttribute('dim') as IntegerAttr).number;
  const shape = scope.shape(op.operand(0).type, op);
  const [isReverse, isExclusive] = [op.hasAttribute('reverse'), op.hasAttribute('exclusive')];
  const { combine, magnitude, neutral, finish } = combination;
  return () => {
    const [from, to] = [source(), destination()];
    requireDefined(op, 0, from);
    forEachLine(shape, dim, (first, step) => {
      let total: Element | undefined;
      for (let k = 0; k < shape[dim]; k++) {
        const at = first + (isReverse ? shape[dim] - 1 - k : k) * step;
        const before = total ?? neutral;
        const value = magnitude(from.buffer.data[from.offset + at]);
        total = total === undefined ? value : combine(total, value);
        to.buffer.data[to.offset + at] = finish(isExclusive ? before : total) as never;
      }
    });
    to.buffer.defineRange(to.offset, to.size);
  };
};

export const reduce: Evaluator = (op, scope) => {
  const [source, destination] = op.operands.map((value) => scope.view(value));
  const { combine, magnitude, finish } = combinationOf(
    op,
    scope.elementFormat(op.operand(1).type, op),
  );
  const dim = (op.getAttribute('dim') as IntegerAttr).number;
  const isCleared = op.hasAttribute('clear');
  const shape = scope.shape(op.operand(0).type, op);
  return () => {
    const [from, to] = [source(), destination()];
    requireDefined(op, 0, from);
    if (!isCleared) requireDefined(op, 1, to);
    forEachLine(shape, dim, (first, step, line) => {
      const place = to.offset + line;
      let total: Element | undefined = isCleared ? undefined : to.buffer.data[place];
      for (let k = 0; k < shape[dim]; k++) {
        const value = magnitude(from.buffer.data[from.offset + first + k * step]);
        total = total === undefined ? value : combine(total, value);
      }
      to.buffer.data[place] = finish(total!) as never;
    });
    to.buffer.defineRange(to.offset, to.size);
  };
};
