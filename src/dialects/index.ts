/** The dialects: the built-in ones, and what is needed to declare and load others. */

import { Context } from '../ir/index.js';
import type { Dialect } from './dialect.js';
import { generatedDialects } from './generated/index.js';
import { dialectHooks } from './hooks.js';

export type {
  DialectHooks,
  InterfaceEntry,
  OperationHooks,
  ParameterHooks,
  ParametricHooks,
} from './hook-types.js';
export { registerPatternFunctions, type PatternFunctions } from './pattern-functions.js';
export { implement } from './hook-types.js';
export { Dialect } from './dialect.js';
export { DeclaredOperation } from './operation-definition.js';
export { dialectToIrdl } from './to-irdl.js';
export { dialectToMarkdown } from './to-markdown.js';
export * from './interfaces.js';
export * from './generated/index.js';

let connected: ReadonlyMap<string, Dialect> | undefined;

/** The built-in dialects by name, connected with their hand-written parts; made once. */
export function builtinDialects(): ReadonlyMap<string, Dialect> {
  if (connected === undefined) {
    const dialects = new Map(generatedDialects.map((dialect) => [dialect.name, dialect]));
    for (const dialect of dialects.values())
      dialect.connect(
        Object.hasOwn(dialectHooks, dialect.name) ? dialectHooks[dialect.name] : undefined,
        (name) => dialects.get(name),
      );
    connected = dialects;
  }
  return connected;
}

/** A context with all built-in dialects. */
export function createContext(): Context {
  return new Context({ dialects: builtinDialects() });
}

/**
 * Loads a dialect from the text of a YAML file: `tile-opt --load-dialect=my.yaml`. Errors in the file are thrown as a
 * `DiagnosticError` with a position in it. Asynchronous because the YAML reader is only loaded when it is needed.
 */
export async function loadDialectFile(
  text: string,
  fileName: string,
  context: Context,
): Promise<Dialect> {
  const { loadDialect } = await import('./load.js');
  return loadDialect(text, fileName, context);
}

/**
 * Loads the dialects of an IRDL program: `tile-opt --irdl-file=my.mlir`. Errors are reported to the context's
 * diagnostic handlers; returns whether all was well.
 */
export async function loadIrdlFile(
  text: string,
  fileName: string,
  context: Context,
): Promise<boolean> {
  const { loadIrdl } = await import('./irdl/load.js');
  return loadIrdl(text, fileName, context);
}
