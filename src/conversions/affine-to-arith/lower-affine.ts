/** `affine.apply`, `affine.min` and `affine.max` as integer arithmetic. */

import { IntegerAnalysis } from '../../analysis/integer-facts.js';
import { AffineApplyOp, AffineMaxOp, AffineMinOp } from '../../dialects/generated/affine.js';
import type { AffineMapAttr } from '../../ir/index.js';
import { isOp, type AffineExpr, type Operation } from '../../ir/index.js';
import { definePass } from '../../passes/index.js';
import { Rewriter } from '../../rewrite/index.js';
import { IndexBuilder, type Index } from '../support/index-builder.js';

export const lowerAffine = definePass({
  name: 'lower-affine',
  summary: 'turn affine expressions of indices into integer arithmetic',
  requires: ['arith'],
  run: (root) => {
    const found: Operation[] = [];
    root.walk((op) => {
      if (isOp(op, AffineApplyOp) || isOp(op, AffineMinOp) || isOp(op, AffineMaxOp)) found.push(op);
    });
    const rewriter = new Rewriter(root.context);
    const analysis = new IntegerAnalysis();
    for (const op of found) {
      rewriter.setInsertionPointBefore(op);
      rewriter.location = op.location;
      const value = new Expansion(new IndexBuilder(rewriter), analysis, op).build();
      value.name ??= op.result.name;
      rewriter.replaceOp(op, [value]);
    }
  },
});

class Expansion {
  constructor(
    private readonly index: IndexBuilder,
    private readonly analysis: IntegerAnalysis,
    private readonly op: Operation,
  ) {}

  build(): ReturnType<IndexBuilder['value']> {
    const { map } = this.op.getAttribute('map') as AffineMapAttr;
    const results = map.results.map((result) => this.expand(result, map.dimCount));
    const isMaximum = isOp(this.op, AffineMaxOp);
    const chosen = results.reduce((best, next) => {
      if (typeof best === 'number' && typeof next === 'number')
        return isMaximum ? Math.max(best, next) : Math.min(best, next);
      return this.index.signed(isMaximum ? 'arith.maxsi' : 'arith.minsi', best, next);
    });
    return this.index.value(chosen);
  }

  private expand(expr: AffineExpr, dimCount: number): Index {
    switch (expr.kind) {
      case 'constant':
        return expr.value;
      case 'dim':
        return this.op.operand(expr.position);
      case 'symbol':
        return this.op.operand(dimCount + expr.position);
      case 'binary':
        break;
    }
    const lhs = this.expand(expr.lhs, dimCount);
    const rhs = this.expand(expr.rhs, dimCount);
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
