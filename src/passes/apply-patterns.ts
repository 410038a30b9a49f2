/** Applies the patterns of a file, or those that the loaded dialects declare. */

import { readFileSync } from 'node:fs';
import type * as Load from '../dialects/load.js';
import type { Operation } from '../ir/index.js';
import {
  applyPatternsGreedily,
  compilePatternData,
  describeCycle,
  patternsOfDialect,
  PatternSet,
  type GreedyConfig,
  type RewritePattern,
} from '../rewrite/index.js';
import { createDiagnostic, DiagnosticError } from '../support/index.js';
import { booleanOption, integerOption, listOption, stringOption } from './pass-options.js';
import { definePass, type PassContext } from './pass.js';

let reader: typeof Load | undefined;

function readHere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagnosticError(
      createDiagnostic('error', undefined, `cannot open input file '${path}': ${reason}`),
    );
  }
}

export const applyPatternsPass = definePass({
  name: 'apply-patterns',
  summary: 'Apply the patterns of a YAML file or of the loaded dialects',
  description:
    'Rewrites to a fixpoint with the patterns under `patterns:` of a file; without a file, with all patterns that dialect files declare, those that are no canonicalizations included.',
  mainOption: 'file',
  // The YAML library would double a tool's start-up time.
  load: async () => {
    reader ??= await import('../dialects/load.js');
  },
  options: {
    file: stringOption('', 'a YAML file with patterns', '<file.yaml>'),
    fold: booleanOption(true, 'fold operations and remove dead ones on the way'),
    'max-iterations': integerOption(10, 'rounds over the program; -1 for no limit', {
      minimum: -1,
    }),
    'disable-patterns': listOption('names and labels of patterns that are left out'),
    'enable-patterns': listOption('names and labels of patterns that are used, all others are not'),
  },
  run(op, pass) {
    const { context, options, readFile } = pass;
    const patterns =
      options.file === ''
        ? [...context.dialects.values()].flatMap((dialect) =>
            patternsOfDialect(dialect, context).map(({ pattern }) => pattern),
          )
        : reader!
            .readPatterns((readFile ?? readHere)(options.file), options.file, context)
            .map((data) => compilePatternData(data, context));
    const chosen = new PatternSet(patterns).filter({
      disabled: options['disable-patterns'],
      enabled: options['enable-patterns'],
    });
    return rewriteToFixpoint(op, chosen, pass, {
      fold: options.fold,
      maxIterations: options['max-iterations'],
    });
  },
});

/** Rewrites until no pattern applies; returns false where that does not end, which is reported. */
export function rewriteToFixpoint(
  op: Operation,
  patterns: PatternSet | readonly RewritePattern[],
  { markAllAnalysesPreserved }: Pick<PassContext, 'markAllAnalysesPreserved'>,
  config: GreedyConfig = {},
): boolean {
  const { changed, cycle } = applyPatternsGreedily(op, patterns, {
    regionSimplification: 'disabled',
    ...config,
  });
  if (!changed) markAllAnalysesPreserved();
  return cycle === undefined || op.emitOpError(`rewriting does not end: ${describeCycle(cycle)}`);
}
