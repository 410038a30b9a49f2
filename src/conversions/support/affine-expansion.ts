/** Affine expressions as integer arithmetic. */

import type { IntegerAnalysis } from '../../analysis/integer-facts.js';
import type { AffineExpr, Value } from '../../ir/index.js';
import type { Index, IndexBuilder } from './index-builder.js';

/** The value of an expression whose dimensions and symbols have these values. */
export function expandAffine(
  index: IndexBuilder,
  analysis: IntegerAnalysis,
  expr: AffineExpr,
  dims: readonly Value[],
  symbols: readonly Value[] = [],
): Index {
  return new Expansion(index, analysis, dims, symbols).expand(expr);
}

class Expansion {
  constructor(
    private readonly index: IndexBuilder,
    private readonly analysis: IntegerAnalysis,
    private readonly dims: readonly Value[],
    private readonly symbols: readonly Value[],
  ) {}

  expand(expr: AffineExpr): Index {
    switch (expr.kind) {
      case 'constant':
        return expr.value;
      case 'dim':
        return this.dims[expr.position];
      case 'symbol':
        return this.symbols[expr.position];
      case 'binary':
        break;
    }
    const lhs = this.expand(expr.lhs);
    const rhs = this.expand(expr.rhs);
    switch (expr.operator) {
      case '+':
        return typeof rhs === 'number' && rhs < 0
          ? this.index.subtract(lhs, -rhs)
          : this.index.add(lhs, rhs);
      case '*':
        return this.index.multiply(lhs, rhs);
      case 'mod':
        return this.floorModulo(lhs, rhs);
      case 'floordiv':
        return this.floorDivide(lhs, rhs);
      case 'ceildiv':
        // ceil(a / b) = -floor(-a / b)
        return this.index.subtract(0, this.floorDivide(this.index.subtract(0, lhs), rhs));
    }
  }

  private isNonNegative(index: Index): boolean {
    return typeof index === 'number' ? index >= 0 : this.analysis.of(index).min >= 0;
  }

  /** The quotient rounded down; machine division rounds towards zero, which differs for negative numbers only. */
  private floorDivide(a: Index, b: Index): Index {
    if (typeof b === 'number' && b > 0 && this.isNonNegative(a)) return this.index.divide(a, b);
    const quotient = this.index.signed('arith.divsi', a, b);
    const remainder = this.index.signed('arith.remsi', a, b);
    const isExact = this.index.compare('eq', remainder, 0);
    const isSameSign = this.index.compare('sge', this.index.signed('arith.xori', remainder, b), 0);
    const rounded = this.index.subtract(quotient, 1);
    return this.index.select(this.index.or(isExact, isSameSign), quotient, rounded);
  }

  /** The remainder with the sign of the (positive) divisor. */
  private floorModulo(a: Index, b: Index): Index {
    if (typeof b === 'number' && b > 0 && this.isNonNegative(a)) return this.index.remainder(a, b);
    const remainder = this.index.signed('arith.remsi', a, b);
    const isNegative = this.index.compare('slt', remainder, 0);
    return this.index.select(isNegative, this.index.add(remainder, b), remainder);
  }
}
