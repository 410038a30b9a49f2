/** Affine expressions, maps and integer sets: immutable and uniqued. */

import { Interner, newIdentity } from './interner.js';

export type AffineOperator = '+' | '*' | 'mod' | 'floordiv' | 'ceildiv';

export type AffineExpr =
  | { readonly kind: 'dim'; readonly position: number; readonly identity: number }
  | { readonly kind: 'symbol'; readonly position: number; readonly identity: number }
  | { readonly kind: 'constant'; readonly value: number; readonly identity: number }
  | {
      readonly kind: 'binary';
      readonly operator: AffineOperator;
      readonly lhs: AffineExpr;
      readonly rhs: AffineExpr;
      readonly identity: number;
    };

const expressions = new Interner<AffineExpr>();

export function affineDim(position: number): AffineExpr {
  return expressions.get(`d${position}`, () => ({
    kind: 'dim',
    position,
    identity: newIdentity(),
  }));
}

export function affineSymbol(position: number): AffineExpr {
  return expressions.get(`s${position}`, () => ({
    kind: 'symbol',
    position,
    identity: newIdentity(),
  }));
}

export function affineConstant(value: number): AffineExpr {
  return expressions.get(`${value}`, () => ({ kind: 'constant', value, identity: newIdentity() }));
}

/** Whether an expression uses no dimension: what may multiply or divide a dimension. */
export function isSymbolicOrConstant(expr: AffineExpr): boolean {
  const stack = [expr];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.kind === 'dim') return false;
    if (next.kind === 'binary') stack.push(next.lhs, next.rhs);
  }
  return true;
}

export function floorDivide(a: number, b: number): number {
  return Math.floor(a / b);
}

/** The remainder with the sign of the divisor, as `mod` of affine expressions. */
export function floorModulo(a: number, b: number): number {
  return a - b * Math.floor(a / b);
}

function fold(operator: AffineOperator, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '*':
      return a * b;
    case 'mod':
      return b > 0 ? floorModulo(a, b) : undefined;
    case 'floordiv':
      return b !== 0 ? floorDivide(a, b) : undefined;
    case 'ceildiv':
      return b !== 0 ? -floorDivide(-a, b) : undefined;
  }
}

/** Whether every value of `expr` is a multiple of `factor`. */
export function isMultipleOf(expr: AffineExpr, factor: number): boolean {
  return floorModulo(largestKnownDivisor(expr), Math.abs(factor)) === 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestCommonDivisor(b, a % b);
}

/** The largest number known to divide every value of `expr`; 0 for the constant 0. */
export function largestKnownDivisor(expr: AffineExpr): number {
  switch (expr.kind) {
    case 'constant':
      return Math.abs(expr.value);
    case 'dim':
    case 'symbol':
      return 1;
    case 'binary': {
      const lhs = largestKnownDivisor(expr.lhs);
      const rhs = largestKnownDivisor(expr.rhs);
      if (expr.operator === '*') return lhs * rhs;
      if (expr.operator === '+' || expr.operator === 'mod') return greatestCommonDivisor(lhs, rhs);
      return expr.rhs.kind === 'constant' && expr.rhs.value !== 0 && lhs % expr.rhs.value === 0
        ? Math.abs(lhs / expr.rhs.value)
        : 1;
    }
  }
}

/**
 * The simplified expression `lhs operator rhs`. Laws: constants fold and move right; `x + 0 -> x`; `x * 1 -> x`;
 * `x * 0 -> 0`; `(x + c) + d -> x + (c + d)`; `(x * c) * d -> x * (c * d)`; `x floordiv 1 -> x`;
 * `x mod c -> 0` and `(x * c) floordiv d -> x * (c / d)` where d divides.
 */
export function affineBinary(
  operator: AffineOperator,
  lhs: AffineExpr,
  rhs: AffineExpr,
): AffineExpr {
  if (lhs.kind === 'constant' && rhs.kind === 'constant') {
    const value = fold(operator, lhs.value, rhs.value);
    if (value !== undefined) return affineConstant(value === 0 ? 0 : value);
  }
  if (operator === '+' || operator === '*') {
    if (lhs.kind === 'constant' || (isSymbolicOrConstant(lhs) && !isSymbolicOrConstant(rhs))) {
      [lhs, rhs] = [rhs, lhs];
    }
    if (rhs.kind === 'constant') {
      const neutral = operator === '+' ? 0 : 1;
      if (rhs.value === neutral) return lhs;
      if (operator === '*' && rhs.value === 0) return affineConstant(0);
      if (lhs.kind === 'binary' && lhs.operator === operator && lhs.rhs.kind === 'constant') {
        const folded = fold(operator, lhs.rhs.value, rhs.value)!;
        return affineBinary(operator, lhs.lhs, affineConstant(folded));
      }
    } else if (lhs.kind === 'binary' && lhs.operator === operator && lhs.rhs.kind === 'constant') {
      return affineBinary(operator, affineBinary(operator, lhs.lhs, rhs), lhs.rhs);
    }
  } else if (rhs.kind === 'constant' && rhs.value > 0) {
    if (rhs.value === 1) return operator === 'mod' ? affineConstant(0) : lhs;
    if (lhs.kind !== 'constant' && isMultipleOf(lhs, rhs.value)) {
      if (operator === 'mod') return affineConstant(0);
      if (lhs.kind === 'binary' && lhs.operator === '*' && lhs.rhs.kind === 'constant') {
        if (lhs.rhs.value % rhs.value === 0) {
          return affineBinary('*', lhs.lhs, affineConstant(lhs.rhs.value / rhs.value));
        }
      }
    }
  }
  const [left, right] = [lhs, rhs];
  return expressions.get(`${operator} ${left.identity} ${right.identity}`, () => ({
    kind: 'binary',
    operator,
    lhs: left,
    rhs: right,
    identity: newIdentity(),
  }));
}

/** The value for given dimensions and symbols; undefined where it divides by zero. */
export function evaluateAffine(
  expr: AffineExpr,
  dims: readonly number[],
  symbols: readonly number[],
): number | undefined {
  switch (expr.kind) {
    case 'dim':
      return dims[expr.position];
    case 'symbol':
      return symbols[expr.position];
    case 'constant':
      return expr.value;
    case 'binary': {
      const lhs = evaluateAffine(expr.lhs, dims, symbols);
      const rhs = evaluateAffine(expr.rhs, dims, symbols);
      return lhs === undefined || rhs === undefined ? undefined : fold(expr.operator, lhs, rhs);
    }
  }
}

/** The expression with dimensions and symbols replaced. */
export function substituteAffine(
  expr: AffineExpr,
  dims: readonly AffineExpr[],
  symbols: readonly AffineExpr[],
): AffineExpr {
  switch (expr.kind) {
    case 'dim':
      return dims[expr.position];
    case 'symbol':
      return symbols[expr.position];
    case 'constant':
      return expr;
    case 'binary':
      return affineBinary(
        expr.operator,
        substituteAffine(expr.lhs, dims, symbols),
        substituteAffine(expr.rhs, dims, symbols),
      );
  }
}

/** MLIR's spelling: `d0 * 2 + s0 - 1`, with parentheses only where the reading needs them. */
export function formatAffine(expr: AffineExpr, isOperand = false): string {
  switch (expr.kind) {
    case 'dim':
      return `d${expr.position}`;
    case 'symbol':
      return `s${expr.position}`;
    case 'constant':
      return `${expr.value}`;
    case 'binary':
      break;
  }
  const { operator, lhs, rhs } = expr;
  const wrap = (text: string): string => (isOperand ? `(${text})` : text);
  if (operator === '*' && rhs.kind === 'constant' && rhs.value === -1) {
    return wrap(`-${formatAffine(lhs, true)}`);
  }
  if (operator !== '+') {
    return wrap(`${formatAffine(lhs, true)} ${operator} ${formatAffine(rhs, true)}`);
  }
  if (rhs.kind === 'constant' && rhs.value < 0) {
    return wrap(`${formatAffine(lhs)} - ${-rhs.value}`);
  }
  if (rhs.kind === 'binary' && rhs.operator === '*' && rhs.rhs.kind === 'constant') {
    const factor = rhs.rhs.value;
    if (factor === -1) {
      const isSum = rhs.lhs.kind === 'binary' && rhs.lhs.operator === '+';
      return wrap(`${formatAffine(lhs)} - ${formatAffine(rhs.lhs, isSum)}`);
    }
    if (factor < -1) {
      return wrap(`${formatAffine(lhs)} - ${formatAffine(rhs.lhs, true)} * ${-factor}`);
    }
  }
  return wrap(`${formatAffine(lhs)} + ${formatAffine(rhs)}`);
}

function formatSpace(dimCount: number, symbolCount: number): string {
  const names = (letter: string, count: number): string =>
    Array.from({ length: count }, (_, index) => `${letter}${index}`).join(', ');
  return `(${names('d', dimCount)})${symbolCount > 0 ? `[${names('s', symbolCount)}]` : ''}`;
}

const maps = new Interner<AffineMap>();

/** `(d0, d1)[s0] -> (results)`. */
export class AffineMap {
  readonly identity = newIdentity();

  private constructor(
    readonly dimCount: number,
    readonly symbolCount: number,
    readonly results: readonly AffineExpr[],
  ) {}

  static get(dimCount: number, symbolCount: number, results: readonly AffineExpr[]): AffineMap {
    const id = `${dimCount},${symbolCount},${results.map((result) => result.identity).join()}`;
    return maps.get(id, () => new AffineMap(dimCount, symbolCount, [...results]));
  }

  static identityMap(rank: number): AffineMap {
    return AffineMap.get(
      rank,
      0,
      Array.from({ length: rank }, (_, index) => affineDim(index)),
    );
  }

  isIdentity(): boolean {
    return this === AffineMap.identityMap(this.dimCount);
  }

  /** Values of the results for operands (dimensions first, then symbols); undefined where one divides by zero. */
  evaluate(operands: readonly number[]): number[] | undefined {
    const dims = operands.slice(0, this.dimCount);
    const symbols = operands.slice(this.dimCount);
    const values = this.results.map((result) => evaluateAffine(result, dims, symbols));
    return values.every((value) => value !== undefined) ? (values as number[]) : undefined;
  }

  toString(): string {
    const results = this.results.map((result) => formatAffine(result)).join(', ');
    return `${formatSpace(this.dimCount, this.symbolCount)} -> (${results})`;
  }
}

const sets = new Interner<IntegerSet>();

/** `(d0)[s0] : (d0 - 1 >= 0, s0 == 0)`: each constraint compares its expression with zero. */
export class IntegerSet {
  readonly identity = newIdentity();

  private constructor(
    readonly dimCount: number,
    readonly symbolCount: number,
    readonly constraints: readonly AffineExpr[],
    /** For each constraint, whether it is `== 0` rather than `>= 0`. */
    readonly isEquality: readonly boolean[],
  ) {}

  static get(
    dimCount: number,
    symbolCount: number,
    constraints: readonly AffineExpr[],
    isEquality: readonly boolean[],
  ): IntegerSet {
    const id = `${dimCount},${symbolCount},${constraints.map((c, i) => `${c.identity}${isEquality[i] ? '=' : '>'}`).join()}`;
    return sets.get(
      id,
      () => new IntegerSet(dimCount, symbolCount, [...constraints], [...isEquality]),
    );
  }

  toString(): string {
    const constraints = this.constraints.map(
      (constraint, index) =>
        `${formatAffine(constraint)} ${this.isEquality[index] ? '==' : '>='} 0`,
    );
    return `${formatSpace(this.dimCount, this.symbolCount)} : (${constraints.join(', ')})`;
  }
}
