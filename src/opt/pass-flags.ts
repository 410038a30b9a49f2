/** Pipelines made up of flags: `--cse --canonicalize='max-iterations=3'` is `builtin.module(cse,canonicalize{...})`. */

import {
  expandPipeline,
  getPass,
  getPipeline,
  parseOptions,
  type Pipeline,
  type PipelineElement,
} from '../pipelines/index.js';
import { createDiagnostic, DiagnosticError, didYouMean, SourceFile } from '../support/index.js';
import type { Occurrence } from './command-line.js';

const ROOT = 'builtin.module';

/** The pipeline that the flags among the options name; undefined where none does. */
export function flagPipeline(occurrences: readonly Occurrence[]): Pipeline | undefined {
  const elements: PipelineElement[] = [];
  for (const { name, value = '' } of occurrences) elements.push(...elementsOf(name, value));
  return elements.length === 0 ? undefined : { anchor: ROOT, elements };
}

function elementsOf(name: string, value: string): readonly PipelineElement[] {
  const pass = getPass(name);
  const main = pass?.mainOption;
  // A value that assigns no option is that of the main one: `--apply-schedule=file.yaml`.
  const isMain = main !== undefined && value !== '' && !/^\s*[\w-]+=/.test(value);
  const text = isMain ? `${main}='${value}'` : value;
  const pipeline = pass === undefined ? getPipeline(name) : undefined;
  const definitions = (pass ?? pipeline)?.options ?? {};
  if (pass === undefined && pipeline === undefined) return [];
  const parsed = parseOptions(definitions, text);
  if (!('values' in parsed)) {
    const source = new SourceFile('<Pass-Options-Parser>', text);
    const position = { source, start: parsed.offset, end: parsed.offset + parsed.length };
    const unknown = /^no such option (.*)$/.exec(parsed.message)?.[1];
    const hint = unknown === undefined ? '' : didYouMean(unknown, Object.keys(definitions));
    throw new DiagnosticError(
      createDiagnostic('error', position, `${parsed.message}${hint}`, [
        createDiagnostic('note', undefined, `failed to add \`${name}\` with options \`${text}\``),
      ]),
    );
  }
  if (pipeline !== undefined) return expandPipeline(pipeline, parsed.values, ROOT);
  const element: PipelineElement = { kind: 'pass', pass: pass!, options: parsed.values };
  // A pass that runs on something inside the module is nested into it.
  const { anchor = ROOT } = pass!;
  return [anchor === ROOT ? element : { kind: 'nested', anchor, elements: [element] }];
}
