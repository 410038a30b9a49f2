/** Patterns of the dialect files as syntax trees. Offsets count from the start of the text that was parsed. */

import { runGrammar } from './constraint-ast.js';
import { parse } from './generated/pattern.js';

interface Placed {
  readonly offset: number;
}

/** `$x`: with the dollar sign. */
export interface NameAst extends Placed {
  readonly kind: 'name';
  readonly name: `$${string}`;
}

/** A number, a boolean, or an attribute (a type) in quotes. */
export type LiteralAst = Placed &
  (
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'text'; readonly text: string }
  );

export type AttributeMatchAst =
  NameAst | LiteralAst | (Placed & { readonly kind: 'is'; readonly name: string });

export interface ConstantMatchAst extends Placed {
  readonly kind: 'constant';
  readonly is: AttributeMatchAst;
  readonly bind?: NameAst;
}

export interface OperationMatchAst extends Placed {
  readonly kind: 'operation';
  readonly names: readonly (Placed & { readonly text: string })[];
  readonly oneUse: boolean;
  /** Absent for `...`. */
  readonly operands?: readonly ValueMatchAst[];
  readonly isEither?: boolean;
  readonly attributes: readonly (Placed & {
    readonly name: string;
    readonly is: AttributeMatchAst;
  })[];
  readonly bind?: NameAst;
}

export type ValueMatchAst =
  NameAst | { readonly kind: 'any' } | ConstantMatchAst | OperationMatchAst;

export type AttributeRewriteAst =
  | NameAst
  | LiteralAst
  | (Placed & {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly AttributeRewriteAst[];
    });

type TypeAst = NameAst | (Placed & { readonly kind: 'text'; readonly text: string });

export type ValueRewriteAst =
  | NameAst
  | (Placed & {
      readonly kind: 'constant';
      readonly value: AttributeRewriteAst;
      readonly type: TypeAst | null;
    })
  | (Placed & {
      readonly kind: 'operation';
      readonly name: Placed & { readonly text: string };
      readonly operands: readonly ValueRewriteAst[];
      readonly attributes: readonly (Placed & {
        readonly name: string;
        readonly value: AttributeRewriteAst;
      })[];
      readonly type: TypeAst | null;
    });

export interface ConditionAst extends Placed {
  readonly name: string;
  readonly of: readonly NameAst[];
}

export const parseMatch = (text: string): OperationMatchAst =>
  runGrammar(() => parse(text, { startRule: 'Match' }) as OperationMatchAst);
export const parseCondition = (text: string): ConditionAst =>
  runGrammar(() => parse(text, { startRule: 'Condition' }) as ConditionAst);
/** One replacement for each result of the root. */
export const parseRewrite = (text: string): readonly ValueRewriteAst[] =>
  runGrammar(() => parse(text, { startRule: 'Rewrite' }) as readonly ValueRewriteAst[]);
