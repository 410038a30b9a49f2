/** Loads a dialect from the text of a YAML file while a program runs: `tile-opt --load-dialect=my.yaml`. */

import type { Context } from '../ir/index.js';
import { DiagnosticError } from '../support/index.js';
import { checkDialect } from './check.js';
import { Dialect } from './dialect.js';
import type { DialectHooks } from './hook-types.js';
import { readDialectSource } from './yaml-source.js';

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
  const find = (name: string): Dialect | undefined => {
    const dialect = context.dialects.get(name);
    return dialect instanceof Dialect ? dialect : undefined;
  };
  if (data !== undefined && diagnostics.length === 0)
    checkDialect(data, (name) => find(name)?.data, report, Object.keys(hooks?.predicates ?? {}));
  const [first, ...rest] = diagnostics;
  if (first !== undefined) {
    for (const diagnostic of rest) context.report(diagnostic);
    throw new DiagnosticError(first);
  }
  const dialect = new Dialect(data!.dialect, data!).connect(hooks, (name) =>
    name === data!.dialect ? dialect : find(name),
  );
  context.loadDialect(dialect);
  return dialect;
}
