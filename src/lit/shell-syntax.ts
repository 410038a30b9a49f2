/** The tree of a RUN line, and its parser. */

import { parse, SyntaxError as GrammarError } from './generated/shell.js';
import { TestScriptError } from './test-script.js';

export interface ShellWord {
  readonly parts: readonly { readonly text: string; readonly quoted: boolean }[];
}

export interface Redirection {
  readonly operator: '>' | '>>' | '<' | '>&' | '<&' | '&>' | '&>>';
  readonly fd: number;
  /** A file, or the descriptor that `>&` names. */
  readonly target: ShellWord | string;
}

export interface ShellCommand {
  readonly words: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
}

export type ShellNode =
  | {
      readonly type: 'sequence';
      readonly operator: ';' | '&&' | '||';
      readonly left: ShellNode;
      readonly right: ShellNode;
    }
  | {
      readonly type: 'pipeline';
      readonly negate: boolean;
      readonly commands: readonly ShellCommand[];
    };

/** @throws TestScriptError */
export function parseShell(text: string): ShellNode {
  try {
    return parse(text) as ShellNode;
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const { offset } = error.location.start;
    const detail =
      error.expected === null ? error.message : `unexpected '${text.slice(offset, offset + 20)}'`;
    throw new TestScriptError(`shell parser error: ${detail}\nin RUN: line '${text}'`);
  }
}
