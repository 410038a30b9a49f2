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

/** `factor` of `term * factor`, 1 where nothing constant multiplies. */
function splitFactor(expr: AffineExpr): { readonly term: AffineExpr; readonly factor: number } {
  return expr.kind === 'binary' && expr.operator === '*' && expr.rhs.kind === 'constant'
    ? { term: expr.lhs, factor: expr.rhs.value }
    : { term: expr, factor: 1 };
}

/** Laws: `x * a + x * b -> x * (a + b)`; `x + (x floordiv c) * -c -> x mod c`. */
function simplifySum(lhs: AffineExpr, rhs: AffineExpr): AffineExpr | undefined {
  const [left, right] = [splitFactor(lhs), splitFactor(rhs)];
  if (left.term === right.term && left.term.kind !== 'constant')
    return affineBinary('*', left.term, affineConstant(left.factor + right.factor));
  const { term, factor } = right;
  const isRemainder =
    term.kind === 'binary' &&
    term.operator === 'floordiv' &&
    term.lhs === lhs &&
    term.rhs.kind === 'constant' &&
    term.rhs.value === -factor;
  return isRemainder && factor < 0 ? affineBinary('mod', lhs, term.rhs) : undefined;
}

/**
 * Laws for a positive constant `c`: `x mod 1 -> 0`; `x floordiv 1 -> x`; `(x * d) floordiv c -> x * (d / c)` and
 * `(x + y) floordiv c -> x floordiv c + y floordiv c` where c divides `d`, or one of the sum; `x mod c -> 0` where c divides
 * x; `(x + y) mod c -> y mod c` where c divides x; `(x mod d) mod c -> x mod c` where c divides d.
 */
function simplifyDivision(
  operator: 'mod' | 'floordiv' | 'ceildiv',
  lhs: AffineExpr,
  divisor: number,
): AffineExpr | undefined {
  if (divisor === 1) return operator === 'mod' ? affineConstant(0) : lhs;
  const rhs = affineConstant(divisor);
  if (operator !== 'mod') {
    const { term, factor } = splitFactor(lhs);
    if (lhs !== term && factor % divisor === 0)
      return affineBinary('*', term, affineConstant(factor / divisor));
  } else if (isMultipleOf(lhs, divisor)) return affineConstant(0);
  if (lhs.kind !== 'binary') return undefined;
  if (operator === 'mod' && lhs.operator === 'mod') {
    const isNested = lhs.rhs.kind === 'constant' && lhs.rhs.value % divisor === 0;
    return isNested ? affineBinary('mod', lhs.lhs, rhs) : undefined;
  }
  if (lhs.operator !== '+' || operator === 'ceildiv') return undefined;
  const [first, second] = [lhs.lhs, lhs.rhs].map((term) => isMultipleOf(term, divisor));
  if (operator === 'mod') {
    if (!first && !second) return undefined;
    return affineBinary('mod', first ? lhs.rhs : lhs.lhs, rhs);
  }
  return first || second
    ? affineBinary('+', affineBinary(operator, lhs.lhs, rhs), affineBinary(operator, lhs.rhs, rhs))
    : undefined;
}

/**
 * The simplified expression `lhs operator rhs`. Laws: constants fold and move right; `x + 0 -> x`; `x * 1 -> x`;
 * `x * 0 -> 0`; `(x + c) + d -> x + (c + d)`; `(x * c) * d -> x * (c * d)`; those of `simplifySum` and `simplifyDivision`.
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
    } else {
      const sum = operator === '+' ? simplifySum(lhs, rhs) : undefined;
      if (sum !== undefined) return sum;
      if (lhs.kind === 'binary' && lhs.operator === operator && lhs.rhs.kind === 'constant')
        return affineBinary(operator, affineBinary(operator, lhs.lhs, rhs), lhs.rhs);
    }
  } else if (rhs.kind === 'constant' && rhs.value > 0) {
    const simplified = simplifyDivision(operator, lhs, rhs.value);
    if (simplified !== undefined) return simplified;
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
