/** Index values as sums of multiples of others, by which two of them can be told to differ by a constant. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import type { Value } from '../../ir/index.js';

/** `constant + sum of coefficient * value`. */
export interface LinearForm {
  readonly terms: ReadonlyMap<Value, number>;
  readonly constant: number;
}

/** The index 0. */
export const ORIGIN: LinearForm = { terms: new Map(), constant: 0 };

/** Follows sums, differences and products by constants; everything else is a term. */
export function linearForm(
  value: Value,
  facts: IntegerAnalysis,
  known = new Map<Value, LinearForm>(),
): LinearForm {
  let form = known.get(value);
  if (form === undefined) known.set(value, (form = find(value, facts, known)));
  return form;
}

function find(value: Value, facts: IntegerAnalysis, known: Map<Value, LinearForm>): LinearForm {
  const constant = facts.constantOf(value);
  if (constant !== undefined) return { terms: new Map(), constant };
  const of = (operand: Value): LinearForm => linearForm(operand, facts, known);
  const [a, b] = value.definingOp?.operands ?? [];
  switch (value.definingOp?.name.text) {
    case 'arith.addi':
      return sum(of(a), of(b), 1);
    case 'arith.subi':
      return sum(of(a), of(b), -1);
    case 'arith.muli': {
      const [left, right] = [facts.constantOf(a), facts.constantOf(b)];
      if (right !== undefined) return sum(ORIGIN, of(a), right);
      if (left !== undefined) return sum(ORIGIN, of(b), left);
    }
  }
  return { terms: new Map([[value, 1]]), constant: 0 };
}

/** `a + factor * b` */
function sum(a: LinearForm, b: LinearForm, factor: number): LinearForm {
  const terms = new Map(a.terms);
  for (const [value, coefficient] of b.terms) {
    const total = (terms.get(value) ?? 0) + factor * coefficient;
    if (total === 0) terms.delete(value);
    else terms.set(value, total);
  }
  return { terms, constant: a.constant + factor * b.constant };
}

/** Whether two forms differ by a constant at most. */
export function differsByConstant(a: LinearForm, b: LinearForm): boolean {
  return (
    a.terms.size === b.terms.size &&
    [...a.terms].every(([value, coefficient]) => b.terms.get(value) === coefficient)
  );
}
