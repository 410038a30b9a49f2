/**
 * Properties of operations that are plain values: numbers, booleans, strings, cases of an enum and lists of those. They
 * are kept as attributes, because generic forms show them as such, and accessors give and take the plain value.
 */

import type { AttributeConstraint, AttributeForm } from './attribute-constraint.js';
import { ExpressionError, parseConstraint } from './constraint-ast.js';
import { expressionArguments } from './type-constraint.js';

/** Elements whose lists are dense arrays. */
const DENSE_LISTS: Readonly<Record<string, string>> = {
  bool: 'denseBool',
  i1: 'denseBool',
  i8: 'denseI8',
  i16: 'denseI16',
  i32: 'denseI32',
  i64: 'denseI64',
  f32: 'denseF32',
  f64: 'denseF64',
};

/** The attribute constraint behind a property's: `array<i64>` is `denseI64`. The text must parse. */
export function propertyAsAttribute(text: string): string {
  const ast = parseConstraint(text);
  if (ast.kind !== 'name' || ast.name !== 'array') return text;
  const [element] = expressionArguments(ast.args);
  return element?.kind === 'name' && Object.hasOwn(DENSE_LISTS, element.name)
    ? DENSE_LISTS[element.name]
    : text;
}

function isPlainValue(form: AttributeForm): boolean {
  if (form.kind === 'array') return form.element !== undefined && isPlainValue(form.element);
  return ['number', 'bool', 'unit', 'string', 'enum', 'denseArray'].includes(form.kind);
}

/** Throws an `ExpressionError` where a property is no plain value. */
export function checkProperty({ form, summary }: AttributeConstraint): void {
  if (!isPlainValue(form))
    throw new ExpressionError(
      `expected a property to be a number, bool, unit, string, enum or an array of them, but got ${summary}`,
      0,
    );
}
