/** Diagnostics: what is wrong, where, and notes that point at the other places; rendering in the manner of MLIR. */

import type { SourceFile } from './source-file.js';

export type Severity = 'error' | 'warning' | 'remark' | 'note';

/** A place in a file that a person can go to. */
export interface Span {
  readonly source: SourceFile;
  readonly start: number;
  /** Offset one past the last character; equal to `start` for a point. */
  readonly end: number;
}

/**
 * A position to report at: a span of a text that was read, or a bare file:line:column that came from a location
 * in the IR (its file need not be at hand), or nothing known.
 */
export type Position =
  Span | { readonly file: string; readonly line: number; readonly column: number } | undefined;

export interface Diagnostic {
  readonly severity: Severity;
  /** Lower case, no full stop: what is wrong, then what was expected, then what was found. */
  readonly message: string;
  readonly position: Position;
  /** A stable name such as `parse/undefined-value`, for tests and tools; absent where nobody needs one. */
  readonly code?: string;
  readonly notes: readonly Diagnostic[];
}

/** Receives diagnostics as they are found. */
export type DiagnosticHandler = (diagnostic: Diagnostic) => void;

export function createDiagnostic(
  severity: Severity,
  position: Position,
  message: string,
  notes: readonly Diagnostic[] = [],
): Diagnostic {
  return { severity, message, position, notes };
}

/** Signals that a diagnostic was reported (or carries it to who reports it); never a bug of ours. */
export class DiagnosticError extends Error {
  constructor(readonly diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'DiagnosticError';
  }
}

/** A broken invariant of this program: the user's input is not at fault. */
export class InternalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InternalError';
  }
}

/** `file:line:column`, or undefined where the position is unknown. */
export function formatPosition(position: Position): string | undefined {
  if (position === undefined) return undefined;
  if ('source' in position) {
    const { line, column } = position.source.getLineColumn(position.start);
    return `${position.source.name}:${line}:${column}`;
  }
  return `${position.file}:${position.line}:${position.column}`;
}

export interface RenderOptions {
  readonly color?: boolean;
  /** Finds the text of a file named in a bare position, so that its line can be shown. */
  readonly findSource?: (file: string) => SourceFile | undefined;
}

const COLORS: Record<Severity, string> = {
  error: '\u001b[1;31m',
  warning: '\u001b[1;35m',
  remark: '\u001b[1;34m',
  note: '\u001b[1;30m',
};

/** Longest stretch of a source line that a message shows. */
const SHOWN_COLUMNS = 160;

/** Renders a diagnostic and its notes: header line, source line, caret line. */
export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const paint = (code: string, text: string): string =>
    options.color ? `${code}${text}\u001b[0m` : text;
  const where = formatPosition(diagnostic.position) ?? '<unknown>:0';
  const header = `${paint('\u001b[1m', `${where}:`)} ${paint(COLORS[diagnostic.severity], `${diagnostic.severity}:`)} ${diagnostic.message}\n`;
  return (
    header +
    renderExcerpt(diagnostic.position, options, paint) +
    diagnostic.notes.map((note) => renderDiagnostic(note, options)).join('')
  );
}

function renderExcerpt(
  position: Position,
  options: RenderOptions,
  paint: (code: string, text: string) => string,
): string {
  if (position === undefined) return '';
  let source: SourceFile | undefined;
  let line: number;
  let column: number;
  let width = 1;
  if ('source' in position) {
    source = position.source;
    ({ line, column } = source.getLineColumn(position.start));
    width = Math.max(1, position.end - position.start);
  } else {
    source = options.findSource?.(position.file);
    ({ line, column } = position);
  }
  if (source === undefined) return '';
  let text = source.getLine(line);
  if (text.length === 0 && column === 1) return '';
  width = Math.min(width, Math.max(1, text.length - column + 1));
  let at = column - 1;
  if (text.length > SHOWN_COLUMNS) {
    const from = Math.max(0, at - SHOWN_COLUMNS / 2);
    text = text.slice(from, from + SHOWN_COLUMNS);
    at -= from;
    width = Math.min(width, SHOWN_COLUMNS - at);
  }
  const indent = text.slice(0, at).replace(/[^\t]/g, ' ');
  const underline = `^${'~'.repeat(Math.max(0, width - 1))}`;
  return `${text}\n${indent}${paint('\u001b[1;32m', underline)}\n`;
}
