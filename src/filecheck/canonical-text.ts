/** A text with runs of blanks made one blank and line ends made '\n', and the way back to the original. */

import type { SourceFile, Span } from '../support/index.js';

export class CanonicalText {
  readonly text: string;
  /** Original offset of each kept stretch's start, beside its canonical offset; both ascending. */
  private readonly canonicalStarts: number[] = [0];
  private readonly originalStarts: number[] = [0];

  constructor(
    readonly source: SourceFile,
    keepBlanks: boolean,
  ) {
    const original = source.text;
    const pattern = keepBlanks ? /\r(?=\n)/g : /\r(?=\n)|[ \t]{2,}|\t/g;
    let canonical = '';
    let last = 0;
    for (const found of original.matchAll(pattern)) {
      const end = found.index + found[0].length;
      canonical += original.slice(last, found.index) + (found[0] === '\r' ? '' : ' ');
      last = end;
      this.canonicalStarts.push(canonical.length);
      this.originalStarts.push(end);
    }
    this.text = canonical + original.slice(last);
  }

  toOriginal(offset: number): number {
    const starts = this.canonicalStarts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return this.originalStarts[low] + offset - starts[low];
  }

  span(start: number, end = start): Span {
    return { source: this.source, start: this.toOriginal(start), end: this.toOriginal(end) };
  }
}
