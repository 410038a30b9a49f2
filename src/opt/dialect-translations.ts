/** Translations that describe a dialect instead of a program: its reference and its IRDL. */

import { Dialect, dialectToIrdl, dialectToMarkdown } from '../dialects/index.js';
import type { Context } from '../ir/index.js';
import { registerDialectTranslation } from './translations.js';

function describe(text: (dialect: Dialect) => string) {
  return (name: string, context: Context): string | undefined => {
    const dialect = context.dialects.get(name);
    return dialect instanceof Dialect ? text(dialect) : undefined;
  };
}

export function registerDialectTranslations(): void {
  registerDialectTranslation({
    name: 'dialect-to-markdown',
    summary: 'write the reference of a dialect',
    runOnDialect: describe(dialectToMarkdown),
  });
  registerDialectTranslation({
    name: 'dialect-to-irdl',
    summary: 'write a dialect as IRDL, which mlir-opt --irdl-file loads',
    runOnDialect: describe(dialectToIrdl),
  });
}
