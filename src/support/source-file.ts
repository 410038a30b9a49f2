/** A text with a name. Spans are offsets; lines and columns are computed only for a message. */

export interface LineColumn {
  /** One-based. */
  readonly line: number;
  /** One-based, in UTF-16 code units. */
  readonly column: number;
}

export class SourceFile {
  private lineStarts: number[] | undefined;

  constructor(
    readonly name: string,
    readonly text: string,
  ) {}

  /** Offsets at which each line starts. */
  getLineStarts(): readonly number[] {
    if (this.lineStarts === undefined) {
      const starts = [0];
      for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1)) {
        starts.push(at + 1);
      }
      this.lineStarts = starts;
    }
    return this.lineStarts;
  }

  getLineColumn(offset: number): LineColumn {
    const starts = this.getLineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low] + 1 };
  }

  /** The text of a one-based line, without its end; empty past the end of the file. */
  getLine(line: number): string {
    const starts = this.getLineStarts();
    if (line < 1 || line > starts.length) return '';
    const end = line < starts.length ? starts[line] - 1 : this.text.length;
    return this.text.slice(starts[line - 1], end).replace(/\r$/, '');
  }

  /** Offset of a one-based line and column. */
  getOffset(line: number, column: number): number {
    const starts = this.getLineStarts();
    return starts[Math.min(line, starts.length) - 1] + column - 1;
  }
}
