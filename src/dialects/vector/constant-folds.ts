/** Folds of the vector dialect on constants: parts of them, and constants put together. Each has its law. */

import {
  DenseElementsAttr,
  FloatAttr,
  IntegerAttr,
  VectorType,
  DenseArrayAttr,
  ArrayAttr,
  type Attribute,
  type FoldOutcome,
  type Operation,
} from '../../ir/index.js';
import { scalarAttribute } from './folds.js';

type Constants = readonly (Attribute | undefined)[];
type Element = number | bigint;

/** Larger constants are only put together where the parts go away. */
const MAX_ELEMENTS = 256;

const sizeOf = (type: VectorType): number => type.shape.reduce((a, b) => a * b, 1);

/** All elements of a vector constant, a splat written out. */
function elementsOf(attribute: Attribute | undefined): readonly Element[] | undefined {
  if (!(attribute instanceof DenseElementsAttr)) return undefined;
  if (!attribute.isSplat) return attribute.values;
  return Array.from({ length: sizeOf(attribute.type as VectorType) }, () => attribute.values[0]);
}

const vectorOf = (type: VectorType, elements: readonly Element[]): FoldOutcome => [
  DenseElementsAttr.get(type, elements as readonly bigint[]),
];

function numbersOf(op: Operation, name: string): readonly number[] {
  const list = op.getAttribute(name);
  if (list instanceof DenseArrayAttr) return list.values;
  return list instanceof ArrayAttr
    ? list.elements.map((element) => (element as IntegerAttr).number)
    : [];
}

/** Whether a constant may be rebuilt: it is small, or goes away. */
const isCheap = (op: Operation, operand: number): boolean =>
  sizeOf(op.result.type as VectorType) <= MAX_ELEMENTS || op.operand(operand).hasOneUse;

/** First element of the part of a vector at a position, if that is constant and inside. */
function offsetOf({ shape }: VectorType, position: readonly number[]): number | undefined {
  if (position.some((index, dim) => index < 0 || index >= shape[dim])) return undefined;
  const inner = shape.slice(position.length).reduce((a, b) => a * b, 1);
  return position.reduce((sum, index, dim) => sum * shape[dim] + index, 0) * inner;
}

/** `extract dense<...>[constants] -> the part`, where that is a vector */
export function foldConstantPart(op: Operation, [source]: Constants): FoldOutcome {
  const elements = elementsOf(source);
  const { type } = op.result;
  if (elements === undefined || !(type instanceof VectorType) || op.operandCount > 1)
    return undefined;
  const start = offsetOf(op.operand(0).type as VectorType, numbersOf(op, 'static_position'));
  return start === undefined
    ? undefined
    : vectorOf(type, elements.slice(start, start + sizeOf(type)));
}

/** `insert constant, dense<...>[constants] -> dense<...>` */
export function foldInsert(op: Operation, [source, target]: Constants): FoldOutcome {
  const elements = elementsOf(target);
  const part =
    source instanceof IntegerAttr || source instanceof FloatAttr
      ? [source.value]
      : elementsOf(source);
  if (elements === undefined || part === undefined || op.operandCount > 2 || !isCheap(op, 1))
    return undefined;
  const type = op.result.type as VectorType;
  const start = offsetOf(type, numbersOf(op, 'static_position'));
  if (start === undefined) return undefined;
  return vectorOf(type, [
    ...elements.slice(0, start),
    ...part,
    ...elements.slice(start + part.length),
  ]);
}

const indexOf = (attribute: Attribute | undefined, count: number): number | undefined =>
  attribute instanceof IntegerAttr && attribute.value >= 0n && attribute.number < count
    ? attribute.number
    : undefined;

/** `extractelement dense<...>[constant] -> the element` */
export function foldExtractElement(op: Operation, [source, position]: Constants): FoldOutcome {
  const elements = elementsOf(source);
  const index = elements && indexOf(position, elements.length);
  if (elements === undefined || index === undefined) return undefined;
  const value = scalarAttribute(elements[index], op.result.type);
  return value === undefined ? undefined : [value];
}

/** `insertelement constant, dense<...>[constant] -> dense<...>` */
export function foldInsertElement(
  op: Operation,
  [source, target, position]: Constants,
): FoldOutcome {
  const elements = elementsOf(target);
  const index = elements && indexOf(position, elements.length);
  const isNumber = source instanceof IntegerAttr || source instanceof FloatAttr;
  if (elements === undefined || index === undefined || !isNumber) return undefined;
  const all = [...elements];
  all[index] = source.value;
  return vectorOf(op.result.type as VectorType, all);
}

/** Positions in a vector of the elements of a part of it, in the order of the part. */
function positionsOf(
  whole: readonly number[],
  offsets: readonly number[],
  sizes: readonly number[],
): number[] {
  let positions = [0];
  whole.forEach((extent, dim) => {
    const first = offsets[dim] ?? 0;
    const count = sizes[dim] ?? extent;
    positions = positions.flatMap((start) =>
      Array.from({ length: count }, (_, index) => start * extent + first + index),
    );
  });
  return positions;
}

/** `extract_strided_slice dense<...> -> dense<...>` */
export function foldSlice(op: Operation, [source]: Constants): FoldOutcome {
  const elements = elementsOf(source);
  if (elements === undefined) return undefined;
  const { shape } = op.operand(0).type as VectorType;
  const positions = positionsOf(shape, numbersOf(op, 'offsets'), numbersOf(op, 'sizes'));
  return vectorOf(
    op.result.type as VectorType,
    positions.map((position) => elements[position]),
  );
}

/** `insert_strided_slice v, w -> v` where it covers w; `insert_strided_slice dense<...>, dense<...> -> dense<...>` */
export function foldInsertSlice(op: Operation, [source, target]: Constants): FoldOutcome {
  const type = op.result.type as VectorType;
  if (op.operand(0).type === type) return [op.operand(0)];
  const part = elementsOf(source);
  const elements = elementsOf(target);
  if (part === undefined || elements === undefined || !isCheap(op, 1)) return undefined;
  const { shape } = op.operand(0).type as VectorType;
  const lead = type.shape.length - shape.length;
  const sizes = [...Array.from({ length: lead }, () => 1), ...shape];
  const all = [...elements];
  positionsOf(type.shape, numbersOf(op, 'offsets'), sizes).forEach((position, index) => {
    all[position] = part[index];
  });
  return vectorOf(type, all);
}

/** `shuffle dense<...>, dense<...> -> dense<...>` of one dimension */
export function foldShuffle(op: Operation, [first, second]: Constants): FoldOutcome {
  const [a, b] = [elementsOf(first), elementsOf(second)];
  const type = op.result.type as VectorType;
  if (a === undefined || b === undefined || type.shape.length !== 1) return undefined;
  const all = [...a, ...b];
  return vectorOf(
    type,
    numbersOf(op, 'mask').map((index) => all[index]),
  );
}
