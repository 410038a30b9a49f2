/** Assembly formats as syntax trees. */

import { runGrammar } from './constraint-ast.js';
import { parse } from './generated/format.js';

interface Common {
  /** In the text of the format. */
  readonly offset: number;
  /** Marked with `^`: decides whether an optional group is present. */
  readonly isAnchor?: boolean;
}

export type FormatAst = Common &
  (
    | { readonly kind: 'literal'; readonly text: string }
    | { readonly kind: 'whitespace'; readonly text: string }
    | { readonly kind: 'variable'; readonly name: string }
    | {
        readonly kind: 'attributes';
        readonly name: 'attr-dict' | 'attr-dict-with-keyword' | 'prop-dict';
      }
    | {
        readonly kind: 'functional-type';
        readonly inputs: FormatAst;
        readonly results: FormatAst;
      }
    | { readonly kind: 'type' | 'qualified' | 'ref'; readonly of: FormatAst }
    | { readonly kind: 'struct'; readonly of: readonly FormatAst[] }
    | { readonly kind: 'custom'; readonly name: string; readonly args: readonly FormatAst[] }
    | { readonly kind: 'oilist'; readonly clauses: readonly (readonly FormatAst[])[] }
    | {
        readonly kind: 'all';
        readonly name: 'operands' | 'results' | 'regions' | 'successors' | 'params';
      }
    | {
        readonly kind: 'group';
        readonly then: readonly FormatAst[];
        readonly else: readonly FormatAst[];
      }
    | { readonly kind: 'code'; readonly text: string }
  );

/** Parses a format; throws an `ExpressionError` with an offset into `text`. */
export function parseFormat(text: string): readonly FormatAst[] {
  return runGrammar(() => parse(text, { startRule: 'Format' }) as readonly FormatAst[]);
}

const PUNCTUATION = new Set([
  ':',
  ',',
  '=',
  '<',
  '>',
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '->',
  '?',
  '+',
  '*',
  '-',
  '/',
  '|',
]);

export function isPunctuation(text: string): boolean {
  return PUNCTUATION.has(text);
}

/** What is wrong with a literal, or undefined. */
export function literalProblem(text: string): string | undefined {
  if (PUNCTUATION.has(text) || /^[A-Za-z_][\w$.]*$/.test(text)) return undefined;
  return `expected valid literal but got '${text}': must be a keyword or punctuation`;
}
