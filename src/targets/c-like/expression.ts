/** C++ expressions as text with the precedence that decides where parentheses go. */

export interface Expression {
  readonly text: string;
  readonly precedence: number;
}

/** Binding strength, strongest first (C++ standard, "Expressions"). */
export const PRECEDENCE = {
  primary: 20,
  unary: 18,
  multiplicative: 16,
  additive: 15,
  shift: 14,
  relational: 13,
  equality: 12,
  and: 11,
  exclusiveOr: 10,
  or: 9,
  logicalAnd: 8,
  logicalOr: 7,
  conditional: 5,
} as const;

export function primary(text: string): Expression {
  return { text, precedence: PRECEDENCE.primary };
}

/** The text of an operand in a place that needs at least this precedence. */
export function operandText(expression: Expression, precedence: number): string {
  return expression.precedence >= precedence ? expression.text : `(${expression.text})`;
}

/** A left-associative binary operator. Operators that compilers warn about when mixed get parentheses. */
export function binary(
  operator: string,
  precedence: number,
  lhs: Expression,
  rhs: Expression,
): Expression {
  const isBitwise =
    precedence <= PRECEDENCE.shift &&
    precedence >= PRECEDENCE.or &&
    precedence !== PRECEDENCE.relational &&
    precedence !== PRECEDENCE.equality;
  const wrap = (operand: Expression, least: number): string => {
    const mixes =
      isBitwise &&
      operand.precedence !== precedence &&
      operand.precedence < PRECEDENCE.multiplicative;
    return mixes ? `(${operand.text})` : operandText(operand, least);
  };
  return { text: `${wrap(lhs, precedence)} ${operator} ${wrap(rhs, precedence + 1)}`, precedence };
}

export function call(name: string, ...operands: readonly Expression[]): Expression {
  return primary(`${name}(${operands.map((operand) => operand.text).join(', ')})`);
}

export function conditional(
  condition: Expression,
  then: Expression,
  otherwise: Expression,
): Expression {
  const least = PRECEDENCE.conditional + 1;
  return {
    text: `${operandText(condition, least)} ? ${operandText(then, least)} : ${operandText(otherwise, PRECEDENCE.conditional)}`,
    precedence: PRECEDENCE.conditional,
  };
}

/** `pointer + offset`; an offset of 0 is left out. */
export function offsetPointer(pointer: Expression, offset: Expression): Expression {
  return offset.text === '0' ? pointer : binary('+', PRECEDENCE.additive, pointer, offset);
}
