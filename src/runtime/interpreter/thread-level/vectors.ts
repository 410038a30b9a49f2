/** `vector`: values of several elements, as arrays in row-major order. */

import { DenseArrayAttr, VectorType, type Operation, type Value } from '../../../ir/index.js';
import { rowMajorStrides } from '../buffer.js';
import { fail, type Compilation, type Evaluator } from '../compilation.js';
import { enumName } from './enum-name.js';
import { reducers } from './reductions.js';

type Element = number | bigint;

/** Reads a vector's elements, or a scalar as the one that it is. */
function elementsOf(value: Value, scope: Compilation, op: Operation): () => readonly Element[] {
  const slot = scope.slot(value);
  const { numbers, objects } = scope;
  if (value.type instanceof VectorType) return () => objects[slot] as readonly Element[];
  return scope.format(value.type, op).isBig
    ? () => [objects[slot] as bigint]
    : () => [numbers[slot]];
}

function setElements(
  value: Value,
  scope: Compilation,
  op: Operation,
): (elements: readonly Element[]) => void {
  const slot = scope.slot(value);
  const { numbers, objects } = scope;
  if (value.type instanceof VectorType) return (elements) => void (objects[slot] = elements);
  return scope.format(value.type, op).isBig
    ? (elements) => void (objects[slot] = elements[0])
    : (elements) => void (numbers[slot] = elements[0] as number);
}

function sizeOf(value: Value): number {
  const { type } = value;
  return type instanceof VectorType ? type.shape.reduce((a, b) => a * b, 1) : 1;
}

/** Same elements, other shape. */
const reshape: Evaluator = (op, scope) => {
  const read = elementsOf(op.operand(0), scope, op);
  const set = setElements(op.result, scope, op);
  return () => set(read());
};

/** To the last dimensions, from extents of 1 to more. */
const broadcast: Evaluator = (op, scope) => {
  const read = elementsOf(op.operand(0), scope, op);
  const set = setElements(op.result, scope, op);
  const { shape } = op.result.type as VectorType;
  const { type } = op.operand(0);
  const from = type instanceof VectorType ? type.shape : [];
  const [own, steps] = [rowMajorStrides(shape), rowMajorStrides(from)];
  const lead = shape.length - from.length;
  const sources = Array.from({ length: sizeOf(op.result) }, (_, i) =>
    from.reduce((sum, extent, d) => {
      const at = Math.floor(i / own[lead + d]) % shape[lead + d];
      return extent === 1 ? sum : sum + at * steps[d];
    }, 0),
  );
  return () => {
    const elements = read();
    set(sources.map((source) => elements[source]));
  };
};

/** Where the part begins that constant and run-time positions name. */
function partStart(
  op: Operation,
  scope: Compilation,
  vector: Value,
  dynamic: readonly Value[],
): () => number {
  const { shape } = vector.type as VectorType;
  const strides = rowMajorStrides(shape);
  const fixed = op.getAttribute('static_position');
  const positions = fixed instanceof DenseArrayAttr ? fixed.values : [];
  const read = scope.integers(dynamic, op);
  return () => {
    const given = read();
    let next = 0;
    let start = 0;
    positions.forEach((position, d) => {
      const at = position < 0 ? given[next++] : position;
      if (!(at >= 0 && at < shape[d]))
        fail(op, `position ${at} is outside of an extent of ${shape[d]}`);
      start += at * strides[d];
    });
    return start;
  };
}

const extract: Evaluator = (op, scope) => {
  const [vector, ...dynamic] = op.operands;
  const read = elementsOf(vector, scope, op);
  const start = partStart(op, scope, vector, dynamic);
  const set = setElements(op.result, scope, op);
  const count = sizeOf(op.result);
  return () => {
    const first = start();
    set(read().slice(first, first + count));
  };
};

const insert: Evaluator = (op, scope) => {
  const [part, vector, ...dynamic] = op.operands;
  const [readPart, read] = [part, vector].map((value) => elementsOf(value, scope, op));
  const start = partStart(op, scope, vector, dynamic);
  const set = setElements(op.result, scope, op);
  return () => {
    const elements = [...read()];
    elements.splice(start(), sizeOf(part), ...readPart());
    set(elements);
  };
};

const extractElement: Evaluator = (op, scope) => {
  const [vector, position] = op.operands;
  const read = elementsOf(vector, scope, op);
  const at = position === undefined ? (): number => 0 : scope.integer(position, op);
  const set = setElements(op.result, scope, op);
  return () => set([elementAt(op, read(), at())]);
};

const insertElement: Evaluator = (op, scope) => {
  const [element, vector, position] = op.operands;
  const [readElement, read] = [element, vector].map((value) => elementsOf(value, scope, op));
  const at = position === undefined ? (): number => 0 : scope.integer(position, op);
  const set = setElements(op.result, scope, op);
  return () => {
    const elements = [...read()];
    elementAt(op, elements, at());
    elements[at()] = readElement()[0];
    set(elements);
  };
};

function elementAt(op: Operation, elements: readonly Element[], at: number): Element {
  return elements[at] ?? fail(op, `position ${at} is outside of an extent of ${elements.length}`);
}

/** All elements into one, from the first on, and into the accumulator if there is one. */
const reduction: Evaluator = (op, scope) => {
  const [vector, initial] = op.operands;
  const format = scope.format(op.result.type, op);
  const combine = reducers[enumName(op, 'kind')];
  if (combine === undefined || format.isBig)
    fail(op, `a reduction of '${format.type}' by '${enumName(op, 'kind')}' cannot be interpreted`);
  const read = elementsOf(vector, scope, op);
  const before = initial === undefined ? undefined : elementsOf(initial, scope, op);
  const set = setElements(op.result, scope, op);
  return () => {
    const elements = [...(before?.() ?? []), ...read()] as number[];
    set([elements.reduce((a, b) => format.round(combine(a, b)))]);
  };
};

const fma: Evaluator = (op, scope) => {
  const { round } = scope.elementFormat(op.result.type, op);
  const [a, b, c] = op.operands.map((value) => elementsOf(value, scope, op));
  const set = setElements(op.result, scope, op);
  return () => {
    const [y, z] = [b() as number[], c() as number[]];
    set((a() as number[]).map((x, i) => round(x * y[i] + z[i])));
  };
};

export const vectorEvaluators: readonly (readonly [string, Evaluator])[] = [
  ['vector.shape_cast', reshape],
  ['vector.splat', broadcast],
  ['vector.broadcast', broadcast],
  ['vector.extract', extract],
  ['vector.insert', insert],
  ['vector.extractelement', extractElement],
  ['vector.insertelement', insertElement],
  ['vector.reduction', reduction],
  ['vector.fma', fma],
];
