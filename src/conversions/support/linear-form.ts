/** Index values as sums of multiples of others, by which two of them can be told to differ by a constant. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import type { Value } from '../../ir/index.js';

/** `constant + sum of coefficient * value`. */
export interface LinearForm {
  readonly terms: ReadonlyMap<Value, number>;
  readonly constant: number;
}

/** Follows sums, differences and products by constants; everything else is a term. */
export function linearForm(value: Value, facts: IntegerAnalysis): LinearForm {
  const terms = new Map<Value, number>();
  let constant = 0;
  const add = (part: Value, coefficient: number): void => {
    const known = constantOf(part, facts);
    if (known !== undefined) {
      constant += coefficient * known;
      return;
    }
    const op = part.definingOp;
    const [a, b] = op?.operands ?? [];
    const factor = op?.name.text === 'arith.muli' ? constantOf(b, facts) : undefined;
    switch (op?.name.text) {
      case 'arith.addi':
      case 'arith.subi':
        add(a, coefficient);
        add(b, op.name.text === 'arith.addi' ? coefficient : -coefficient);
        return;
      case 'arith.muli':
        if (factor !== undefined) return add(a, coefficient * factor);
    }
    const sum = (terms.get(part) ?? 0) + coefficient;
    if (sum === 0) terms.delete(part);
    else terms.set(part, sum);
  };
  add(value, 1);
  return { terms, constant };
}

/** Whether two forms differ by a constant at most. */
export function differsByConstant(a: LinearForm, b: LinearForm): boolean {
  return (
    a.terms.size === b.terms.size &&
    [...a.terms].every(([value, coefficient]) => b.terms.get(value) === coefficient)
  );
}

/** The one value that an index can have. */
function constantOf(value: Value, facts: IntegerAnalysis): number | undefined {
  const { min, max } = facts.of(value);
  return min === max ? min : undefined;
}
