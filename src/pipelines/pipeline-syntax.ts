/** Reads the text of a pass pipeline into a tree; knows nothing of passes. */

import {
  createDiagnostic,
  DiagnosticError,
  SourceFile,
  type Diagnostic,
  type Span,
} from '../support/index.js';
import { parse, SyntaxError as PipelineSyntaxError } from './generated/pass-pipeline.js';

export type PipelineNode =
  | {
      readonly kind: 'pass';
      readonly name: string;
      readonly options?: { readonly text: string; readonly offset: number };
      readonly offset: number;
    }
  | {
      readonly kind: 'nested';
      readonly name: string;
      readonly elements: readonly PipelineNode[];
      readonly offset: number;
    };

/** The name under which diagnostics show a pipeline's text. */
export const PIPELINE_SOURCE_NAME = 'MLIR Textual PassPipeline Parser';

/** A span of a pipeline's text. */
export function pipelineSpan(text: string, offset: number, length: number): Span {
  const end = Math.min(text.length, offset + length);
  return { source: new SourceFile(PIPELINE_SOURCE_NAME, text), start: offset, end };
}

export function pipelineError(
  text: string,
  offset: number,
  length: number,
  message: string,
  notes: readonly Diagnostic[] = [],
): DiagnosticError {
  return new DiagnosticError(
    createDiagnostic('error', pipelineSpan(text, offset, length), message, notes),
  );
}

/** Parses `pass{options},anchor(...)`; throws a `DiagnosticError` that points into the text. */
export function parsePipelineSyntax(text: string): readonly PipelineNode[] {
  try {
    return parse(text) as readonly PipelineNode[];
  } catch (error) {
    if (!(error instanceof PipelineSyntaxError)) throw error;
    const { start, end } = error.location;
    throw pipelineError(text, start.offset, Math.max(1, end.offset - start.offset), error.message);
  }
}
