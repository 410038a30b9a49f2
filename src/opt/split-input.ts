/** Splits an input file at marker lines into chunks that are processed each on its own. */

import { createDiagnostic, SourceFile, type Diagnostic } from '../support/index.js';

export const DEFAULT_SPLIT_MARKER = '// -----';

export interface SplitInput {
  readonly chunks: readonly SourceFile[];
  /** Warnings about lines that nearly are a marker. */
  readonly warnings: readonly Diagnostic[];
}

/** Chunks are named as MLIR names them: `within split at f.mlir:2 offset `, with lines counted from the marker. */
export function splitInput(source: SourceFile, marker: string): SplitInput {
  const chunks: SourceFile[] = [];
  const warnings: Diagnostic[] = [];
  const { text } = source;
  let start = 0;
  let startLine = 1;
  const finish = (end: number): void => {
    chunks.push(
      new SourceFile(`within split at ${source.name}:${startLine} offset `, text.slice(start, end)),
    );
  };
  source.getLineStarts().forEach((offset, index) => {
    const line = source.getLine(index + 1);
    if (!line.trimStart().startsWith(marker)) return;
    const markerStart = offset + line.indexOf(marker);
    if (line.trim() !== marker) {
      const position = { source, start: markerStart, end: offset + line.length };
      warnings.push(createDiagnostic('warning', position, 'near miss with file split marker'));
      return;
    }
    finish(offset);
    start = markerStart + marker.length;
    startLine = index + 1;
  });
  finish(text.length);
  return { chunks, warnings };
}
