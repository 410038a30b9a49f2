/** Matches the directives against the input: order, blocks between labels, and what must not be there. */

import { createDiagnostic, type Diagnostic } from '../support/index.js';
import type { CanonicalText } from './canonical-text.js';
import type { CheckString, Directive } from './check-file.js';
import { findNearestLine } from './nearest-line.js';
import type { FileCheckOptions } from './options.js';
import type { MatchAttempt, PatternMatch, Variables } from './pattern.js';
import { RegexBudgetError } from './regex.js';

export type AnnotationKind =
  | 'found'
  | 'excluded'
  | 'wrong-line'
  | 'discarded'
  | 'absent'
  | 'missing'
  | 'invalid'
  | 'candidate'
  | 'note';

/** Something to mark in a dump of the input, in canonical offsets. */
export interface Annotation {
  readonly kind: AnnotationKind;
  readonly directive: Directive;
  readonly start: number;
  readonly end: number;
  readonly note: string;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

export class Checker {
  readonly diagnostics: Diagnostic[] = [];
  readonly annotations: Annotation[] = [];
  private readonly text: string;
  private readonly verbosity: number;

  constructor(
    private readonly input: CanonicalText,
    private readonly options: FileCheckOptions,
    private readonly variables: Variables,
  ) {
    this.text = input.text;
    this.verbosity = options.verbosity ?? 0;
  }

  /** Whether the input satisfies the directives; what is wrong is in `diagnostics`. */
  run(checks: readonly CheckString[]): boolean {
    let succeeded = true;
    let done = 0;
    let scanned = 0;
    let blockStart = 0;
    for (;;) {
      while (scanned < checks.length && checks[scanned].directive.kind !== 'label') scanned++;
      let blockEnd = this.text.length;
      let nextStart = blockEnd;
      if (scanned < checks.length) {
        const label = this.matchRepeatedly(checks[scanned].directive, blockStart, blockEnd);
        if (label === undefined) return false;
        blockEnd = nextStart = label.end;
        scanned++;
      }
      if (done > 0 && this.options.enableVariableScope) this.variables.clearLocals();
      let at = blockStart;
      for (; done < scanned; done++) {
        const end = this.check(checks[done], at, blockEnd);
        if (end === undefined) {
          succeeded = false;
          done = scanned;
          break;
        }
        at = end;
      }
      if (done >= checks.length) return succeeded;
      blockStart = nextStart;
    }
  }

  /** Checks one positive directive and what stands before it; the end of its match, or undefined on failure. */
  private check({ directive, before }: CheckString, from: number, to: number): number | undefined {
    const dag = this.checkDag(before, from, to);
    if (dag === undefined) return undefined;
    const match = this.matchRepeatedly(directive, dag.end, to);
    if (match === undefined) return undefined;
    if (!this.checkLines(directive, dag.end, match)) return undefined;
    if (!this.checkNot(dag.pendingNot, { start: dag.end, end: match.start })) return undefined;
    return match.end;
  }

  /** Matches a directive as often as it asks; the stretch from the first match's start to the last one's end. */
  private matchRepeatedly(directive: Directive, from: number, to: number): Stretch | undefined {
    let first = -1;
    let end = from;
    let last: PatternMatch | undefined;
    for (let round = 1; round <= directive.count; round++) {
      const attempt = this.attempt(directive, end, to);
      if (attempt === undefined) return undefined;
      if (attempt.match === undefined) {
        this.reportMissing(directive, end, to, attempt, round, last);
        return undefined;
      }
      last = attempt.match;
      if (first === -1) first = last.start;
      end = last.end;
      this.reportFound(directive, attempt, { round });
    }
    return { start: first, end };
  }

  /** One try; undefined where the pattern itself cannot be matched, which is reported. */
  private attempt(directive: Directive, from: number, to: number): MatchAttempt | undefined {
    if (directive.kind === 'eof') {
      return { match: { start: to, end: to, captures: [] }, substitutions: [] };
    }
    let errors: readonly { readonly message: string; readonly offset: number }[];
    try {
      const attempt = directive.pattern.match(this.text, from, to, this.variables);
      if (attempt.errors === undefined) {
        if (directive.kind !== 'empty' || attempt.match === undefined) return attempt;
        // The line break before an empty line belongs to the line before it.
        return { ...attempt, match: { ...attempt.match, start: attempt.match.start + 1 } };
      }
      ({ errors } = attempt);
    } catch (error) {
      if (!(error instanceof RegexBudgetError)) throw error;
      errors = [{ message: error.message, offset: 0 }];
    }
    this.annotate('invalid', directive, from, to, 'error: match failed for invalid pattern');
    for (const { message, offset } of errors) {
      this.diagnostics.push(createDiagnostic('error', directive.spanAt(offset), message));
      this.annotate('note', directive, from, from, message);
    }
    return undefined;
  }

  /** Where a NEXT, EMPTY or SAME directive matched, lines have to be counted. */
  private checkLines(directive: Directive, previousEnd: number, match: Stretch): boolean {
    const { kind } = directive;
    if (kind !== 'next' && kind !== 'empty' && kind !== 'same') return true;
    let lines = 0;
    let firstLine = -1;
    for (
      let at = this.text.indexOf('\n', previousEnd);
      at !== -1 && at < match.start;
      at = this.text.indexOf('\n', at + 1)
    ) {
      if (lines++ === 0) firstLine = at + 1;
    }
    if (lines === (kind === 'same' ? 0 : 1)) return true;
    const message =
      kind === 'same'
        ? 'is not on the same line as the previous match'
        : lines === 0
          ? 'is on the same line as previous match'
          : 'is not on the line after the previous match';
    const notes = [
      this.note("'next' match was here", match),
      this.note('previous match ended here', { start: previousEnd, end: previousEnd }),
    ];
    if (kind !== 'same' && lines > 1) {
      notes.push(
        this.note('non-matching line after previous match is here', {
          start: firstLine,
          end: firstLine,
        }),
      );
    }
    this.fail(directive, message, notes);
    this.markWrongLine(directive, match);
    return false;
  }

  private checkNot(directives: readonly Directive[], stretch: Stretch): boolean {
    let succeeded = true;
    for (const directive of directives) {
      const attempt = this.attempt(directive, stretch.start, stretch.end);
      if (attempt === undefined) {
        succeeded = false;
        continue;
      }
      const { match } = attempt;
      if (match === undefined) {
        if (this.verbosity > 1) {
          this.remark(directive, 'excluded string not found in input', [
            this.note('scanning from here', { start: stretch.start, end: stretch.start }),
            ...this.substitutionNotes(attempt, stretch.start),
          ]);
          this.annotate('absent', directive, stretch.start, stretch.end, '');
          for (const { source, value } of attempt.substitutions) {
            this.annotateSubstitution(directive, stretch.start, source, value);
          }
        }
        continue;
      }
      succeeded = false;
      this.fail(directive, 'excluded string found in input', [
        this.note('found here', match),
        ...this.substitutionNotes(attempt, match.start),
        ...this.captureNotes(match),
      ]);
      this.annotate('excluded', directive, match.start, match.end, 'error: no match expected');
      for (const { name, start, end } of match.captures) {
        this.annotate('excluded', directive, start, end, `captured var "${name}"`);
      }
    }
    return succeeded;
  }

  /**
   * Matches each group of CHECK-DAG directives in any order without overlap, and the CHECK-NOT directives between
   * the groups; what stands after the last group is left to the caller.
   */
  private checkDag(
    before: readonly Directive[],
    from: number,
    to: number,
  ): { readonly end: number; readonly pendingNot: readonly Directive[] } | undefined {
    let pendingNot: Directive[] = [];
    let groupStart = from;
    let taken: Stretch[] = [];
    for (let index = 0; index < before.length; index++) {
      const directive = before[index];
      if (directive.kind === 'not') {
        pendingNot.push(directive);
        continue;
      }
      const match = this.matchApart(directive, groupStart, to, taken);
      if (match === undefined) return undefined;
      taken.push(match);
      taken.sort((a, b) => a.start - b.start || a.end - b.end);
      const next = before[index + 1];
      if (next === undefined || next.kind === 'not') {
        if (!this.checkNot(pendingNot, { start: groupStart, end: taken[0].start })) {
          return undefined;
        }
        pendingNot = [];
        groupStart = Math.max(...taken.map(({ end }) => end));
        taken = [];
      }
    }
    return { end: groupStart, pendingNot };
  }

  private matchApart(
    directive: Directive,
    from: number,
    to: number,
    taken: readonly Stretch[],
  ): Stretch | undefined {
    let at = from;
    for (;;) {
      const attempt = this.attempt(directive, at, to);
      if (attempt === undefined) return undefined;
      const { match } = attempt;
      if (match === undefined) {
        this.reportMissing(directive, at, to, attempt, 1, undefined);
        return undefined;
      }
      const overlapped = this.options.allowDeprecatedDagOverlap
        ? undefined
        : taken.find(({ start, end }) => start < match.end && match.start < end);
      this.reportFound(directive, attempt, { overlapped });
      if (overlapped === undefined) return match;
      at = overlapped.end;
    }
  }

  private reportFound(
    directive: Directive,
    attempt: MatchAttempt,
    { round, overlapped }: { readonly round?: number; readonly overlapped?: Stretch },
  ): void {
    const match = attempt.match!;
    const isDiscarded = overlapped !== undefined;
    if (this.verbosity === 0 || (this.verbosity < 2 && (isDiscarded || directive.kind === 'eof'))) {
      return;
    }
    const notes = [
      this.note('found here', match),
      ...this.substitutionNotes(attempt, match.start),
      ...this.captureNotes(match),
    ];
    if (isDiscarded)
      notes.push(this.note('match discarded, overlaps earlier DAG match here', overlapped));
    const number = directive.kind === 'count' ? ` (${round} out of ${directive.count})` : '';
    this.remark(directive, `expected string found in input${number}`, notes);
    this.annotate(
      isDiscarded ? 'discarded' : 'found',
      directive,
      match.start,
      match.end,
      isDiscarded ? 'discard: overlaps earlier match' : '',
    );
    for (const { source, value } of attempt.substitutions) {
      this.annotateSubstitution(directive, match.start, source, value);
    }
    for (const { name, start, end } of match.captures) {
      this.annotate('found', directive, start, end, `captured var "${name}"`);
    }
  }

  private reportMissing(
    directive: Directive,
    from: number,
    to: number,
    attempt: MatchAttempt,
    round: number,
    last: Stretch | undefined,
  ): void {
    const here = { start: from, end: from };
    const notes = [this.note('scanning from here', here), ...this.substitutionNotes(attempt, from)];
    this.annotate('missing', directive, from, to, 'error: no match found');
    for (const { source, value } of attempt.substitutions) {
      this.annotateSubstitution(directive, from, source, value);
    }
    let message = 'expected string not found in input';
    if (directive.kind === 'count') {
      message += ` (${round} out of ${directive.count})`;
      if (last !== undefined) {
        const times = round === 2 ? 'once' : `${round - 1} times`;
        notes.push(this.note(`matched ${times}, last here`, last));
      }
    }
    const nearest =
      directive.kind === 'empty'
        ? undefined
        : findNearestLine(directive.pattern.describe(this.variables), this.text, from, to);
    if (nearest !== undefined) {
      notes.push(
        this.note('possible intended match here', { start: nearest.start, end: nearest.start }),
      );
      notes.push(
        createDiagnostic('note', directive.span, `expected against found: ${nearest.difference}`),
      );
      this.annotate(
        'candidate',
        directive,
        nearest.start,
        nearest.start,
        'possible intended match',
      );
    }
    this.fail(directive, message, notes);
  }

  private substitutionNotes(attempt: MatchAttempt, at: number): Diagnostic[] {
    return attempt.substitutions.map(({ source, value }) =>
      this.note(`with "${source}" equal to "${value}"`, { start: at, end: at }),
    );
  }

  private captureNotes(match: PatternMatch): Diagnostic[] {
    return match.captures.map((capture) => this.note(`captured var "${capture.name}"`, capture));
  }

  private note(message: string, { start, end }: Stretch): Diagnostic {
    return createDiagnostic('note', this.input.span(start, end), message);
  }

  private fail(directive: Directive, message: string, notes: readonly Diagnostic[]): void {
    const { start } = directive.span;
    this.diagnostics.push(
      createDiagnostic(
        'error',
        { ...directive.span, end: start },
        `${directive.name}: ${message}`,
        notes,
      ),
    );
  }

  private remark(directive: Directive, message: string, notes: readonly Diagnostic[]): void {
    const { start } = directive.span;
    this.diagnostics.push(
      createDiagnostic(
        'remark',
        { ...directive.span, end: start },
        `${directive.name}: ${message}`,
        notes,
      ),
    );
  }

  private annotateSubstitution(
    directive: Directive,
    at: number,
    source: string,
    value: string,
  ): void {
    this.annotate('note', directive, at, at, `with "${source}" equal to "${value}"`);
  }

  /** What `reportFound` marked was a match, but not a welcome one. */
  private markWrongLine(directive: Directive, match: Stretch): void {
    const note = 'error: match on wrong line';
    let at = this.annotations.length;
    while (at > 0 && this.annotations[at - 1].directive === directive) at--;
    if (at === this.annotations.length) {
      this.annotate('wrong-line', directive, match.start, match.end, note);
    }
    for (; at < this.annotations.length; at++) {
      const annotation = this.annotations[at];
      if (annotation.kind !== 'found') continue;
      this.annotations[at] = { ...annotation, kind: 'wrong-line', note: annotation.note || note };
    }
  }

  private annotate(
    kind: AnnotationKind,
    directive: Directive,
    start: number,
    end: number,
    note: string,
  ): void {
    this.annotations.push({ kind, directive, start, end, note });
  }
}
