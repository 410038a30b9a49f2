/** Folding elementwise over constants: scalars, splats and dense vectors alike. */

import {
  DenseElementsAttr,
  FloatAttr,
  FloatType,
  IntegerAttr,
  isShapedType,
  type Attribute,
  type FoldOutcome,
  type ShapedType,
  type Type,
} from '../../ir/index.js';
import { elementTypeOrSelf } from '../entity-types.js';
import { scalarAttribute } from '../vector/folds.js';

/** A constant's elements: integers as bigints in two's complement, floats as numbers. */
type Element = bigint | number;

function valueOf(attribute: Attribute | undefined): readonly Element[] | undefined {
  if (attribute instanceof IntegerAttr || attribute instanceof FloatAttr) return [attribute.value];
  return attribute instanceof DenseElementsAttr ? attribute.values : undefined;
}

/** The constant's only value: a scalar or a splat. */
export function uniformValue(attribute: Attribute | undefined): Element | undefined {
  const values = valueOf(attribute);
  return values?.length === 1 ? values[0] : undefined;
}

export function isInteger(attribute: Attribute | undefined, value: bigint): boolean {
  if (attribute instanceof IntegerAttr) return attribute.value === value;
  return uniformValue(attribute) === value;
}

/** Whether a constant is a float equal to `value`; zeros differ by sign. */
export function isFloat(attribute: Attribute | undefined, value: number): boolean {
  const found = uniformValue(attribute);
  return typeof found === 'number' && Object.is(found, value);
}

/** A constant of a type with the same value everywhere. */
export function constantOf(value: Element, type: Type): Attribute | undefined {
  if (!isShapedType(type)) return scalarAttribute(value, type);
  const element = scalarAttribute(value, type.elementType) as IntegerAttr | FloatAttr | undefined;
  return element && DenseElementsAttr.get(type, [element.value]);
}

/** Zero of a type that constants can be of; a vector of zeros. */
export function zeroOf(type: Type): Attribute | undefined {
  const element = elementTypeOrSelf(type);
  return constantOf(element instanceof FloatType ? 0 : 0n, type);
}

/**
 * Applies a function to the elements of constant operands; undefined where an operand is not constant or the
 * function has no value (division by zero).
 */
export function mapConstants(
  operands: readonly (Attribute | undefined)[],
  type: Type,
  compute: (...values: Element[]) => Element | undefined,
): Attribute | undefined {
  // Nearly always an operand is not constant, which is told without making a list.
  for (const operand of operands) if (operand === undefined) return undefined;
  const lists = operands.map(valueOf);
  if (lists.some((list) => list === undefined)) return undefined;
  const count = Math.max(...lists.map((list) => list!.length));
  const elementType = elementTypeOrSelf(type);
  const results: Element[] = [];
  for (let i = 0; i < count; i++) {
    const result = compute(...lists.map((list) => list![list!.length === 1 ? 0 : i]));
    if (result === undefined) return undefined;
    const attribute = scalarAttribute(result, elementType) as IntegerAttr | FloatAttr | undefined;
    if (attribute === undefined) return undefined;
    results.push(attribute.value);
  }
  if (!isShapedType(type)) return scalarAttribute(results[0], type);
  return DenseElementsAttr.get(type as ShapedType, results);
}

/** The outcome that replaces the only result by a constant, if there is one. */
export function folded(attribute: Attribute | undefined): FoldOutcome {
  return attribute === undefined ? undefined : [attribute];
}
