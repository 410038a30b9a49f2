/** Index arithmetic that simplifies as it is built, so that lowered code has no `x * 1 + 0`. */

import type { ArithCmpiPredicate } from '../../dialects/generated/arith.js';
import { i1, indexType, IntegerAttr, type Value } from '../../ir/index.js';
import { ScalarBuilder } from './scalar-builder.js';

/** A run-time value of index type, or a number known now. */
export type Index = Value | number;

export class IndexBuilder extends ScalarBuilder {
  /** The value as an operand. */
  value(index: Index): Value {
    return typeof index === 'number' ? this.constant(index) : index;
  }

  constant(number: number): Value {
    return this.create('arith.constant', [], indexType, {
      value: IntegerAttr.get(number, indexType),
    });
  }

  truth(truth: boolean): Value {
    return this.create('arith.constant', [], i1, { value: IntegerAttr.get(truth ? 1 : 0, i1) });
  }

  values(indices: readonly Index[]): Value[] {
    return indices.map((index) => this.value(index));
  }

  /** `0 + x -> x` */
  add(a: Index, b: Index): Index {
    if (typeof a === 'number' && typeof b === 'number') return a + b;
    if (a === 0) return b;
    if (b === 0) return a;
    if (typeof a === 'number') return this.binary('arith.addi', b, a);
    return this.binary('arith.addi', a, b);
  }

  sum(terms: readonly Index[]): Index {
    // Constants go last, so that they meet and the reader sees `base + constant`.
    const constant = terms.reduce<number>(
      (sum, term) => (typeof term === 'number' ? sum + term : sum),
      0,
    );
    const values = terms.filter((term): term is Value => typeof term !== 'number');
    return this.add(
      values.reduce<Index>((sum, term) => this.add(sum, term), 0),
      constant,
    );
  }

  subtract(a: Index, b: Index): Index {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return b === 0 ? a : this.binary('arith.subi', a, b);
  }

  /** `x * 1 -> x`, `x * 0 -> 0` */
  multiply(a: Index, b: Index): Index {
    if (typeof a === 'number' && typeof b === 'number') return a * b;
    if (a === 0 || b === 0) return 0;
    if (a === 1) return b;
    if (b === 1) return a;
    if (typeof a === 'number') return this.binary('arith.muli', b, a);
    return this.binary('arith.muli', a, b);
  }

  /** Quotient of non-negative numbers. `x / 1 -> x`, `(x * c) / d -> x * (c / d)` where d divides c. */
  divide(a: Index, by: Index): Index {
    if (typeof by !== 'number') return this.binary('arith.divui', a, by);
    if (typeof a === 'number') return Math.floor(a / by);
    if (by === 1) return a;
    const product = asProduct(a);
    if (product !== undefined && product.factor % by === 0)
      return this.multiply(product.value, product.factor / by);
    return this.binary('arith.divui', a, by);
  }

  /** Remainder of non-negative numbers. `x % 1 -> 0`, `(x * c) % d -> 0` where d divides c. */
  remainder(a: Index, by: Index): Index {
    if (typeof by !== 'number') return this.binary('arith.remui', a, by);
    if (typeof a === 'number') return a % by;
    const product = asProduct(a);
    if (by === 1 || (product !== undefined && product.factor % by === 0)) return 0;
    return this.binary('arith.remui', a, by);
  }

  /** `x ^ 0 -> x` */
  xor(a: Index, b: Index): Index {
    if (typeof a === 'number' && typeof b === 'number') return a ^ b;
    if (a === 0) return b;
    if (b === 0) return a;
    return this.binary('arith.xori', a, b);
  }

  /** A comparison of signed indices; numbers known now are compared now. */
  compare(predicate: ArithCmpiPredicate, a: Index, b: Index): Value {
    return this.compareIntegers(predicate, this.value(a), this.value(b));
  }

  and(a: Value, b: Value): Value {
    return this.create('arith.andi', [a, b], i1);
  }

  or(a: Value, b: Value): Value {
    return this.create('arith.ori', [a, b], i1);
  }

  /** A signed operation of `arith` on two indices, as it stands. */
  signed(
    name: 'arith.divsi' | 'arith.remsi' | 'arith.xori' | 'arith.minsi' | 'arith.maxsi',
    a: Index,
    b: Index,
  ): Value {
    return this.binary(name, a, b);
  }

  not(condition: Value): Value {
    return this.create('arith.xori', [condition, this.truth(true)], i1);
  }

  /** The conjunction of conditions, those left out that are undefined, which always hold; undefined where that is all. */
  all(conditions: readonly (Value | undefined)[]): Value | undefined {
    return conditions.reduce(
      (known, next) =>
        known === undefined || next === undefined ? (known ?? next) : this.and(known, next),
      undefined,
    );
  }

  /** The smaller of two numbers. */
  minimum(a: Index, b: Index): Index {
    if (typeof a === 'number' && typeof b === 'number') return Math.min(a, b);
    return this.signed('arith.minsi', a, b);
  }

  override select(condition: Value, a: Index, b: Index): Value {
    return super.select(condition, this.value(a), this.value(b));
  }

  private binary(name: string, a: Index, b: Index): Value {
    return this.create(name, [this.value(a), this.value(b)], indexType);
  }
}

/** A value that was built as a product with a constant. */
function asProduct(value: Value): { value: Value; factor: number } | undefined {
  const op = value.definingOp;
  if (op?.name.text !== 'arith.muli') return undefined;
  const constant = op.operand(1).definingOp?.getAttribute('value');
  return constant instanceof IntegerAttr
    ? { value: op.operand(0), factor: constant.number }
    : undefined;
}

/** Gives a value a name for the reader of the lowered program, where it has none. */
export function named<Result extends Index>(name: string, value: Result): Result {
  if (typeof value !== 'number') value.name ??= name;
  return value;
}
