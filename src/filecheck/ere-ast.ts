/** The tree of a POSIX extended regular expression, and its parser. */

import { parse, SyntaxError as GrammarError } from './generated/ere.js';

export type EreNode =
  | { readonly type: 'literal'; readonly text: string }
  | {
      readonly type: 'set';
      readonly negated: boolean;
      /** Inclusive ranges of UTF-16 code units. */
      readonly ranges: readonly (readonly [number, number])[];
      /** A negated set does not match a line's end, as LLVM compiles its expressions. */
      readonly excludesNewline: boolean;
    }
  | { readonly type: 'line-start' | 'line-end' | 'word-start' | 'word-end' }
  | { readonly type: 'group'; readonly index: number; readonly body: EreNode }
  | { readonly type: 'repeat'; readonly min: number; readonly max: number; readonly body: EreNode }
  | { readonly type: 'sequence'; readonly items: readonly EreNode[] }
  | { readonly type: 'choice'; readonly alternatives: readonly EreNode[] }
  | { readonly type: 'backreference'; readonly index: number };

export interface Ere {
  readonly body: EreNode;
  /** Number of parenthesized groups. */
  readonly groups: number;
}

/** A regular expression that is not well formed; `message` is in the words of POSIX `regerror`. */
export class EreSyntaxError extends Error {}

/** Groups nest no deeper than this, so that no expression overflows the stack of its parser. */
const MAX_NESTING = 200;

export function parseEre(text: string): Ere {
  let depth = 0;
  for (const character of text) {
    if (character === '(' && ++depth > MAX_NESTING) {
      throw new EreSyntaxError('parentheses nested too deeply');
    } else if (character === ')') depth--;
  }
  try {
    return parse(text, { startRule: 'Expression' }) as Ere;
  } catch (error) {
    if (error instanceof GrammarError) throw new EreSyntaxError(error.message);
    throw error;
  }
}

/** The same tree with its groups and backreferences numbered from `offset` on. */
export function renumberGroups(node: EreNode, offset: number): EreNode {
  if (offset === 0) return node;
  switch (node.type) {
    case 'group':
      return { ...node, index: node.index + offset, body: renumberGroups(node.body, offset) };
    case 'repeat':
      return { ...node, body: renumberGroups(node.body, offset) };
    case 'sequence':
      return { ...node, items: node.items.map((item) => renumberGroups(item, offset)) };
    case 'choice':
      return {
        ...node,
        alternatives: node.alternatives.map((item) => renumberGroups(item, offset)),
      };
    case 'backreference':
      return { ...node, index: node.index + offset };
    default:
      return node;
  }
}
