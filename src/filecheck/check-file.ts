/** Finds the directives of a check file, in order, and refuses those that are misspelled or misplaced. */

import {
  createDiagnostic,
  nearestName,
  SourceFile,
  type Diagnostic,
  type Span,
} from '../support/index.js';
import { CanonicalText } from './canonical-text.js';
import { PatternError } from './numeric.js';
import { DEFAULT_COMMENT_PREFIXES, DEFAULT_PREFIXES, type FileCheckOptions } from './options.js';
import { Pattern, type Declarations } from './pattern.js';

export type DirectiveKind =
  'plain' | 'next' | 'same' | 'not' | 'dag' | 'label' | 'empty' | 'count' | 'eof';

export interface Directive {
  readonly kind: DirectiveKind;
  /** As messages name it, such as `CHECK-NEXT`. */
  readonly name: string;
  readonly prefix: string;
  readonly pattern: Pattern;
  /** How often the pattern has to match: one but for `CHECK-COUNT-<n>`. */
  readonly count: number;
  /** Number of an implicit pattern, from one; undefined for a directive of the check file. */
  readonly implicit: number | undefined;
  readonly line: number;
  /** Span of the pattern. */
  readonly span: Span;
  /** Span of a part of the pattern, by offsets in its text. */
  spanAt(start: number, end?: number): Span;
}

/** A positive directive with the CHECK-DAG and CHECK-NOT directives between it and the one before. */
export interface CheckString {
  readonly directive: Directive;
  readonly before: readonly Directive[];
}

const SUFFIXES: ReadonlyMap<string, DirectiveKind> = new Map([
  ['NEXT', 'next'],
  ['SAME', 'same'],
  ['NOT', 'not'],
  ['DAG', 'dag'],
  ['LABEL', 'label'],
  ['EMPTY', 'empty'],
]);
const SUFFIX_NAMES = [...SUFFIXES.keys(), 'COUNT'];
const WORD = /[A-Za-z0-9_-]/;

/** Everything that may follow a prefix: a suffix, a count, modifiers, and the colon. */
const TAIL = /(?:([-_ ]?)([A-Za-z][A-Za-z_]*(?:-[A-Za-z0-9_]*)*))?(?:\{([^{}\n]*)\})?([ \t]*):/y;

interface HeaderError {
  readonly message: string;
  /** Where in the directive it is. */
  readonly offset: number;
}

interface Header {
  readonly kind: DirectiveKind;
  readonly isLiteral: boolean;
  readonly count: number;
  readonly error?: HeaderError;
}

export class CheckFileReader {
  readonly diagnostics: Diagnostic[] = [];
  private readonly checks: CheckString[] = [];
  private readonly prefixes: readonly string[];
  private readonly comments: readonly string[];
  private readonly canonical: CanonicalText;
  /** Prefixes that RUN lines of the file name: a directive of another run is no misspelling. */
  private readonly otherPrefixes: ReadonlySet<string>;

  constructor(
    source: SourceFile,
    private readonly options: FileCheckOptions,
    private readonly declarations: Declarations,
  ) {
    this.prefixes = options.prefixes.length > 0 ? options.prefixes : DEFAULT_PREFIXES;
    this.comments = options.commentPrefixes ?? DEFAULT_COMMENT_PREFIXES;
    this.canonical = new CanonicalText(source, options.strictWhitespace === true);
    this.otherPrefixes = new Set(
      [...source.text.matchAll(/-check-prefix(?:es)?[= ]['"]?([\w,-]+)/g)].flatMap((found) =>
        found[1].split(','),
      ),
    );
  }

  /** Undefined where something is wrong: see `diagnostics`. */
  read(): readonly CheckString[] | undefined {
    const { text } = this.canonical;
    const implicit = this.readImplicit();
    const names = [...this.prefixes, ...this.comments].sort((a, b) => b.length - a.length);
    const scanner = new RegExp(names.map((name) => name.replace(/[-]/g, '\\-')).join('|'), 'g');
    const used = new Set<string>();
    let before: Directive[] = [...implicit];
    let end = 0;
    for (let found = scanner.exec(text); found !== null; found = scanner.exec(text)) {
      const start = found.index;
      if (start > 0 && WORD.test(text[start - 1])) continue;
      const prefix = found[0];
      const afterPrefix = start + prefix.length;
      if (this.comments.includes(prefix)) {
        if (text[afterPrefix] === ':') scanner.lastIndex = this.lineEnd(afterPrefix);
        continue;
      }
      TAIL.lastIndex = afterPrefix;
      const tail = TAIL.exec(text);
      if (tail === null) continue;
      const header = this.readHeader(prefix, tail);
      if (header === undefined) continue;
      used.add(prefix);
      if (header.error !== undefined) {
        const { message, offset } = header.error;
        this.error(this.canonical.span(start + offset, TAIL.lastIndex), message);
        return undefined;
      }
      const directive = this.readPattern(prefix, header, start, TAIL.lastIndex);
      if (directive === undefined) return undefined;
      scanner.lastIndex = this.lineEnd(TAIL.lastIndex);
      end = scanner.lastIndex;
      if (directive.kind === 'dag' || directive.kind === 'not') {
        before.push(directive);
      } else {
        this.checks.push({ directive, before });
        before = [...implicit];
      }
    }
    if (!this.reportUnused(used)) return undefined;
    // What is pending at the end is checked up to the end of the input.
    if (before.length > 0) this.checks.push({ directive: this.makeEnd(end), before });
    return this.diagnostics.length > 0 ? undefined : this.checks;
  }

  private readHeader(prefix: string, tail: RegExpExecArray): Header | undefined {
    const [whole, separator, suffix, modifiers, blanks] = tail;
    const wrong = (message: string, offset: number): Header => ({
      kind: 'plain',
      isLiteral: false,
      count: 1,
      error: { message, offset },
    });
    const misspelled = (hint: string): Header =>
      wrong(`misspelled directive '${prefix}${whole}'${hint}`, 0);
    let isLiteral = false;
    let header: Header | undefined;
    if (suffix === undefined) {
      header = { kind: 'plain', isLiteral: false, count: 1 };
    } else if (separator === ' ' || this.otherPrefixes.has(`${prefix}${separator}${suffix}`)) {
      // A word between the prefix and a colon is prose, or a directive of another run.
      return undefined;
    } else {
      const kind = separator === '-' ? SUFFIXES.get(suffix) : undefined;
      if (kind !== undefined) {
        header = { kind, isLiteral: false, count: 1 };
      } else if (separator === '-' && /^COUNT(-|$)/.test(suffix)) {
        const count = /^COUNT-([0-9]+)$/.exec(suffix);
        if (count === null || Number(count[1]) < 1 || Number(count[1]) > 0x7fffffff) {
          const digits = /^-COUNT-?[0-9]*/.exec(whole)![0];
          return wrong(
            `invalid count in -COUNT specification on prefix '${prefix}'`,
            prefix.length + digits.length,
          );
        }
        header = { kind: 'count', isLiteral: false, count: Number(count[1]) };
      } else {
        const words = suffix.split('-');
        if (
          separator === '-' &&
          words.length > 1 &&
          words.includes('NOT') &&
          words.every((word) => SUFFIX_NAMES.includes(word) || /^[0-9]+$/.test(word))
        ) {
          return wrong(`unsupported -NOT combo on prefix '${prefix}'`, prefix.length + 1);
        }
        const [meant, ...rest] = words;
        const near = nearestName(meant.toUpperCase(), SUFFIX_NAMES);
        if (near === undefined || (rest.length > 0 && near !== 'COUNT')) return undefined;
        if (separator === '' && near !== meant) return undefined;
        const spelling = near === 'COUNT' ? 'COUNT-<n>' : near;
        return misspelled(`; did you mean '${prefix}-${spelling}:'?`);
      }
    }
    if (blanks !== '')
      return misspelled(`; did you mean '${prefix}${whole.trimEnd().slice(0, -1).trimEnd()}:'?`);
    if (modifiers !== undefined) {
      for (const modifier of modifiers.split(',')) {
        if (modifier.trim() !== 'LITERAL') return misspelled(`; expected modifier 'LITERAL'`);
        isLiteral = true;
      }
    }
    return { ...header, isLiteral };
  }

  private readPattern(
    prefix: string,
    header: Header,
    start: number,
    afterColon: number,
  ): Directive | undefined {
    const { kind, isLiteral, count } = header;
    const { text } = this.canonical;
    const { strictWhitespace = false, matchFullLines = false, ignoreCase = false } = this.options;
    const keepsBlanks = strictWhitespace && matchFullLines;
    let first = afterColon;
    let last = this.lineEnd(afterColon);
    if (!keepsBlanks) {
      while (first < last && /[ \t]/.test(text[first])) first++;
      while (last > first && /[ \t]/.test(text[last - 1])) last--;
    }
    const pattern = text.slice(first, last);
    const span = this.canonical.span(first, last);
    const suffixes: Record<DirectiveKind, string> = {
      plain: '',
      eof: '',
      next: '-NEXT',
      same: '-SAME',
      not: '-NOT',
      dag: '-DAG',
      label: '-LABEL',
      empty: '-EMPTY',
      count: '-COUNT',
    };
    const name = `${prefix}${suffixes[kind]}${isLiteral ? '{LITERAL}' : ''}`;
    if (kind === 'empty' && pattern !== '') {
      this.error(span, `found non-empty check string for empty check with prefix '${prefix}:'`);
      return undefined;
    }
    if (kind !== 'empty' && pattern === '') {
      this.error(span, `found empty check string with prefix '${prefix}:'`);
      return undefined;
    }
    const line = this.canonical.source.getLineColumn(span.start).line;
    const spanAt = (from: number, to = from): Span => this.canonical.span(first + from, first + to);
    const parsed = this.tryPattern(
      () =>
        new Pattern(
          kind === 'empty' ? '{{\n$}}' : pattern,
          line,
          {
            isLiteral: isLiteral && kind !== 'empty',
            matchFullLines: matchFullLines && kind !== 'not' && kind !== 'empty',
            strictWhitespace,
            ignoreCase,
          },
          this.declarations,
        ),
      spanAt,
    );
    if (parsed === undefined) return undefined;
    if (kind === 'label' && parsed.hasVariables) {
      this.error(
        this.canonical.span(start),
        `found '${prefix}-LABEL:' with variable definition or use`,
      );
      return undefined;
    }
    if ((kind === 'next' || kind === 'same' || kind === 'empty') && this.checks.length === 0) {
      this.error(
        this.canonical.span(start),
        `found '${prefix}-${kind.toUpperCase()}' without previous '${prefix}: line`,
      );
      return undefined;
    }
    return { kind, name, prefix, pattern: parsed, count, implicit: undefined, line, span, spanAt };
  }

  private readImplicit(): Directive[] {
    const directives: Directive[] = [];
    (this.options.implicitCheckNot ?? []).forEach((text, index) => {
      const lead = "-implicit-check-not='";
      const source = new SourceFile('command line', `${lead}${text}'`);
      const spanAt = (from: number, to = from): Span => ({
        source,
        start: lead.length + from,
        end: lead.length + to,
      });
      if (text.trim() === '') {
        this.error(spanAt(0), "found empty check string with prefix 'IMPLICIT-CHECK:'");
        return;
      }
      const pattern = this.tryPattern(
        () =>
          new Pattern(
            text.replace(/[ \t]+$/, ''),
            1,
            {
              isLiteral: false,
              matchFullLines: false,
              strictWhitespace: this.options.strictWhitespace === true,
              ignoreCase: this.options.ignoreCase === true,
            },
            this.declarations,
          ),
        spanAt,
      );
      if (pattern === undefined) return;
      directives.push({
        kind: 'not',
        name: 'IMPLICIT-CHECK-NOT',
        prefix: 'IMPLICIT-CHECK',
        pattern,
        count: 1,
        implicit: index + 1,
        line: 0,
        span: spanAt(0, text.length),
        spanAt,
      });
    });
    return directives;
  }

  /** @param end where the last directive ends */
  private makeEnd(end: number): Directive {
    const spanAt = (): Span => this.canonical.span(end);
    const pattern = new Pattern(
      '',
      0,
      { isLiteral: true, matchFullLines: false, strictWhitespace: false, ignoreCase: false },
      this.declarations,
    );
    const line = this.canonical.source.getLineColumn(
      Math.max(0, this.canonical.source.text.length - 1),
    ).line;
    return {
      kind: 'eof',
      name: 'implicit EOF',
      prefix: '',
      pattern,
      count: 1,
      implicit: undefined,
      line,
      span: spanAt(),
      spanAt,
    };
  }

  private tryPattern(
    make: () => Pattern,
    spanAt: (start: number, end?: number) => Span,
  ): Pattern | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.error(spanAt(error.offset), error.message);
      return undefined;
    }
  }

  private reportUnused(used: ReadonlySet<string>): boolean {
    const unused = [...new Set(this.prefixes)].filter((prefix) => !used.has(prefix));
    const isFine =
      unused.length === 0 ||
      (this.options.allowUnusedPrefixes === true && unused.length < this.prefixes.length);
    if (!isFine) {
      const list = unused.map((prefix) => `'${prefix}:'`).join(', ');
      this.error(
        undefined,
        `no check strings found with prefix${unused.length > 1 ? 'es' : ''} ${list}`,
      );
    }
    return isFine;
  }

  private lineEnd(offset: number): number {
    const end = this.canonical.text.indexOf('\n', offset);
    return end === -1 ? this.canonical.text.length : end;
  }

  private error(span: Span | undefined, message: string): void {
    this.diagnostics.push(createDiagnostic('error', span, message));
  }
}

/** What is wrong with the prefixes given, if anything. */
export function checkPrefixes(options: FileCheckOptions): string | undefined {
  const seen = new Set<string>();
  const groups: [string, readonly string[]][] = [
    ['check', options.prefixes.length > 0 ? options.prefixes : DEFAULT_PREFIXES],
    ['comment', options.commentPrefixes ?? DEFAULT_COMMENT_PREFIXES],
  ];
  // A clash is the fault of the prefixes that were asked for, not of the defaults.
  if (options.commentPrefixes === undefined) groups.reverse();
  for (const [kind, prefixes] of groups) {
    for (const prefix of prefixes) {
      if (prefix === '') return `supplied ${kind} prefix must not be the empty string`;
      if (!/^[A-Za-z0-9_-]+$/.test(prefix)) {
        return `supplied ${kind} prefix must start with a letter and contain only alphanumeric characters, hyphens, and underscores: '${prefix}'`;
      }
      if (seen.has(prefix)) {
        return `supplied ${kind} prefix must be unique among check and comment prefixes: '${prefix}'`;
      }
      seen.add(prefix);
    }
  }
  return undefined;
}
