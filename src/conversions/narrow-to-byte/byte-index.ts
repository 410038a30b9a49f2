/** From places counted in elements to places counted in bytes, without losing the sums that addresses are split by. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import type { Value } from '../../ir/index.js';
import type { IndexBuilder } from '../support/index-builder.js';
import { type Index } from '../support/index-builder.js';
import { PER_BYTE } from './narrow-types.js';

/** A place in memory of packed elements. */
export interface BytePlace {
  /** Which byte. */
  readonly byte: Index;
  /** Which of its elements. */
  readonly element: Index;
}

export class ByteIndices {
  constructor(
    private readonly index: IndexBuilder,
    private readonly analysis: IntegerAnalysis,
  ) {}

  placeOf(place: Index): BytePlace {
    return { byte: this.byteOf(place), element: this.elementOf(place) };
  }

  /**
   * The byte of an element: `(a + b) / 2 -> a / 2 + b / 2` where one of them is even, `(a ^ b) / 2 -> a / 2 ^ b / 2`,
   * `(a * 2c) / 2 -> a * c`.
   */
  byteOf(place: Index): Index {
    if (typeof place === 'number') return Math.floor(place / PER_BYTE);
    const constant = this.analysis.constantOf(place);
    if (constant !== undefined) return Math.floor(constant / PER_BYTE);
    const [name, lhs, rhs] = partsOf(place);
    switch (name) {
      case 'arith.addi':
        if (this.isWhole(lhs) || this.isWhole(rhs))
          return this.index.add(this.byteOf(lhs), this.byteOf(rhs));
        break;
      case 'arith.xori':
        return this.index.xor(this.byteOf(lhs), this.byteOf(rhs));
      case 'arith.muli': {
        const factor = this.analysis.constantOf(rhs);
        if (factor !== undefined && factor % PER_BYTE === 0)
          return this.index.multiply(lhs, factor / PER_BYTE);
        break;
      }
    }
    return this.index.divide(place, PER_BYTE);
  }

  /** `(a + b) % 2 -> a % 2` where b is even. */
  private elementOf(place: Index): Index {
    if (typeof place === 'number') return place % PER_BYTE;
    const constant = this.analysis.constantOf(place);
    if (constant !== undefined) return constant % PER_BYTE;
    if (this.isWhole(place)) return 0;
    const [name, lhs, rhs] = partsOf(place);
    if (name === 'arith.addi' || name === 'arith.xori') {
      if (this.isWhole(rhs)) return this.elementOf(lhs);
      if (this.isWhole(lhs)) return this.elementOf(rhs);
    }
    return this.index.remainder(place, PER_BYTE);
  }

  /** Whether a place is the first of a byte for certain. */
  private isWhole(place: Index): boolean {
    if (typeof place === 'number') return place % PER_BYTE === 0;
    if (place.definingOp?.name.text === 'arith.xori')
      return partsOf(place)
        .slice(1)
        .every((part) => this.isWhole(part as Value));
    return this.analysis.of(place).divisor % PER_BYTE === 0;
  }
}

/** The name of the operation that computes a value, and its first two operands. */
function partsOf(value: Value): [name: string | undefined, lhs: Value, rhs: Value] {
  const op = value.definingOp;
  const [lhs, rhs = lhs] = op?.operandCount ? op.operands : [value];
  return [op?.name.text, lhs, rhs];
}
