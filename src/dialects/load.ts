/** Loads a dialect, or patterns, from the text of a YAML file while a program runs: `tile-opt --load-dialect=my.yaml`. */

import type { Context } from '../ir/index.js';
import { DiagnosticError, type Diagnostic } from '../support/index.js';
import { parseAttribute, parseType } from '../syntax/index.js';
import { checkPatterns, type DataLookup, type ReadQuoted } from './check-patterns.js';
import { checkDialect } from './check.js';
import { Dialect } from './dialect.js';
import type { DialectHooks } from './hook-types.js';
import { checkPasses } from './pass-source.js';
import type { PassData, PatternData } from './schema.js';
import { readDialectSource, readPatternSource } from './yaml-source.js';

/**
 * Reads, checks and loads a dialect file. All errors but the first go to the context's diagnostic handlers as they
 * are; then a `DiagnosticError` with the first is thrown and nothing was loaded.
 */
export function loadDialect(
  text: string,
  fileName: string,
  context: Context,
  hooks?: DialectHooks,
): Dialect {
  const { data, diagnostics, report } = readDialectSource(text, fileName);
  const find = findIn(context);
  if (data !== undefined && diagnostics.length === 0) {
    checkDialect(data, (name) => find(name)?.data, report, Object.keys(hooks?.predicates ?? {}));
    checkPasses(data, report);
  }
  throwFirst(diagnostics, context);
  const dialect: Dialect = new Dialect(data!.dialect, data!).connect(hooks, (name) =>
    name === data!.dialect ? dialect : find(name),
  );
  if (data!.patterns !== undefined) {
    // Texts in quotes may mention the dialect itself.
    const trial = context.fork();
    trial.loadDialect(dialect);
    checkPatterns(data!.patterns, dataIn(trial), report, problemsIn(trial));
    throwFirst(diagnostics, context);
  }
  context.loadDialect(dialect);
  return dialect;
}

/** Reads and checks a file of patterns on operations of the loaded dialects. Errors are as with `loadDialect`. */
export function readPatterns(
  text: string,
  fileName: string,
  context: Context,
): readonly PatternData[] {
  const { data, diagnostics, report } = readPatternSource(text, fileName);
  if (data !== undefined && diagnostics.length === 0)
    checkPatterns(data, dataIn(context), report, problemsIn(context.fork()));
  throwFirst(diagnostics, context);
  return data!;
}

/**
 * The passes that a dialect file declares, which a tool must know before it reads the rest of its command line. Whatever
 * else is wrong with the file is reported where the dialect is loaded.
 * @throws DiagnosticError where the file is no YAML
 */
export function readDeclaredPasses(
  text: string,
  fileName: string,
): { readonly dialect: string; readonly passes: readonly PassData[] } {
  const { data, diagnostics } = readDialectSource(text, fileName);
  if (data === undefined) throw new DiagnosticError(diagnostics[0]);
  return { dialect: data.dialect, passes: data.passes ?? [] };
}

function findIn(context: Context): (name: string) => Dialect | undefined {
  return (name) => {
    const dialect = context.dialects.get(name);
    return dialect instanceof Dialect ? dialect : undefined;
  };
}

function dataIn(context: Context): DataLookup {
  const find = findIn(context);
  return (name) => find(name)?.data;
}

/** Parses texts in a context of its own, so that what is wrong with them can be reported where they stand. */
function problemsIn(trial: Context): ReadQuoted {
  return (kind, text) => {
    let problem: string | undefined;
    const remove = trial.addDiagnosticHandler(({ message }) => (problem ??= message));
    const parsed = kind === 'type' ? parseType(text, trial) : parseAttribute(text, trial);
    remove();
    return parsed === undefined ? (problem ?? 'it does not parse') : undefined;
  };
}

function throwFirst(diagnostics: readonly Diagnostic[], context: Context): void {
  const [first, ...rest] = diagnostics;
  if (first === undefined) return;
  for (const diagnostic of rest) context.report(diagnostic);
  throw new DiagnosticError(first);
}
