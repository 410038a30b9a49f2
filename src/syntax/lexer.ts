/** Characters and tokens: a cursor over the text that the parser's methods are built on. It knows no IR. */

import { stringFromBytes } from '../ir/index.js';
import {
  createDiagnostic,
  DiagnosticError,
  type Diagnostic,
  type Position,
  type SourceFile,
} from '../support/index.js';

// Character codes, named where they are used more than once.
export const enum Char {
  Newline = 10,
  Quote = 34,
  Hash = 35,
  Dollar = 36,
  Percent = 37,
  OpenParen = 40,
  CloseParen = 41,
  Star = 42,
  Plus = 43,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Slash = 47,
  Zero = 48,
  Nine = 57,
  Colon = 58,
  Less = 60,
  Equals = 61,
  Greater = 62,
  Question = 63,
  At = 64,
  OpenBracket = 91,
  Backslash = 92,
  CloseBracket = 93,
  Caret = 94,
  Bang = 33,
  OpenBrace = 123,
  Bar = 124,
  CloseBrace = 125,
}

/** Bits of `CLASS`: what a character may be part of. */
const LETTER = 1; // starts a bare identifier
const IDENTIFIER = 2; // continues a bare identifier
const SUFFIX = 4; // continues the identifier behind one of % ^ ! #
const DIGIT = 8;
const SPACE = 16;

const CLASS = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) CLASS[code] |= LETTER;
  if (/[\w$.]/.test(character)) CLASS[code] |= IDENTIFIER;
  if (/[\w$.-]/.test(character)) CLASS[code] |= SUFFIX;
  if (/[0-9]/.test(character)) CLASS[code] |= DIGIT;
  if (/[ \t\r\n]/.test(character)) CLASS[code] |= SPACE;
}

/** Whether a character code belongs to a class; codes outside ASCII and the end of the text (NaN) belong to none. */
function has(code: number, mask: number): boolean {
  return code < 128 && (CLASS[code] & mask) !== 0;
}

export function isLetter(code: number): boolean {
  return has(code, LETTER);
}

export function isDigit(code: number): boolean {
  return has(code, DIGIT);
}

/** Brackets nested deeper than this in one type or attribute are refused, so that its parser may recurse. */
export const MAXIMAL_NESTING = 200;

const CLOSERS = new Map<number, number>([
  [Char.OpenParen, Char.CloseParen],
  [Char.OpenBracket, Char.CloseBracket],
  [Char.OpenBrace, Char.CloseBrace],
  [Char.Less, Char.Greater],
]);

/** Where a balanced stretch of text ends. */
export interface Extent {
  /** Offset past the closing bracket, or where the scan stopped when there is none. */
  readonly end: number;
  /** Offset of the innermost bracket that is not closed; undefined when all are. */
  readonly unbalanced: number | undefined;
}

export class Lexer {
  readonly text: string;
  /** Offset of the next unread character. */
  protected p = 0;
  /** The white space skipped last, to find the end of the token in front of the cursor. */
  private gapStart = -1;
  private gapEnd = -1;

  constructor(readonly source: SourceFile) {
    this.text = source.text;
  }

  // Cursor

  /** Skips white space and comments; returns the code of the next character, NaN at the end of the text. */
  protected ws(): number {
    const { text } = this;
    let p = this.p;
    let code = text.charCodeAt(p);
    if (code > 32 && code !== Char.Slash) return code;
    const start = p;
    for (;;) {
      if (has(code, SPACE)) code = text.charCodeAt(++p);
      else if (code === Char.Slash && text.charCodeAt(p + 1) === Char.Slash) {
        const newline = text.indexOf('\n', p);
        p = newline === -1 ? text.length : newline;
        code = text.charCodeAt(p);
      } else break;
    }
    if (p !== start) {
      this.gapStart = start;
      this.gapEnd = p;
      this.p = p;
    }
    return code;
  }

  /** Offset of the next token. */
  get offset(): number {
    this.ws();
    return this.p;
  }

  /** Whether only white space is left. */
  protected get isAtEnd(): boolean {
    this.ws();
    return this.p >= this.text.length;
  }

  /** End of the token in front of the cursor: where something is missing. */
  protected get endOfPrevious(): number {
    if (this.gapEnd !== this.p || this.gapStart === 0) return this.p;
    return this.gapStart;
  }

  /** Runs `body` with the cursor elsewhere; gives its result and where it stopped. */
  protected withCursorAt<Result>(
    offset: number,
    body: () => Result,
  ): { readonly result: Result; readonly end: number } {
    const { p, gapStart, gapEnd } = this;
    this.p = offset;
    try {
      const result = body();
      return { result, end: this.p };
    } finally {
      this.p = p;
      this.gapStart = gapStart;
      this.gapEnd = gapEnd;
    }
  }

  // Errors

  /** A position that covers the token at an offset. */
  protected positionAt(offset: number): Position {
    const { text } = this;
    let end = offset;
    if (/[%^@!#]/.test(text.charAt(end))) end++;
    while (has(text.charCodeAt(end), SUFFIX)) end++;
    return { source: this.source, start: offset, end: Math.max(end, offset) };
  }

  /** Throws a `DiagnosticError` at `offset` (default: the next token). */
  fail(message: string, offset = this.offset, notes: readonly Diagnostic[] = []): never {
    throw new DiagnosticError(createDiagnostic('error', this.positionAt(offset), message, notes));
  }

  /** Throws for something missing: at the end of the token before. */
  protected failExpected(message: string): never {
    this.ws();
    const at = this.endOfPrevious;
    const position = { source: this.source, start: at, end: at };
    throw new DiagnosticError(createDiagnostic('error', position, message));
  }

  protected note(message: string, offset: number): Diagnostic {
    return createDiagnostic('note', this.positionAt(offset), message);
  }

  // Punctuation and keywords

  /** Consumes one character of punctuation. */
  protected eat(code: number): boolean {
    if (this.ws() !== code) return false;
    this.p++;
    return true;
  }

  protected expect(code: number, message: string): void {
    if (this.ws() !== code) this.failExpected(message);
    this.p++;
  }

  parseOptionalPunctuation(text: string): boolean {
    const code = this.ws();
    if (text.charCodeAt(0) !== code) return false;
    if (text.length > 1 && !this.text.startsWith(text, this.p)) return false;
    const end = this.p + text.length;
    // `-` is not the start of `->`, nor `:` that of `::`.
    if (text === '-' && this.text.charCodeAt(end) === Char.Greater) return false;
    if (text === ':' && this.text.charCodeAt(end) === Char.Colon) return false;
    this.p = end;
    return true;
  }

  expectPunctuation(text: string): void {
    if (!this.parseOptionalPunctuation(text)) this.failExpected(`expected '${text}'`);
  }

  /** End of the bare identifier at `start`, or `start` where there is none. */
  protected identifierEnd(start: number): number {
    const { text } = this;
    if (!has(text.charCodeAt(start), LETTER)) return start;
    let end = start + 1;
    while (has(text.charCodeAt(end), IDENTIFIER)) end++;
    return end;
  }

  /** The bare identifier that comes next, without consuming it; empty where there is none. */
  protected peekKeyword(): string {
    this.ws();
    return this.text.slice(this.p, this.identifierEnd(this.p));
  }

  parseOptionalAnyKeyword(): string | undefined {
    this.ws();
    const end = this.identifierEnd(this.p);
    if (end === this.p) return undefined;
    const word = this.text.slice(this.p, end);
    this.p = end;
    return word;
  }

  parseAnyKeyword(what: string): string {
    return this.parseOptionalAnyKeyword() ?? this.failExpected(`expected ${what}`);
  }

  parseOptionalKeyword(keyword: string): boolean {
    this.ws();
    const end = this.p + keyword.length;
    if (!this.text.startsWith(keyword, this.p) || has(this.text.charCodeAt(end), IDENTIFIER))
      return false;
    this.p = end;
    return true;
  }

  expectKeyword(keyword: string): void {
    if (!this.parseOptionalKeyword(keyword)) this.failExpected(`expected '${keyword}'`);
  }

  /** The identifier behind one of the sigils `% ^ ! #`, which the cursor stands on; empty where there is none. */
  protected parseSuffixIdentifier(): string {
    const { text } = this;
    const start = ++this.p;
    let end = start;
    if (isDigit(text.charCodeAt(end))) while (isDigit(text.charCodeAt(end))) end++;
    else while (has(text.charCodeAt(end), SUFFIX)) end++;
    this.p = end;
    return text.slice(start, end);
  }

  // Literals

  /** A bigint for an integer literal, a number for a floating-point one, undefined for neither. */
  protected parseNumber(): bigint | number | undefined {
    const { text } = this;
    const start = this.p;
    let end = start;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end === start) return undefined;
    if (text.charCodeAt(end) !== Char.Dot) return this.parseDigits();
    end++;
    while (isDigit(text.charCodeAt(end))) end++;
    const exponent = /^[eE][+-]?[0-9]+/.exec(text.slice(end, end + 24));
    if (exponent !== null) {
      end += exponent[0].length;
      while (isDigit(text.charCodeAt(end))) end++;
    }
    this.p = end;
    return Number(text.slice(start, end));
  }

  /** Digits or `0x` digits at the cursor, or undefined. Consumes them. */
  protected parseDigits(): bigint | undefined {
    const { text } = this;
    const start = this.p;
    if (!isDigit(text.charCodeAt(start))) return undefined;
    let end = start;
    if (/^0x[0-9a-fA-F]/.test(text.substr(start, 3))) {
      end = start + 2;
      while (/[0-9a-fA-F]/.test(text.charAt(end))) end++;
    } else {
      while (isDigit(text.charCodeAt(end))) end++;
    }
    this.p = end;
    return BigInt(text.slice(start, end));
  }

  parseOptionalInteger(): bigint | undefined {
    const isNegative = this.ws() === Char.Minus;
    const start = this.p;
    if (isNegative) {
      this.p++;
      this.ws();
    }
    const value = this.parseDigits();
    if (value === undefined) {
      this.p = start;
      return undefined;
    }
    return isNegative ? -value : value;
  }

  parseInteger(): bigint {
    return this.parseOptionalInteger() ?? this.failExpected('expected integer value');
  }

  parseOptionalString(): string | undefined {
    return this.ws() === Char.Quote ? this.readString() : undefined;
  }

  parseString(): string {
    return this.parseOptionalString() ?? this.failExpected('expected string');
  }

  /** The string literal at the cursor. */
  protected readString(): string {
    const { text } = this;
    const start = this.p + 1;
    let end = start;
    let hasEscapes = false;
    for (;;) {
      const code = text.charCodeAt(end);
      if (code === Char.Quote) break;
      if (code === Char.Backslash) {
        hasEscapes = true;
        end++;
      } else if (!(code >= 0) || code === Char.Newline) {
        this.fail(`expected '"' in string literal`, Math.min(end, text.length));
      }
      end++;
    }
    const raw = text.slice(start, end);
    const value = hasEscapes ? this.decodeEscapes(raw, start) : raw;
    this.p = end + 1;
    return value;
  }

  private decodeEscapes(raw: string, start: number): string {
    const parts: Buffer[] = [];
    const simple: Record<string, string> = { n: '\n', t: '\t', '\\': '\\', '"': '"' };
    for (let at = 0; at < raw.length;) {
      const next = raw.indexOf('\\', at);
      if (next !== at) {
        const end = next === -1 ? raw.length : next;
        parts.push(Buffer.from(raw.slice(at, end), 'utf8'));
        at = end;
        continue;
      }
      const hex = raw.slice(at + 1, at + 3);
      const replacement = simple[raw.charAt(at + 1)];
      if (replacement !== undefined) {
        parts.push(Buffer.from(replacement));
        at += 2;
      } else if (/^[0-9a-fA-F]{2}$/.test(hex)) {
        parts.push(Buffer.of(Number.parseInt(hex, 16)));
        at += 3;
      } else {
        this.fail('unknown escape in string literal', start + at);
      }
    }
    return stringFromBytes(Buffer.concat(parts));
  }

  // Balanced text

  /**
   * The extent of the brackets that open at `start`, strings skipped. `->` and the comparisons of affine constraints
   * are no brackets.
   */
  protected extentOf(start: number): Extent {
    const { text } = this;
    const open: number[] = [];
    const closers: number[] = [];
    let p = start;
    do {
      const code = text.charCodeAt(p);
      switch (code) {
        case Char.OpenParen:
        case Char.OpenBracket:
        case Char.OpenBrace:
        case Char.Less:
          if (code === Char.Less && text.charCodeAt(p + 1) === Char.Equals) break;
          if (open.length === MAXIMAL_NESTING) {
            this.fail(`brackets are nested more than ${MAXIMAL_NESTING} levels deep`, p);
          }
          open.push(p);
          closers.push(CLOSERS.get(code)!);
          break;
        case Char.CloseParen:
        case Char.CloseBracket:
        case Char.CloseBrace:
        case Char.Greater:
          if (code === Char.Greater && text.charCodeAt(p - 1) === Char.Minus) break;
          if (closers[closers.length - 1] !== code) {
            if (code === Char.Greater && text.charCodeAt(p + 1) === Char.Equals) break;
            return { end: p, unbalanced: open[open.length - 1] };
          }
          open.pop();
          closers.pop();
          break;
        case Char.Quote:
          p = this.stringEnd(p) - 1;
          break;
        case Char.Slash:
          if (text.charCodeAt(p + 1) === Char.Slash) {
            const newline = text.indexOf('\n', p);
            p = newline === -1 ? text.length : newline;
          }
          break;
        default:
          if (!(code >= 0)) return { end: text.length, unbalanced: open[open.length - 1] };
      }
      p++;
    } while (open.length > 0);
    return { end: p, unbalanced: undefined };
  }

  /** Offset past the string literal that starts at `start`. */
  protected stringEnd(start: number): number {
    const { text } = this;
    for (let p = start + 1; ; p++) {
      const code = text.charCodeAt(p);
      if (code === Char.Quote) return p + 1;
      if (code === Char.Backslash) p++;
      else if (!(code >= 0) || code === Char.Newline)
        this.fail(`expected '"' in string literal`, Math.min(p, text.length));
    }
  }
}
