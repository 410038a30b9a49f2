/** Simplified affine expressions have the values of the operations they were built from. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  affineBinary,
  affineConstant,
  affineDim,
  affineSymbol,
  evaluateAffine,
  type AffineExpr,
  type AffineOperator,
} from '../../src/ir/index.js';
import { collectTerms } from '../../src/passes/canonicalization/affine-operands.js';

interface Case {
  readonly expr: AffineExpr;
  /** The value by the definition of each operation, nothing simplified. */
  readonly value: (dims: readonly number[], symbols: readonly number[]) => number;
}

const apply: Readonly<Record<AffineOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '*': (a, b) => a * b,
  mod: (a, b) => a - b * Math.floor(a / b),
  floordiv: (a, b) => Math.floor(a / b),
  ceildiv: (a, b) => Math.ceil(a / b),
};

const constantCase = (value: number): Case => ({
  expr: affineConstant(value),
  value: () => value,
});

const leaf: fc.Arbitrary<Case> = fc.oneof(
  fc.nat(1).map((index): Case => ({ expr: affineDim(index), value: (dims) => dims[index] })),
  fc
    .nat(1)
    .map((index): Case => ({ expr: affineSymbol(index), value: (_, symbols) => symbols[index] })),
  fc.integer({ min: -9, max: 9 }).map(constantCase),
);

function combine(operator: AffineOperator, a: Case, b: Case): Case {
  return {
    expr: affineBinary(operator, a.expr, b.expr),
    value: (dims, symbols) => apply[operator](a.value(dims, symbols), b.value(dims, symbols)),
  };
}

const { expression } = fc.letrec<{ expression: Case }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => combine('+', a, b)),
    fc
      .tuple(tie('expression'), fc.integer({ min: -6, max: 6 }))
      .map(([a, factor]) => combine('*', a, constantCase(factor))),
    fc
      .tuple(
        fc.constantFrom<AffineOperator>('mod', 'floordiv', 'ceildiv'),
        tie('expression'),
        fc.integer({ min: 1, max: 6 }),
      )
      .map(([operator, a, divisor]) => combine(operator, a, constantCase(divisor))),
    // A remainder in long form.
    fc.tuple(tie('expression'), fc.integer({ min: 1, max: 6 })).map(([a, divisor]) => {
      const quotient = combine('floordiv', a, constantCase(divisor));
      return combine('+', a, combine('*', quotient, constantCase(-divisor)));
    }),
  ),
}));

const coordinates = fc.tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }));

test('simplification keeps values', () => {
  fc.assert(
    fc.property(expression, coordinates, coordinates, ({ expr, value }, dims, symbols) => {
      const expected = value(dims, symbols) + 0;
      expect(evaluateAffine(expr, dims, symbols)! + 0).toBe(expected);
      const collected = collectTerms(expr);
      expect(evaluateAffine(collected, dims, symbols)! + 0).toBe(expected);
      const twice = collectTerms(collected);
      expect(collectTerms(twice)).toBe(twice);
    }),
    { seed: 42, numRuns: 3000 },
  );
});
