/** Colours for IR on a terminal. */

/** A kind of token: how it looks, and the escape sequence it is shown in. */
interface TokenStyle {
  readonly pattern: string;
  readonly style: string;
}

/** In the order in which they are tried. */
const TOKENS: readonly TokenStyle[] = [
  { pattern: String.raw`//[^\n]*`, style: '90' },
  { pattern: String.raw`"(?:[^"\\\n]|\\.)*"`, style: '32' },
  { pattern: String.raw`%[\w$.#-]+`, style: '36' },
  { pattern: String.raw`\^[\w$.-]+`, style: '33' },
  { pattern: String.raw`@(?:[\w$.]+|"(?:[^"\\\n]|\\.)*")`, style: '34' },
  { pattern: String.raw`[#!][A-Za-z_][\w$.]*`, style: '35' },
  { pattern: String.raw`\b(?:[su]?i[1-9]\d*|b?f\d\w*|tf32|index|none)\b`, style: '35' },
  { pattern: String.raw`\b(?:memref|tensor|vector|tuple|complex|dense|array)(?=<)`, style: '35' },
  // The name of an operation: first in its line, or behind its results.
  { pattern: String.raw`(?<=^ *|[\w$] = )[A-Za-z_][\w$.]*`, style: '1' },
  { pattern: String.raw`(?<![\w$.])-?\d[\w.]*(?:[eE][+-]?\d+)?`, style: '33' },
];

const SCANNER = new RegExp(TOKENS.map(({ pattern }) => `(${pattern})`).join('|'), 'gm');

/** The text with terminal colours around its tokens; without the escape sequences it is the text itself. */
export function highlight(text: string): string {
  return text.replace(SCANNER, (token: string, ...groups: unknown[]) => {
    const kind = groups.findIndex((group) => group !== undefined);
    return `\u001b[${TOKENS[kind].style}m${token}\u001b[0m`;
  });
}
