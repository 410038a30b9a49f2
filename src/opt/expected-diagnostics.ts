/**
 * `--verify-diagnostics`: each diagnostic must match an expectation in a comment, and each expectation a diagnostic.
 *
 *   expectation ::= `expected-` (`error` | `warning` | `note` | `remark`) `-re`? (`@` place)? `{{` text `}}`
 *   place       ::= [+-] number | `above` | `below` | `unknown`
 *
 * Text matches as a part of the message; with `-re` it may hold `{{regular expressions}}`.
 */

import {
  createDiagnostic,
  nearestName,
  type Diagnostic,
  type Position,
  type Severity,
  type SourceFile,
} from '../support/index.js';

/** `only-expected`: diagnostics that nobody expects are no errors. */
export type VerifyMode = 'all' | 'only-expected';

interface Expectation {
  readonly severity: Severity;
  readonly text: string;
  /** Built from a text with `-re`. */
  readonly regex: RegExp | undefined;
  /** Undefined: at an unknown position. */
  readonly line: number | undefined;
  readonly position: Position;
  isMet: boolean;
}

const KINDS: readonly Severity[] = ['error', 'warning', 'note', 'remark'];
const DIRECTIVE =
  /expected-(error|warning|note|remark)(-re)?[ \t]*(?:@([+-]\d+|above|below|unknown))?[ \t]*\{\{/y;
/** What is so near to a directive that it must be meant as one. */
const NEAR_MISS = /expected-([a-z]+)[\w-]*[ \t]*(@\S*)?[ \t]*(\{\{)?/y;

export class DiagnosticVerifier {
  private readonly expectations: Expectation[] = [];
  /** What is wrong: malformed expectations, then unexpected diagnostics, then expectations not met. */
  readonly problems: Diagnostic[] = [];

  constructor(
    private readonly source: SourceFile,
    private readonly mode: VerifyMode = 'all',
  ) {
    if (source.text.includes('expected-')) this.readExpectations();
  }

  /** Checks a diagnostic, and its notes one by one. */
  check(diagnostic: Diagnostic): void {
    this.checkOne(diagnostic);
    for (const note of diagnostic.notes) this.check(note);
  }

  /** The problems after the last diagnostic. */
  finish(): readonly Diagnostic[] {
    for (const { isMet, severity, text, position } of this.expectations) {
      if (!isMet) this.problem(position, `expected ${severity} "${text}" was not produced`);
    }
    return this.problems;
  }

  private checkOne({ severity, message, position }: Diagnostic): void {
    const line = this.lineOf(position);
    const met = this.expectations.find(
      (one) =>
        !one.isMet &&
        one.line === line &&
        one.severity === severity &&
        (one.regex === undefined ? message.includes(one.text) : one.regex.test(message)),
    );
    if (met !== undefined) met.isMet = true;
    else if (this.mode === 'all') this.problem(position, `unexpected ${severity}: ${message}`);
  }

  /** The line of a diagnostic in this file; undefined where it is elsewhere or unknown. */
  private lineOf(position: Position): number | undefined {
    if (position === undefined) return undefined;
    if ('source' in position) {
      return position.source === this.source
        ? this.source.getLineColumn(position.start).line
        : undefined;
    }
    return position.file === this.source.name ? position.line : undefined;
  }

  private problem(position: Position, message: string): void {
    this.problems.push(createDiagnostic('error', position, message));
  }

  private readExpectations(): void {
    const lineCount = this.source.getLineStarts().length;
    /** Last line that holds no expectation: what `above` means. */
    let above: number | undefined;
    const below: { index: number }[] = [];
    for (let line = 1; line <= lineCount; line++) {
      const text = this.source.getLine(line);
      const found = text.includes('expected-') ? this.readLine(text, line, above) : [];
      if (found.length === 0) {
        // The expectations for the next line of the program have been waiting for this one.
        for (const { index } of below.splice(0)) {
          this.expectations[index] = { ...this.expectations[index], line };
        }
        above = line;
      }
      for (const { expectation, isBelow } of found) {
        if (isBelow) below.push({ index: this.expectations.length });
        this.expectations.push(expectation);
      }
    }
  }

  private readLine(
    text: string,
    line: number,
    above: number | undefined,
  ): { expectation: Expectation; isBelow: boolean }[] {
    const found: { expectation: Expectation; isBelow: boolean }[] = [];
    const lineStart = this.source.getLineStarts()[line - 1];
    const comment = text.indexOf('//');
    let at = comment === -1 ? -1 : text.indexOf('expected-', comment);
    while (at !== -1) {
      DIRECTIVE.lastIndex = at;
      const match = DIRECTIVE.exec(text);
      let end = at + 'expected-'.length;
      if (match === null) this.checkNearMiss(text, at, lineStart);
      else {
        const open = at + match[0].length;
        const close = closingBraces(text, open);
        const position = {
          source: this.source,
          start: lineStart + open - 2,
          end: lineStart + open,
        };
        if (close === -1) {
          this.problem(position, "expected '}}' at the end of the expected diagnostic");
          return found;
        }
        end = close + 2;
        const place = match[3];
        const severity = match[1] as Severity;
        const expectation = {
          severity,
          text: text.slice(open, close),
          regex: undefined as RegExp | undefined,
          line: lineAt(place, line, above),
          position: { ...position, start: lineStart + at, end: lineStart + end },
          isMet: false,
        };
        if (match[2] !== undefined) {
          const regex = this.compile(expectation.text, expectation.position);
          if (regex === undefined) return found;
          expectation.regex = regex;
        }
        found.push({ expectation, isBelow: place === 'below' });
      }
      at = text.indexOf('expected-', end);
    }
    return found;
  }

  /** A misspelled expectation would otherwise pass unnoticed. */
  private checkNearMiss(text: string, at: number, lineStart: number): void {
    NEAR_MISS.lastIndex = at;
    const match = NEAR_MISS.exec(text);
    if (match === null) return;
    const [whole, kind, place, opening] = match;
    const isKind = KINDS.includes(kind as Severity);
    if (!isKind && nearestName(kind, KINDS) === undefined) return;
    if (!isKind && opening !== '{{' && place === undefined) return;
    const position = {
      source: this.source,
      start: lineStart + at,
      end: lineStart + at + whole.trimEnd().length,
    };
    this.problem(
      position,
      `malformed expected diagnostic, expected 'expected-(error|warning|note|remark)[-re][@place] {{text}}'`,
    );
  }

  private compile(text: string, position: Position): RegExp | undefined {
    let pattern = '';
    let at = 0;
    for (;;) {
      const open = text.indexOf('{{', at);
      pattern += escapeRegex(open === -1 ? text.slice(at) : text.slice(at, open));
      if (open === -1) break;
      const close = closingBraces(text, open + 2);
      if (close === -1) {
        this.problem(position, "found start of regex with no end '}}'");
        return undefined;
      }
      pattern += `(?:${text.slice(open + 2, close)})`;
      at = close + 2;
    }
    try {
      return new RegExp(pattern);
    } catch (error) {
      const reason = (error as Error).message.replace(/^Invalid regular expression: /, '');
      this.problem(position, `invalid regex: ${reason}`);
      return undefined;
    }
  }
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Offset of the `}}` that belongs to a `{{` whose inside starts at `from`; in `}}}` it is the last two. */
function closingBraces(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length - 1; at++) {
    const pair = text.slice(at, at + 2);
    if (pair === '{{') {
      depth++;
      at++;
    } else if (pair === '}}') {
      if (depth === 0) {
        while (text[at + 2] === '}') at++;
        return at;
      }
      depth--;
      at++;
    }
  }
  return -1;
}

function lineAt(
  place: string | undefined,
  line: number,
  above: number | undefined,
): number | undefined {
  if (place === undefined) return line;
  if (place === 'unknown') return undefined;
  if (place === 'above') return above ?? line;
  if (place === 'below') return line + 1;
  return line + Number(place);
}
