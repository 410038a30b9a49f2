/** Where the diagnostics of a tool go: as text with source lines, as JSON lines, or as one SARIF log. */

import {
  renderDiagnostic,
  type Diagnostic,
  type Position,
  type Severity,
  type SourceFile,
  type ToolIO,
} from '../support/index.js';

export type DiagnosticFormat = 'text' | 'json' | 'sarif';

export interface DiagnosticOutputOptions {
  readonly format: DiagnosticFormat;
  readonly color: boolean;
  /** Categories of remarks to show: `all`, names, or regular expressions. Empty: none. */
  readonly remarks: readonly string[];
  readonly toolName: string;
}

export class DiagnosticOutput {
  private errors = 0;
  private readonly kept: Diagnostic[] = [];
  private readonly sources = new Map<string, SourceFile>();

  constructor(
    private readonly io: ToolIO,
    private readonly options: DiagnosticOutputOptions,
  ) {}

  /** Makes the text of a file known, for positions that only name it. */
  addSource(source: SourceFile): void {
    this.sources.set(source.name, source);
  }

  report(diagnostic: Diagnostic): void {
    if (diagnostic.severity === 'remark' && !this.isRemarkWanted(diagnostic)) return;
    if (diagnostic.severity === 'error') this.errors++;
    const { format, color } = this.options;
    if (format === 'text') {
      const findSource = (file: string): SourceFile | undefined => this.sources.get(file);
      this.io.writeStderr(renderDiagnostic(diagnostic, { color, findSource }));
    } else if (format === 'json') {
      this.io.writeStderr(`${JSON.stringify(toJson(diagnostic))}\n`);
    } else this.kept.push(diagnostic);
  }

  /** Without a position: `error: <message>`. */
  error(message: string): void {
    if (this.options.format !== 'text') {
      this.report({ severity: 'error', message, position: undefined, notes: [] });
      return;
    }
    this.errors++;
    this.io.writeStderr(
      this.options.color ? `\u001b[1;31merror:\u001b[0m ${message}\n` : `error: ${message}\n`,
    );
  }

  note(message: string): void {
    if (this.options.format === 'text') this.io.writeStderr(`note: ${message}\n`);
  }

  /** The end of a run: a count where there was more than one error, and the log where one is kept. */
  finish(): void {
    const { format, toolName } = this.options;
    if (format === 'sarif')
      this.io.writeStderr(`${JSON.stringify(toSarif(this.kept, toolName), undefined, 2)}\n`);
    else if (format === 'text' && this.errors > 1) this.io.writeStderr(`${this.errors} errors\n`);
  }

  /** Remarks without a category came from the program's author or a tool, who wanted them seen. */
  private isRemarkWanted({ code }: Diagnostic): boolean {
    if (code === undefined) return true;
    return this.options.remarks.some(
      (filter) => filter === 'all' || filter === code || matches(filter, code),
    );
  }
}

function matches(filter: string, code: string): boolean {
  try {
    return new RegExp(`^(?:${filter})$`).test(code);
  } catch {
    return false;
  }
}

/** File, line and column of both ends, one-based. */
function place(
  position: Position,
): { file: string; line: number; column: number; endLine: number; endColumn: number } | undefined {
  if (position === undefined) return undefined;
  if (!('source' in position)) {
    const { file, line, column } = position;
    return { file, line, column, endLine: line, endColumn: column };
  }
  const start = position.source.getLineColumn(position.start);
  const end = position.source.getLineColumn(position.end);
  return {
    file: position.source.name,
    ...start,
    endLine: end.line,
    endColumn: end.column,
  };
}

function toJson(diagnostic: Diagnostic): object {
  const { severity, message, code, position, notes } = diagnostic;
  return { severity, message, code, ...place(position), notes: notes.map(toJson) };
}

const SARIF_LEVELS: Record<Severity, string> = {
  error: 'error',
  warning: 'warning',
  remark: 'note',
  note: 'note',
};

function sarifLocation(diagnostic: Diagnostic, withMessage: boolean): object[] {
  const at = place(diagnostic.position);
  if (at === undefined) return [];
  const location = {
    physicalLocation: {
      artifactLocation: { uri: at.file },
      region: {
        startLine: at.line,
        startColumn: at.column,
        endLine: at.endLine,
        endColumn: at.endColumn,
      },
    },
  };
  return [withMessage ? { ...location, message: { text: diagnostic.message } } : location];
}

/** SARIF 2.1.0, the exchange format for results of static analysis. */
function toSarif(diagnostics: readonly Diagnostic[], toolName: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: toolName, rules: [] } },
        results: diagnostics.map((diagnostic) => ({
          ruleId: diagnostic.code,
          level: SARIF_LEVELS[diagnostic.severity],
          message: { text: diagnostic.message },
          locations: sarifLocation(diagnostic, false),
          relatedLocations: diagnostic.notes.flatMap((note) => sarifLocation(note, true)),
        })),
      },
    ],
  };
}
