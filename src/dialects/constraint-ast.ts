/** Constraint expressions and traits as syntax trees; each distinct text is parsed once. */

import { parse } from './generated/constraint.js';
import type { TraitData } from './schema.js';

export type ConstraintArgument =
  | ConstraintAst
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

export type ConstraintAst =
  | {
      readonly kind: 'name';
      readonly name: string;
      readonly args: readonly ConstraintArgument[];
      readonly offset: number;
    }
  | { readonly kind: 'or' | 'and'; readonly of: readonly ConstraintAst[] }
  | { readonly kind: 'not'; readonly of: ConstraintAst }
  | {
      readonly kind: 'compare';
      readonly of: ConstraintAst;
      readonly operator: '>=' | '<=' | '==' | '!=';
      readonly value: number;
    };

/** Thrown for an expression that does not parse or names what does not exist; `offset` is inside the expression. */
export class ExpressionError extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
    this.name = 'ExpressionError';
  }
}

interface PeggyError {
  readonly message: string;
  readonly location: { readonly start: { readonly offset: number } };
}

/** Runs a generated parser; its errors become `ExpressionError` in the words of our messages. */
export function runGrammar<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    const { location, message } = error as Partial<PeggyError>;
    if (location === undefined || message === undefined) throw error;
    const text = message.replace(/\.$/, '').replace(/"([^"\\]+)"/g, "'$1'");
    throw new ExpressionError(text.charAt(0).toLowerCase() + text.slice(1), location.start.offset);
  }
}

const constraints = new Map<string, ConstraintAst>();

export function parseConstraint(text: string): ConstraintAst {
  let ast = constraints.get(text);
  if (ast === undefined) {
    ast = runGrammar(() => parse(text, { startRule: 'Constraint' }) as ConstraintAst);
    constraints.set(text, ast);
  }
  return ast;
}

export function parseTrait(text: string): TraitData {
  return runGrammar(() => parse(text, { startRule: 'Trait' }) as TraitData);
}
